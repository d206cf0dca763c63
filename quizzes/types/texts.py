"""The texts of a source that people read, wherever in it they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from quizzes.types.base import Json

TEXTS = frozenset({"text", "match", "why"})
"""Fields of any type, at any depth, that hold inline Markdown."""


def list_texts(source: Json, fields: Collection[str]) -> Iterator[tuple[str, Any]]:
    """Yield where each text stands, e.g. "options-0-why", with the text as the author wrote it.

    Args:
        source: the question.
        fields: the fields that belong to its type.
    """
    for name, value in source.items():
        if name in fields:
            yield from _texts(name, value, is_text=name in TEXTS)


def _texts(path: str, value: Any, *, is_text: bool) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _texts(f"{path}-{name}", part, is_text=is_text or name in TEXTS)
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _texts(f"{path}-{number}", part, is_text=is_text)
    elif is_text:
        yield path, value
