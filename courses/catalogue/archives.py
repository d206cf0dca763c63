"""A course folder as a zip: looked at before anything is unpacked, and never written to a disk."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from courses.catalogue.disk import MAX_FILE_BYTES, MAX_FILES, name_fault
from courses.catalogue.folder import COURSE_FILE
from courses.catalogue.sources import FolderFaults
from courses.facts.documents import Fault

MAX_TOTAL_BYTES = 20_000_000
"""Of all files unpacked; the shipped course has one."""
MAX_RATIO = 100
"""Times a file may be larger than it is packed: text packs five to one, a bomb a thousand."""
SMALL = 50_000
"""Bytes below which a ratio says nothing."""
MADE = (1980, 1, 1, 0, 0, 0)
"""The time every file of our zips has, so that the same files are the same zip."""

_UTF8, _ENCRYPTED = 0x800, 0x1
_LEFT_BY_SYSTEMS = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_ARCHIVES = (".zip", ".tar", ".gz", ".7z", ".rar")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read_archive(body: bytes, name: str) -> dict[str, bytes]:
    """Return the files of a zipped course folder by path; the folder itself may be in the zip or not.

    Raises:
        FolderFaults: it is no zip, or holds what a course must not: nothing was unpacked then.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = _entries(archive, name)
            return _read(archive, entries)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, zlib.error, NotImplementedError) as error:
        if isinstance(error, FolderFaults):
            raise
        raise FolderFaults([Fault(name, 0, str(_("This is no zip file, or a damaged one.")))]) from error


def write_archive(files: Mapping[str, bytes], folder: str) -> bytes:
    """Return the files as a zip with one folder in it; the same files give the same bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{path}", MADE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return body.getvalue()


def _entries(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """Return the files of the archive by path below the course folder, all of them safe to read."""
    infos = [info for info in archive.infolist() if not info.is_dir() and not _is_left(info.filename)]
    if len(infos) > MAX_FILES:
        message = _("There are more than %(count)s files.", count=MAX_FILES)
        raise FolderFaults([Fault(name, 0, str(message))])
    top = _top_folder([info.filename for info in infos])
    faults, found = [], dict[str, zipfile.ZipInfo]()
    for info in infos:
        place = info.filename.removeprefix(top)
        faults += [Fault(place, 0, message) for message in _faults(info, place)]
        if place in found:
            faults.append(Fault(place, 0, str(_("This name stands twice in the zip."))))
        found[place] = info
    if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        faults.append(Fault(name, 0, str(_("Unpacked, this is larger than 20 MB."))))
    if faults:
        raise FolderFaults(faults)
    return found


def _faults(info: zipfile.ZipInfo, place: str) -> Iterator[str]:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & _ENCRYPTED:
        yield str(_("This file is protected by a password: pack it without one."))
    if kind not in (0, stat.S_IFREG):
        yield str(_("Links to other files are not allowed."))
    if info.compress_type not in _METHODS:
        yield str(_("This file is packed in a way we do not read: make an ordinary zip."))
    if place.casefold().endswith(_ARCHIVES):
        yield str(_("An archive within the archive is not allowed."))
    if not info.flag_bits & _UTF8 and not info.orig_filename.isascii():
        yield str(_("The name of this file is not UTF-8."))
    elif info.orig_filename != info.filename or name_fault(place):
        yield name_fault(place) or str(_("The name of this file cannot be."))
    if info.file_size > MAX_FILE_BYTES:
        yield str(_("This file is larger than 2 MB."))
    elif info.file_size > max(SMALL, MAX_RATIO * info.compress_size):
        yield str(_("This file unpacks to more than a hundred times its size."))


def _read(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> dict[str, bytes]:
    """Return the contents; what a file says of its size is not believed."""
    files, total = dict[str, bytes](), 0
    for place, info in entries.items():
        with archive.open(info) as file:
            files[place] = file.read(MAX_FILE_BYTES + 1)
        total += len(files[place])
        if len(files[place]) > MAX_FILE_BYTES or total > MAX_TOTAL_BYTES:
            raise FolderFaults([Fault(place, 0, str(_("This file is larger than it says.")))])
    return files


def _top_folder(names: list[str]) -> str:
    """Return the folder the course is in, with its slash; empty where it is not in one."""
    tops = {name.partition("/")[0] for name in names}
    top = f"{tops.pop()}/" if len(tops) == 1 else ""
    return top if f"{top}{COURSE_FILE}" in names else ""


def _is_left(name: str) -> bool:
    return name.startswith(_LEFT_BY_SYSTEMS[0]) or name.rpartition("/")[2] in _LEFT_BY_SYSTEMS[1:]
