"""A fact: a dated value with the place in the law where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from courses.facts.units import UNITS, Unit


class Confidence(StrEnum):
    """How a value was checked."""

    VERIFIED = "verified"
    """Read in the text of the law."""
    SECONDARY = "secondary"
    """Read in a report about it."""
    MEMORY = "memory"
    """Not checked: shown with a warning, never the key of an answer."""


Value = Decimal | date | bool | str | None
"""A number (rupiah, share of one, count), a date, yes or no, a rule in words; None: no limit."""


@dataclass(frozen=True)
class Source:
    """Where a value was read."""

    code: str
    label: str
    where: str


@dataclass(frozen=True)
class Fact:
    """One value of a key between two dates that both belong to the span; `valid_to` None: still holds.

    It has two times: when it holds, and when we knew it. What is learned later supersedes it.
    """

    key: str
    value: Value
    unit: str
    valid_from: date
    valid_to: date | None
    citation: str
    confidence: Confidence
    is_derived: bool
    sources: tuple[str, ...]
    note: str
    # How a rule in words reads, by language.
    shown: Mapping[str, str]
    # Line of the data file, for messages; 0 for one that came by a correction.
    line: int
    # Why nothing held for a while before it; empty where it follows the value before it or is the first.
    after_gap: str = ""
    # Days on which this was what we knew, both included; None: from the start, to this day.
    known_from: date | None = None
    known_to: date | None = None

    @property
    def measure(self) -> Unit:
        """What kind of value this is."""
        return UNITS[self.unit]

    @property
    def is_doubtful(self) -> bool:
        """Whether it may not decide the key of an answer."""
        return self.confidence is Confidence.MEMORY

    def holds_on(self, day: date) -> bool:
        """Return whether this value is in force on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def is_known_on(self, day: date) -> bool:
        """Return whether this is what was known of the law on ``day``."""
        return (self.known_from is None or self.known_from <= day) and (
            self.known_to is None or day <= self.known_to
        )

    def meets(self, other: Fact) -> bool:
        """Return whether there is a day on which both hold."""
        return (other.valid_to is None or self.valid_from <= other.valid_to) and (
            self.valid_to is None or other.valid_from <= self.valid_to
        )


@dataclass(frozen=True)
class Label:
    """What a key is called in both languages."""

    id: str
    en: str

    def text(self, language: str) -> str:
        """Return the name in ``language``."""
        return self.en if language == "en" else self.id
