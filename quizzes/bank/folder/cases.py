"""Case sets of a course folder: the questions they name, and what is wrong with them, by file and line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from flask_babel import gettext as _

from courses.catalogue.sources import QuestionSource
from courses.facts.book import FactBook
from quizzes.bank.cases import CASE, branches, complete, list_refs
from quizzes.bank.resolving import Resolved, resolve
from quizzes.types.base import Json
from quizzes.types.case_parts import read_parts


def list_parts(questions: Mapping[str, QuestionSource]) -> set[str]:
    """Return the ids of the questions that are parts: no quiz draws them without their story."""
    cases = (question.data for question in questions.values() if question.data.get("type") == CASE)
    return {ref for data in cases for _index, ref in list_refs(data)}


def check_case(case: QuestionSource, questions: Mapping[str, QuestionSource]) -> Iterator[tuple[str, str]]:
    """Yield the place of a part and why it cannot be one."""
    data, use = case.data, case.data.get("use")
    if branches(data) and use != "practice":
        yield "parts", _("What follows an answer can differ in practice only.")
    if not branches(data) and len(list_refs(data)) < len(read_parts(data)):
        yield "parts", _("Write every question by itself, and name it here.")
    refs = list_refs(data)
    for index, ref in refs:
        part = questions.get(ref)
        if part is None:
            yield f"parts-{index}", _("There is no question “%(key)s”.", key=ref)
        elif part.data.get("type") == CASE:
            yield f"parts-{index}", _("A case cannot be a part of a case.")
        elif part.data.get("use") != use:
            yield f"parts-{index}", _("A part is for the same use as its case.")
        elif [other for _index, other in refs].count(ref) > 1:
            yield f"parts-{index}", _("“%(key)s” is a part twice.", key=ref)


def resolve_walked(
    source: Json, found: Mapping[str, tuple[str, Json]], *, book: FactBook, as_of: date
) -> Resolved:
    """Return a case that branches, resolved with the questions it names filled in."""
    return resolve(complete(source, found), kind=CASE, book=book, as_of=as_of)


def parts_here(source: Json, sound: Collection[str]) -> list[str]:
    """Return the questions of a case that belong to the law date, in their order."""
    return [ref for _index, ref in list_refs(source) if ref in sound]
