"""Reads: quizzes and their versions. Staff see the nation's and their own branches'."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, union
from sqlalchemy.orm import Session, aliased, joinedload

from courses.catalogue.scenarios import FOLDER
from lms.core.accounts.actor import Actor
from lms.core.errors import NotFound
from quizzes.bank.models import (
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
)
from quizzes.bank.queries import PAGE_SIZE, sees


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
        .where(sees(actor, Quiz.branch_id), ~Quiz.key.contains(f"/{FOLDER}/"))
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
    query = _seen_by(actor).where(QuizVersion.id == version_id, QuizVersion.quiz_id == quiz_id)
    return one_of(session, query)


def get_version_and_last(
    session: Session, version_id: int, *, quiz_id: int, actor: Actor
) -> tuple[QuizVersion, QuizVersion | None]:
    """Return what `get_version` does, and with its slots what cohorts without it run on, in one query.

    That is the newest published version of its law date, of its branch or the nation, if there is one.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    draft, other = aliased(QuizVersion), aliased(QuizVersion)
    last = (
        select(func.max(other.number))
        .join(draft, draft.quiz_id == other.quiz_id)
        .where(
            draft.id == version_id,
            other.id != draft.id,
            other.status == "published",
            other.as_of == draft.as_of,
            or_(other.branch_id.is_(None), other.branch_id == draft.branch_id),
        )
        .scalar_subquery()
    )
    query = _seen_by(actor).where(
        QuizVersion.quiz_id == quiz_id, or_(QuizVersion.id == version_id, QuizVersion.number == last)
    )
    found = {version.id: version for version in session.scalars(query).unique()}
    if version_id not in found:
        raise NotFound
    version = found.pop(version_id)
    return version, next(iter(found.values()), None)


def list_uses(session: Session, question_id: int, *, actor: Actor) -> list[QuizVersion]:
    """Return the published quizzes that name a question, the newest version of each.

    What keeps the walks through a case of the bank (`quizzes.attempts.offers`) is none.
    """
    slots = select(QuizSlot.quiz_version_id)
    is_it = QuestionVersion.question_id == question_id
    asked = slots.join(QuizSlot.candidates).join(SlotCandidate.question_version).where(is_it)
    told = slots.join(QuizSlot.case_version).where(is_it)
    query = (
        select(QuizVersion)
        .where(
            QuizVersion.id.in_(union(asked, told)),
            QuizVersion.status == "published",
            sees(actor, QuizVersion.branch_id),
            ~QuizVersion.quiz.has(Quiz.key.startswith("#")),
        )
        .order_by(QuizVersion.quiz_id, QuizVersion.number.desc())
    )
    newest: dict[int, QuizVersion] = {}
    for version in session.scalars(query):
        newest.setdefault(version.quiz_id, version)
    return list(newest.values())


def one_of(
    session: Session, query: Select[QuizVersion], values: Mapping[str, Any] | None = None
) -> QuizVersion:
    """Return the one version a query finds.

    Raises:
        NotFound: there is none.
    """
    version = session.scalars(query, values).unique().one_or_none()
    if version is None:
        raise NotFound
    return version


def _seen_by(actor: Actor) -> Select[QuizVersion]:
    return (
        with_rules()
        .options(joinedload(QuizVersion.branch))
        .join(QuizVersion.quiz)
        .where(sees(actor, QuizVersion.branch_id), sees(actor, Quiz.branch_id))
    )


def with_rules() -> Select[QuizVersion]:
    """Select versions as `with_slots`, with the quizzes their rules keep apart."""
    return with_slots().options(joinedload(QuizVersion.slots).joinedload(QuizSlot.draw_not_in))


def with_slots() -> Select[QuizVersion]:
    """Select versions of quizzes with slots, candidates and question versions."""
    return select(QuizVersion).options(
        joinedload(QuizVersion.quiz, innerjoin=True),
        joinedload(QuizVersion.slots)
        .joinedload(QuizSlot.candidates)
        .joinedload(SlotCandidate.question_version)
        .defer(QuestionVersion.source),
    )
