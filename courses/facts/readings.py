"""What an admin read of a fact, and what keeps it out of the book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from courses.facts.book import FactBook
from courses.facts.entries import read_entry
from courses.facts.fact import Confidence, Fact
from courses.facts.learned import raw_value, to_shown
from courses.facts.models import CorrectionKind, FactCorrection
from courses.facts.spans import DAY, Clash, current, find_clashes, learn, says_the_same

_CODE = "KOR"
_FIELD_OF = {"shown": "shown_id", "sources": "source_label"}
"""Where the page of a correction asks for what an entry calls otherwise."""


@dataclass(frozen=True)
class Reading:
    """What an admin read; fields as in `FactCorrection`."""

    kind: CorrectionKind
    key: str
    value: str | None
    unit: str
    valid_from: date
    valid_to: date | None
    citation: str
    confidence: str
    is_derived: bool = False
    source_label: str = ""
    source_where: str = ""
    note: str = ""
    shown_id: str = ""
    shown_en: str = ""
    label_id: str = ""
    label_en: str = ""
    after_gap: str = ""


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with a reading, and at which of its fields."""

    field: str
    message: str


def reading_of(row: FactCorrection) -> Reading:
    """Return what a stored correction says."""
    return Reading(
        kind=CorrectionKind(row.kind),
        key=row.key,
        value=row.value,
        unit=row.unit,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        citation=row.citation,
        confidence=row.confidence,
        is_derived=row.is_derived,
        source_label=row.source_label,
        source_where=row.source_where,
        note=row.note,
        shown_id=row.shown_id,
        shown_en=row.shown_en,
        label_id=row.label_id,
        label_en=row.label_en,
        after_gap=row.after_gap,
    )


def find_faults(book: FactBook, reading: Reading) -> list[FieldFault]:
    """Return everything that keeps ``reading`` out of ``book``: what the loader would say of it, and more."""
    found: list[FieldFault] = []
    fact = _read(book, reading, found)
    found += _find_missing(reading)
    if fact is not None:
        found += _find_misfits(book, reading, fact)
    return found


def _read(book: FactBook, reading: Reading, found: list[FieldFault]) -> Fact | None:
    entry = {
        "key": reading.key,
        "value": raw_value(reading.value, reading.unit),
        "unit": reading.unit,
        "valid_from": reading.valid_from.isoformat(),
        "valid_to": reading.valid_to.isoformat() if reading.valid_to else None,
        "citation": reading.citation,
        "confidence": reading.confidence,
        "derived": reading.is_derived,
        "sources": [_CODE],
        "note": reading.note,
        "shown": to_shown(reading.shown_id, reading.shown_en) or None,
        "after_gap": reading.after_gap,
    }
    articles = {law.id: law.articles for law in book.laws.values()}
    return read_entry(
        entry,
        lambda name, message: found.append(FieldFault(_FIELD_OF.get(name, name), message)),
        sources={_CODE},
        articles=articles,
    )


def _find_missing(reading: Reading) -> Iterator[FieldFault]:
    """Yield what a person must say and a data file need not."""
    if reading.confidence != Confidence.MEMORY:
        message = _("Say where this was read. What was not read anywhere is “not checked”.")
        if not reading.source_label:
            yield FieldFault("source_label", message)
        if not reading.source_where:
            yield FieldFault("source_where", message)
    if reading.kind is CorrectionKind.NEW_KEY:
        for name, text in (("label_id", reading.label_id), ("label_en", reading.label_en)):
            if not text:
                yield FieldFault(name, _("Say what this number is called."))


def _find_misfits(book: FactBook, reading: Reading, fact: Fact) -> Iterator[FieldFault]:
    """Yield where the new value does not fit those that are there."""
    history = book.facts.get(reading.key, ())
    if reading.kind is CorrectionKind.NEW_KEY:
        if history:
            yield FieldFault("key", _("There is a fact of this key already."))
        return
    if not history:
        yield FieldFault("key", _("There is no fact “%(key)s”.", key=reading.key))
        return
    if fact.measure.kind is not history[-1].measure.kind:
        yield FieldFault(
            "unit", _("The values of this key are counted otherwise: %(unit)s.", unit=history[-1].unit)
        )
    started = next((old for old in history if old.valid_from == fact.valid_from), None)
    if reading.kind is CorrectionKind.AMENDMENT:
        if started is None:
            yield FieldFault("valid_from", _("No value starts on this day. Add a new one instead."))
            return
        if says_the_same(started, fact):
            yield FieldFault("value", _("This is what the book says already."))
    elif started is not None:
        message = _("A value already starts on this day. Correct that value instead of adding one.")
        yield FieldFault("valid_from", message)
        return
    yield from _find_clashes(history, fact, is_amendment=reading.kind is CorrectionKind.AMENDMENT)


def _find_clashes(history: Sequence[Fact], fact: Fact, *, is_amendment: bool) -> Iterator[FieldFault]:
    following = next((old for old in history if old.valid_from > fact.valid_from), None)
    if following is not None and following.meets(fact):
        yield FieldFault(
            "valid_to",
            _(
                "It overlaps the value that starts on %(day)s: let this one end on %(end)s.",
                day=following.valid_from,
                end=following.valid_from - DAY,
            ),
        )
        return
    after = learn(history, replace(fact, known_from=date.max), is_amendment=is_amendment)
    for clash in find_clashes(current(after)):
        if clash.is_gap:
            yield _gap(clash, is_before=clash.later.valid_from == fact.valid_from)


def _gap(clash: Clash, *, is_before: bool) -> FieldFault:
    days = {"end": clash.earlier.valid_to, "day": clash.later.valid_from}
    if is_before:
        return FieldFault(
            "valid_from",
            _(
                "From %(end)s to %(day)s nothing would hold. Close the gap, or say below why it is there.",
                **days,
            ),
        )
    return FieldFault(
        "valid_to",
        _("From %(end)s to %(day)s nothing would hold: let this one end on the day before.", **days),
    )
