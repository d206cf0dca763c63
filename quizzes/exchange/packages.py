"""A zip of questions, looked at before anything is unpacked and never written to a disk. Pure."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import Text, Unreadable
from quizzes.exchange.decoding import check_size
from quizzes.exchange.limits import MAX_PACKED_FILES, MAX_RATIO, MAX_UNPACKED_BYTES

ZIP = b"PK\x03\x04"
MADE = (1980, 1, 1, 0, 0, 0)
"""The time every file of our zips has, so that the same files are the same zip."""
SMALL = 50_000
"""Bytes below which a ratio says nothing."""
MAX_NAME = 400

_ENTRY = b"PK\x01\x02"
"""What each line of the list of files begins with."""
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE = re.compile(r"[A-Za-z]:")
_LEFT_BY_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
    UnicodeDecodeError, IndexError,
)  # fmt: skip


class Package:
    """The files of a zip by path, each unpacked when it is asked for. Paths have ``/`` and no ``..``."""

    def __init__(self, data: bytes, name: str = "", *, max_files: int = MAX_PACKED_FILES) -> None:
        """Look at the list of files.

        Raises:
            Unreadable: it is no zip, a damaged one, or holds what no package of questions does.
        """
        check_size(data)
        self.name = name
        if data.count(_ENTRY) > 2 * MAX_PACKED_FILES:
            # Before the list is read: a million empty names fit into a file, and make a gigabyte of objects.
            raise _too_many(max_files)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._entries = _look_at(self._archive, max_files)
        except _BROKEN as error:
            if isinstance(error, Unreadable):
                raise
            raise _damaged() from error
        self._left = MAX_UNPACKED_BYTES

    def names(self) -> list[str]:
        """Return the paths of all files, in the order of the package."""
        return list(self._entries)

    def __contains__(self, path: str) -> bool:
        """Say whether there is such a file."""
        return path in self._entries

    def read(self, path: str, *, max_bytes: int = MAX_UNPACKED_BYTES) -> bytes:
        """Return the content of a file; what the zip says of its size is not believed.

        Raises:
            KeyError: there is no such file.
            Unreadable: it is damaged, or larger than ``max_bytes`` or than all may be together.
        """
        most = min(max_bytes, self._left)
        content = self.begin(path, most + 1)
        if len(content) > most:
            raise _refused(path, _l("it is larger than it may be"))
        self._left -= len(content)
        return content

    def begin(self, path: str, count: int) -> bytes:
        """Return the first ``count`` bytes of a file, or all it has.

        Raises:
            KeyError: there is no such file.
            Unreadable: it is damaged.
        """
        try:
            with self._archive.open(self._entries[path]) as file:
                return file.read(count)
        except _BROKEN as error:
            raise _damaged() from error


def write_package(files: Mapping[str, bytes], *, first: tuple[str, ...] = ()) -> bytes:
    """Return files as a zip; the same files give the same bytes.

    Args:
        files: content by path.
        first: paths that must stand before all others, and unpacked, as a manifest may ask.
    """
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in [*first, *sorted(set(files) - set(first))]:
            entry = zipfile.ZipInfo(path, MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[path])
    return body.getvalue()


def _look_at(archive: zipfile.ZipFile, max_files: int) -> dict[str, zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not info.is_dir() and not _is_left(info.filename)]
    if len(infos) > max_files:
        raise _too_many(max_files)
    if sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
        raise Unreadable(
            _l("Unpacked, this is larger than %(count)s MB.", count=MAX_UNPACKED_BYTES // 1_000_000)
        )
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        for reason in _faults(info):
            raise _refused(info.filename, reason)
        if info.filename in found:
            raise _refused(info.filename, _l("this name stands twice in the package"))
        found[info.filename] = info
    return found


def _faults(info: zipfile.ZipInfo) -> Iterator[Text]:
    """Yield why a file of a package is not read; each is a part of a sentence."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & _ENCRYPTED:
        yield _l("it is protected by a password: pack it without one")
    if kind not in (0, stat.S_IFREG):
        yield _l("links to other files are not allowed")
    if info.compress_type not in _METHODS:
        yield _l("it is packed in a way we do not read: make an ordinary zip")
    if not _is_name(info):
        yield _l("its name leads out of the package or cannot be")
    if info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
        yield _l("it unpacks to more than %(count)s times its size", count=MAX_RATIO)


def _is_name(info: zipfile.ZipInfo) -> bool:
    name = info.filename
    parts = name.split("/")
    return (
        info.orig_filename == name
        and len(name) <= MAX_NAME
        and name.isprintable()
        and "\\" not in name
        and not _DRIVE.match(name)
        and not {"", ".", ".."} & set(parts)
    )


def _is_left(name: str) -> bool:
    return name.startswith(_LEFT_BY_SYSTEMS[0]) or name.rpartition("/")[2] in _LEFT_BY_SYSTEMS[1:]


def _refused(path: str, reason: Text) -> Unreadable:
    return Unreadable(_l("“%(path)s” in the package: %(reason)s.", path=path[:MAX_NAME], reason=reason))


def _too_many(max_files: int) -> Unreadable:
    return Unreadable(_l("The package has more than %(count)s files. Split it.", count=max_files))


def _damaged() -> Unreadable:
    return Unreadable(_l("This is no zip file, or a damaged one. Fetch or pack it once more."))
