"""Reads: polls of a cohort, what was answered, and what may be asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from courses.cohorts.models import Cohort, Enrolment
from lms.core.errors import NotFound
from quizzes.bank.models import Question, QuestionStatus, QuestionVersion, StaleVersion
from quizzes.live.models import Poll, PollAnswer

SHOWN_AFTER = timedelta(hours=3)
"""So long after it was put a closed question stays on phones."""
LISTED = 20
"""Questions of the bank, and polls that are over, on one page."""
KINDS = ("single_choice", "true_false")
"""What can be put to a hall: one answer, options that can be counted."""


@dataclass(frozen=True)
class Bar:
    """An option with how many people chose it."""

    letter: str
    html: str
    people: int
    # 0–100, whole, of those who answered.
    percent: int
    is_right: bool


@dataclass(frozen=True)
class Tally:
    """What a cohort answered; nothing of a person is in it."""

    answered: int
    people: int
    bars: Sequence[Bar]


def get_poll(session: Session, poll_id: int, *, cohort_id: int) -> Poll:
    """Return a poll of a cohort.

    Raises:
        NotFound: it has none of that number.
    """
    poll = session.get(Poll, poll_id)
    if poll is None or poll.cohort_id != cohort_id:
        raise NotFound
    return poll


def list_polls(session: Session, cohort_id: int) -> list[Poll]:
    """Return the polls of a cohort, the open one first, then the newest; as many as are listed."""
    newest = (Poll.closed_at.is_not(None), Poll.id.desc())
    query = select(Poll).where(Poll.cohort_id == cohort_id).order_by(*newest).limit(LISTED)
    return list(session.scalars(query))


def find_shown(session: Session, cohort_id: int, *, now: datetime) -> Poll | None:
    """Return what phones of a cohort show: the open question, else the last one for a while, or None."""
    query = (
        select(Poll)
        .where(Poll.cohort_id == cohort_id, Poll.opened_at > now - SHOWN_AFTER)
        .order_by(Poll.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def list_asked(session: Session, cohort_ids: Collection[int], now: datetime) -> set[int]:
    """Return which of these cohorts have a question open now, in one query."""
    query = select(Poll.cohort_id).where(
        Poll.cohort_id.in_(cohort_ids), Poll.closed_at.is_(None), Poll.opened_at > now - SHOWN_AFTER
    )
    return set(session.scalars(query))


def find_answer(session: Session, poll_id: int, *, enrolment_id: int) -> PollAnswer | None:
    """Return what a person answered, or None."""
    return session.get(PollAnswer, (poll_id, enrolment_id))


def count_answers(session: Session, poll: Poll) -> Tally:
    """Return how many chose what, in two queries. Who has left the cohort since is not counted."""
    active = Enrolment.status == "active"
    people = select(func.count()).where(Enrolment.cohort_id == poll.cohort_id, active)
    query = (
        select(PollAnswer.choice, func.count())
        .join(Enrolment, Enrolment.id == PollAnswer.enrolment_id)
        .where(PollAnswer.poll_id == poll.id, active)
        .group_by(PollAnswer.choice)
    )
    counts: dict[int, int] = dict(session.execute(query).all())
    answered = sum(counts.values())
    bars = [
        Bar(
            letter="ABCDEFGHIJKL"[place],
            html=option,
            people=counts.get(place, 0),
            percent=round(100 * counts.get(place, 0) / answered) if answered else 0,
            is_right=place == poll.key,
        )
        for place, option in enumerate(poll.options)
    ]
    return Tally(answered, session.scalar(people) or 0, bars)


def list_askable(session: Session, cohort: Cohort, *, search: str = "") -> list[QuestionVersion]:
    """Return what may be put to a hall: ready questions for practice, of the branch or the nation.

    Graded questions never come here: a hall would have seen them. Nor do those whose facts have changed.
    """
    query = _askable(cohort).order_by(QuestionVersion.question_id.desc()).limit(LISTED)
    if search:
        query = query.where(QuestionVersion.summary.icontains(search, autoescape=True))
    return list(session.scalars(query))


def get_askable(session: Session, version_id: int, *, cohort: Cohort) -> QuestionVersion:
    """Return a question that may be put to a hall.

    Raises:
        NotFound: there is none, or it may not.
    """
    version = session.scalar(_askable(cohort).where(QuestionVersion.id == version_id))
    if version is None:
        raise NotFound
    return version


def _askable(cohort: Cohort) -> Select[QuestionVersion]:
    other = aliased(QuestionVersion)
    newest = select(func.max(other.number)).where(other.question_id == Question.id).correlate(Question)
    paused = select(StaleVersion.question_version_id).where(StaleVersion.is_paused)
    return (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.use == "practice", Question.status == QuestionStatus.READY)
        .where(Question.branch_id.is_(None) | (Question.branch_id == cohort.branch_id))
        .where(QuestionVersion.type.in_(KINDS), QuestionVersion.number == newest.scalar_subquery())
        .where(QuestionVersion.id.not_in(paused))
    )
