"""Questions as writers get them, made by Hypothesis or taken from the examples of the types."""

from __future__ import annotations

import string
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from lms.core.numbers import UNITS
from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import BREAK, from_plain
from quizzes.types import TYPES
from quizzes.types.base import Json

LETTERS = string.ascii_letters + string.digits + "éü .,;:!?()[]<>=+-@#%&/\\'\"*_~`{}|→✓"

words = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
"""One line people may write."""
plain = words.map(from_plain)
markdown = st.lists(plain, min_size=1, max_size=3).map(BREAK.join)
"""Lines of inline Markdown that show letters and signs."""
reasons = st.none() | markdown
numbers = st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=3).map(
    lambda number: f"{number.normalize() + 0:f}"
).filter(lambda text: "." in text)


def with_why(why: str | None) -> Json:
    return {"why": why} if why else {}


@st.composite
def choices(draw: st.DrawFn, *, several: bool) -> Json:
    texts = draw(st.lists(markdown, min_size=2, max_size=6))
    count = draw(st.integers(1, len(texts))) if several else 1
    right = set(draw(st.permutations(range(len(texts))))[:count])
    options: list[Json] = [{"text": text} | with_why(draw(reasons)) for text in texts]
    for index, option in enumerate(options):
        option.update({"correct": True} if index in right else {})
        option.update({"fixed": True} if draw(st.booleans()) else {})
    if not several:
        wrong = next(option for option in options if not option.get("correct"))
        wrong.update(draw(st.sampled_from([{}, {"share": "0.5"}, {"share": "0.3333333"}])))
        return {"options": options}
    scoring = draw(st.sampled_from(["", "all_or_nothing", *(["weights"] if count < len(texts) else [])]))
    for option in options if scoring == "weights" else []:
        option["weight"] = draw(st.integers(1, 100)) * (1 if option.get("correct") else -1)
    return {"options": options} | ({"scoring": scoring} if scoring else {})


@st.composite
def truths(draw: st.DrawFn) -> Json:
    why = {side: text for side in ("true", "false") if (text := draw(reasons))}
    return {"answer": draw(st.booleans())} | ({"why": why} if why else {})


@st.composite
def matchings(draw: st.DrawFn) -> Json:
    lefts = draw(st.lists(words, min_size=2, max_size=6, unique_by=str.casefold))
    pairs = [
        {"text": from_plain(f"{number} {left}"), "match": from_plain(f"{number} {draw(words)}")}
        | with_why(draw(reasons))
        for number, left in enumerate(lefts)
    ]
    lone = [{"text": from_plain(f"lain {n} {draw(words)}")} for n in range(draw(st.integers(0, 3)))]
    return {"pairs": pairs} | ({"distractors": lone} if lone else {})


@st.composite
def orderings(draw: st.DrawFn) -> Json:
    items = [
        {"text": from_plain(f"{number} {draw(words)}")} | with_why(draw(reasons))
        for number in range(draw(st.integers(3, 8)))
    ]
    return {"items": items, "scoring": draw(st.sampled_from(["absolute_position", "neighbours"]))}


@st.composite
def amounts(draw: st.DrawFn) -> Json:
    source: Json = {"answer": draw(numbers)}
    unit = draw(st.sampled_from(["", *UNITS]))
    source |= {"unit": unit} if unit else {}
    if draw(st.booleans()):
        source |= {"tolerance": draw(st.integers(1, 50)), "near": {"tolerance": 60, "fraction": "0.5"}}
    if draw(st.booleans()):
        source["tolerance_kind"] = draw(st.sampled_from(["relative", "geometric"]))
    if unit and draw(st.booleans()):
        source |= {"units": [{"name": "pekan", "factor": "0.25"}], "unit_penalty": "0.25"}
    return source


@st.composite
def short_answers(draw: st.DrawFn) -> Json:
    answers: list[Json] = []
    for number in range(draw(st.integers(1, 5))):
        share = draw(st.sampled_from(["1", "0.5", "0", "0.3333333"])) if number else "1"
        answer = {"accept": f"x{number}{draw(st.text(string.ascii_lowercase, max_size=8))}"}
        answers.append(answer | ({"share": share} if share != "1" else {}) | with_why(draw(reasons)))
    return {"answers": answers} | ({"match_case": True} if draw(st.booleans()) else {})


