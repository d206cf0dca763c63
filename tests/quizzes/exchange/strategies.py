"""Questions by Hypothesis, as an author of ours could write them: for what is written and read again."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from quizzes.exchange.markup import from_plain
from quizzes.types.base import Json

LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z", "Lm", "Mn", "Me", "Mc"))
WORD = st.text(LETTERS | st.sampled_from(list("~=#{}:\\%->*_<>&[]\"'|`$/")), min_size=1, max_size=12)
WORDS = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
"""Words with every sign that means something anywhere."""

PLAIN = WORDS.map(from_plain).filter(bool)
LAID_OUT = st.builds(lambda a, b, c: f"{a} **{b}** {c}", *[st.sampled_from(["iuran", "upah", "JHT 2%"])] * 3)
LINES = st.builds(lambda a, b: f"{a}\\\n{b}", *[st.sampled_from(["Baris satu.", "Lalu dua: x"])] * 2)
TEXT = st.one_of(PLAIN, LAID_OUT, LINES)
"""Inline Markdown in the one way our converter writes it."""

NUMBER = st.one_of(
    st.integers(-(10**9), 10**9),
    st.decimals(-1000, 1000, places=3).map(lambda number: f"{number.normalize():f}"),
).map(lambda number: int(number) if float(number).is_integer() else number)
TOLERANCE = st.sampled_from([1, 5, "0.5", "0.001"])


def distinct(texts: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts, min_size=least, max_size=most, unique_by=lambda text: text.casefold())


@st.composite
def single_choices(draw: Any) -> Json:
    texts = draw(distinct(TEXT, 2, 5))
    right = draw(st.integers(0, len(texts) - 1))
    options = []
    for number, text in enumerate(texts):
        option = {"text": text} | _why(draw)
        if number == right:
            option["correct"] = True
        elif draw(st.booleans()):
            option["share"] = draw(st.sampled_from(["0.5", "0.25", "0.3333333", "0.9"]))
        options.append(option)
    return {"options": options}


@st.composite
def several_answers(draw: Any) -> Json:
    texts = draw(distinct(TEXT, 3, 8))
    count = draw(st.integers(1, len(texts) - 1))
    options = [
        {"text": text} | ({"correct": True} if number < count else {}) | _why(draw)
        for number, text in enumerate(texts)
    ]
    if len(texts) == 4 and draw(st.booleans()):
        weights = [3, 1, -1, -4]
        marked = [
            {"text": o["text"], "weight": w} | ({"correct": True} if w > 0 else {})
            for o, w in zip(options, weights, strict=True)
        ]
        return {"options": marked, "scoring": "weights"}
    return {"options": options}


@st.composite
def true_falses(draw: Any) -> Json:
    why = {side: draw(TEXT) for side in ("true", "false") if draw(st.booleans())}
    return {"answer": draw(st.booleans())} | ({"why": why} if why else {})


@st.composite
def numbers(draw: Any) -> Json:
    source: Json = {"answer": draw(NUMBER)}
    if draw(st.booleans()):
        source["tolerance"] = draw(TOLERANCE)
        if draw(st.booleans()):
            source["near"] = {"tolerance": 6, "fraction": draw(st.sampled_from(["0.5", "0.25", "0.6666667"]))}
    if draw(st.booleans()):
        source["unit"] = draw(st.sampled_from(["rupiah", "persen", "hari kerja", "bulan"]))
    return source


@st.composite
def matchings(draw: Any) -> Json:
    texts = draw(distinct(TEXT, 4, 8))
    half = len(texts) // 2
    matches = draw(distinct(PLAIN, half + 1, half + 1))
    pairs = [{"text": text, "match": match} for text, match in zip(texts[:half], matches, strict=False)]
    return {"pairs": pairs} | ({"distractors": [{"text": matches[-1]}]} if draw(st.booleans()) else {})


@st.composite
def orderings(draw: Any) -> Json:
    items = [{"text": text} for text in draw(distinct(TEXT, 3, 6))]
    rules = ["absolute_position", "neighbours", "all_or_nothing"]
    return {"items": items, "scoring": draw(st.sampled_from(rules))}


@st.composite
def short_answers(draw: Any) -> Json:
    words = draw(distinct(st.text(st.sampled_from("abcdeé=~#{}:%"), min_size=3, max_size=8), 1, 4))
    answers: list[Json] = [{"accept": f"{number}{word}"} | _why(draw) for number, word in enumerate(words)]
    for answer in answers[1:]:
        answer["share"] = draw(st.sampled_from(["0.5", "0.1", "0"]))
    if draw(st.booleans()):
        answers.append({"accept": "*", "share": "0", "why": "Bukan itu."})
    return {"answers": answers, "match_accents": True}


@st.composite
def clozes(draw: Any) -> Json:
    """Of words without blanks at their ends and without layout: a gap shows no more."""
    words = st.text(st.sampled_from("abc=~#{}\"%é&<>'/"), min_size=1, max_size=6).map(
        lambda word: f"k{word}k"
    )
    gaps: list[Json] = []
    for _place in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["choice", "number", "text"]))
        if kind == "choice":
            texts = draw(st.lists(words, min_size=2, max_size=4, unique=True))
            options: list[Json] = [{"text": from_plain(text)} for text in texts]
            options[0]["correct"] = True
            if draw(st.booleans()):
                options[1] |= {"share": "0.5", "why": from_plain(draw(words))}
            gap: Json = {"kind": kind, "options": options}
        elif kind == "number":
            gap = {"kind": kind, "answer": draw(NUMBER)}
            if draw(st.booleans()):
                gap |= {"tolerance": 1, "near": {"tolerance": "2.5", "fraction": "0.5"}}
        else:
            accept = draw(st.lists(words, min_size=1, max_size=3, unique=True))
            answers: list[Json] = [{"accept": f"{place}{word}"} for place, word in enumerate(accept)]
            for answer in answers[1:]:
                answer |= {"share": "0.25", "why": "Hampir."}
            gap = {"kind": kind, "answers": answers, "match_accents": True}
            gap |= {"match_case": True} if draw(st.booleans()) else {}
        gaps.append(gap | ({"weight": draw(st.integers(2, 10))} if draw(st.booleans()) else {}))
    if not any("weight" not in gap for gap in gaps):
        gaps[0].pop("weight")
    pieces = [f"{draw(st.sampled_from(['Iuran', 'dibayar *di* sini', 'a & b']))} [[{n}]]" for n in
              draw(st.permutations(range(1, len(gaps) + 1)))]  # fmt: skip
    order = [int(piece.rpartition("[[")[2][:-2]) for piece in pieces]
    # Gaps are numbered in the order of the text, which is how they are read.
    text = " ".join(piece.rpartition("[[")[0] + f"[[{place}]]" for place, piece in enumerate(pieces, 1))
    return {"text": f"{text}.", "gaps": [gaps[number - 1] for number in order]}


@st.composite
def essays(draw: Any) -> Json:
    words = st.sampled_from(["Alasan", "Bahasa & gaya", "Hitungan: teliti", "Isi (lengkap)"])
    levels = [{"text": "tidak ada", "points": 0}, {"text": "satu", "points": "1.5"}]
    rubric = [
        {"text": text, "levels": levels}
        for text in draw(st.lists(words, min_size=1, max_size=3, unique=True))
    ]
    source: Json = {"rubric": rubric}
    if draw(st.booleans()):
        source |= {"min_words": draw(st.integers(1, 40)), "max_words": draw(st.integers(40, 1500))}
    return source | ({"attachment": True} if draw(st.booleans()) else {})


@st.composite
def several_numbers(draw: Any) -> Json:
    source: Json = {"answer": draw(st.integers(0, 90)), "unit": "bulan"}
    source["others"] = [{"answer": 200, "tolerance": 5}, {"answer": "300.5", "fraction": "0.5"}]
    source["units"] = [{"name": "tahun", "factor": 12}, {"name": "pekan", "factor": "0.25"}]
    source["unit_penalty"] = draw(st.sampled_from([0, "0.25", "0.1", 1]))
    return source


def _why(draw: Any) -> Json:
    return {"why": draw(TEXT)} if draw(st.booleans()) else {}


KINDS: dict[str, st.SearchStrategy[Json]] = {
    "single_choice": single_choices(),
    "multiple_response": several_answers(),
    "true_false": true_falses(),
    "number": numbers(),
    "matching": matchings(),
    "ordering": orderings(),
    "short_answer": short_answers(),
}
"""What every format of Moodle holds."""

XML_KINDS: dict[str, tuple[str, st.SearchStrategy[Json]]] = {
    **{kind: (kind, sources) for kind, sources in KINDS.items()},
    "cloze": ("cloze", clozes()),
    "essay": ("essay", essays()),
    "several_numbers": ("number", several_numbers()),
}
"""What Moodle XML holds, by a name, with the kind."""
