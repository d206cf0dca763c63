"""Taking the demo away, with what its visitors did in the name of demo people."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import current_app
from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from certificates.models import Certificate, CertificateBatch, CertificateDoubt, CertificateEvent
from courses.catalogue.models import Step
from courses.cohorts.models import Cohort, Enrolment
from courses.facts.models import FactCorrection, FactUse, UseOwner
from courses.facts.radar_cli import refresh
from courses.learning.models import Completion, ReportOfLesson
from lms.core.accounts.models import Branch, User
from lms.core.db import begin_write, db
from lms.core.files import delete_file
from quizzes.attempts.models import AnswerFile, Attempt, PaperItem
from quizzes.bank.models import (
    CohortQuiz,
    Question,
    QuestionVersion,
    Quiz,
    QuizVersion,
    SlotCandidate,
    StaleVersion,
)
from quizzes.bank.review.models import QuestionComment, QuestionEvent
from quizzes.grading.models import Judgement, Mark, QuestionReport, Ruling

AUTHORS = (
    (Question, Question.created_by_id),
    (QuestionVersion, QuestionVersion.created_by_id),
    (QuizVersion, QuizVersion.created_by_id),
    (CohortQuiz, CohortQuiz.pinned_by_id),
    (StaleVersion, StaleVersion.closed_by_id),
    (QuestionEvent, QuestionEvent.actor_id),
    (QuestionComment, QuestionComment.author_id),
    (QuestionComment, QuestionComment.answered_by_id),
    (FactUse, FactUse.accepted_by_id),
    (Mark, Mark.graded_by_id),
    (Judgement, Judgement.marker_id),
    (Ruling, Ruling.created_by_id),
    (QuestionReport, QuestionReport.answered_by_id),
    (ReportOfLesson, ReportOfLesson.answered_by_id),
    (CertificateEvent, CertificateEvent.actor_id),
    (CertificateDoubt, CertificateDoubt.settled_by_id),
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
    papers = delete_cohorts(session, cohorts)
    people = select(User.id).where(User.is_demo)
    papers |= _delete_enrolments(session, Enrolment.user_id.in_(people))
    for model, author in AUTHORS:
        session.execute(update(model).where(author.in_(people)).values({author: None}))
    _delete_bank(session, branches)
    # What people who do not exist said about the law is no law.
    session.execute(
        delete(FactCorrection).where(
            or_(FactCorrection.proposed_by_id.in_(people), FactCorrection.decided_by_id.in_(people))
        )
    )
    session.execute(delete(User).where(User.is_demo))
    session.execute(delete(Branch).where(Branch.is_demo))
    session.commit()
    delete_papers(session, papers)
    refresh()


def delete_papers(session: Session, digests: Collection[str]) -> None:
    """Delete the files of papers and answers that were deleted and are committed; those somebody names stay.

    Args:
        session: names the papers and answers that are left.
        digests: what the files are kept under.
    """
    named = session.scalars(select(Certificate.pdf_sha256).where(Certificate.pdf_sha256.in_(digests)))
    sent = session.scalars(select(AnswerFile.digest).where(AnswerFile.digest.in_(digests)))
    for digest in set(digests).difference(named, sent):
        delete_file(current_app.config["INSTANCE"], digest)


def delete_cohorts(session: Session, cohort_ids: Sequence[int]) -> set[str]:
    """Delete cohorts with everything that hangs on them, and the demo trainees who are in no other.

    Returns:
        what files of papers and answers are kept under; `delete_papers` takes them when this is committed.
    """
    begin_write(session)
    theirs = Enrolment.cohort_id.in_(cohort_ids)
    people = session.scalars(select(Enrolment.user_id).where(theirs)).all()
    papers = _delete_enrolments(session, theirs)
    made_for_all = select(CertificateBatch.files).where(CertificateBatch.cohort_id.in_(cohort_ids))
    papers.update(*session.scalars(made_for_all))
    given = session.scalars(select(Cohort.extra_steps).where(Cohort.id.in_(cohort_ids))).all()
    session.execute(delete(Cohort).where(Cohort.id.in_(cohort_ids)))
    session.execute(delete(Step).where(Step.id.in_({step_id for steps in given for step_id in steps})))
    session.execute(
        delete(User).where(User.id.in_(people), User.is_demo, User.id.not_in(select(Enrolment.user_id)))
    )
    return papers


def _delete_enrolments(session: Session, which: ColumnElement[bool]) -> set[str]:
    """Delete enrolments top floor first; what has no meaning without its parent goes with it.

    Returns:
        what the files of their certificates and answers are kept under.
    """
    enrolments = session.scalars(select(Enrolment.id).where(which)).all()
    signed = select(Certificate.pdf_sha256).where(Certificate.enrolment_id.in_(enrolments))
    papers = {digest for digest in session.scalars(signed) if digest}
    sittings = select(Attempt.id).where(Attempt.enrolment_id.in_(enrolments))
    sent = select(AnswerFile.digest).join(PaperItem, PaperItem.id == AnswerFile.item_id)
    papers.update(session.scalars(sent.where(PaperItem.attempt_id.in_(sittings))))
    for model, column in (
        (Certificate, Certificate.enrolment_id),
        (Attempt, Attempt.enrolment_id),
        (Completion, Completion.enrolment_id),
        (Enrolment, Enrolment.id),
    ):
        session.execute(delete(model).where(column.in_(enrolments)))
    return papers


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
    is_question = FactUse.owner_type == UseOwner.QUESTION_VERSION
    gone = is_question, FactUse.owner_id.not_in(select(QuestionVersion.id))
    session.execute(delete(FactUse).where(*gone))
    session.execute(update(FactUse).where(FactUse.branch_id.in_(branches)).values(branch_id=None))


def _questions_on_papers() -> Select[int]:
    named: list[InstrumentedAttribute[int]] = [
        SlotCandidate.question_version_id,
        PaperItem.question_version_id,
    ]
    return select(QuestionVersion.question_id).where(
        or_(*(QuestionVersion.id.in_(select(column)) for column in named))
    )
