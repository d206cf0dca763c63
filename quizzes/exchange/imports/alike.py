"""Questions of the bank that ask what a file asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from courses.catalogue.texts.passages import plain_marks
from quizzes.bank.advice.twins import Wording, find_alike
from quizzes.bank.models import Question, QuestionVersion
from quizzes.exchange.imports.preparing import Prepared
from quizzes.types import get_type
from quizzes.types.base import Json
from quizzes.types.texts import list_texts

MOST_SHOWN = 5
"""Twins named beside a question."""
MOST_COMPARED = 30_000
"""Questions of the bank that are looked at, the newest first."""


def with_twins(session: Session, found: Sequence[Prepared], *, branch_id: int | None) -> list[Prepared]:
    """Return what was read with the questions of the nation and of a branch that ask the same."""
    new = (
        _wording(str(place), one.kind, one.source) for place, one in enumerate(found) if one.kind is not None
    )
    twins: dict[int, list[int]] = defaultdict(list)
    for pair in find_alike(new, _bank(session, branch_id)):
        twins[int(pair.first)].append(int(pair.second))
    return [
        replace(one, twins=tuple(islice(twins[place], MOST_SHOWN))) if place in twins else one
        for place, one in enumerate(found)
    ]


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
