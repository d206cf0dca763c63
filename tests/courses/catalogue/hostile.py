"""Zips somebody made to do harm, or that were harmed on their way."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest

from courses.catalogue.disk import MAX_FILE_BYTES, MAX_FILES


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return body.getvalue()


def link() -> bytes:
    entry = zipfile.ZipInfo("questions/x.yaml")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return packed((entry, b"/etc/passwd"))


def twice() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate"):
        return packed(("course.yaml", b"a"), ("course.yaml", b"b"))


def encrypted() -> bytes:
    body = bytearray(packed(("course.yaml", b"schema: 1")))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(signature) + offset] |= 1
    return bytes(body)


def latin_name() -> bytes:
    return packed(("coursX.yaml", b"x")).replace(b"coursX.yaml", b"cours\xe9.yaml")


def lying() -> bytes:
    """Return a zip whose entry says it is small."""
    body = bytearray(packed(("course.yaml", b"a" * (MAX_FILE_BYTES + 10))))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = body.index(signature) + offset
        body[start : start + 4] = struct.pack("<I", 100)
    return bytes(body)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "absolute": lambda: packed(("/etc/passwd", b"x")),
    "parent": lambda: packed(("../../course.yaml", b"x")),
    "parent inside": lambda: packed(("day-1/../../x.md", b"x")),
    "backslash": lambda: packed(("day-1\\..\\x.md", b"x")),
    "drive": lambda: packed(("C:/x.md", b"x")),
    "hidden": lambda: packed((".git/config", b"x")),
    "zero byte": lambda: packed(("course.yamX", b"x")).replace(b"yamX", b"ya\0X"),
    "link": link,
    "twice": twice,
    "encrypted": encrypted,
    "latin": latin_name,
    "lying": lying,
    "bomb": lambda: packed(("course.yaml", b"\0" * (MAX_FILE_BYTES - 1))),
    "large": lambda: packed(("course.yaml", b"\0" * (MAX_FILE_BYTES + 1))),
    "many": lambda: packed(*((f"questions/a{number}.yaml", b"") for number in range(MAX_FILES + 1))),
    "nested": lambda: packed(("inner.zip", packed(("course.yaml", b"x")))),
    "strange method": lambda: packed(("course.yaml", b"x" * 100), method=zipfile.ZIP_LZMA),
    "no zip": lambda: b"schema: 1\n",
    "cut": lambda: packed(("course.yaml", b"schema: 1" * 100))[:-40],
    "damaged": lambda: packed(("course.yaml", b"schema: 1"), method=zipfile.ZIP_STORED).replace(
        b": 1", b": 2"
    ),
    "empty": lambda: b"",
}
