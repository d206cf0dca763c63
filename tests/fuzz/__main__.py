"""Give every reader spoiled files for a while: nothing but `Unreadable` and faults may come of them.

``python -m tests.fuzz [--seconds 60] [--seed N] [reader …]``; a file that breaks a reader is kept and named.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from random import Random

from flask import Flask
from flask_babel import Babel

from quizzes.exchange.contract import Reader, Unreadable
from quizzes.exchange.formats import READERS, WRITERS
from tests.fuzz.spoiling import spoil
from tests.quizzes.exchange.fixtures import FIXTURES
from tests.quizzes.exchange.given import examples


def seeds_of(reader: Reader) -> list[bytes]:
    """Return whole files of the format: our fixtures, and what our writer of the format makes."""
    found = [fixture.data for fixture in FIXTURES if fixture.reader.key == reader.key]
    writers = [writer for writer in WRITERS if writer.key == reader.key]
    given = [one for one in examples() if one.kind != "hotspot"]
    return found + [writer.write([one for one in given if writer.holds(one)]) for writer in writers]


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 1 if a reader broke."""
    parser = argparse.ArgumentParser(prog="tests.fuzz")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("readers", nargs="*")
    given = parser.parse_args(arguments)
    chosen = [reader for reader in READERS if not given.readers or reader.key in given.readers]
    app = Flask("fuzz")
    Babel(app)
    with app.app_context():
        return max([fuzz(reader, seconds=given.seconds, seed=given.seed) for reader in chosen], default=0)


def fuzz(reader: Reader, *, seconds: float, seed: int, most: int = sys.maxsize) -> int:
    """Spoil and read until the time is over or ``most`` files are read; return 1 if the reader broke."""
    rng, files, tried, refused = Random(seed), seeds_of(reader), 0, 0
    assert files, f"{reader.key}: no file to spoil"
    end = time.monotonic() + seconds
    while tried < most and time.monotonic() < end:
        data = spoil(rng.choice(files), rng.choice(files), rng)
        try:
            for _ in reader.read(data, "soal" + reader.endings[0]):
                pass
        except Unreadable:
            refused += 1
        except Exception:
            return _tell(reader, data, seed)
        tried += 1
    print(f"{reader.key}: {tried} files of {len(files)}, {refused} refused whole, seed {seed}")
    return 0


def _tell(reader: Reader, data: bytes, seed: int) -> int:
    kept = Path(tempfile.mkdtemp()) / f"{reader.key}{reader.endings[0]}"
    kept.write_bytes(data)
    traceback.print_exc()
    print(f"{reader.key} broke on {kept}, seed {seed}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
