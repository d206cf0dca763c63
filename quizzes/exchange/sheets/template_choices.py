"""Rows of our own sheet whose answers are chosen or moved: in and out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from quizzes.exchange.sheets.header import RowFault
from quizzes.exchange.sheets.keys import read_key, read_signs
from quizzes.exchange.sheets.template_rows import (
    Record,
    key_number,
    read_text,
    show_number,
    show_percent,
    show_text,
    written,
)
from quizzes.exchange.sheets.template_words import (
    CHOICE_SCORINGS,
    LETTERS,
    OPTION,
    ORDER_SCORINGS,
    TRUTHS,
    VALUE,
    WHY,
)
from quizzes.types.base import Json
from quizzes.types.multiple_response_form import RIGHT_MINUS_WRONG, WEIGHTS

ARROW = "→"
_ARROWS = re.compile(r"(?<!\\)(?:→|=>|->)")
_ARROW = re.compile(r"→|=>|->")
_HELD_ARROW = re.compile(r"\\(→|=>|->)")


def read_single(record: Record) -> Json:
    """Return the options of a row, one of them right; another one may earn a share."""
    options = _options(record)
    for letter, option in zip(LETTERS, options, strict=False):
        share = record.share(f"{VALUE} {letter}")
        if share not in {"", "0"} and not option.get("correct"):
            option["share"] = share
    return {"options": options}


def read_several(record: Record) -> Json:
    """Return the options of a row and how they count."""
    options = _options(record)
    weights = [record.number(f"{VALUE} {letter}") for letter in LETTERS]
    scoring = record.word("scoring", CHOICE_SCORINGS) if record.text("scoring") else ""
    if not scoring and any(weight is not None for weight in weights):
        scoring = WEIGHTS
        record.guesses.append(_l("Its answers have values: these were taken for the rule."))
    if scoring == WEIGHTS:
        options = [
            option | ({} if weight is None else {"weight": key_number(weight)})
            for option, weight in zip(options, weights, strict=False)
        ]
    return {"options": options} | ({} if scoring in {"", RIGHT_MINUS_WRONG} else {"scoring": scoring})


def show_options(source: Json) -> dict[str, str]:
    """Return the cells of a choice."""
    options = source["options"]
    cells = _lettered(OPTION, [show_text(option.get("text")) for option in options])
    cells |= _lettered(WHY, [show_text(option.get("why")) for option in options])
    cells |= _lettered(VALUE, [_shown_value(option) for option in options])
    cells["answer"] = _signs(options, "correct")
    cells["fixed"] = _signs(options, "fixed")
    if source.get("scoring"):
        cells["scoring"] = str(CHOICE_SCORINGS[source["scoring"]])
    return cells


def read_truth(record: Record) -> Json:
    """Return which side is right, and what is said to who chose which."""
    options, said = record.lettered()[:2], record.text("answer")
    if all(options) and len(signs := read_signs(said)) == 1 and signs[0] < len(options):
        letter, said = said, options[signs[0]]
        record.guesses.append(_l("“%(letter)s” was read as the answer “%(said)s”.", letter=letter, said=said))
    truth = next((t for t, words in TRUTHS.items() if _says(said, words.spelled())), None)
    if truth is None:
        raise RowFault(_l("Column “%(name)s” says neither true nor false.", name=record.header("answer")))
    reasons = {side: record.markdown(f"{WHY} {letter}") for side, letter in (("true", "A"), ("false", "B"))}
    why = {side: reason for side, reason in reasons.items() if reason}
    return {"answer": truth} | ({"why": why} if why else {})


def show_truth(source: Json) -> dict[str, str]:
    """Return the cells of a sentence that holds or does not."""
    why = source.get("why") or {}
    reasons = _lettered(WHY, [show_text(why.get("true")), show_text(why.get("false"))])
    return {"answer": str(TRUTHS[source["answer"]])} | reasons


def read_matching(record: Record) -> Json:
    """Return pairs, written “left → right”, and answers that belong to nothing, “→ right”."""
    pairs: list[Json] = []
    lone: list[Json] = []
    for letter, text in zip(LETTERS, written(record.lettered()), strict=False):
        sides = _ARROWS.split(text, maxsplit=1)
        if len(sides) < 2:
            raise RowFault(_l("“%(text)s” has no arrow: write left → right.", text=text[:60]))
        left, right = (read_text(_HELD_ARROW.sub(r"\1", side)) for side in sides)
        why = {"why": reason} if (reason := record.markdown(f"{WHY} {letter}")) else {}
        if left:
            pairs.append({"text": left, "match": right} | why)
        else:
            lone.append({"text": right} | why)
    return {"pairs": pairs} | ({"distractors": lone} if lone else {})


def show_matching(source: Json) -> dict[str, str]:
    """Return the cells of a matching question."""
    lone = source.get("distractors") or []
    texts = [f"{_held(pair['text'])} {ARROW} {_held(pair['match'])}" for pair in source["pairs"]]
    texts += [f"{ARROW} {_held(other['text'])}" for other in lone]
    reasons = [show_text(part.get("why")) for part in (*source["pairs"], *lone)]
    return _lettered(OPTION, texts) | _lettered(WHY, reasons)


def read_ordering(record: Record) -> Json:
    """Return the lines in their order, and the rule."""
    items = [
        {"text": read_text(text)}
        | ({"why": reason} if (reason := record.markdown(f"{WHY} {letter}")) else {})
        for letter, text in zip(LETTERS, written(record.lettered()), strict=False)
    ]
    if record.text("scoring"):
        return {"items": items, "scoring": record.word("scoring", ORDER_SCORINGS)}
    record.guesses.append(_l("It does not say how a partly right order counts: each line in its place does."))
    return {"items": items, "scoring": "absolute_position"}


def show_ordering(source: Json) -> dict[str, str]:
    """Return the cells of an order."""
    items = source["items"]
    cells = _lettered(OPTION, [show_text(item["text"]) for item in items])
    cells |= _lettered(WHY, [show_text(item.get("why")) for item in items])
    return cells | {"scoring": str(ORDER_SCORINGS[source["scoring"]])}


def _options(record: Record) -> list[Json]:
    texts = record.lettered()
    right, guesses = read_key(record.cell("answer"), texts)
    record.guesses += guesses
    fixed = set(read_signs(record.text("fixed")))
    if record.text("fixed") and not fixed:
        raise RowFault(_l("Column “%(name)s” names no answers.", name=record.header("fixed")))
    return [
        _option(read_text(text), index in right, index in fixed, record.markdown(f"{WHY} {LETTERS[index]}"))
        for index, text in enumerate(written(texts))
    ]


def _shown_value(option: Json) -> str:
    return show_percent(option["share"]) if "share" in option else show_number(option.get("weight"))


def _option(text: str, is_right: bool, is_fixed: bool, why: str) -> Json:
    option: Json = {"text": text}
    if is_right:
        option["correct"] = True
    if why:
        option["why"] = why
    if is_fixed:
        option["fixed"] = True
    return option


def _lettered(name: str, texts: list[str]) -> dict[str, str]:
    return {f"{name} {letter}": text for letter, text in zip(LETTERS, texts, strict=False) if text}


def _signs(options: list[Mapping[str, object]], name: str) -> str:
    return ", ".join(letter for letter, option in zip(LETTERS, options, strict=False) if option.get(name))


def _says(text: str, words: list[str]) -> bool:
    return text.strip().rstrip(".").casefold() in {word.casefold() for word in words}


def _held(markdown: object) -> str:
    """Return a side of a pair whose own arrows are no arrows."""
    return _ARROW.sub(lambda match: f"\\{match[0]}", show_text(markdown))
