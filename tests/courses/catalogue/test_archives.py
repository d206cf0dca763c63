"""Zips of a course: what may not be in one is named before anything is unpacked."""

from __future__ import annotations

import pytest

from courses.catalogue import archives
from courses.catalogue.archives import read_archive, write_archive
from courses.catalogue.sources import FolderFaults
from tests.courses.catalogue.folders import sample
from tests.courses.catalogue.hostile import HOSTILE, packed


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_with_a_sentence(app: object, name: str) -> None:
    body = HOSTILE[name]()

    with pytest.raises(FolderFaults) as refused:
        read_archive(body, "kursus.zip")

    assert refused.value.faults
    assert all(fault.file and fault.message for fault in refused.value.faults)


def test_all_files_together_may_not_be_too_much(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 10)

    with pytest.raises(FolderFaults):
        read_archive(packed(("course.yaml", b"123456"), ("a.md", b"123456")), "kursus.zip")


def test_a_course_comes_back_byte_for_byte_and_its_zip_is_always_the_same() -> None:
    body = write_archive(sample(), "contoh")

    assert read_archive(body, "kursus.zip") == sample()
    assert write_archive(dict(reversed(sample().items())), "contoh") == body


def test_the_folder_may_be_in_the_zip_or_not_and_what_systems_leave_is_passed_over() -> None:
    bare = packed(*sample().items(), ("__MACOSX/._course.yaml", b"x"), ("day-1/.DS_Store", b"x"))

    assert read_archive(bare, "kursus.zip") == sample()
