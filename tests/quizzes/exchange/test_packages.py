"""Zips somebody made to do harm, or that were harmed on their way."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable

import pytest

from quizzes.exchange.contract import Unreadable
from quizzes.exchange.limits import MAX_UNPACKED_BYTES
from quizzes.exchange.packages import Package, write_package
from tests.courses.catalogue.hostile import encrypted, link, packed, twice

GOOD = packed(("imsmanifest.xml", b"<manifest/>"), ("soal/a b.xml", b"<item/>"), ("__MACOSX/x", b""))
HOSTILE: dict[str, Callable[[], bytes]] = {
    "absolute": lambda: packed(("/etc/passwd", b"x")),
    "parent": lambda: packed(("../x.xml", b"x")),
    "parent inside": lambda: packed(("a/../../x.xml", b"x")),
    "backslash": lambda: packed(("a\\..\\x.xml", b"x")),
    "drive": lambda: packed(("C:/x.xml", b"x")),
    "NUL": lambda: packed(("aXb.xml", b"x")).replace(b"aXb", b"a\0b"),
    "link": link,
    "twice": twice,
    "encrypted": encrypted,
    "lzma": lambda: packed(("x.xml", b"x"), method=zipfile.ZIP_LZMA),
    "bomb": lambda: packed(("x.xml", b"\0" * 30_000_000)),
    "half": lambda: GOOD[: len(GOOD) // 2],
    "no zip": lambda: b"PK\x03\x04" + b"x" * 100,
    "empty": lambda: b"",
}


def test_files_are_read_by_path() -> None:
    package = Package(GOOD)
    assert package.names() == ["imsmanifest.xml", "soal/a b.xml"]
    assert package.read("soal/a b.xml") == b"<item/>"
    assert "x" not in package


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_is_refused(name: str) -> None:
    data = HOSTILE[name]()
    tracemalloc.start()
    with pytest.raises(Unreadable):
        Package(data)
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_a_file_that_is_longer_than_it_says_is_refused() -> None:
    package = Package(packed(("x.xml", b"y" * 1000)))
    with pytest.raises(Unreadable):
        package.read("x.xml", max_bytes=999)


def test_too_many_files_are_refused() -> None:
    with pytest.raises(Unreadable):
        Package(packed(*((f"{number}.xml", b"") for number in range(11))), max_files=10)


def test_a_list_of_a_hundred_thousand_files_is_not_even_read() -> None:
    data = packed(*((f"{number}", b"") for number in range(100_000)), method=zipfile.ZIP_STORED)
    tracemalloc.start()
    with pytest.raises(Unreadable):
        Package(data)
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_all_files_together_are_not_more_than_the_limit() -> None:
    package = Package(GOOD)
    package._left = 12
    package.read("imsmanifest.xml")
    with pytest.raises(Unreadable):
        package.read("soal/a b.xml")
    assert MAX_UNPACKED_BYTES > 12


def test_a_package_is_written_the_same_twice() -> None:
    files = {"b": b"2", "a": b"1", "imsmanifest.xml": b"0"}
    written = write_package(files, first=("imsmanifest.xml",))
    assert written == write_package(dict(reversed(files.items())), first=("imsmanifest.xml",))
    assert Package(written).names() == ["imsmanifest.xml", "a", "b"]
