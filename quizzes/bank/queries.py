"""Reads: questions, quizzes and their versions. Staff see the nation's and their own branches'."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from courses.cohorts.models import Cohort
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Branch
from lms.core.errors import NotFound
from quizzes.bank.models import (
    CohortQuiz,
    Question,
    QuestionStatus,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
)

PAGE_SIZE = 25
"""Questions or quizzes on one page of a list."""


@dataclass(frozen=True)
class QuestionFilter:
    """What the list of questions is narrowed to; empty means all."""

    search: str = ""
    topic: str = ""
    status: str = ""
    use: str = ""
    type: str = ""
    # "nation", a branch id in digits, or empty.
    owner: str = ""

    def conditions(self) -> Iterable[ColumnElement[bool]]:
        """Return what a row must fulfil."""
        if self.search:
            yield func.lower(QuestionVersion.summary).contains(self.search.lower(), autoescape=True)
        for column, value in (
            (Question.topic, self.topic),
            (Question.status, self.status),
            (Question.use, self.use),
            (QuestionVersion.type, self.type),
        ):
            if value:
                yield column == value
        if self.owner == "nation":
            yield Question.branch_id.is_(None)
        elif self.owner.isdecimal() and len(self.owner) < 10:
            yield Question.branch_id == int(self.owner)


@dataclass(frozen=True)
class QuestionPage:
    """One page of the list, the newest first; `older` is the id to go on before, None at the end."""

    rows: list[QuestionVersion] = field(default_factory=list)
    older: int | None = None


def get_pinned_version(session: Session, *, cohort_id: int, quiz_key: str) -> QuizVersion:
    """Return the version of a quiz a cohort runs on, with slots, candidates and question versions.

    Raises:
        NotFound: the cohort has no such quiz.
    """
    query = (
        _with_slots()
        .join(CohortQuiz, CohortQuiz.quiz_version_id == QuizVersion.id)
        .join(Quiz, Quiz.id == CohortQuiz.quiz_id)
        .where(CohortQuiz.cohort_id == cohort_id, Quiz.key == quiz_key)
    )
    return _one(session, query)


def sees(actor: Actor, branch_column: Any) -> ColumnElement[bool]:
    """Return the condition that a thing is the nation's or of one of the actor's branches."""
    if actor.is_admin:
        return true()
    return or_(branch_column.is_(None), branch_column.in_(actor.branch_ids))


def list_questions(
    session: Session, *, actor: Actor, narrowed: QuestionFilter, before: int | None = None
) -> QuestionPage:
    """Return the newest version of each question the actor may see, one page of them."""
    query = (
        _newest_versions()
        .where(sees(actor, Question.branch_id), *narrowed.conditions())
        .order_by(Question.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        query = query.where(Question.id < before)
    rows = list(session.scalars(query))
    is_more = len(rows) > PAGE_SIZE
    return QuestionPage(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].question_id if is_more else None)


def get_question(session: Session, question_id: int, *, actor: Actor) -> QuestionVersion:
    """Return the newest version of a question the actor may see, with the question.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    query = _newest_versions().where(Question.id == question_id, sees(actor, Question.branch_id))
    version = session.scalar(query)
    if version is None:
        raise NotFound
    return version


def list_question_versions(session: Session, question_id: int) -> list[QuestionVersion]:
    """Return all versions of a question, the newest first."""
    query = (
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.number.desc())
    )
    return list(session.scalars(query))


def count_versions(session: Session, question_ids: Iterable[int]) -> dict[int, int]:
    """Return by question id the highest number of its versions."""
    query = (
        select(QuestionVersion.question_id, func.max(QuestionVersion.number))
        .where(QuestionVersion.question_id.in_(list(question_ids)))
        .group_by(QuestionVersion.question_id)
    )
    return dict(session.execute(query).all())


def is_used(session: Session, version_id: int) -> bool:
    """Return whether a published quiz names this question version: then it never changes again.

    Papers are drawn from published quizzes alone, so what a paper names is used in this sense too.
    """
    query = (
        select(SlotCandidate.slot_id)
        .join(SlotCandidate.slot)
        .join(QuizSlot.quiz_version)
        .where(SlotCandidate.question_version_id == version_id, QuizVersion.status == "published")
    )
    return session.scalar(query.limit(1)) is not None


def list_topics(session: Session, *, actor: Actor) -> list[str]:
    """Return every topic the actor may see questions of."""
    query = select(Question.topic).where(sees(actor, Question.branch_id)).distinct().order_by(Question.topic)
    return list(session.scalars(query))


def list_branches(session: Session, *, actor: Actor) -> list[Branch]:
    """Return the branches the actor works at, by name."""
    query = select(Branch).order_by(Branch.name)
    if not actor.is_admin:
        query = query.where(Branch.id.in_(actor.branch_ids))
    return list(session.scalars(query))


