"""Advice to who writes a question: read while writing, never a lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import ModuleType

from flask_babel import lazy_gettext as _l

from courses.catalogue.citing import OWN_RULES
from courses.facts.book import load_book
from courses.facts.law import parse_reference
from lms.core.text import fold
from quizzes.bank.advice import gives_away_another, near_twin
from quizzes.bank.advice.base import Rule
from quizzes.bank.advice.item import Item, rows
from quizzes.bank.advice.kinds import advise_on_kind
from quizzes.bank.advice.rules import RULES
from quizzes.bank.cases import CASE
from quizzes.types import get_type
from quizzes.types.base import Json

MAX_ARTICLE = 700
"""The longest law there is, the criminal code, has 624 articles."""
MAX_PARAGRAPH = 20
"""Articles of the laws we cite stay far below."""
MAX_OTHERS = 300
"""Questions one that is being written is compared with."""
_SELF = ""


@dataclass(frozen=True)
class Advice:
    """One point: well done, or what could be better; then why, and how it would read badly and well."""

    is_good: bool
    text: str
    reason: str = ""
    bad: str = ""
    good: str = ""
    rule: str = ""


def advise(source: Json, *, kind: str, others: Mapping[str, Item] | None = None) -> list[Advice]:
    """Return the points of a question as it is now, what is lacking first.

    Args:
        source: what is written so far.
        kind: its type.
        others: by their keys, questions that could stand on one paper with it, itself left out.
    """
    item = Item(kind, source)
    points = [*_on_wording(item), *_on_answers(source, kind)]
    points += [_broken(rule) for rule in RULES if item.stem and rule.is_broken_by(item)]
    points += _on_sources(source) if kind != CASE else ()
    points += _on_others(item, dict(list((others or {}).items())[:MAX_OTHERS])) if item.stem else ()
    if kind == "multiple_response":
        points += _on_several(source)
    return sorted(points, key=lambda point: point.is_good)


def _broken(rule: Rule) -> Advice:
    return Advice(False, str(rule.says), str(rule.reason), rule.bad, rule.good, rule.key)


def _on_wording(item: Item) -> Iterator[Advice]:
    if not item.stem:
        yield _lacking(_l("The question itself is missing."))
        return
    yield _good(_l("The question is written."))
    if item.reasons:
        yield _good(_l("It explains why."))


def _on_answers(source: Json, kind: str) -> Iterator[Advice]:
    question_type = get_type(kind)
    if "options" in question_type.source_fields:
        yield from _on_options(source)
    elif "answer" in question_type.source_fields:
        yield from _on_key(source)
    else:
        faults = question_type.faults(source)
        yield from map(_lacking, faults)
        if not faults:
            yield _good(_l("The answer is complete."))
        yield from map(_lacking, advise_on_kind(source, kind=kind))


def _on_key(source: Json) -> Iterator[Advice]:
    if source.get("answer") in (None, ""):
        yield _lacking(_l("It has no right answer yet."))
    else:
        yield _good(_l("The right answer is set."))


def _on_options(source: Json) -> Iterator[Advice]:
    options = rows(source, "options")
    texts = [str(option.get("text", "")) for option in options]
    is_full = len(texts) > 1 and all(text.strip() for text in texts)
    yield _good(_l("All answers are written.")) if is_full else _lacking(_l("An answer is still empty."))
    if any(option.get("correct") for option in options):
        yield _good(_l("The right answer is set."))
    else:
        yield _lacking(_l("It has no right answer yet."))
    for first, second in combinations(range(len(texts)), 2):
        if texts[first].strip() and fold(texts[first]) == fold(texts[second]):
            yield _lacking(_l("Answers %(a)s and %(b)s say the same.", a=first + 1, b=second + 1))


def _on_several(source: Json) -> Iterator[Advice]:
    marks = [bool(option.get("correct")) for option in rows(source, "options")]
    if marks and all(marks):
        yield _lacking(_l("Every answer is right: add some that are not."))


def _on_sources(source: Json) -> Iterator[Advice]:
    refs = [str(ref) for ref in source.get("cite") or []]
    for ref in refs:
        if _is_beyond_sense(ref):
            yield _lacking(
                _l("“%(ref)s”: the law hardly has so many articles or paragraphs. Please check.", ref=ref)
            )
    if refs == [OWN_RULES]:
        yield _good(_l("It names the rules of the training as its source."))
    elif refs:
        yield _good(_l("It cites the law."))


def _on_others(item: Item, others: Mapping[str, Item]) -> Iterator[Advice]:
    together = {**others, _SELF: item}
    for pair in near_twin.list_twins(together, about=_SELF):
        yield _between(near_twin, near_twin.says(pair[0] or pair[1]))
    for tells, told in gives_away_another.list_given_away(together, about=_SELF):
        says = gives_away_another.says(told) if tells == _SELF else gives_away_another.says_told_by(tells)
        yield _between(gives_away_another, says)


def _between(rule: ModuleType, says: object) -> Advice:
    return Advice(False, str(says), str(rule.REASON), rule.BAD, rule.GOOD, rule.KEY)


def _is_beyond_sense(ref: str) -> bool:
    reference = parse_reference(ref)
    if reference is None:
        return False
    law = load_book().laws.get(reference.law_id)
    return (
        reference.number > ((law and law.articles) or MAX_ARTICLE)
        or int(reference.paragraph or 0) > MAX_PARAGRAPH
    )


def _good(text: object) -> Advice:
    return Advice(True, str(text))


def _lacking(text: object) -> Advice:
    return Advice(False, str(text))
