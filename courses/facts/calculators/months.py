"""Benefits paid by the month, at one rate for the first months and another for later ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.base import LawAt, Text

Span = tuple[int, int]
"""First and last month of a rate, both included; the first month of a benefit is 1."""


def months_by_rate(
    months: Decimal, rates: Mapping[str, Span], law: LawAt
) -> Iterator[tuple[str, Decimal, Text]]:
    """Yield each rate in force that ``months`` reach: its key, how many months have it, and which."""
    for key, (first, last) in rates.items():
        count = min(months, Decimal(last)) - first + 1
        if count > 0 and law.holds(key):
            yield key, count, _said(first, first + int(count) - 1)


def _said(first: int, last: int) -> Text:
    if first == last:
        return _l("month %(number)s", number=first)
    return _l("months %(first)s to %(last)s", first=first, last=last)
