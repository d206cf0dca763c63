"""Papers drawn ahead: a hall that begins together finds them ready, and each start is one update.

A paper drawn ahead is a sitting in the state "drawn". Nobody has seen it, it counts for nothing, no page
shows it; what no longer fits when its person begins is thrown away and drawn anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from sqlalchemy import Delete, Select, and_, bindparam, case, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from courses.cohorts.models import Enrolment
from lms.core.audit.services import record
from lms.core.db import UNSEEN, begin_write
from lms.core.errors import Conflict, NotFound
from lms.core.jobs.kinds import Kind
from lms.core.jobs.models import Job
from lms.core.jobs.services import enqueue
from quizzes.attempts import queries
from quizzes.attempts.accommodations import list_extra_attempts
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.paper import PlannedItem, draw_paper
from quizzes.attempts.terms import Terms
from quizzes.bank.cohorts.comparison import count_questions
from quizzes.bank.cohorts.queries import get_pinned_version
from quizzes.bank.models import CohortQuiz, QuestionVersion, QuizSlot, QuizVersion, SlotCandidate
from quizzes.grading.leaving_out import list_left_out

BATCH = 50
"""People whose papers are drawn in one job: a hall."""

KEEP = timedelta(days=14)
"""A paper drawn ahead that nobody began in so long is thrown away."""


@dataclass(frozen=True)
class DrawnAhead:
    """How many papers were drawn, and the last person looked at; None when there are no more."""

    count: int
    last_id: int | None


def begin_drawn(
    session: Session,
    attempt_id: int,
    *,
    enrolment: Enrolment,
    attempts_allowed: int,
    terms: Terms,
    now: datetime,
) -> Attempt | None:
    """Begin a person's sitting whose paper is drawn, by one update.

    None when it is gone, another one is open, or the organiser has stopped the quiz.
    """
    cohort_id, enrolment_id = enrolment.cohort_id, enrolment.id
    begin_write(session)
    other = aliased(Attempt)
    is_another_open = exists().where(
        other.enrolment_id == Attempt.enrolment_id,
        other.quiz_id == Attempt.quiz_id,
        other.state == "in_progress",
    )
    goes_on = _held(cohort_id, Attempt.quiz_id).where(CohortQuiz.halted_at.is_(None)).exists()
    begin = update(Attempt).where(
        Attempt.id == attempt_id,
        Attempt.enrolment_id == enrolment_id,
        Attempt.state == "drawn",
        ~is_another_open,
        goes_on,
    )
    if attempts_allowed:
        begin = begin.where(Attempt.number <= attempts_allowed)
    begun = {"state": "in_progress", "started_at": now, **vars(terms)}
    return session.scalar(begin.values(begun).returning(Attempt))


def is_halted(session: Session, enrolment_id: int, *, quiz_id: int) -> bool:
    """Lock a person, and return whether the organiser has stopped the quiz; nobody stops it until then."""
    return session.scalar(_halted(), {"enrolment": enrolment_id, "quiz": quiz_id}) is not None


@cache
def _halted() -> Select[datetime | None]:
    halted = _held(Enrolment.cohort_id, bindparam("quiz")).correlate(Enrolment).scalar_subquery()
    query = select(halted).where(Enrolment.id == bindparam("enrolment")).select_from(Enrolment)
    return query.with_for_update(of=Enrolment)


def _held(cohort_id: Any, quiz_id: Any) -> Select[datetime | None]:
    """Return the query that keeps the organiser from stopping a quiz while somebody begins it."""
    query = select(CohortQuiz.halted_at).where(
        CohortQuiz.cohort_id == cohort_id, CohortQuiz.quiz_id == quiz_id
    )
    return query.with_for_update(read=True)


def discard_drawn(session: Session, enrolment_ids: Sequence[int], *, quiz_id: int) -> None:
    """Throw away what was drawn ahead for these people, in the caller's transaction."""
    session.execute(_discard(), {"enrolments": list(enrolment_ids), "quiz": quiz_id})


@cache
def _discard() -> Delete:
    whose = Attempt.enrolment_id.in_(bindparam("enrolments", expanding=True))
    query = delete(Attempt).where(whose, Attempt.quiz_id == bindparam("quiz"), Attempt.state == "drawn")
    return query.execution_options(**UNSEEN)


