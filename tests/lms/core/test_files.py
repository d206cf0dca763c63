"""The store of kept files: by hash, whole or not at all, never changed."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lms.app import create_app
from lms.core import files
from lms.core.config import load_config
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


@pytest.mark.parametrize("store", ["", f"{__name__}:Bucket"])
def test_every_store_keeps_gives_and_forgets(tmp_path: Path, store: str) -> None:
    files.use_store(tmp_path, store)
    gone, kept = (files.keep_file(tmp_path, body) for body in (b"pergi", b"tinggal"))
    for _ in range(2):
        files.delete_file(tmp_path, gone)
        with pytest.raises(NotFound):
            files.read_file(tmp_path, gone)
    assert files.read_file(tmp_path, kept) == b"tinggal"
    assert files.keep_file(tmp_path, b"pergi") == gone
    assert files.read_file(tmp_path, gone) == b"pergi"
    files.use_store(tmp_path, "")


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
    for use in (files.read_file, files.delete_file):
        with pytest.raises(AssertionError):
            use(tmp_path, digest)


class Bucket:
    """A store elsewhere, as an installation would bring its own."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.bodies: dict[str, bytes] = {}
        made.append(self)

    def put(self, digest: str, body: bytes) -> None:
        self.bodies.setdefault(digest, body)

    def get(self, digest: str) -> bytes:
        if digest not in self.bodies:
            raise FileNotFoundError(digest)
        return self.bodies[digest]

    def delete(self, digest: str) -> None:
        self.bodies.pop(digest, None)


made: list[Bucket] = []


def test_another_store_keeps_the_files_where_the_setting_says_so(tmp_path: Path) -> None:
    files.use_store(tmp_path, f"{__name__}:Bucket")
    digest = files.keep_file(tmp_path, b"isi")

    assert files.read_file(tmp_path, digest) == b"isi"
    assert made[-1].bodies == {digest: b"isi"}
    assert not (tmp_path / "files").exists()
    with pytest.raises(NotFound):
        files.read_file(tmp_path, "0" * 64)
    made[-1].bodies[digest] = b"lain"
    with pytest.raises(files.DamagedFile):
        files.read_file(tmp_path, digest)

    files.use_store(tmp_path, "")
    files.keep_file(tmp_path, b"isi")
    assert (tmp_path / "files").exists()


@pytest.mark.parametrize("name", ["nowhere:store", "lms.core.files:nothing", "lms.core.files"])
def test_a_store_that_is_none_stops_the_start(tmp_path: Path, name: str) -> None:
    with pytest.raises(files.StoreError, match="FILE_STORE"):
        files.use_store(tmp_path, name)


def test_the_application_takes_the_store_of_its_setting(instance: Path) -> None:
    app = create_app(load_config(instance, TESTING=True, FILE_STORE=f"{__name__}:Bucket"))

    files.keep_file(app.config["INSTANCE"], b"isi")

    assert made[-1].instance == app.config["INSTANCE"]
    assert list(made[-1].bodies.values()) == [b"isi"]
    files.use_store(app.config["INSTANCE"], "")
