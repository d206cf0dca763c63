"""The fixtures of `fixtures/README.md`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from quizzes.exchange.contract import Reader
from quizzes.exchange.formats import READERS

FOLDER = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Fixture:
    """A file, what must be read from it, and by whom."""

    path: Path
    wanted: dict[str, Any]

    @property
    def reader(self) -> Reader:
        return next(reader for reader in READERS if reader.key == self.path.parent.name)

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def name(self) -> str:
        return str(self.wanted.get("name", self.path.name))


def list_fixtures() -> list[Fixture]:
    found = []
    for said in sorted(FOLDER.glob("*/*.yaml")):
        (path,) = (one for one in said.parent.glob(f"{said.stem}.*") if one.suffix != ".yaml")
        found.append(Fixture(path, yaml.safe_load(said.read_text("utf-8"))))
    return found


FIXTURES = list_fixtures()
"""All of them, in the order of their names."""
