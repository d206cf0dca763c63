"""Advice to who writes a question: read while writing, never a lock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from string import ascii_uppercase

from flask_babel import lazy_gettext as _l

from courses.facts.book import load_book
from courses.facts.law import parse_reference
from lms.core.text import fold
from quizzes.types.base import Json

FAR_LONGER = 1.6
"""Times the longest other option: then the length gives the key away."""
MIN_DIFFERENCE = 15
"""Letters below which a difference in length is nothing."""
MAX_ARTICLE = 700
"""The longest law there is, the criminal code, has 624 articles."""
MAX_PARAGRAPH = 20
"""Articles of the laws we cite stay far below."""
NEGATIVE = re.compile(r"\b(bukan|tidak|kecuali|selain|not|except)\b", re.IGNORECASE)
SWEEPING = re.compile(r"\b(semua (benar|salah|di atas)|all of the above|none of the above)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Advice:
    """One point: well done, or what could be better."""

    is_good: bool
    text: str


def advise(source: Json, *, kind: str) -> list[Advice]:
    """Return the points of a question as it is now, what is lacking first."""
    points = [*_on_wording(source), *(_on_options(source) if "options" in source else _on_key(source))]
    points += _on_reasons(source)
    if kind == "multiple_response":
        points += _on_several(source)
    return sorted(points, key=lambda point: point.is_good)


def _on_wording(source: Json) -> Iterator[Advice]:
    stem = str(source.get("stem", "")).strip()
    if not stem:
        yield _lacking(_l("The question itself is missing."))
        return
    yield _good(_l("The question is written."))
    if NEGATIVE.search(stem):
        yield _lacking(_l("The question says “not”: tired readers pass over it. Ask for what is right."))


def _on_key(source: Json) -> Iterator[Advice]:
    if source.get("answer") in (None, ""):
        yield _lacking(_l("It has no right answer yet."))
    else:
        yield _good(_l("The right answer is set."))


def _on_options(source: Json) -> Iterator[Advice]:
    options = source["options"]
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
    if _gives_itself_away(options):
        yield _lacking(_l("The right answer is far longer than the others: its length gives it away."))
    for number, option in enumerate(options, 1):
        if SWEEPING.search(str(option.get("text", ""))) and not option.get("fixed"):
            yield _lacking(
                _l("Answer %(number)s speaks of all others: let it stay in its place.", number=number)
            )


def _on_several(source: Json) -> Iterator[Advice]:
    marks = [bool(option.get("correct")) for option in source.get("options", [])]
    if marks and all(marks):
        yield _lacking(_l("Every answer is right: add some that are not."))


def _on_reasons(source: Json) -> Iterator[Advice]:
    if str(source.get("explanation") or "").strip():
        yield _good(_l("It explains why."))
    else:
        yield _lacking(_l("It has no explanation: people learn most from the reason."))
    refs = [str(ref) for ref in source.get("cite") or []]
    for ref in refs:
        if _is_beyond_sense(ref):
            yield _lacking(
                _l("“%(ref)s”: the law hardly has so many articles or paragraphs. Please check.", ref=ref)
            )
    if refs:
        yield _good(_l("It cites the law."))
    else:
        yield _lacking(_l("It cites no article of law."))


def _is_beyond_sense(ref: str) -> bool:
    reference = parse_reference(ref)
    if reference is None:
        return False
    article = int(reference.article.rstrip(ascii_uppercase) or 0)
    law = load_book().laws.get(reference.law_id)
    return article > ((law and law.articles) or MAX_ARTICLE) or int(reference.paragraph or 0) > MAX_PARAGRAPH


def _gives_itself_away(options: list[Json]) -> bool:
    right = [len(str(option.get("text", ""))) for option in options if option.get("correct")]
    others = [len(str(option.get("text", ""))) for option in options if not option.get("correct")]
    if not right or not others:
        return False
    return min(right) > FAR_LONGER * max(others) and min(right) - max(others) >= MIN_DIFFERENCE


def _good(text: object) -> Advice:
    return Advice(True, str(text))


def _lacking(text: object) -> Advice:
    return Advice(False, str(text))
