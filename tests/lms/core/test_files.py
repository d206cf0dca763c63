"""The store of kept files: by hash, whole or not at all, never changed."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lms.core import files
from lms.core.errors import NotFound


def test_what_was_kept_comes_back_under_its_hash(tmp_path: Path) -> None:
    digest = files.keep_file(tmp_path, b"isi")
    assert digest == hashlib.sha256(b"isi").hexdigest()
    assert files.read_file(tmp_path, digest) == b"isi"
    assert (tmp_path / "files" / digest[:2] / digest).is_file()


def test_keeping_the_same_twice_or_at_once_leaves_one_file(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: files.keep_file(tmp_path, b"x" * 100_000), range(16)))
    assert len(digests) == 1
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


def test_a_missing_file_and_a_damaged_one_are_told_apart(tmp_path: Path) -> None:
    digest = files.keep_file(tmp_path, b"isi")
    with pytest.raises(NotFound):
        files.read_file(tmp_path, "0" * 64)
    (tmp_path / "files" / digest[:2] / digest).write_bytes(b"lain")
    with pytest.raises(files.DamagedFile):
        files.read_file(tmp_path, digest)


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        files.keep_file(tmp_path, b"isi")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "x" * 63, "/" * 64])
def test_only_hashes_name_files(tmp_path: Path, digest: str) -> None:
    with pytest.raises(AssertionError):
        files.read_file(tmp_path, digest)
