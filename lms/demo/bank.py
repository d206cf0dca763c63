"""The demo's question that waits for a review: its trainer is the colleague."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.uses import copy_uses
from quizzes.bank.models import Question, QuestionStatus, QuestionVersion
from quizzes.bank.review.models import EventKind
from quizzes.bank.review.statuses import note_event
from quizzes.bank.search.indexing import note_words
from quizzes.bank.services import copy_version


def make_waiting_question(session: Session, branch_id: int, *, now: datetime) -> None:
    """Copy a question of the course to the branch and let it wait; nobody of the branch wrote it."""
    original = session.scalars(
        select(QuestionVersion)
        .join(QuestionVersion.question)
        .where(Question.key.is_not(None), Question.use == "graded", QuestionVersion.type == "single_choice")
        .order_by(QuestionVersion.as_of.desc(), QuestionVersion.id)
        .limit(1)
    ).one()
    status = QuestionStatus.REVIEW.value
    question = Question(
        branch_id=branch_id, topic=original.question.topic, use="graded", status=status, created_at=now
    )
    question.versions.append(copy_version(original, number=1, now=now, actor_id=None))
    session.add(question)
    session.flush()
    version, before = question.versions[0], QuestionStatus.DRAFT
    copy_uses(session, from_id=original.id, to_id=version.id, branch_id=branch_id)
    note_words(session, [question.id])
    note_event(session, question, version, kind=EventKind.CHANGED, before=before, actor_id=None, now=now)
