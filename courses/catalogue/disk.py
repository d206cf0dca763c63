"""The files of a course folder as they lie on the disk: no links, no odd names, nothing too large."""

from __future__ import annotations

import os
import re
from pathlib import Path

from flask_babel import gettext as _

from courses.catalogue.sources import FolderFaults
from courses.facts.documents import Fault

MAX_FILE_BYTES = 2_000_000
MAX_FILES = 2_000
MAX_PATH = 150

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def collect_files(folder: Path) -> dict[str, bytes]:
    """Return all files below ``folder`` by their path, following no link.

    Raises:
        FolderFaults: it is no folder, or holds links, hidden, odd or too large files.
    """
    if not folder.is_dir():
        raise FolderFaults([Fault(str(folder), 0, _("There is no such folder."))])
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for root, folders, names in os.walk(folder, followlinks=False):
        for name in sorted([*folders, *names]):
            path = Path(root) / name
            place = path.relative_to(folder).as_posix()
            fault = _file_fault(path, place)
            if fault:
                faults.append(Fault(place, 0, fault))
                folders[:] = [kept for kept in folders if kept != name]
            elif path.is_file():
                files[place] = path.read_bytes()
        if len(files) > MAX_FILES:
            faults.append(Fault(str(folder), 0, _("There are more than %(count)s files.", count=MAX_FILES)))
            break
    if faults:
        raise FolderFaults(faults)
    return files


def _file_fault(path: Path, place: str) -> str:
    if path.is_symlink():
        return str(_("Links to other files are not allowed."))
    if not (path.is_file() or path.is_dir()):
        return str(_("This is neither a file nor a folder."))
    if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
        return str(_("This file is larger than 2 MB."))
    return name_fault(place)


def name_fault(place: str) -> str:
    """Return what is wrong with the path of a file inside a course, empty if nothing is."""
    if len(place) > MAX_PATH or not all(_NAME.fullmatch(part) for part in place.split("/")):
        return str(_("Names are small letters, digits, “-”, “_” and “.”, and do not begin with “.”."))
    return ""