def list_quizzes(
    session: Session, *, actor: Actor, search: str = "", after: int | None = None
) -> list[tuple[Quiz, QuizVersion]]:
    """Return one page and one more of quizzes with the newest version the actor may see of each."""
    number = (
        select(func.max(QuizVersion.number))
        .where(QuizVersion.quiz_id == Quiz.id, sees(actor, QuizVersion.branch_id))
        .correlate(Quiz)
        .scalar_subquery()
    )
    query = (
        select(Quiz, QuizVersion)
        .join(QuizVersion, and_(QuizVersion.quiz_id == Quiz.id, QuizVersion.number == number))
        .where(sees(actor, Quiz.branch_id))
        .order_by(Quiz.id)
        .limit(PAGE_SIZE + 1)
    )
    if search:
        query = query.where(func.lower(QuizVersion.title).contains(search.lower(), autoescape=True))
    if after is not None:
        query = query.where(Quiz.id > after)
    return list(session.execute(query))


def get_quiz(session: Session, quiz_id: int, *, actor: Actor) -> Quiz:
    """Return a quiz the actor may see.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    quiz = session.scalar(select(Quiz).where(Quiz.id == quiz_id, sees(actor, Quiz.branch_id)))
    if quiz is None:
        raise NotFound
    return quiz


def list_versions(session: Session, quiz_id: int, *, actor: Actor) -> list[QuizVersion]:
    """Return the versions of a quiz the actor may see, the newest first."""
    query = (
        select(QuizVersion)
        .where(QuizVersion.quiz_id == quiz_id, sees(actor, QuizVersion.branch_id))
        .order_by(QuizVersion.number.desc())
    )
    return list(session.scalars(query))


def get_version(session: Session, version_id: int, *, quiz_id: int, actor: Actor) -> QuizVersion:
    """Return a version of a quiz with its slots, if the actor may see it.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    query = (
        _with_slots()
        .join(QuizVersion.quiz)
        .where(
            QuizVersion.id == version_id,
            QuizVersion.quiz_id == quiz_id,
            sees(actor, QuizVersion.branch_id),
            sees(actor, Quiz.branch_id),
        )
    )
    return _one(session, query)


def list_askable(
    session: Session, *, quiz_key: str, branch_id: int | None, topics: Iterable[str], named: Iterable[int]
) -> list[QuestionVersion]:
    """Return the newest version of what a quiz names and of all it may draw from ``topics``."""
    drawn = and_(Question.topic.in_(list(topics)), *_may_ask(quiz_key, branch_id))
    query = _newest_versions().where(or_(Question.id.in_(list(named)), drawn)).order_by(Question.id)
    return list(session.scalars(query))


