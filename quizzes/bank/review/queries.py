"""Reads: the history of questions, and who may look at what a colleague wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Branch, BranchMembership, Role, User
from quizzes.bank.models import Question, QuestionStatus, QuestionVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.queries import PAGE_SIZE, list_newest_versions, sees
from quizzes.bank.resolving import wording_sha256
from quizzes.bank.review.life import WAYS
from quizzes.bank.review.models import EventKind, QuestionComment, QuestionEvent
from quizzes.bank.review.rules import is_reviewed, needs_review


@dataclass(frozen=True)
class Life:
    """Where a question stands, how it came there, and where this person may send it."""

    # The newest first.
    events: list[QuestionEvent]
    # This person wrote of it what no colleague has found right yet.
    is_author: bool
    is_reviewed: bool
    # A colleague of the branch could review it; else only an admin can.
    has_colleague: bool
    # Comments that nobody has answered.
    open_comments: int
    ways: frozenset[QuestionStatus]


@dataclass(frozen=True)
class Waiting:
    """A question that waits for a colleague."""

    version: QuestionVersion
    # None: since before anybody noted it.
    since: datetime | None
    asked_by: str | None
    # None: of the nation.
    branch: str | None


def get_life(session: Session, version: QuestionVersion, *, actor: Actor) -> Life:
    """Return the life of the question of a version, which is the one that stands; one query."""
    open_comments = (
        select(func.count())
        .where(QuestionComment.question_id == Question.id, QuestionComment.answered_at.is_(None))
        .correlate(Question)
        .scalar_subquery()
    )
    query = (
        select(QuestionEvent, open_comments, has_colleague(), has_written(actor.user_id))
        .select_from(Question)
        .outerjoin(QuestionEvent, QuestionEvent.question_id == Question.id)
        .outerjoin(QuestionEvent.actor)
        .where(Question.id == version.question_id)
        .options(contains_eager(QuestionEvent.actor))
        .order_by(QuestionEvent.id.desc())
    )
    rows = session.execute(query).all()
    events = [row[0] for row in rows if row[0] is not None]
    reviewed = is_reviewed(version, events)
    return Life(
        events=events,
        is_reviewed=reviewed,
        open_comments=rows[0][1],
        has_colleague=rows[0][2],
        is_author=rows[0][3],
        ways=_ways(version, actor, reviewed=reviewed),
    )


def is_written_by(session: Session, user_id: int, *, question_id: int) -> bool:
    """Return whether somebody wrote of a question what no colleague has found right yet."""
    query = select(Question.id).where(Question.id == question_id, has_written(user_id))
    return session.scalar(query) is not None


def is_wording_reviewed(session: Session, version: QuestionVersion) -> bool:
    """Return whether others than its author found the wording of a version right."""
    return not list_unreviewed(session, [version])


def list_unreviewed(session: Session, versions: Iterable[QuestionVersion]) -> set[int]:
    """Return the ids of the questions among these versions whose wording no colleague has found right."""
    wordings = {v.question_id: wording_sha256(v.source, kind=v.type) for v in versions}
    query = select(QuestionEvent.question_id, QuestionEvent.wording_sha256).where(
        QuestionEvent.question_id.in_(wordings), is_approval(QuestionEvent)
    )
    approved = {tuple(row) for row in session.execute(query)}
    return {key for key, wording in wordings.items() if (key, wording) not in approved}


def list_waiting(session: Session, *, actor: Actor) -> list[Waiting]:
    """Return the questions that wait for this person, the longest waiting first, one page and one more.

    A trainer's are those of colleagues; an admin's those of the nation, and those nobody at their branch
    can review.
    """
    query = (
        _waiting(actor)
        .outerjoin(QuestionEvent, QuestionEvent.id == _last_event())
        .outerjoin(User, User.id == QuestionEvent.actor_id)
        .outerjoin(Branch, Branch.id == Question.branch_id)
        .add_columns(QuestionEvent.at, User.name, Branch.name)
        .order_by(QuestionEvent.id, Question.id)
        .limit(PAGE_SIZE + 1)
    )
    rows = session.execute(query).all()
    versions = list_newest_versions(session, [row[0] for row in rows])
    return [Waiting(versions[row[0]], *row[1:]) for row in rows]


def list_returned(session: Session, *, actor: Actor) -> list[tuple[QuestionVersion, QuestionEvent]]:
    """Return the questions of this person that a colleague sent back, with who and why."""
    query = (
        select(QuestionEvent)
        .join(Question, Question.id == QuestionEvent.question_id)
        .options(joinedload(QuestionEvent.actor))
        .where(
            QuestionEvent.kind == EventKind.REVIEWED.value,
            QuestionEvent.after == QuestionStatus.DRAFT.value,
            QuestionEvent.id == _last_event(),
            Question.status == QuestionStatus.DRAFT.value,
            sees(actor, Question.branch_id),
            has_written(actor.user_id),
        )
        .order_by(QuestionEvent.id.desc())
        .limit(PAGE_SIZE)
    )
    events = list(session.scalars(query))
    versions = list_newest_versions(session, [event.question_id for event in events])
    return [(versions[event.question_id], event) for event in events]


def list_comments(session: Session, question_id: int) -> list[QuestionComment]:
    """Return the remarks about a question in the order they were made, with who made and answered them."""
    query = (
        select(QuestionComment)
        .where(QuestionComment.question_id == question_id)
        .options(joinedload(QuestionComment.author), joinedload(QuestionComment.answered_by))
        .order_by(QuestionComment.id)
    )
    return list(session.scalars(query))


def count_waiting(session: Session, *, actor: Actor) -> int:
    """Return how many questions wait for this person."""
    return session.scalar(select(func.count()).select_from(_waiting(actor).subquery())) or 0


def _waiting(actor: Actor) -> Select[Any]:
    is_waiting = Question.status == QuestionStatus.REVIEW.value
    query = select(Question.id).select_from(Question).where(is_waiting, ~has_written(actor.user_id))
    if actor.is_admin:
        return query.where(or_(Question.branch_id.is_(None), ~has_colleague()))
    return query.where(Question.branch_id.in_(actor.branch_ids))


def has_colleague() -> ColumnElement[bool]:
    """Return the condition that the branch of a `Question` has a trainer who could review it."""
    membership, person = aliased(BranchMembership), aliased(User)
    return (
        exists()
        .where(
            membership.branch_id == Question.branch_id,
            membership.user_id == person.id,
            person.role == Role.TRAINER.value,
            person.is_active,
            ~has_written(person.id),
        )
        .correlate_except(membership, person)
    )


def has_written(user_id: Any) -> ColumnElement[bool]:
    """Return the condition that somebody wrote a version of a `Question` since it was last found right."""
    written, event = aliased(QuestionVersion), aliased(QuestionEvent)
    approved = (
        select(func.max(event.version_number))
        .where(event.question_id == Question.id, is_approval(event))
        .correlate(Question)
        .scalar_subquery()
    )
    return (
        exists()
        .where(
            written.question_id == Question.id,
            written.created_by_id == user_id,
            written.number > func.coalesce(approved, 0),
        )
        .correlate_except(written)
    )


def is_approval(event: Any) -> ColumnElement[bool]:
    """Return the condition that others than its author found the wording of an event right."""
    reviewed = and_(event.kind == EventKind.REVIEWED.value, event.after == QuestionStatus.READY.value)
    return or_(event.kind == EventKind.SHIPPED.value, reviewed)


def _last_event() -> Any:
    event = aliased(QuestionEvent)
    last = select(func.max(event.id)).where(event.question_id == Question.id)
    return last.correlate(Question).scalar_subquery()


def _ways(version: QuestionVersion, actor: Actor, *, reviewed: bool) -> frozenset[QuestionStatus]:
    """Return where this person may send a question without reviewing it."""
    question = version.question
    if not can_edit_question(actor, question):
        return frozenset()
    ways = frozenset(WAYS[QuestionStatus(question.status)])
    if needs_review(question.use) and not reviewed:
        return ways - {QuestionStatus.READY}
    return ways
