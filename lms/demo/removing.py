"""Taking the demo away, with what its visitors did in the name of demo people."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from certificates.models import Certificate, CertificateEvent
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion
from lms.core.accounts.models import Branch, User
from lms.core.db import begin_write, db
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import (
    CohortQuiz,
    Question,
    QuestionVersion,
    Quiz,
    QuizVersion,
    SlotCandidate,
)
from quizzes.grading.models import Mark

AUTHORS = (
    (Question, Question.created_by_id),
    (QuestionVersion, QuestionVersion.created_by_id),
    (QuizVersion, QuizVersion.created_by_id),
    (CohortQuiz, CohortQuiz.pinned_by_id),
    (Mark, Mark.graded_by_id),
    (CertificateEvent, CertificateEvent.actor_id),
)
"""Who did it, in rows that may belong to others and stay; the audit log keeps its own account."""


def remove() -> None:
    """Take people, offices, cohorts, results and questions of the demo away; course and audit log stay."""
    session = db.session()
    begin_write(session)
    branches = select(Branch.id).where(Branch.is_demo)
    cohorts = session.scalars(
        select(Cohort.id).where(or_(Cohort.is_demo, Cohort.branch_id.in_(branches)))
    ).all()
    delete_cohorts(session, cohorts)
    people = select(User.id).where(User.is_demo)
    _delete_enrolments(session, Enrolment.user_id.in_(people))
    for model, author in AUTHORS:
        session.execute(update(model).where(author.in_(people)).values({author: None}))
    _delete_bank(session, branches)
    session.execute(delete(User).where(User.is_demo))
    session.execute(delete(Branch).where(Branch.is_demo))
    session.commit()


def delete_cohorts(session: Session, cohort_ids: Sequence[int]) -> None:
    """Delete cohorts with everything that hangs on them, and the demo trainees who are in no other."""
    begin_write(session)
    theirs = Enrolment.cohort_id.in_(cohort_ids)
    people = session.scalars(select(Enrolment.user_id).where(theirs)).all()
    _delete_enrolments(session, theirs)
    session.execute(delete(Cohort).where(Cohort.id.in_(cohort_ids)))
    session.execute(
        delete(User).where(User.id.in_(people), User.is_demo, User.id.not_in(select(Enrolment.user_id)))
    )


def _delete_enrolments(session: Session, which: ColumnElement[bool]) -> None:
    """Delete enrolments top floor first; what has no meaning without its parent goes with it."""
    enrolments = session.scalars(select(Enrolment.id).where(which)).all()
    for model, column in (
        (Certificate, Certificate.enrolment_id),
        (Attempt, Attempt.enrolment_id),
        (Completion, Completion.enrolment_id),
        (Enrolment, Enrolment.id),
    ):
        session.execute(delete(model).where(column.in_(enrolments)))


def _delete_bank(session: Session, branches: Select[int]) -> None:
    """Delete what the branches wrote; a question that others have on their papers becomes the nation's."""
    session.execute(delete(QuizVersion).where(QuizVersion.branch_id.in_(branches)))
    session.execute(delete(Quiz).where(Quiz.branch_id.in_(branches)))
    session.execute(
        update(Question)
        .where(Question.branch_id.in_(branches), Question.id.in_(_questions_on_papers()))
        .values(branch_id=None, status="retired")
    )
    session.execute(delete(Question).where(Question.branch_id.in_(branches)))


def _questions_on_papers() -> Select[int]:
    named: list[InstrumentedAttribute[int]] = [
        SlotCandidate.question_version_id,
        PaperItem.question_version_id,
    ]
    return select(QuestionVersion.question_id).where(
        or_(*(QuestionVersion.id.in_(select(column)) for column in named))
    )
