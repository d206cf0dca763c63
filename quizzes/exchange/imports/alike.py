"""Questions that ask what another asks: of the bank, or earlier in the same file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from courses.catalogue.texts.passages import plain_marks
from quizzes.bank.advice.twins import Wording, find_alike, find_numbered
from quizzes.bank.models import Question, QuestionVersion
from quizzes.exchange.imports.preparing import Prepared
from quizzes.types import get_type
from quizzes.types.base import Json
from quizzes.types.texts import list_texts

MOST_SHOWN = 5
"""Twins named beside a question, of either kind."""
MOST_COMPARED = 30_000
"""Questions of the bank that are looked at, the newest first."""
MOST_IN_A_FILE = 300
"""Questions of a file of which all are compared with all."""


def with_twins(session: Session, found: Sequence[Prepared], *, branch_id: int | None) -> list[Prepared]:
    """Return what was read with the questions of the nation and of a branch that ask the same.

    Those before it in the file that do are named too, by their positions from 1.
    """
    new = [
        _wording(str(place), one.kind, one.source) for place, one in enumerate(found) if one.kind is not None
    ]
    twins: dict[int, list[int]] = defaultdict(list)
    for pair in find_alike(new, _bank(session, branch_id)):
        twins[int(pair.first)].append(int(pair.second))
    before = _before(new)
    return [
        replace(one, twins=_first(twins[place]), before=_first(sorted(before[place])))
        if place in twins or place in before
        else one
        for place, one in enumerate(found)
    ]


def _before(new: Sequence[Wording]) -> dict[int, set[int]]:
    """Return by place in the file the positions before it that ask the same.

    Of more than `MOST_IN_A_FILE` questions, only those that differ in numbers and names are found.
    """
    pairs = find_numbered(new) if len(new) > MOST_IN_A_FILE else find_alike(new, new)
    found: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        first, second = sorted((int(pair.first), int(pair.second)))
        if first < second:
            found[second].add(first + 1)
    return found


def _first(found: Sequence[int]) -> tuple[int, ...]:
    return tuple(islice(found, MOST_SHOWN))


def _bank(session: Session, branch_id: int | None) -> list[Wording]:
    query = select(QuestionVersion.question_id, QuestionVersion.type, QuestionVersion.source)
    query = query.join(QuestionVersion.question).where(Question.status != "retired")
    query = query.where(or_(Question.branch_id.is_(None), Question.branch_id == (branch_id or 0)))
    query = query.order_by(QuestionVersion.id.desc()).limit(MOST_COMPARED)
    newest: dict[int, Wording] = {}
    for question_id, kind, source in session.execute(query):
        if question_id not in newest:
            newest[question_id] = _wording(str(question_id), kind, source)
    return list(newest.values())


def _wording(name: str, kind: str, source: Json) -> Wording:
    texts = list_texts(source, get_type(kind).source_fields)
    asked = [plain_marks(str(text or "")) for path, text in texts if not path.endswith("why")]
    return Wording(name, plain_marks(str(source.get("stem") or "")), tuple(asked))
