"""Cases that branch, written in the bank: once ready, trainees walk through them as through scenarios.

Such a case belongs to no course. It is offered to the cohorts of its branch, of the nation to all, whose
edition has the law date it is written at. Its walks are kept under a quiz of its own, which the first of them
makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeVarTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from courses.cohorts.models import Cohort
from lms.core.db import begin_write
from lms.core.errors import NotFound
from quizzes.attempts.walks import Case
from quizzes.bank.cases import CASE
from quizzes.bank.folder.scenarios import walk_key
from quizzes.bank.models import (
    Question,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
    StaleVersion,
)
from quizzes.bank.quiz.fingerprints import quiz_fingerprint
from quizzes.types.case_set import WALKED

Columns = TypeVarTuple("Columns")

PAGE_SIZE = 50


@dataclass(frozen=True)
class Offer:
    """A case trainees of a cohort may walk through."""

    question_id: int
    title: str
    # What the author calls its subject.
    topic: str

    @property
    def name(self) -> str:
        """What its walks are called in `quizzes.attempts.walks.list_states`; no scenario has such a name."""
        return f"#{self.question_id}"


def list_offers(session: Session, cohort: Cohort, *, before: int | None) -> list[Offer]:
    """Return one page and one more of the cases a cohort is offered, the newest first.

    Args:
        before: the question the page before ended with.
    """
    columns = Question.id, QuestionVersion.summary, Question.topic
    query = _offered(select(*columns), cohort).order_by(Question.id.desc()).limit(PAGE_SIZE + 1)
    if before is not None:
        query = query.where(Question.id < before)
    return [Offer(*row) for row in session.execute(query)]


def get_offer(session: Session, cohort: Cohort, question_id: int) -> tuple[Offer, Case]:
    """Return a case a cohort is offered; without a quiz, its ``quiz_version_id`` is 0.

    Raises:
        NotFound: there is none, or it is not offered to this cohort.
    """
    query = _offered(select(QuestionVersion, Question.topic), cohort).where(Question.id == question_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    version, topic = row
    offer = Offer(question_id, version.summary, topic)
    quiz = _find_quiz(session, offer.name)
    made = _version_of(session, quiz, version.id) if quiz else None
    return offer, Case(quiz.id if quiz else 0, made.id if made else 0, version.id, version.content)


def open_quiz(session: Session, cohort: Cohort, question_id: int, *, now: datetime) -> Case:
    """Return a case with the quiz its walks are kept under; whoever walks first makes it.

    Raises:
        NotFound: it is not offered to this cohort any more.
    """
    begin_write(session)
    session.execute(select(Question.id).where(Question.id == question_id).with_for_update())
    offer, case = get_offer(session, cohort, question_id)
    if case.quiz_version_id:
        return case
    version = session.get_one(QuestionVersion, case.version_id)
    quiz = _find_quiz(session, offer.name)
    if quiz is None:
        quiz = Quiz(key=walk_key(offer.name, offer.name), title=version.summary[:200])
        quiz.branch_id = version.question.branch_id
        session.add(quiz)
    quiz.versions.append(_quiz_version(version, number=len(quiz.versions) + 1, now=now))
    session.flush()
    return get_offer(session, cohort, question_id)[1]


def _offered(query: Select[*Columns], cohort: Cohort) -> Select[*Columns]:
    """Return the query over the newest version each such case has of the cohort's law date."""
    law_date = cohort.edition.as_of
    other = aliased(QuestionVersion)
    newest = (
        select(func.max(other.number))
        .where(other.question_id == Question.id, other.as_of == law_date)
        .correlate(Question)
        .scalar_subquery()
    )
    paused = select(StaleVersion.question_version_id).where(StaleVersion.is_paused)
    return (
        query.join_from(QuestionVersion, Question, QuestionVersion.question_id == Question.id)
        .where(Question.key.is_(None), Question.use == "practice", Question.status == "ready")
        .where(or_(Question.branch_id.is_(None), Question.branch_id == cohort.branch_id))
        .where(QuestionVersion.as_of == law_date, QuestionVersion.number == newest)
        .where(QuestionVersion.type == CASE, QuestionVersion.content["mode"].as_string() == WALKED)
        .where(QuestionVersion.id.not_in(paused))
    )


def _find_quiz(session: Session, name: str) -> Quiz | None:
    return session.scalar(select(Quiz).where(Quiz.key == walk_key(name, name)))


def _version_of(session: Session, quiz: Quiz, version_id: int) -> QuizVersion | None:
    query = (
        select(QuizVersion)
        .join(QuizVersion.slots)
        .join(QuizSlot.candidates)
        .where(QuizVersion.quiz_id == quiz.id, SlotCandidate.question_version_id == version_id)
    )
    return session.scalar(query)


def _quiz_version(version: QuestionVersion, *, number: int, now: datetime) -> QuizVersion:
    made = QuizVersion(
        number=number,
        status="published",
        title=version.summary[:200],
        purpose="practice",
        branch_id=version.question.branch_id,
        as_of=version.as_of,
        created_at=now,
        published_at=now,
    )
    candidate = SlotCandidate(question_version_id=version.id)
    made.slots = [QuizSlot(position=1, draw_count=1, marks=Decimal(1), candidates=[candidate])]
    made.source_sha256 = quiz_fingerprint(made)
    return made
