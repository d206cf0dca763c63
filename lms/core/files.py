"""Files that are kept: a folder by hash under the instance folder. What is written never changes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from lms.core.errors import NotFound


class DamagedFile(NotFound):
    """The file on the disk is no longer the one that was kept."""


def keep_file(instance: Path, body: bytes) -> str:
    """Store ``body`` and return its sha256; storing the same again changes nothing.

    The file is complete and on the disk before its name exists.
    """
    digest = hashlib.sha256(body).hexdigest()
    path = _path(instance, digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return digest


def read_file(instance: Path, digest: str) -> bytes:
    """Return the body kept under ``digest``.

    Raises:
        NotFound: no such file, e.g. after a restore without the files.
        DamagedFile: its content has changed.
    """
    try:
        body = _path(instance, digest).read_bytes()
    except FileNotFoundError as error:
        raise NotFound from error
    if hashlib.sha256(body).hexdigest() != digest:
        raise DamagedFile
    return body


def _path(instance: Path, digest: str) -> Path:
    assert len(digest) == 64
    assert digest.isalnum()
    return instance / "files" / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
