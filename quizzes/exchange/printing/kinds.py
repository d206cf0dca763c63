"""What paper has of each type of question, below what is asked, and what the key says. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from lms.core.text import fold
from quizzes.exchange.markup import to_plain
from quizzes.exchange.sheets.template_rows import show_number
from quizzes.types.base import Json
from quizzes.types.cloze import MARK
from quizzes.types.patterns import show as show_pattern
from quizzes.types.tolerance import NOMINAL

GAP, DOTS = "............", "." * 30
BLANK = "____"
"""Before a line on paper: room for a letter or a number."""
_LINES, _WORDS_A_LINE, _MOST_LINES = 6, 10, 24


@dataclass(frozen=True)
class Line:
    """A text with the sign before it, perhaps empty."""

    sign: str
    text: str


@dataclass(frozen=True)
class Columns:
    """Two lists beside each other: what belongs together is to be found."""

    left: tuple[Line, ...]
    right: tuple[Line, ...]


@dataclass(frozen=True)
class Writing:
    """So many empty lines to write on."""

    count: int


@dataclass(frozen=True)
class Table:
    """Rows of cells; the first names the columns."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A PNG and what it shows."""

    body: bytes
    alt: str


Block = Line | Columns | Writing | Table | Picture


@dataclass(frozen=True)
class Shown:
    """What stands below a question, its key, and reasons with the letter they belong to."""

    blocks: Sequence[Block]
    key: Sequence[str]
    reasons: Sequence[tuple[str, str]] = field(default=())


def _choice(source: Json) -> Shown:
    rows = list(zip(ascii_uppercase, source["options"], strict=False))
    right = ", ".join(letter for letter, option in rows if option.get("correct"))
    lines = [Line(f"{letter}.", str(option["text"])) for letter, option in rows]
    return Shown(lines, [right], list(_reasons(rows)))


def _reasons(rows: Sequence[tuple[str, Json]]) -> Iterator[tuple[str, str]]:
    for sign, option in rows:
        if option.get("why"):
            yield sign, str(option["why"])


def _truth(source: Json) -> Shown:
    why = source.get("why") or {}
    rows = [("A", {"why": why.get("true")}), ("B", {"why": why.get("false")})]
    lines = [Line("A.", "Benar"), Line("B.", "Salah")]
    return Shown(lines, ["A" if source["answer"] else "B"], list(_reasons(rows)))


def _matching(source: Json) -> Shown:
    lone = source.get("distractors") or []
    texts = {fold(to_plain(str(t))): str(t) for t in (*(p["match"] for p in source["pairs"]), *_texts(lone))}
    order = sorted(texts)
    rows = [(str(number), pair) for number, pair in enumerate(source["pairs"], 1)]
    left = tuple(Line(f"{BLANK} {number}.", str(pair["text"])) for number, pair in rows)
    right = tuple(
        Line(f"{letter}.", texts[name]) for letter, name in zip(ascii_uppercase, order, strict=False)
    )
    letters = (ascii_uppercase[order.index(fold(to_plain(str(p["match"]))))] for p in source["pairs"])
    key = ", ".join(f"{number}–{letter}" for number, letter in enumerate(letters, 1))
    return Shown([Columns(left, right)], [key], list(_reasons(rows)))


def _texts(parts: Sequence[Json]) -> Iterator[str]:
    for part in parts:
        yield str(part["text"])


def _ordering(source: Json) -> Shown:
    texts = list(_texts(source["items"]))
    shown = sorted(texts, key=lambda text: fold(to_plain(text)))
    shown = shown[1:] + shown[:1] if shown == texts else shown
    reasons = _reasons([(str(number), item) for number, item in enumerate(source["items"], 1)])
    key = ", ".join(str(texts.index(text) + 1) for text in shown)
    return Shown([Line(BLANK, text) for text in shown], [key], list(reasons))


def _number(source: Json) -> Shown:
    unit = f" {source['unit']}" if source.get("unit") else ""
    return Shown([_answer(unit)], [f"{show_number(source['answer'])}{unit}{_band(source)}"])


def _calculated(source: Json) -> Shown:
    """Return what is printed of the variant whose key and numbers were put into the source."""
    unit = f" {source['unit']}" if source.get("unit") else ""
    return Shown([_answer(unit)], [f"{source['key']}{_band(source)}", f"Varian 1: {source['variant']}"])


def _band(source: Json) -> str:
    if not source.get("tolerance"):
        return ""
    sign = "" if source.get("tolerance_kind", NOMINAL) == NOMINAL else "%"
    return f" (± {show_number(source['tolerance'])}{sign})"


def _answer(unit: str) -> Line:
    return Line("", f"Jawaban: {DOTS}{unit}")


def _short(source: Json) -> Shown:
    right = [show_pattern(str(a["accept"])) for a in source["answers"] if str(a.get("share", 1)) == "1"]
    return Shown([Line("", f"Jawaban: {DOTS}{DOTS}")], ["; ".join(right)])


def _cloze(source: Json) -> Shown:
    text = MARK.sub(lambda match: f"({match[1]}) {GAP}", str(source["text"]))
    lines, key, reasons = [Line("", text)], [], []
    for number, gap in enumerate(source["gaps"], 1):
        options = gap.get("options") or []
        if options:
            lines.append(Line(f"({number})", " / ".join(_texts(options))))
        key.append(f"({number}) {_gap_key(gap)}")
        reasons += [(f"({number})", str(gap["why"]))] if gap.get("why") else []
    return Shown(lines, key, reasons)


def _gap_key(gap: Json) -> str:
    if gap["kind"] == "choice":
        return next(to_plain(str(option["text"])) for option in gap["options"] if option.get("correct"))
    return (_number if gap["kind"] == "number" else _short)(gap).key[0]


def _essay(source: Json) -> Shown:
    key = [
        f"{to_plain(str(criterion['text']))}: "
        + "; ".join(
            f"{show_number(one['points'])} = {to_plain(str(one['text']))}" for one in criterion["levels"]
        )
        for criterion in source["rubric"]
    ]
    wanted = int(source.get("max_words") or 0) // _WORDS_A_LINE
    return Shown([Writing(min(_MOST_LINES, max(_LINES, wanted)))], key)


SHOWN: dict[str, Callable[[Json], Shown]] = {
    "single_choice": _choice,
    "multiple_response": _choice,
    "true_false": _truth,
    "matching": _matching,
    "ordering": _ordering,
    "number": _number,
    "calculated": _calculated,
    "short_answer": _short,
    "cloze": _cloze,
    "essay": _essay,
    "hotspot": _choice,
}
"""By type; a case is its story and its parts."""
