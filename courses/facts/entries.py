"""One entry of the facts, from a data file or from a form: read field by field, every fault at its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from courses.facts.fact import Confidence, Fact, Value
from courses.facts.units import UNITS, Kind

FIELDS = frozenset(
    {
        "key",
        "value",
        "unit",
        "valid_from",
        "valid_to",
        "citation",
        "confidence",
        "derived",
        "sources",
        "note",
    }
)
OPTIONAL = frozenset({"shown", "after_gap", "known_from", "known_to"})
EARLIEST = date(1945, 8, 18)
"""No law of ours is older."""

Say = Callable[[str, str], None]
"""Takes the field and what is wrong with it."""

_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+")
_SHARE = re.compile(r"\d+\.\d+")
_CITED = re.compile(r"\b(UU|PP|Perpres|Permenaker) ([1-9]\d*)/(\d{4})(?: (?:Penjelasan )?Ps ([1-9]\d*))?")


def read_entry(
    entry: Mapping[str, Any],
    say: Say,
    *,
    sources: Container[str],
    articles: Mapping[str, int | None],
    line: int = 0,
) -> Fact | None:
    """Return the fact, or None after ``say`` was told every fault.

    Args:
        sources: the codes an entry may name.
        articles: the ids of the laws a citation may name, with the number of the last article where known.
    """
    check = _Entry(entry, say)
    check.names(sources)
    check.citation(articles)
    check.days()
    value = check.value()
    shown = check.shown(value)
    if check.is_faulty:
        return None
    return Fact(
        key=entry["key"],
        value=value,
        unit=entry["unit"],
        valid_from=check.day("valid_from") or EARLIEST,
        valid_to=check.day("valid_to"),
        citation=entry["citation"],
        confidence=Confidence(entry["confidence"]),
        is_derived=entry["derived"],
        sources=tuple(entry["sources"]),
        note=entry["note"] or "",
        shown=MappingProxyType(shown),
        line=line,
        after_gap=entry.get("after_gap") or "",
        known_from=check.day("known_from"),
        known_to=check.day("known_to"),
    )


def read_day(raw: object) -> date | None:
    """Return the date an ISO text names, None where there is no such day."""
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) and len(raw) == 10 else None
    except ValueError:
        return None


def read_texts(raw: object) -> list[str]:
    """Return a list of texts; anything else counts as one unreadable text."""
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        return [repr(raw)]
    return list(raw)


class _Entry:
    """The checks of one entry; `is_faulty` once any field was complained about."""

    def __init__(self, entry: Mapping[str, Any], say: Say) -> None:
        self._entry = entry
        self._tell = say
        self.is_faulty = False

    def say(self, name: str, message: str) -> None:
        self.is_faulty = True
        self._tell(name, message)

    def names(self, sources: Container[str]) -> None:
        """Check key, unit, confidence, derived and sources."""
        entry = self._entry
        if not isinstance(entry["key"], str) or not _KEY.fullmatch(entry["key"]):
            self.say(
                "key",
                _("“%(text)s” is not a key: small letters, digits and _ between dots.", text=entry["key"]),
            )
        if entry["unit"] not in UNITS:
            self.say("unit", _("There is an unknown unit here: “%(text)s”.", text=entry["unit"]))
        if entry["confidence"] not in set(Confidence):
            self.say(
                "confidence", _("There is an unknown confidence here: “%(text)s”.", text=entry["confidence"])
            )
        if not isinstance(entry["derived"], bool):
            self.say("derived", _("derived must be true or false."))
        for code in read_texts(entry["sources"]) or [""]:
            if code not in sources:
                self.say("sources", _("There is an unknown source here: “%(text)s”.", text=code))

    def citation(self, articles: Mapping[str, int | None]) -> None:
        """Check that the laws named are in the list, and have the articles named."""
        text = self._entry["citation"]
        if not isinstance(text, str) or not text.strip():
            self.say("citation", _("A fact needs a citation."))
            return
        for kind, number, year, article in _CITED.findall(text):
            law_id = f"{kind.lower()}-{number}-{year}"
            if law_id not in articles:
                self.say(
                    "citation",
                    _(
                        "The citation names %(law)s, which is not in the list of laws.",
                        law=f"{kind} {number}/{year}",
                    ),
                )
            elif article and int(article) > (articles[law_id] or int(article)):
                self.say(
                    "citation",
                    _(
                        "%(law)s has %(count)s articles: there is no Article %(article)s in it.",
                        law=f"{kind} {number}/{year}",
                        count=articles[law_id],
                        article=article,
                    ),
                )

    def days(self) -> None:
        """Check that the dates exist and follow each other."""
        start, end = self.day("valid_from"), self.day("valid_to")
        if start is None or start < EARLIEST:
            self.say(
                "valid_from", _("valid_from must be a date that exists, as “2016-10-19”, not before 1945.")
            )
        for name in ("valid_to", "known_from", "known_to"):
            if self._entry.get(name) is not None and self.day(name) is None:
                self.say(
                    name, _("%(field)s must be a date that exists, as “2016-10-19”, or null.", field=name)
                )
        if start and end and end < start:
            self.say("valid_to", _("valid_to %(end)s is before valid_from %(start)s.", end=end, start=start))
        learned, replaced = self.day("known_from"), self.day("known_to")
        if learned and replaced and replaced < learned:
            self.say(
                "known_to", _("known_to %(end)s is before known_from %(start)s.", end=replaced, start=learned)
            )

    def day(self, name: str) -> date | None:
        return read_day(self._entry.get(name))

    def value(self) -> Value:
        """Return the value as its unit has it."""
        raw, unit = self._entry["value"], UNITS.get(self._entry["unit"])
        if unit is None:
            return None
        if isinstance(raw, float):
            self.say("value", _("Write a share in quotes (“0.0024”): a float is not exact."))
            return None
        if raw is None and unit.kind is Kind.RUPIAH:
            return None
        value: Value = _READERS[unit.kind](raw)
        if value is None:
            self.say(
                "value",
                _("“%(text)s” is not a value of unit %(unit)s.", text=raw, unit=self._entry["unit"]),
            )
        return value

    def shown(self, value: Value) -> dict[str, str]:
        """Return how a rule in words reads; numbers need nothing."""
        shown, unit = self._entry.get("shown"), UNITS.get(self._entry["unit"])
        if shown is None:
            if unit is not None and (unit.kind is Kind.TEXT or value is None) and not self.is_faulty:
                self.say("value", _("A rule in words needs shown: {id: …, en: …}."))
            return {}
        if not isinstance(shown, Mapping) or set(shown) != {"id", "en"} or not all(shown.values()):
            self.say("shown", _("shown needs id and en."))
            return {}
        if isinstance(value, Decimal) and not all(str(value) in text for text in shown.values()):
            self.say("shown", _("shown must contain the number %(number)s.", number=value))
        return dict(shown)


def _whole(raw: object) -> Decimal | None:
    return Decimal(raw) if isinstance(raw, int) and not isinstance(raw, bool) and raw >= 0 else None


def _share(raw: object) -> Decimal | None:
    return Decimal(raw) if isinstance(raw, str) and _SHARE.fullmatch(raw) else None


def _month_day(raw: object) -> Decimal | None:
    day = _whole(raw)
    return day if day is not None and 1 <= day <= 31 else None


_READERS: dict[Kind, Callable[[Any], Value]] = {
    Kind.RUPIAH: _whole,
    Kind.FRACTION: _share,
    Kind.COUNT: _whole,
    Kind.DAY: _month_day,
    Kind.YEAR: _whole,
    Kind.DATE: read_day,
    Kind.BOOLEAN: lambda raw: raw if isinstance(raw, bool) else None,
    Kind.TEXT: lambda raw: raw if isinstance(raw, str) and raw else None,
}
