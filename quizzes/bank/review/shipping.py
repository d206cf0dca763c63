"""Changes: that a wording came with a course. Its makers reviewed it, so it is ready without a colleague."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.resolving import wording_sha256
from quizzes.bank.review.models import EventKind, QuestionEvent


def note_shipped(
    session: Session, versions: Collection[QuestionVersion], *, now: datetime, actor_id: int | None
) -> None:
    """Note for each of these versions, with their questions, that its wording was shipped; once for each."""
    known = {
        (event.question_id, event.wording_sha256): event.after
        for event in session.scalars(
            select(QuestionEvent).where(
                QuestionEvent.question_id.in_([version.question_id for version in versions]),
                QuestionEvent.kind == EventKind.SHIPPED.value,
            )
        )
    }
    shipped = set(known)
    told = {question_id for question_id, _wording in known}
    for version in versions:
        wording = wording_sha256(version.source, kind=version.type)
        if (version.question_id, wording) not in known:
            status = version.question.status
            session.add(
                QuestionEvent(
                    question_id=version.question_id,
                    version_number=version.number,
                    wording_sha256=wording,
                    kind=EventKind.SHIPPED.value,
                    before=status if version.question_id in told else None,
                    after=status,
                    at=now,
                    actor_id=actor_id,
                )
            )
            shipped.add((version.question_id, wording))
        _note_standing(version.question, shipped)


def _note_standing(question: Question, shipped: Collection[tuple[int, str]]) -> None:
    """Note that the wording that stands is reviewed, if it was shipped, at this law date or another."""
    standing = max(question.versions, key=lambda version: (version.as_of, version.number))
    wording = wording_sha256(standing.source, kind=standing.type)
    if (question.id, wording) in shipped:
        question.reviewed_sha256 = wording
