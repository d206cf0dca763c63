"""The database as one file beside it, and back: a copy of SQLite, a dump of PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg
import pysqlite3.dbapi2
from sqlalchemy import URL

from lms.core.errors import LmsError

SQLITE_COPY, POSTGRES_COPY = "database.sqlite", "database.dump"


class BackupError(LmsError):
    """A backup cannot be taken, or cannot be believed; the message says why and what to do."""


def copy_database(url: URL, folder: Path) -> Path:
    """Write a copy of the database into ``folder`` and return it; people may go on working.

    Raises:
        BackupError: there is none, it does not answer, or the copy is damaged.
    """
    if url.get_backend_name() == "sqlite":
        copy = folder / SQLITE_COPY
        _copy_sqlite(_sqlite_path(url), copy)
    else:
        copy = folder / POSTGRES_COPY
        _run_postgres("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}")
    return copy


def restore_database(url: URL, folder: Path) -> None:
    """Move the copy in ``folder`` to where the database goes.

    Raises:
        BackupError: something is there already, the copy is damaged, or PostgreSQL refuses it.
    """
    if url.get_backend_name() != "sqlite":
        _require_empty_postgres(url)
        dump = folder / POSTGRES_COPY
        options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        _run_postgres("pg_restore", url, *options, f"--dbname={url.database}", str(dump))
        dump.unlink()
        return
    _check_sqlite(folder / SQLITE_COPY)
    target = _sqlite_path(url)
    if target.exists():
        raise BackupError(f"Database {target} exists and is not overwritten: move it away.")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folder / SQLITE_COPY, target)


def _sqlite_path(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise BackupError("A database in memory cannot be backed up or restored: set DATABASE_URL.")
    return Path(url.database)


def _copy_sqlite(path: Path, copy: Path) -> None:
    """Copy a database that others write to: one step, one snapshot (``cp`` would give a malformed image)."""
    if not path.is_file():
        raise BackupError(f"There is no database {path}: run `lms db upgrade` first.")
    with (
        closing(pysqlite3.dbapi2.connect(path, timeout=10)) as source,
        closing(pysqlite3.dbapi2.connect(copy)) as target,
    ):
        source.backup(target, pages=-1)
        # One plain file: the log of changes belongs to a database in use.
        target.execute("PRAGMA journal_mode=DELETE")
    _check_sqlite(copy)


def _check_sqlite(path: Path) -> None:
    try:
        with closing(pysqlite3.dbapi2.connect(path)) as connection:
            result = connection.execute("PRAGMA integrity_check").fetchone()[0]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    except pysqlite3.dbapi2.DatabaseError as error:
        raise BackupError(f"The database copy is damaged: {error}.") from error
    if result != "ok" or orphans:
        raise BackupError(f"The database copy is damaged: {result}, {len(orphans)} orphaned rows.")


def _require_empty_postgres(url: URL) -> None:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    query = (
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_toast%'"
    )
    try:
        with psycopg.connect(address, connect_timeout=10) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.OperationalError as error:
        raise BackupError(f"PostgreSQL does not answer at {url.host}: {error}".strip()) from error
    if row is None or row[0]:
        raise BackupError(
            f"Database {url.database} is not empty: make a new one (`createdb`) and name it in DATABASE_URL."
        )


def _run_postgres(name: str, url: URL, *arguments: str) -> None:
    """Run a tool of PostgreSQL, the password in its environment, where other users cannot see it."""
    known = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    known |= {"PGDATABASE": url.database}
    known |= {f"PG{key.upper()}": str(value) for key, value in url.query.items() if key.startswith("ssl")}
    environment = os.environ | {key: str(value) for key, value in known.items() if value is not None}
    result = subprocess.run(  # noqa: S603
        [_find_tool(name), "--no-password", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise BackupError(f"{name} failed: {result.stderr.strip()[-500:]}")


def _find_tool(name: str) -> str:
    """Return the newest ``name`` of this machine: an older pg_dump refuses a newer server."""
    versions = [path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}") if path.parts[4].isdigit()]
    if versions:
        return str(max(versions, key=lambda path: int(path.parts[4])))
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is missing: run `apt-get install postgresql-client`.")
    return found
