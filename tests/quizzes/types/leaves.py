"""What a content is made of, at any depth: its leaves, and the same content with another one of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from quizzes.types.base import Json

Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value that holds no others, with the way to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def name_of(path: Path) -> str:
    """Return the way without numbers: ``options.*.correct``."""
    return ".".join("*" if isinstance(step, int) else step for step in path)


def changed(content: Json, path: Path, value: Any) -> Json:
    """Return a copy that holds another value in one place."""
    found = copy.deepcopy(content)
    place: Any = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return found


def another(value: Any) -> Any:
    """Return a value of the same kind that says something else."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value - 1 if value else value + 1
    if isinstance(value, str) and value.replace(".", "", 1).isdecimal():
        return f"{value}7"
    return "LAIN"
