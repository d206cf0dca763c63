"""What no format of Moodle can hold of our questions, and the texts that say so. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import GivenQuestion, Text
from quizzes.exchange.markup import from_plain, to_plain
from quizzes.exchange.moodle.marks import CLOSE, nearest_grade, shares_of, show_percent
from quizzes.types import get_type
from quizzes.types.base import Json
from quizzes.types.multiple_response_form import ALL_OR_NOTHING
from quizzes.types.texts import list_texts
from quizzes.types.tolerance import GEOMETRIC

_NO_MARKUP = frozenset({"match"})
"""Fields whose layout Moodle does not keep."""


def common_losses(question: GivenQuestion) -> Iterator[Text]:
    """Yield what is lost of a question whichever way it is written for Moodle; a sentence may come twice."""
    source, kind = question.source, question.kind
    if kind in {"single_choice", "multiple_response"}:
        yield from _choice_losses(kind, source)
    if kind == "matching":
        yield from _matching_losses(source)
    if kind == "ordering" and any(item.get("why") for item in source["items"]):
        yield _l("The reasons of the lines are left out.")
    if kind == "short_answer" and not source.get("match_accents"):
        yield _l("In Moodle accents matter: é is not e.")
    if kind == "number":
        yield from _number_losses(source)
    if kind == "case_set" and from_plain(" ".join(to_plain(str(source["stem"])).split())) != source["stem"]:
        yield _l("What stands above the case becomes a name: bare words on one line.")


def _number_losses(source: Json) -> Iterator[Text]:
    if source.get("tolerance_kind") == GEOMETRIC:
        yield _l(
            "The tolerance becomes one up and down from the middle of its ends, which is shown as right."
        )
    shares = [Fraction(str(other.get("fraction", 1))) for other in source.get("others") or []]
    if source.get("near"):
        shares.append(Fraction(str(source["near"]["fraction"])))
    yield from _odd_shares(shares)


def texts_of(question: GivenQuestion) -> list[str]:
    """Return the texts of a question that people read with their layout, those of the parts of a case too."""
    source = question.source
    texts = [str(source.get(name) or "") for name in ("stem", "explanation")]
    fields = get_type(question.kind).source_fields - {"gaps", "rubric"}
    found = list_texts(source, fields)
    texts += [str(text or "") for path, text in found if path.rpartition("-")[2] not in _NO_MARKUP]
    return [text for text in texts if text]


def part_question(case: GivenQuestion, part: object) -> GivenQuestion | None:
    """Return a part of a case that stands on its own, None for a decision, an end or one with a way on."""
    if not isinstance(part, dict) or "type" not in part or part.get("next"):
        return None
    source = {name: value for name, value in part.items() if name not in {"type", "name", "next"}}
    return GivenQuestion(part["type"], source, "", case.topic, case.tags, case.files)


def _choice_losses(kind: str, source: Json) -> Iterator[Text]:
    if source.get("scoring") == ALL_OR_NOTHING:
        yield _l("In Moodle a part of the right answers earns a part of the marks; here only the whole does.")
    options = source["options"]
    shares = [Fraction(str(option.get("share", 0))) for option in options] if kind == "single_choice" else []
    yield from _odd_shares(shares or shares_of(source))


def _odd_shares(shares: list[Fraction]) -> Iterator[Text]:
    for share in dict.fromkeys(shares):
        taken = nearest_grade(share)
        if abs(taken - share) > CLOSE:
            said = {"stated": show_percent(share), "taken": show_percent(taken)}
            yield _l("Moodle has no grade of %(stated)s%%: %(taken)s%% is written, the nearest.", **said)


def _matching_losses(source: Json) -> Iterator[Text]:
    pairs, lone = source["pairs"], source.get("distractors") or []
    if any(part.get("why") for part in (*pairs, *lone)):
        yield _l("The reasons of the pairs are left out.")
    matches = [str(pair["match"]) for pair in pairs] + [str(other["text"]) for other in lone]
    if any(from_plain(" ".join(to_plain(text).split())) != text for text in matches):
        yield _l("What belongs to the lines loses its layout: Moodle has bare words there.")