def store_items(session: Session, papers: Mapping[int, Sequence[PlannedItem]]) -> None:
    """Store the questions of papers, by sitting, in one statement."""
    rows = [
        {
            "attempt_id": attempt_id,
            "position": position,
            "question_version_id": item.question_version_id,
            "marks": item.marks,
            "case_version_id": item.case_version_id,
            "prepared": item.prepared,
        }
        for attempt_id, plan in papers.items()
        for position, item in enumerate(plan, 1)
    ]
    if rows:
        session.execute(insert(PaperItem), rows)


def promise_papers(
    session: Session,
    actor_id: int | None,
    *,
    cohort_id: int,
    step_id: int,
    branch_id: int | None,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Let the papers of a whole cohort be drawn by a job, at once or some minutes before it begins.

    ``actor_id`` says who asked; None for the machine.
    """
    begin_write(session)
    _promise(session, {"cohort_id": cohort_id, "step_id": step_id, "after": 0}, now=now, due_at=due_at)
    record(
        session,
        "quiz.papers_asked",
        at=now,
        actor_id=actor_id,
        object_type="cohort",
        object_id=cohort_id,
        branch_id=branch_id,
        step_id=step_id,
    )


def draw_ahead(
    session: Session, *, cohort_id: int, step_id: int, after: int = 0, rng: Random, now: datetime
) -> DrawnAhead:
    """Draw papers for the next people of a cohort who may begin a quiz; those drawn before are replaced.

    People with an open sitting or without a try left are passed over. Drawing is done before the write
    transaction.

    Args:
        after: the last person looked at before.

    Raises:
        NotFound: the cohort has no such quiz any more.
        Conflict: there are no questions to draw.
    """
    quiz = get_pinned_version(session, cohort_id=cohort_id, quiz_key=queries.get_quiz_key(session, step_id))
    left_out = list_left_out(session, quiz.id, cohort_id=cohort_id)
    people = _list_people(session, cohort_id, after)
    seen = queries.list_seen_of(session, people, quiz_id=quiz.quiz_id)
    plans = {person: draw_paper(quiz, rng, seen=seen.get(person), paused=left_out.all) for person in people}
    count = _store_drawn(session, quiz, plans, step_id=step_id, paused_count=len(left_out.paused), now=now)
    return DrawnAhead(count, people[-1] if len(people) == BATCH else None)


def renew_papers(session: Session, *, cohort_id: int, question_id: int, now: datetime) -> None:
    """Throw away papers drawn for a cohort from quizzes that may ask a question, and let them be drawn anew.

    For a decision about the question; runs in its transaction.
    """
    may_ask_it = exists().where(
        QuizSlot.quiz_version_id == Attempt.quiz_version_id,
        SlotCandidate.slot_id == QuizSlot.id,
        QuestionVersion.id == SlotCandidate.question_version_id,
        QuestionVersion.question_id == question_id,
    )
    query = (
        select(Attempt.id, Attempt.step_id)
        .join(Attempt.enrolment)
        .where(Enrolment.cohort_id == cohort_id, Attempt.state == "drawn", may_ask_it)
    )
    found = session.execute(query).all()
    # Asked for again: one that was begun this moment is no drawn one any more.
    drawn = Attempt.id.in_([attempt_id for attempt_id, _step in found]), Attempt.state == "drawn"
    session.execute(delete(Attempt).where(*drawn))
    for step_id in sorted({step_id for _id, step_id in found if step_id is not None}):
        _promise(session, {"cohort_id": cohort_id, "step_id": step_id, "after": 0}, now=now)


def count_ready(session: Session, cohort_id: int) -> dict[int, int]:
    """Return by quiz for how many people of a cohort a paper of the version pinned now lies ready."""
    is_pinned = and_(
        CohortQuiz.cohort_id == Enrolment.cohort_id,
        CohortQuiz.quiz_id == Attempt.quiz_id,
        CohortQuiz.quiz_version_id == Attempt.quiz_version_id,
    )
    query = (
        select(Attempt.quiz_id, func.count())
        .join(Attempt.enrolment)
        .join(CohortQuiz, is_pinned)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active", Attempt.state == "drawn")
        .group_by(Attempt.quiz_id)
    )
    return dict(session.execute(query).all())


def _list_people(session: Session, cohort_id: int, after: int) -> list[int]:
    query = (
        select(Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active", Enrolment.id > after)
        .order_by(Enrolment.id)
        .limit(BATCH)
    )
    return list(session.scalars(query))


def _store_drawn(
    session: Session,
    quiz: QuizVersion,
    plans: Mapping[int, Sequence[PlannedItem]],
    *,
    step_id: int,
    paused_count: int,
    now: datetime,
) -> int:
    quiz_id, version_id, allowed, wanted = quiz.quiz_id, quiz.id, quiz.attempts_allowed, count_questions(quiz)
    begin_write(session)
    # In the order of their numbers, as every other who locks several.
    people = Enrolment.id.in_(plans)
    session.execute(select(Enrolment.id).where(people).order_by(Enrolment.id).with_for_update())
    discard_drawn(session, list(plans), quiz_id=quiz_id)
    extra = list_extra_attempts(session, list(plans), quiz_id=quiz_id) if allowed else {}
    allowances = {person: allowed and allowed + extra.get(person, 0) for person in plans}
    numbers = _next_numbers(session, allowances, quiz_id=quiz_id)
    rows = [
        {
            "enrolment_id": person,
            "step_id": step_id,
            "quiz_id": quiz_id,
            "quiz_version_id": version_id,
            "number": number,
            "state": "drawn",
            "started_at": now,
            "left_out": wanted - len(plans[person]),
            "paused_count": paused_count,
            "marks_possible": sum(item.marks for item in plans[person]),
        }
        for person, number in numbers.items()
    ]
    if rows:
        session.execute(insert(Attempt), rows)
    stored = select(Attempt.id, Attempt.enrolment_id).where(
        Attempt.enrolment_id.in_(numbers), Attempt.quiz_id == quiz_id, Attempt.state == "drawn"
    )
    store_items(session, {attempt_id: plans[person] for attempt_id, person in session.execute(stored)})
    return len(rows)


def _next_numbers(session: Session, allowances: Mapping[int, int], *, quiz_id: int) -> dict[int, int]:
    """Return the number of the next sitting of those who may begin one, by the tries each is allowed."""
    is_open = case((Attempt.state == "in_progress", 1), else_=0)
    query = (
        select(Attempt.enrolment_id, func.count(), func.sum(is_open))
        .where(Attempt.enrolment_id.in_(allowances), Attempt.quiz_id == quiz_id)
        .group_by(Attempt.enrolment_id)
    )
    used = {person: (count, open_count) for person, count, open_count in session.execute(query)}
    found = {}
    for person, allowed in allowances.items():
        count, open_count = used.get(person, (0, 0))
        if not open_count and (not allowed or count < allowed):
            found[person] = count + 1
    return found


def _promise(
    session: Session, payload: Mapping[str, Any], *, now: datetime, due_at: datetime | None = None
) -> None:
    """Promise the next batch; asked for again, papers are drawn again."""
    told = {"asked_at": now.isoformat(), **payload}
    key = ":".join(str(told[name]) for name in ("cohort_id", "step_id", "after", "asked_at"))
    enqueue(session, "draw_papers", key=f"draw_papers:{key}", payload=told, now=now, due_at=due_at)


def draw_papers(session: Session, payload: Mapping[str, Any], now: datetime) -> None:
    """Draw a batch and promise the next."""
    where = {name: payload[name] for name in ("cohort_id", "step_id", "after")}
    try:
        drawn = draw_ahead(session, **where, rng=secrets.SystemRandom(), now=now)
    except (Conflict, NotFound):
        # Nothing to draw from, or the quiz was taken away: whoever begins is told.
        return
    if drawn.last_id is not None:
        _promise(session, {**payload, "after": drawn.last_id}, now=now)


def plan_discarding(session: Session, now: datetime) -> int:
    """Promise to throw away papers nobody began, if there are any; at most once a day."""
    key = f"discard_papers:{now.date().isoformat()}"
    is_old = Attempt.state == "drawn", Attempt.started_at < now - KEEP
    if session.scalar(select(Job.id).where(Job.key == key)) is not None:
        return 0
    if session.scalar(select(Attempt.id).where(*is_old).limit(1)) is None:
        return 0
    return int(enqueue(session, "discard_papers", key=key, now=now))


def discard_papers(session: Session, _payload: Mapping[str, Any], now: datetime) -> None:
    """Throw away papers nobody began."""
    begin_write(session)
    session.execute(delete(Attempt).where(Attempt.state == "drawn", Attempt.started_at < now - KEEP))


DRAW_PAPERS = Kind("draw_papers", draw_papers)
DISCARD_PAPERS = Kind("discard_papers", discard_papers, plan=plan_discarding)
