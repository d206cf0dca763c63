"""Files that are kept under their hash. What is written never changes.

Where they lie is a `FileStore`: a folder under the instance folder, unless the setting FILE_STORE names
another one, such as a bucket.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lms.core.errors import LmsError, NotFound


class DamagedFile(NotFound):
    """What is found is no longer what was kept."""


class StoreError(LmsError):
    """The setting FILE_STORE names no store."""


class FileStore(Protocol):
    """Bodies by their sha256; the names are safe in folders, addresses and keys of buckets."""

    def put(self, digest: str, body: bytes) -> None:
        """Keep a body; it is complete and lasting before it can be found. The same again changes nothing."""

    def get(self, digest: str) -> bytes:
        """Return a body.

        Raises:
            FileNotFoundError: there is none.
        """

    def delete(self, digest: str) -> None:
        """Forget a body; one that is not there changes nothing."""


@dataclass(frozen=True)
class FolderStore:
    """A folder, with a folder for every two first letters of the hash."""

    folder: Path

    def put(self, digest: str, body: bytes) -> None:
        """Keep a body; it is complete and on the disk before its name exists."""
        path = self._path(digest)
        if path.exists():
            return
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

    def get(self, digest: str) -> bytes:
        """Return a body; FileNotFoundError where there is none."""
        return self._path(digest).read_bytes()

    def delete(self, digest: str) -> None:
        """Forget a body."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest


_stores: dict[Path, FileStore] = {}
"""Those that are no folder of their instance, by the instance."""


def use_store(instance: Path, name: str) -> None:
    """Let the files of ``instance`` lie where ``name`` says, for this process.

    Args:
        instance: folder of the installation.
        name: `package.module:function`, which is called with ``instance`` and returns a `FileStore`; empty
            for the folder `files`.

    Raises:
        StoreError: there is no such function.
    """
    _stores.pop(instance, None)
    if not name:
        return
    module, _colon, function = name.partition(":")
    try:
        _stores[instance] = getattr(importlib.import_module(module), function)(instance)
    except (ImportError, AttributeError, ValueError) as error:
        raise StoreError(f"FILE_STORE = {name!r} cannot be loaded: {error}") from error


def keep_file(instance: Path, body: bytes) -> str:
    """Store ``body`` and return its sha256; storing the same again changes nothing."""
    digest = hashlib.sha256(body).hexdigest()
    _store_of(instance).put(digest, body)
    return digest


def read_file(instance: Path, digest: str) -> bytes:
    """Return the body kept under ``digest``.

    Raises:
        NotFound: no such file, e.g. after a restore without the files.
        DamagedFile: its content has changed.
    """
    assert len(digest) == 64
    assert digest.isalnum()
    try:
        body = _store_of(instance).get(digest)
    except FileNotFoundError as error:
        raise NotFound from error
    if hashlib.sha256(body).hexdigest() != digest:
        raise DamagedFile
    return body


def delete_file(instance: Path, digest: str) -> None:
    """Delete the body kept under ``digest``, if there is one.

    Only for what nobody else can have kept, such as a signed paper: who keeps the same body at this moment
    finds it there, and then it is gone. What people send is therefore never deleted.
    """
    assert len(digest) == 64
    assert digest.isalnum()
    _store_of(instance).delete(digest)


def _store_of(instance: Path) -> FileStore:
    return _stores.get(instance) or FolderStore(instance / "files")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
