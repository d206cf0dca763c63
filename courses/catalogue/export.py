"""Write the files of an edition back to a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask_babel import gettext as _

from courses.catalogue.disk import name_fault
from lms.core.errors import Conflict, Invalid


def write_files(files: Mapping[str, bytes], target: Path) -> None:
    """Write ``files`` below ``target``, which must be empty or not there yet.

    Raises:
        Conflict: the folder holds something; nothing was written.
        Invalid: a path would leave the folder; nothing was written.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise Conflict(_("“%(folder)s” is not empty.", folder=str(target)))
    if any(name_fault(path) for path in files):
        raise Invalid(_("A stored path is not safe to write."))
    for path, body in files.items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
