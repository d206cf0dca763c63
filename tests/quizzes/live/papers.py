"""Papers handed in, as rows: a whole class in a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Step
from courses.cohorts.models import Cohort, Enrolment
from lms.core.db import begin_write
from quizzes.attempts.models import Attempt, PaperItem, Response
from quizzes.bank.models import CohortQuiz, QuestionVersion, QuizVersion
from quizzes.grading.models import Mark
from quizzes.types import get_type
from tests import factories


def make_class(session: Session, cohort: Cohort, count: int) -> list[Enrolment]:
    """Put ``count`` people into a cohort."""
    return [factories.make_enrolment(session, cohort=cohort) for _ in range(count)]


def hand_in(
    session: Session,
    enrolment: Enrolment,
    step: Step,
    answers: Sequence[tuple[QuestionVersion, dict[str, Any] | None]],
    *,
    number: int = 1,
    at: datetime = factories.NOW,
) -> Attempt:
    """Hand in a paper of these questions, each marked by its type; nothing answered earns nothing."""
    query = (
        select(CohortQuiz)
        .join(QuizVersion, QuizVersion.id == CohortQuiz.quiz_version_id)
        .where(CohortQuiz.cohort_id == enrolment.cohort_id, QuizVersion.title == step.title)
    )
    held = session.scalars(query).one()
    attempt = Attempt(
        enrolment_id=enrolment.id,
        step_id=step.id,
        quiz_id=held.quiz_id,
        quiz_version_id=held.quiz_version_id,
        number=number,
        state="submitted",
        started_at=at,
        submitted_at=at,
        submitted_by="person",
        marks_possible=Decimal(len(answers)),
    )
    begin_write(session)
    session.add(attempt)
    session.flush()
    for position, (version, answer) in enumerate(answers, 1):
        _add_item(session, attempt, position, version, answer)
    session.commit()
    return attempt


def _add_item(
    session: Session, attempt: Attempt, position: int, version: QuestionVersion, answer: dict[str, Any] | None
) -> None:
    item = PaperItem(
        attempt_id=attempt.id,
        position=position,
        question_version_id=version.id,
        marks=Decimal(1),
        prepared={},
    )
    session.add(item)
    session.flush()
    if answer is not None:
        saved = {"sequence": 1, "raw": {}, "answer": answer, "saved_at": factories.NOW}
        session.add(Response(item_id=item.id, attempt_id=attempt.id, **saved))
    grade = get_type(version.type).grade(version.content, answer)
    fraction = grade.fraction if grade else None
    session.add(Mark(item_id=item.id, number=1, fraction=fraction, marks=fraction, graded_at=factories.NOW))
