"""Keep a copy of everything an installation is, and bring it back: database, settings, keys, files.

A backup is one tar file that only its owner can read: ``manifest.json`` first, with the sha256 of every
other member; ``database.sqlite`` or ``database.dump``; ``config.toml``; ``keys/``; ``files/``. It may be
taken while people work. Restoring goes into an empty instance (and an empty PostgreSQL database) only,
and checks everything before the first file gets its place.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

import click
from sqlalchemy import URL, make_url

from lms.core.clock import utc_now
from lms.core.config import find_instance, load_config, name_command
from lms.core.database_copy import POSTGRES_COPY, SQLITE_COPY, BackupError, copy_database, restore_database

FORMAT = 1
"""Goes up when an older `lms restore` could not read a newer backup."""

MAX_MANIFEST_BYTES = 20_000_000
OURS = frozenset({"README.md", ".gitignore"})
"""What git keeps in an instance folder: with nothing else in it, it counts as empty."""


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
def backup(target: Path) -> None:
    """Write database, settings, keys and files to TARGET (a tar file); people may go on working."""
    write_backup(find_instance(), target)
    click.echo(f"Backup of {find_instance()} written to {target}. It holds the keys: keep it safe.")


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
def restore(source: Path) -> None:
    """Bring the backup SOURCE back into an empty instance (and an empty PostgreSQL database)."""
    read_backup(source, find_instance())
    lms = name_command(find_instance())
    click.echo(f"Restored into {find_instance()}. Next: `{lms} db upgrade`, then `{lms} doctor`.")


def write_backup(instance: Path, target: Path) -> None:
    """Write a backup of ``instance`` to ``target``.

    Raises:
        BackupError: the target exists or its folder does not, the database does not answer,
            or the copy of it is damaged.
        ConfigError: the instance has no usable settings.
    """
    if os.path.lexists(target):
        raise BackupError(f"{target} exists and is not overwritten: name another file.")
    if not target.parent.is_dir():
        raise BackupError(f"Folder {target.parent} does not exist: make it first.")
    url = make_url(load_config(instance).DATABASE_URL)
    with _folder_of_our_own(target.parent) as folder:
        copy = copy_database(url, folder)
        part = folder / "backup.tar"
        _write_tar(part, {copy.name: copy} | dict(_instance_files(instance)), url.get_backend_name())
        part.replace(target)


def read_backup(source: Path, instance: Path) -> None:
    """Bring the backup ``source`` back into ``instance``.

    Raises:
        BackupError: the instance or the database is not empty, or the backup is damaged or not one.
        ConfigError: the settings in the backup are not usable here.
    """
    if not source.is_file():
        raise BackupError(f"There is no file {source}.")
    instance = instance.resolve()
    _require_empty(instance)
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _folder_of_our_own(instance) as folder:
        _unpack(source, folder)
        url = _target_url(folder, instance)
        restore_database(url, folder)
        for path in sorted(folder.iterdir()):
            path.rename(instance / path.name)


@contextmanager
def _folder_of_our_own(parent: Path) -> Iterator[Path]:
    """Yield a private folder on the same disk, and take it away afterwards."""
    folder = parent / f".lms-{secrets.token_hex(6)}"
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise BackupError(f"Cannot write in {parent}: {error.strerror}.") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# Taking a backup


def _instance_files(instance: Path) -> Iterator[tuple[str, Path]]:
    """Yield name in the backup and path of settings, keys and kept files."""
    if (instance / "config.toml").is_file():
        yield "config.toml", instance / "config.toml"
    for folder in ("keys", "files"):
        for path in sorted((instance / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(instance).as_posix(), path


def _write_tar(target: Path, files: dict[str, Path], backend: str) -> None:
    manifest = {
        "format": FORMAT,
        "database": backend,
        "created_at": utc_now().isoformat(),
        "sha256": {name: _sha256(path) for name, path in files.items()},
    }
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
            _add_manifest(tar, manifest)
            for name, path in files.items():
                tar.add(path, name, filter=_private)
        raw.flush()
        os.fsync(raw.fileno())


def _add_manifest(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    body = json.dumps(manifest, indent=1).encode()
    member = tarfile.TarInfo("manifest.json")
    member.size = len(body)
    tar.addfile(_private(member), io.BytesIO(body))


def _private(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Keep no owner of this machine, and let nobody else read what is unpacked by other tools."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# Bringing it back


def _require_empty(instance: Path) -> None:
    if not instance.exists():
        return
    if not instance.is_dir():
        raise BackupError(f"{instance} is not a folder.")
    found = sorted(path.name for path in instance.iterdir() if path.name not in OURS)
    if found:
        raise BackupError(
            f"{instance} is not empty ({', '.join(found[:5])}): restore into a new folder with "
            "`lms --instance FOLDER restore …`, or move what is there away."
        )


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source, mode="r:") as tar:
            expected = _read_manifest(tar)
            for member in tar:
                if member.name != "manifest.json":
                    _unpack_member(tar, member, folder, expected)
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(f"{source} is not a backup of ours, or it is cut off: {error}.") from error
    if expected:
        raise BackupError(f"The backup is incomplete: {', '.join(sorted(expected)[:5])} missing.")


def _read_manifest(tar: tarfile.TarFile) -> dict[str, str]:
    """Return the sha256 of every member that must come."""
    member = tar.next()
    if member is None or member.name != "manifest.json" or not 0 < member.size <= MAX_MANIFEST_BYTES:
        raise BackupError("This tar file was not made by `lms backup`: it does not begin with a manifest.")
    body = _opened(tar, member).read()
    try:
        manifest: Any = json.loads(body)
        version, hashes = manifest["format"], manifest["sha256"]
        databases = {SQLITE_COPY, POSTGRES_COPY} & set(hashes)
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError("The manifest of this backup cannot be read.") from error
    if version != FORMAT:
        raise BackupError(f"This backup has format {version}, not {FORMAT}: use the version that made it.")
    if len(databases) != 1:
        raise BackupError("The backup holds no database, or two.")
    return {str(name): str(digest) for name, digest in hashes.items()}


def _unpack_member(
    tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, expected: dict[str, str]
) -> None:
    """Write one member below ``folder`` and strike it off ``expected``."""
    if not member.isreg() or not _is_ours(member.name):
        raise BackupError(f"The backup holds something that is not ours: {member.name!r}.")
    digest = expected.pop(member.name, None)
    if digest is None:
        raise BackupError(f"{member.name} in the backup is not listed in its manifest, or comes twice.")
    path = folder.joinpath(*PurePosixPath(member.name).parts)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        shutil.copyfileobj(_opened(tar, member), target)
        target.flush()
        os.fsync(target.fileno())
    if digest != _sha256(path):
        raise BackupError(f"{member.name} in the backup is damaged or was exchanged.")


def _opened(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    file = tar.extractfile(member)
    if file is None:
        raise BackupError(f"{member.name!r} in the backup is not a file.")
    return file


def _is_ours(name: str) -> bool:
    """Return whether a backup may hold ``name``: a plain relative path at one of the known places."""
    parts = name.split("/")
    if any(part in {"", ".", ".."} or "\\" in part or "\0" in part for part in parts):
        return False
    if len(parts) == 1:
        return name in {SQLITE_COPY, POSTGRES_COPY, "config.toml"}
    if parts[0] == "keys":
        return len(parts) == 2 or (len(parts) == 3 and parts[1] == "certificates")
    return parts[0] == "files"


def _target_url(folder: Path, instance: Path) -> URL:
    """Return where the database goes: as the restored settings and the environment say."""
    url = make_url(load_config(folder).DATABASE_URL)
    if url.get_backend_name() == "sqlite" and Path(url.database or "").parent == folder:
        url = url.set(database=str(instance / Path(url.database or "").name))
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite != (folder / SQLITE_COPY).exists():
        kind = "SQLite" if (folder / SQLITE_COPY).exists() else "PostgreSQL"
        raise BackupError(f"The backup is of {kind}, but DATABASE_URL names {url.get_backend_name()}.")
    return url
