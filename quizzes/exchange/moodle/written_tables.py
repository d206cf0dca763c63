"""Our calculated questions for Moodle: the right number is in the sets, as ``{ans}``, and so exact. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from lms.core.numbers import NumberFault, read_number
from quizzes.exchange.contract import Text
from quizzes.exchange.markup import to_html
from quizzes.exchange.moodle.datasets import KINDS, Plain
from quizzes.exchange.moodle.marks import nearest_grade, write_percent
from quizzes.exchange.moodle.numbers import write_plain_number
from quizzes.types.base import Json
from quizzes.types.calculated import Calculated
from quizzes.types.tolerance import NOMINAL, trimmed
from quizzes.types.variables import ANSWER

_VALUE = re.compile(r"\{nilai:\s*([a-z0-9_]+)\s*\}")
_SIGN = re.compile("\ue030([a-z0-9_]+)\ue031")
_ANS = "ans"
_NUMBERS = {kind: number for number, kind in KINDS.items()}


@dataclass(frozen=True)
class WrittenKey:
    """An answer ``{ans}``: what it earns in percent, its tolerance and the number of its kind, decimals."""

    percent: str
    tolerance: str
    kind: str
    digits: str


@dataclass(frozen=True)
class WrittenTable:
    """The columns of a calculated question as plain numbers, by name, and how each value is shown."""

    columns: dict[str, list[str]]
    keys: list[WrittenKey]
    around: dict[str, tuple[str, str]]

    def texts(self, markdown: str) -> str:
        """Return a text as HTML in which Moodle puts the numbers."""
        signed = _VALUE.sub("\ue030\\1\ue031", markdown)
        return f"<p>{_SIGN.sub(self._shown, to_html(signed))}</p>" if markdown else ""

    def _shown(self, match: re.Match[str]) -> str:
        name = _ANS if match[1] == ANSWER else match[1]
        before, after = self.around.get(name, ("", ""))
        return f"{before}{{{name}}}{after}"


def table_of(source: Json) -> WrittenTable | None:
    """Return the numbers of a question, None where some are words or cannot be reckoned without the law."""
    try:
        content = Calculated().resolve(source, Plain())
    except ValueError:
        return None
    variants = content["variants"]
    named = f"{source.get('stem', '')} {source.get('explanation', '')}"
    names = [name for name in dict.fromkeys(_VALUE.findall(named)) if name != ANSWER]
    if not variants or _ANS in names:
        return None
    columns, around = dict[str, list[str]](), dict[str, tuple[str, str]]()
    try:
        for name in names:
            columns[name] = [_number(variant["shown"][name]) for variant in variants]
            around[name] = _around(variants[0]["shown"][name])
    except NumberFault:
        return None
    columns[_ANS] = [write_plain_number(variant["answer"]) for variant in variants]
    around[_ANS] = _around(variants[0]["shown"][ANSWER])
    return WrittenTable(columns, list(_keys(content, columns[_ANS])), around)


def table_losses(source: Json) -> Iterator[Text]:
    """Yield what of a question Moodle cannot hold though it takes its numbers."""
    if source.get("answer"):
        yield _l("The formula is left out: its result goes along for each of the variants.")


def _keys(content: Json, answers: list[str]) -> Iterator[WrittenKey]:
    digits = str(max(len(answer.partition(".")[2]) for answer in answers))
    kind = str(content.get("tolerance_kind", NOMINAL))
    near = content.get("near")
    shares = [(Fraction(1), content["tolerance"])]
    shares += [(Fraction(near["fraction"]), near["tolerance"])] if near else []
    for share, tolerance in shares:
        width = Decimal(tolerance) / (1 if kind == NOMINAL else 100)
        yield WrittenKey(write_percent(nearest_grade(share)), f"{trimmed(width):f}", _NUMBERS[kind], digits)


def _number(shown: str) -> str:
    """Return a value as it is shown to people as a plain number; raises NumberFault for a word."""
    return write_plain_number(read_number(shown.replace("-Rp", "-")))


def _around(shown: str) -> tuple[str, str]:
    """Return what stands before and behind the number where a value is shown: "Rp", " bulan"."""
    before = re.match(r"[^0-9-]*", shown)
    after = re.search(r"[^0-9]*\Z", shown)
    return before[0] if before else "", after[0] if after else ""
