"""Choices, orders and pairs as items of QTI 3."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from lms.core.text import fold
from quizzes.exchange.contract import GivenQuestion
from quizzes.exchange.markup import to_plain
from quizzes.exchange.qti.written_xml import (
    Draft,
    add,
    base,
    branches,
    html,
    mapping,
    number,
    response,
    set_outcome,
    tag,
    values,
    variable,
)
from quizzes.types.base import Json

_ID = "RESPONSE"
_WORDS = {"true": "Benar", "false": "Salah"}


def write_single(question: GivenQuestion) -> Draft:
    """Return a choice of one; shares are mapped."""
    options = _named(question.source["options"])
    worth = [
        (name, "1" if option.get("correct") else number(option["share"]))
        for name, option in options.items()
        if option.get("correct") or option.get("share")
    ]
    right = [name for name, option in options.items() if option.get("correct")]
    within = values("qti-correct-response", right)
    is_mapped = len(worth) > len(right)
    return _choice(question, options, within + (mapping(worth) if is_mapped else ""), is_mapped=is_mapped)


def write_true_false(question: GivenQuestion) -> Draft:
    """Return a choice between Benar and Salah."""
    source, why = question.source, question.source.get("why") or {}
    options = {
        side: {"text": word} | ({"why": why[side]} if why.get(side) else {}) for side, word in _WORDS.items()
    }
    right = "true" if source["answer"] else "false"
    return _choice(question, options, values("qti-correct-response", [right]), is_mapped=False)


def write_several(question: GivenQuestion) -> Draft:
    """Return a choice of several, whichever way it is marked."""
    source, options = question.source, _named(question.source["options"])
    right = [name for name, option in options.items() if option.get("correct")]
    within = values("qti-correct-response", right)
    scoring = source.get("scoring") or "right_minus_wrong"
    if scoring == "all_or_nothing":
        return _choice(question, options, within, is_mapped=False, is_several=True)
    worth = _worth(options, scoring, len(right))
    draft = _choice(
        question, options, within + mapping(worth.items(), lower="0"), is_mapped=True, is_several=True
    )
    if scoring == "weights":
        draft.highest = number(sum(Decimal(worth[name]) for name in right))
    return draft


def _worth(options: dict[str, Json], scoring: str, right: int) -> dict[str, str]:
    if scoring == "weights":
        return {
            name: number(option.get("weight", 1 if option.get("correct") else -1))
            for name, option in options.items()
        }
    wrong = len(options) - right
    return {
        name: repr(1 / right) if option.get("correct") else repr(-1 / wrong)
        for name, option in options.items()
    }


def _named(options: list[Json]) -> dict[str, Json]:
    return {f"c{number}": option for number, option in enumerate(options, 1)}


def _choice(
    question: GivenQuestion,
    options: dict[str, Json],
    within: str,
    *,
    is_mapped: bool,
    is_several: bool = False,
) -> Draft:
    cardinality = "multiple" if is_several else "single"
    says = any(option.get("why") for option in options.values())
    shown = "".join(_simple_choice(name, option) for name, option in options.items())
    body = tag(
        "qti-choice-interaction",
        _prompt(question) + shown,
        response_identifier=_ID,
        shuffle=True,
        max_choices=0 if is_several else 1,
    )
    draft = Draft(body, response(_ID, cardinality, "identifier", within=within))
    name = "map_response" if is_mapped else "match_correct"
    if says:
        draft.feedback = cardinality
        draft.rules = _rules(name) + set_outcome("FEEDBACK", variable(_ID))
    else:
        draft.template = name
    return draft


def _simple_choice(name: str, option: Json) -> str:
    said = html(option["text"])
    if option.get("why"):
        said += tag(
            "qti-feedback-inline",
            html(option["why"]),
            outcome_identifier="FEEDBACK",
            identifier=name,
            show_hide="show",
        )
    return tag("qti-simple-choice", said, identifier=name, fixed=True if option.get("fixed") else None)


def _rules(name: str) -> str:
    """Return what a template of the standard says, to stand beside rules of one's own."""
    if name == "match_correct":
        match = tag("qti-match", variable(_ID) + tag("qti-correct", identifier=_ID))
        return branches([(match, set_outcome("SCORE", base("float", "1")))])
    answered = tag("qti-not", tag("qti-is-null", variable(_ID)))
    return branches([(answered, set_outcome("SCORE", tag("qti-map-response", identifier=_ID)))])


def _prompt(question: GivenQuestion) -> str:
    return tag("qti-prompt", html(question.source["stem"]))


def write_order(question: GivenQuestion) -> Draft:
    """Return lines to put in order; they stand in the order of the alphabet, which tells nothing."""
    items = _named(question.source["items"])
    right = list(items)
    listed = sorted(items, key=lambda name: (fold(to_plain(items[name]["text"])), name))
    shown = "".join(tag("qti-simple-choice", html(items[name]["text"]), identifier=name) for name in listed)
    body = tag("qti-order-interaction", _prompt(question) + shown, response_identifier=_ID, shuffle=True)
    within = values("qti-correct-response", right)
    draft = Draft(body, response(_ID, "ordered", "identifier", within=within))
    scoring = question.source["scoring"]
    if scoring == "all_or_nothing":
        draft.template = "match_correct"
    elif scoring == "absolute_position":
        draft.highest = str(len(right))
        draft.rules = "".join(_in_place(place, name) for place, name in enumerate(right, 1))
    else:
        draft.highest = str(len(right) - 1)
        draft.rules = "".join(_follows(*pair) for pair in pairwise(right))
    return draft


def _in_place(place: int, name: str) -> str:
    index = tag("qti-index", variable(_ID), n=place)
    return branches([(tag("qti-match", index + base("identifier", name)), add("1"))])


def _follows(first: str, second: str) -> str:
    both = tag("qti-ordered", base("identifier", first) + base("identifier", second))
    return branches([(tag("qti-contains", variable(_ID) + both), add("1"))])


def write_matching(question: GivenQuestion) -> Draft:
    """Return lines and the answers that go with them; answers that read the same are one."""
    pairs = question.source["pairs"]
    lone = question.source.get("distractors") or []
    texts = {
        fold(to_plain(text)): text for text in (*(p["match"] for p in pairs), *(o["text"] for o in lone))
    }
    names = {key: f"a{place}" for place, key in enumerate(sorted(texts), 1)}
    key = [(f"l{place} {names[fold(to_plain(p['match']))]}", "1") for place, p in enumerate(pairs, 1)]
    left = "".join(_associable(f"l{place}", pair["text"], most=1) for place, pair in enumerate(pairs, 1))
    right = "".join(_associable(names[each], texts[each], most=0) for each in sorted(texts))
    sets = tag("qti-simple-match-set", left) + tag("qti-simple-match-set", right)
    body = tag(
        "qti-match-interaction",
        _prompt(question) + sets,
        response_identifier=_ID,
        shuffle=True,
        max_associations=len(pairs),
    )
    within = values("qti-correct-response", [pair for pair, _worth in key]) + mapping(key)
    draft = Draft(body, response(_ID, "multiple", "directedPair", within=within), template="map_response")
    draft.highest = str(len(pairs))
    return draft


def _associable(name: str, text: str, *, most: int) -> str:
    return tag("qti-simple-associable-choice", html(text), identifier=name, match_max=most)
