"""Terms of the glossary, explained where they stand in a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A term and its meaning in both languages; `cite` are references to the law."""

    id: str
    term: str
    term_en: str
    definition: str
    definition_en: str
    cite: tuple[str, ...]