@st.composite
def clozes(draw: st.DrawFn) -> Json:
    kinds = draw(st.lists(st.sampled_from(["choice", "number", "text"]), min_size=1, max_size=5))
    gaps = [{"kind": kind} | draw(GAPS[kind]) | with_why(draw(reasons)) for kind in kinds]
    for gap in gaps:
        gap.update({"weight": draw(st.integers(1, 10))} if draw(st.booleans()) else {})
    marks = " ".join(f"{from_plain(draw(words))} [[{number}]]" for number in range(1, len(gaps) + 1))
    return {"text": marks, "gaps": gaps}


@st.composite
def choice_gaps(draw: st.DrawFn) -> Json:
    count = draw(st.integers(2, 4))
    right = draw(st.integers(0, count - 1))
    return {
        "options": [
            {"text": f"kata{n}"} | ({"correct": True} if n == right else {}) | draw(gap_reasons)
            for n in range(count)
        ]
    }


NEAR = {"near": {"tolerance": 3, "fraction": "0.25"}}
gap_reasons = st.sampled_from([{}, {"why": "Karena itu."}])
GAPS: dict[str, Any] = {
    "choice": choice_gaps(),
    "number": st.builds(
        lambda answer, rest: {"answer": answer} | rest,
        numbers,
        st.sampled_from([{}, {"unit": "persen"}, {"unit": "hari kerja", "tolerance": "0.5"} | NEAR]),
    ),
    "text": st.builds(
        lambda why: {"answers": [{"accept": "BPJS*"} | why, {"accept": "x", "share": "0.5"}]}, gap_reasons
    ),
}


@st.composite
def essays(draw: st.DrawFn) -> Json:
    points = draw(st.lists(st.integers(0, 100), min_size=2, max_size=5, unique=True))
    levels: list[Json] = [{"text": from_plain(f"huruf {draw(words)}"), "points": point} for point in points]
    source: Json = {"rubric": [{"text": from_plain(f"Isi {draw(words)}"), "levels": levels}]}
    source |= {"min_words": 10, "max_words": 100} if draw(st.booleans()) else {}
    return source | ({"attachment": True} if draw(st.booleans()) else {})


SOURCES: dict[str, Any] = {
    "single_choice": choices(several=False),
    "multiple_response": choices(several=True),
    "true_false": truths(),
    "matching": matchings(),
    "ordering": orderings(),
    "number": amounts(),
    "short_answer": short_answers(),
    "cloze": clozes(),
    "essay": essays(),
}


@st.composite
def questions(draw: st.DrawFn, kind: str) -> GivenQuestion:
    """Return a question of a type, with all that a row holds."""
    source = {"stem": draw(markdown)} | draw(SOURCES[kind])
    explanation = draw(reasons)
    return GivenQuestion(
        kind=kind,
        source=source | ({"explanation": explanation} if explanation else {}),
        name=f"soal {draw(st.integers(1, 99))}",
        topic=draw(st.sampled_from(["", "Klaim JHT"])),
        tags=draw(st.sampled_from([(), ("iuran", "hari tua")])),
    )


def examples() -> list[GivenQuestion]:
    """Return every example of every type, but for those whose numbers are reckoned from facts."""
    return [
        GivenQuestion(kind.key, {"stem": f"Soal {kind.key}?", **example.source}, f"{kind.key} {number}")
        for kind in TYPES
        for number, example in enumerate(kind.examples(), 1)
    ]


def same_numbers(value: Any) -> Any:
    """Return a source whose numbers compare by what they are worth: 1, 1.0 and "1.0" are one."""
    if isinstance(value, dict):
        return {name: same_numbers(part) for name, part in value.items()}
    if isinstance(value, list):
        return [same_numbers(part) for part in value]
    if isinstance(value, bool) or value is None:
        return value
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return value
    return number.normalize() + 0 if number.is_finite() else value  # "NaN" and "inf" are words
