"""Reads: questions and their versions. Staff see the nation's and their own branches'."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager

from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Branch
from lms.core.errors import NotFound
from quizzes.bank.models import (
    Question,
    QuestionStatus,
    QuestionVersion,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
    StaleVersion,
)
from quizzes.bank.origin_models import QuestionOrigin
from quizzes.bank.search.finding import finds
from quizzes.bank.search.leaping import list_each
from quizzes.bank.search.models import QuestionTag

PAGE_SIZE = 25
"""Questions or quizzes on one page of a list."""


def sees(actor: Actor, branch_column: Any) -> ColumnElement[bool]:
    """Return the condition that a thing is the nation's or of one of the actor's branches."""
    if actor.is_admin:
        return true()
    return or_(branch_column.is_(None), branch_column.in_(actor.branch_ids))


def sees_in_order(actor: Actor) -> ColumnElement[bool]:
    """Return the same of questions, for lists that go through another index in order and soon stop.

    The sum keeps SQLite from reading half the bank by the index of branches, and sorting that.
    """
    return sees(actor, Question.branch_id + 0)


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


class Found(NamedTuple):
    """A question as it stands, with what is known of it beside its wording."""

    version: QuestionVersion
    # What was found when a fact it rests on changed.
    stale: StaleVersion | None
    # The file it came from.
    origin: QuestionOrigin | None


def find_question(session: Session, question_id: int, *, actor: Actor) -> Found:
    """Return what `get_question` returns and what is known beside it, in one query.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    query = (
        _newest_versions()
        .add_columns(StaleVersion, QuestionOrigin)
        .outerjoin(StaleVersion, StaleVersion.question_version_id == QuestionVersion.id)
        .outerjoin(QuestionOrigin, QuestionOrigin.question_id == Question.id)
        .where(Question.id == question_id, sees(actor, Question.branch_id))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return Found(*row)


def list_question_versions(session: Session, question_id: int) -> list[QuestionVersion]:
    """Return all versions of a question, the newest first."""
    query = (
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.number.desc())
    )
    return list(session.scalars(query))


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
        .where(
            or_(SlotCandidate.question_version_id == version_id, QuizSlot.case_version_id == version_id),
            QuizVersion.status == "published",
        )
    )
    return session.scalar(query.limit(1)) is not None


def list_topics(session: Session, *, actor: Actor) -> list[str]:
    """Return every topic the actor may see questions of."""
    return list_each(session, [Question.topic], is_seen=sees_in_order(actor))[0]


def list_branches(session: Session, *, actor: Actor) -> list[Branch]:
    """Return the branches the actor works at, by name."""
    query = select(Branch).order_by(Branch.name)
    if not actor.is_admin:
        query = query.where(Branch.id.in_(actor.branch_ids))
    return list(session.scalars(query))


def list_askable(
    session: Session, *, quiz_key: str, branch_id: int | None, topics: Iterable[str], named: Iterable[int]
) -> list[tuple[QuestionVersion, frozenset[str]]]:
    """Return the newest version of all a quiz names and may draw from ``topics``, each with its tags."""
    drawn = and_(Question.topic.in_(list(topics)), *_may_ask(quiz_key, branch_id))
    # No tag has a comma.
    tags = (
        select(func.aggregate_strings(QuestionTag.tag, ","))
        .where(QuestionTag.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    query = _newest_versions().add_columns(tags).where(or_(Question.id.in_(list(named)), drawn))
    rows = session.execute(query.order_by(Question.id))
    return [(version, frozenset(joined.split(",") if joined else ())) for version, joined in rows]


def search_askable(
    session: Session, *, quiz_key: str, branch_id: int | None, search: str, topic: str
) -> list[QuestionVersion]:
    """Return one page and one more of the questions a quiz may ask, narrowed by words and topic."""
    query = _newest_versions().where(*_may_ask(quiz_key, branch_id))
    if search:
        query = query.where(finds(session, search))
    if topic:
        query = query.where(Question.topic == topic)
    return list(session.scalars(query.order_by(Question.id.desc()).limit(PAGE_SIZE + 1)))


def count_askable_by_place(
    session: Session, *, quiz_key: str, branch_id: int | None
) -> list[tuple[str, str, str | None, int]]:
    """Return how many questions a quiz may ask, by topic, place each sends its reader to, and level."""
    level = QuestionVersion.source["level"].as_string()
    query = (
        select(Question.topic, QuestionVersion.read, level, func.count())
        .join(QuestionVersion.question)
        .where(_is_newest(), *_may_ask(quiz_key, branch_id))
        .group_by(Question.topic, QuestionVersion.read, level)
    )
    return [(topic, read, name, count) for topic, read, name, count in session.execute(query)]


def _may_ask(quiz_key: str, branch_id: int | None) -> Iterable[ColumnElement[bool]]:
    """Yield what a question must be: ready, graded, national or the branch's, of no other course."""
    course = quiz_key.partition("/")[0]
    yield Question.status == QuestionStatus.READY.value
    yield Question.use == "graded"
    yield or_(Question.branch_id.is_(None), Question.branch_id == (branch_id or 0))
    yield or_(Question.key.is_(None), Question.key.startswith(f"{course}/", autoescape=True))


def _newest_versions() -> Select[QuestionVersion]:
    """Select the wording that stands of each question."""
    return (
        select(QuestionVersion)
        .join(QuestionVersion.question)
        .where(_is_newest())
        .options(contains_eager(QuestionVersion.question))
    )


def _is_newest() -> ColumnElement[bool]:
    """Return the condition that a version is what stands: of the newest law date, the last one written."""
    other = aliased(QuestionVersion)
    newest = (
        select(other.id)
        .where(other.question_id == Question.id)
        .order_by(other.as_of.desc(), other.number.desc())
        .limit(1)
        .correlate(Question)
        .scalar_subquery()
    )
    return QuestionVersion.id == newest
