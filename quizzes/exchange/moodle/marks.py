"""Marks of Moodle's choice questions as ours, so that the same answers earn the same. Pure.

Source: a running Moodle 4.5. Single: the fraction of the chosen answer. Several: the sum of the fractions
chosen, from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from math import gcd, lcm

from flask_babel import lazy_gettext as _l

from lms.core.numbers import show
from quizzes.exchange.moodle.text import Notes, Refused
from quizzes.types.base import Json
from quizzes.types.multiple_response_form import MAX_WEIGHT, WEIGHTS

GRADES = tuple(
    Fraction(*pair)
    for pair in (
        (1, 1), (9, 10), (5, 6), (4, 5), (3, 4), (7, 10), (2, 3), (3, 5), (1, 2), (2, 5), (1, 3), (3, 10),
        (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (1, 9), (1, 10), (1, 20), (0, 1),
    )
)  # fmt: skip
"""The shares an answer can earn in Moodle, and as negative ones cost."""
CLOSE = Fraction(1, 100_000)
"""How near a share written as a decimal is to the one that is meant: Moodle's own measure."""


@dataclass(frozen=True)
class Option:
    """An answer to choose; ``fraction`` of the marks is what choosing it earns, below 0 what it costs."""

    text: str
    why: str
    fraction: Fraction


def read_fraction(percent: str, notes: Notes) -> Fraction:
    """Return the share of the marks a file states in percent; one Moodle has not becomes the nearest it has.

    Raises:
        Refused: it is no number.
    """
    try:
        stated = Decimal(percent.strip() or "0")
        share = Fraction(stated) / 100 if abs(stated) <= 1000 else None
    except (ArithmeticError, ValueError):
        share = None
    if share is None:
        raise Refused(_l("“%(text)s” is no percentage of the marks.", text=percent[:40]))
    nearest = nearest_grade(share)
    if abs(nearest - share) > CLOSE:
        said = {"stated": percent.strip()[:20], "taken": show_percent(nearest)}
        notes.guess(_l("Moodle has no grade of %(stated)s%%: %(taken)s%% was taken, the nearest.", **said))
    return nearest


@lru_cache(maxsize=1_000)
def nearest_grade(share: Fraction) -> Fraction:
    """Return the share nearest to this one that Moodle has."""
    sign = -1 if share < 0 else 1
    return sign * min(GRADES, key=lambda grade: abs(grade - abs(share)))


def show_percent(share: Fraction) -> str:
    """Return a share in percent for people, e.g. "33,33333"."""
    return show(_rounded(share * 100).normalize() + 0)


def write_percent(share: Fraction) -> str:
    """Return a share in percent as Moodle writes it: "33.33333"."""
    return f"{_rounded(share * 100).normalize() + 0:f}"


def write_share(share: Fraction) -> str:
    """Return a share of one as our sources have it: "0.3333333"."""
    return f"{round(Decimal(share.numerator) / share.denominator, 7).normalize() + 0:f}"


def single_source(options: Sequence[Option], notes: Notes) -> Json:
    """Return the source of a single choice, its answers in their order.

    Raises:
        Refused: no answer earns everything.
    """
    right = next((number for number, option in enumerate(options) if option.fraction == 1), None)
    if right is None:
        raise Refused(_l("No answer earns everything (100%): say which one is right."))
    if any(option.fraction < 0 for option in options):
        notes.lose(_l("Wrong answers that take marks away in Moodle earn nothing here, and cost nothing."))
    return {"options": [_single(option, number == right) for number, option in enumerate(options)]}


def several_source(options: Sequence[Option], notes: Notes) -> Json:
    """Return the source of a question with several answers.

    Raises:
        Refused: no answer earns anything.
    """
    earned = sum(option.fraction for option in options if option.fraction > 0)
    if not earned:
        raise Refused(_l("No answer earns anything: say which ones are right."))
    if abs(earned - 1) > CLOSE * len(options):
        notes.lose(
            _l(
                "All right answers together earn %(sum)s%% in Moodle; here they earn everything together.",
                sum=show_percent(Fraction(earned)),
            )
        )
    wrong = [option for option in options if option.fraction <= 0]
    if wrong and not any(option.fraction for option in wrong):
        notes.lose(
            _l("Wrong answers cost nothing in Moodle, so choosing all earns all; here they cost marks.")
        )
        cost = Fraction(-1, len(wrong))
        options = [one if one.fraction else replace(one, fraction=cost) for one in options]
    if not _is_balanced(options):
        return {"options": _weighed(options), "scoring": WEIGHTS}
    return {"options": [_plain(option) for option in options]}


def shares_of(source: Json) -> list[Fraction]:
    """Return what each option of a choice source earns in Moodle's way, which need not be a grade it has."""
    options = source["options"]
    right = [option for option in options if option.get("correct")]
    if source.get("scoring") == WEIGHTS:
        weights = [
            Fraction(str(option.get("weight", 1 if option.get("correct") else -1))) for option in options
        ]
        return [weight / sum(one for one in weights if one > 0) for weight in weights]
    each, cost = Fraction(1, len(right) or 1), Fraction(1, (len(options) - len(right)) or 1)
    return [each if option.get("correct") else -cost for option in options]


def _rounded(number: Fraction) -> Decimal:
    return round(Decimal(number.numerator) / number.denominator, 5)


def _plain(option: Option) -> Json:
    return (
        {"text": option.text}
        | ({"correct": True} if option.fraction > 0 else {})
        | ({"why": option.why} if option.why else {})
    )


def _single(option: Option, is_right: bool) -> Json:
    source = {"text": option.text} | ({"correct": True} if is_right else {})
    if not is_right and option.fraction > 0:
        source["share"] = write_share(option.fraction)
    return source | ({"why": option.why} if option.why else {})


def _is_balanced(options: Sequence[Option]) -> bool:
    """Return whether the sum of fractions is the share of right ones less that of wrong ones chosen."""
    right = {option.fraction for option in options if option.fraction > 0}
    wrong = {option.fraction for option in options if option.fraction <= 0}
    count = sum(option.fraction > 0 for option in options)
    return right == {Fraction(1, count)} and (not wrong or wrong == {Fraction(-1, len(options) - count)})


def _weighed(options: Sequence[Option]) -> list[Json]:
    shares = [option.fraction for option in options]
    scale = lcm(*(share.denominator for share in shares))
    whole = [int(share * scale) for share in shares]
    smallest = [weight // (reduce(gcd, whole) or 1) for weight in whole]
    is_small = max(map(abs, smallest)) <= MAX_WEIGHT
    weights = smallest if is_small else [write_percent(share) for share in shares]
    return [_plain(option) | {"weight": weight} for option, weight in zip(options, weights, strict=True)]
