"""The values of one key side by side: they follow each other without overlap and without a gap.

A gap is allowed where an entry says why (`after_gap`): a discount that ended and came back is two regimes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from courses.facts.fact import Fact

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clash:
    """Two values of a key that do not follow each other; `is_gap`: days between them, else days in both."""

    earlier: Fact
    later: Fact
    is_gap: bool


def current(entries: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return what is known today of a key, the oldest value first."""
    return tuple(
        sorted((fact for fact in entries if fact.known_to is None), key=lambda fact: fact.valid_from)
    )


def known_on(entries: Iterable[Fact], day: date) -> tuple[Fact, ...]:
    """Return what was known of a key on ``day``, the oldest value first."""
    return tuple(
        sorted((fact for fact in entries if fact.is_known_on(day)), key=lambda fact: fact.valid_from)
    )


def find_clashes(history: Sequence[Fact]) -> Iterator[Clash]:
    """Yield where values known at one time, the oldest first, overlap or leave days out."""
    for earlier, later in pairwise(history):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            yield Clash(earlier, later, is_gap=False)
        elif earlier.valid_to + DAY < later.valid_from and not later.after_gap:
            yield Clash(earlier, later, is_gap=True)


def find_all_clashes(entries: Sequence[Fact]) -> Iterator[Clash]:
    """Yield the clashes of a key at every time at which we learned something of it, each once."""
    days = sorted({fact.known_from or date.min for fact in entries} | {date.min})
    seen: set[tuple[int, int]] = set()
    for day in days:
        for clash in find_clashes(known_on(entries, day)):
            lines = (clash.earlier.line, clash.later.line)
            if lines not in seen:
                seen.add(lines)
                yield clash


def learn(entries: Sequence[Fact], new: Fact, *, is_amendment: bool) -> tuple[Fact, ...]:
    """Return the entries of a key after ``new`` was learned on its `known_from`; nothing is erased.

    What began before it ends the day before; what it covers is superseded. What is there already, or was
    learned later (a newer version of the data came with it), stays.
    """
    day = new.known_from
    assert day is not None
    touched = [fact for fact in current(entries) if _gives_way(fact, new, is_amendment=is_amendment)]
    if any(says_the_same(fact, new) for fact in current(entries)):
        return tuple(entries)
    if any(fact.known_from is not None and fact.known_from > day for fact in touched):
        return tuple(entries)
    kept = [fact for fact in entries if fact not in touched]
    past = [replace(fact, known_to=day - DAY) for fact in touched if fact.known_from != day]
    cut = [
        replace(fact, valid_to=new.valid_from - DAY, known_from=day)
        for fact in touched
        if fact.valid_from < new.valid_from
    ]
    return (*kept, *past, *cut, new)


def _gives_way(fact: Fact, new: Fact, *, is_amendment: bool) -> bool:
    return fact.meets(new) or (is_amendment and fact.valid_from == new.valid_from)


def says_the_same(fact: Fact, new: Fact) -> bool:
    """Return whether two entries say the same; notes and codes of sources may differ."""
    return _said(fact) == _said(new)


def _said(fact: Fact) -> tuple[object, ...]:
    return (
        fact.value,
        fact.unit,
        fact.valid_from,
        fact.valid_to,
        fact.citation,
        fact.confidence,
        fact.is_derived,
        dict(fact.shown),
    )
