"""Numbers besides the right one that earn all or a share, one a line: ``200 ± 5``, ``50% 300``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.numbers import show
from quizzes.types.base import FormatError, Json, Resolver
from quizzes.types.expressions import can_show, read_expression, show_expression
from quizzes.types.numbers import read_number
from quizzes.types.shares import read_share
from quizzes.types.tolerance import trimmed

MAX_OTHERS = 6
_FIELDS = frozenset({"answer", "tolerance", "fraction"})
_LINE = re.compile(
    r"(?:(?P<share>[0-9.,]+) ?% +)?(?P<answer>[^±]*?\S)(?:\s*(?:±|\+/-)\s*(?P<tolerance>[0-9.,]+))?"
)


def read_others(text: str) -> list[Json]:
    """Return the numbers of an author's lines.

    Raises:
        FormatError: a line cannot be read.
    """
    return [_read(line.strip()) for line in text.split("\n") if line.strip()]


def show_others(others: Any) -> str:
    """Return the numbers of a source as lines."""
    return "\n".join(_show(other) for other in others or [])


def other_faults(source: Json) -> Iterator[str]:
    """Yield what is wrong with the further numbers of a source."""
    others = source.get("others") or []
    if not isinstance(others, list) or not all(isinstance(other, dict) for other in others):
        yield str(_l("The further numbers are not a list."))
        return
    if len(others) > MAX_OTHERS:
        yield str(_l("At most %(count)s further numbers are possible.", count=MAX_OTHERS))
    for number, other in enumerate(others, 1):
        if not _is_sound(other):
            yield str(
                _l(
                    "Further number %(number)s has answer, tolerance (from 0 on) and fraction (to 1).",
                    number=number,
                )
            )


def resolve_others(source: Json, resolver: Resolver) -> Json:
    """Return the part of a content that holds them; nothing where there are none."""
    others = [
        {
            "answer": f"{resolver.number(other['answer']):f}",
            "tolerance": f"{Decimal(str(other.get('tolerance') or 0)):f}",
            "fraction": f"{Decimal(str(other.get('fraction', 1))):f}",
        }
        for other in source.get("others") or []
    ]
    return {"others": others} if others else {}


def other_contents(content: Json) -> Iterator[tuple[Json, Decimal]]:
    """Yield a content for each further number, as if it was the right one, and the share it earns."""
    for other in content.get("others", ()):
        bare = {name: value for name, value in content.items() if name not in {"near", "others"}}
        yield bare | {"answer": other["answer"], "tolerance": other["tolerance"]}, Decimal(other["fraction"])


def _is_sound(other: Json) -> bool:
    if set(other) - _FIELDS or other.get("answer") in (None, "", {}) or not can_show(other["answer"]):
        return False
    try:
        tolerance = Decimal(str(other.get("tolerance") or 0))
    except ArithmeticError:
        return False
    return tolerance.is_finite() and tolerance >= 0 and bool(read_share(other.get("fraction", 1)))


def _read(line: str) -> Json:
    match = _LINE.fullmatch(line)
    if match is None:
        raise FormatError(_l("“%(line)s”: write a number such as 200 ± 5, or 50%% 300.", line=line))
    other: Json = {"answer": read_expression(match["answer"])}
    if match["tolerance"]:
        other["tolerance"] = _plain(read_number(match["tolerance"]))
    if match["share"]:
        other["fraction"] = _plain(read_number(match["share"]) / 100)
    return other


def _show(other: Json) -> str:
    share = f"{_shown(Decimal(str(other['fraction'])) * 100)}% " if "fraction" in other else ""
    tolerance = f" ± {_shown(Decimal(str(other['tolerance'])))}" if other.get("tolerance") else ""
    return f"{share}{show_expression(other.get('answer'))}{tolerance}"


def _shown(number: Decimal) -> str:
    return show(trimmed(number))


def _plain(number: Decimal) -> int | str:
    return int(number) if number == number.to_integral_value() else f"{number.normalize():f}"