def search_askable(
    session: Session, *, quiz_key: str, branch_id: int | None, search: str, topic: str
) -> list[QuestionVersion]:
    """Return one page and one more of the questions a quiz may ask, narrowed by words and topic."""
    narrowed = QuestionFilter(search=search, topic=topic)
    query = (
        _newest_versions()
        .where(*_may_ask(quiz_key, branch_id), *narrowed.conditions())
        .order_by(Question.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    return list(session.scalars(query))


def count_askable(session: Session, *, quiz_key: str, branch_id: int | None) -> dict[str, int]:
    """Return by topic how many questions a quiz may draw."""
    query = (
        select(Question.topic, func.count())
        .where(*_may_ask(quiz_key, branch_id))
        .group_by(Question.topic)
        .order_by(Question.topic)
    )
    return dict(session.execute(query).all())


def _may_ask(quiz_key: str, branch_id: int | None) -> Iterable[ColumnElement[bool]]:
    """Yield what a question must be: ready, graded, national or the branch's, of no other course."""
    course = quiz_key.partition("/")[0]
    yield Question.status == QuestionStatus.READY.value
    yield Question.use == "graded"
    yield or_(Question.branch_id.is_(None), Question.branch_id == (branch_id or 0))
    yield or_(Question.key.is_(None), Question.key.startswith(f"{course}/", autoescape=True))


def list_uses(session: Session, question_id: int, *, actor: Actor) -> list[QuizVersion]:
    """Return the published quizzes that name a question, the newest version of each."""
    query = (
        select(QuizVersion)
        .join(QuizVersion.slots)
        .join(QuizSlot.candidates)
        .join(SlotCandidate.question_version)
        .where(
            QuestionVersion.question_id == question_id,
            QuizVersion.status == "published",
            sees(actor, QuizVersion.branch_id),
        )
        .order_by(QuizVersion.quiz_id, QuizVersion.number.desc())
        .distinct()
    )
    newest: dict[int, QuizVersion] = {}
    for version in session.scalars(query):
        newest.setdefault(version.quiz_id, version)
    return list(newest.values())


def list_pins(session: Session, cohort_id: int) -> list[CohortQuiz]:
    """Return the quizzes of a cohort with quiz and version."""
    query = (
        select(CohortQuiz)
        .join(CohortQuiz.quiz_version)
        .where(CohortQuiz.cohort_id == cohort_id)
        .options(
            contains_eager(CohortQuiz.quiz_version).joinedload(QuizVersion.quiz, innerjoin=True),
        )
        .order_by(CohortQuiz.quiz_id)
    )
    return list(session.scalars(query))


def list_newer_versions(session: Session, cohort: Cohort) -> dict[int, QuizVersion]:
    """Return by quiz id the newest published version this cohort could move on to."""
    pinned, newer = aliased(QuizVersion), aliased(QuizVersion)
    query = (
        select(QuizVersion)
        .join(CohortQuiz, CohortQuiz.quiz_id == QuizVersion.quiz_id)
        .join(pinned, pinned.id == CohortQuiz.quiz_version_id)
        .where(
            CohortQuiz.cohort_id == cohort.id,
            QuizVersion.status == "published",
            _usable_by(QuizVersion, cohort),
            QuizVersion.as_of == pinned.as_of,
            QuizVersion.number > pinned.number,
            ~select(newer.id)
            .where(
                newer.quiz_id == QuizVersion.quiz_id,
                newer.status == "published",
                _usable_by(newer, cohort),
                newer.as_of == pinned.as_of,
                newer.number > QuizVersion.number,
            )
            .exists(),
        )
    )
    return {version.quiz_id: version for version in session.scalars(query)}


def list_cohorts_on(
    session: Session, version: QuizVersion, *, actor: Actor
) -> list[tuple[Cohort, QuizVersion]]:
    """Return own cohorts that have this quiz and may run on ``version``, with what they run on.

    The newest first, one page and one more.
    """
    query = (
        select(Cohort, QuizVersion)
        .join(CohortQuiz, CohortQuiz.cohort_id == Cohort.id)
        .join(QuizVersion, QuizVersion.id == CohortQuiz.quiz_version_id)
        .where(CohortQuiz.quiz_id == version.quiz_id, QuizVersion.as_of == version.as_of)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if version.branch_id is not None:
        query = query.where(Cohort.branch_id == version.branch_id)
    if not actor.is_admin:
        query = query.where(Cohort.branch_id.in_(actor.branch_ids))
    return list(session.execute(query))


def get_cohort(session: Session, cohort_id: int, *, actor: Actor) -> Cohort:
    """Return a cohort of one of the actor's branches: trainers, too, decide on which quiz it runs.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    cohort = session.get(Cohort, cohort_id)
    if cohort is None or not actor.works_at(cohort.branch_id):
        raise NotFound
    return cohort


def get_usable_version(session: Session, version_id: int, *, cohort: Cohort) -> QuizVersion:
    """Return a published version with its slots that ``cohort`` may run on.

    Raises:
        NotFound: there is none, it is a draft, or it is of another branch or law date.
    """
    query = _with_slots().where(
        QuizVersion.id == version_id,
        QuizVersion.status == "published",
        QuizVersion.as_of == cohort.edition.as_of,
        _usable_by(QuizVersion, cohort),
    )
    return _one(session, query)


def _one(session: Session, query: Select[QuizVersion]) -> QuizVersion:
    version = session.scalars(query).unique().one_or_none()
    if version is None:
        raise NotFound
    return version


def _usable_by(version: Any, cohort: Cohort) -> ColumnElement[bool]:
    return or_(version.branch_id.is_(None), version.branch_id == cohort.branch_id)


def _newest_versions() -> Select[QuestionVersion]:
    """Select the wording that stands of each question: of the newest law date, the last one written."""
    other = aliased(QuestionVersion)
    newest = (
        select(other.id)
        .where(other.question_id == Question.id)
        .order_by(other.as_of.desc(), other.number.desc())
        .limit(1)
        .correlate(Question)
        .scalar_subquery()
    )
    return (
        select(QuestionVersion)
        .join(QuestionVersion.question)
        .where(QuestionVersion.id == newest)
        .options(contains_eager(QuestionVersion.question))
    )


def _with_slots() -> Select[QuizVersion]:
    return select(QuizVersion).options(
        joinedload(QuizVersion.quiz, innerjoin=True),
        joinedload(QuizVersion.slots)
        .joinedload(QuizSlot.candidates)
        .joinedload(SlotCandidate.question_version)
        .defer(QuestionVersion.source),
    )


def list_versions_at(
    session: Session, question_ids: Iterable[int], *, as_of: date
) -> dict[int, QuestionVersion]:
    """Return by question id the newest version resolved at ``as_of``."""
    query = (
        select(QuestionVersion)
        .where(QuestionVersion.question_id.in_(list(question_ids)), QuestionVersion.as_of == as_of)
        .order_by(QuestionVersion.number)
    )
    return {version.question_id: version for version in session.scalars(query)}


def list_newest_versions(session: Session, question_ids: Iterable[int]) -> dict[int, QuestionVersion]:
    """Return by question id the newest version, with the question."""
    wanted = list(question_ids)
    if not wanted:
        return {}
    query = _newest_versions().where(Question.id.in_(wanted))
    return {version.question_id: version for version in session.scalars(query)}
