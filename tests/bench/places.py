"""Where a bench runs: which database, on what, and how durable."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import create_postgres, drop_postgres

POSTGRES = os.environ.get("LMS_TEST_POSTGRES", "")
DISK = Path(__file__).parents[2] / ".bench"
MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Place:
    """A folder, and a database for each side."""

    name: str
    folder: Path
    url: str
    bare_url: str
    # Whether what happens here is worth measuring with full records, too.
    is_real: bool

    @property
    def instance(self) -> Path:
        """Keys and files of the installation."""
        return self.folder / "instance"


@contextlib.contextmanager
def sqlite(name: str, parent: Path, *, is_real: bool) -> Iterator[Place]:
    """Yield a place with files below ``parent``."""
    with _folder(parent) as folder:
        url = f"sqlite:///{folder / 'instance' / 'penggerak.sqlite'}"
        yield Place(name, folder, url, f"sqlite:///{folder / 'bare.sqlite'}", is_real)


@contextlib.contextmanager
def postgres() -> Iterator[Place]:
    """Yield a place with two databases of the cluster at hand."""
    with _folder(DISK) as folder:
        names = [f"bench_{side}_{os.getpid()}" for side in ("ours", "bare")]
        url, bare_url = (create_postgres(name) for name in names)
        try:
            yield Place("PostgreSQL, with fsync", folder, url, bare_url, is_real=True)
        finally:
            for name in names:
                drop_postgres(name)


def places() -> dict[str, contextlib.AbstractContextManager[Place]]:
    """Return the places there are on this machine, by the word for the command line."""
    DISK.mkdir(exist_ok=True)
    found: dict[str, contextlib.AbstractContextManager[Place]] = {
        "sqlite": sqlite("SQLite, with fsync (synchronous=FULL on disk)", DISK, is_real=True)
    }
    if MEMORY.is_dir():
        found["memory"] = sqlite("SQLite, without fsync (the same files in memory)", MEMORY, is_real=False)
    if POSTGRES:
        found["postgres"] = postgres()
    return found


@contextlib.contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="penggerak-bench.", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
