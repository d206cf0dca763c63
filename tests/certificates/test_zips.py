"""The ZIP of a cohort: readable names, nothing in memory as a whole, lost files named."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from certificates.zips import ZippedPaper, write_zip
from lms.core.files import keep_file

NOW = datetime(2026, 11, 23, 10, 0)  # noqa: DTZ001  (entries of a ZIP have no zone)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Siti Aminah, S.Sos.", "1-PK-K1-X-2016-7 Siti Aminah, S.Sos.pdf"),
        ("../../etc/passwd", "1-PK-K1-X-2016-7 etc passwd.pdf"),
        ("Nguyễn Thị Ánh", "1-PK-K1-X-2016-7 Nguyễn Thị Ánh.pdf"),
        ('a"b\\c:d*e?', "1-PK-K1-X-2016-7 a b c d e.pdf"),
    ],
)
def test_a_file_is_named_after_number_and_person_and_stays_in_its_folder(name: str, expected: str) -> None:
    assert ZippedPaper("1/PK/K1/X/2016-7", name, "").file_name == expected


def test_it_comes_in_pieces_as_large_as_one_file_and_names_what_is_lost(tmp_path: Path) -> None:
    papers = [
        ZippedPaper(f"{n}/PK", f"Orang {n}", keep_file(tmp_path, bytes([n]) * 10_000)) for n in range(9)
    ]
    papers.append(ZippedPaper("9/PK", "Hilang", "0" * 64))

    pieces = list(write_zip(papers, b"daftar", instance=tmp_path, now=NOW))

    assert max(map(len, pieces)) < 12_000
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None
    assert archive.read("daftar.csv") == b"daftar"
    assert archive.read("hilang.txt") == b"9-PK Hilang.pdf"
    assert archive.read("3-PK Orang 3.pdf") == b"\x03" * 10_000
    assert len(archive.namelist()) == 11
