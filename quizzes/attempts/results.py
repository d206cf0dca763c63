"""Changes: what a sitting earned, and what of it the course is told. One place for every way to a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from courses.learning.services import Result, record_results
from lms.core.errors import NotFound
from quizzes.attempts import queries
from quizzes.attempts.models import Attempt
from quizzes.bank.models import QuizVersion
from quizzes.bank.quiz.showing import showing_of
from quizzes.grading.scoring import Earned, Score, counting, is_done, score
from quizzes.grading.worth import counted
from quizzes.statistics.tallies import tally_papers

_STORED = [field.name for field in fields(Score)]
"""The columns of a sitting that hold its result, named as there."""


def keep_result(
    session: Session, attempt: Attempt, result: Score, *, now: datetime, came_at: datetime | None = None
) -> None:
    """Store the result of a sitting, and tell the course what counts now, in the same transaction.

    While a person must still mark, nothing counts and nothing is done. What was done once stays done: a
    completion or certificate is never taken back from here.

    Args:
        came_at: when the result came to be, if earlier than ``now``: a sitting whose time ran out.
    """
    keep_results(session, [(attempt, result)], now=now, came_at=came_at)


def keep_results(
    session: Session,
    found: Sequence[tuple[Attempt, Score]],
    *,
    now: datetime,
    came_at: datetime | None = None,
) -> None:
    """Store the results of many sittings as :func:`keep_result` does, in statements that do not grow."""
    if not found:
        return
    session.execute(update(Attempt), [_row(attempt, result) for attempt, result in found])
    for attempt, _result in found:
        session.expire(attempt, _STORED)
    # A walk through a scenario has no step: it is kept, and counts for nothing.
    told = [(one, one.step_id) for one, _result in found if one.step_id is not None]
    if told:
        record_results(session, _counting(session, told), now=now, came_at=came_at)


def _row(attempt: Attempt, result: Score) -> dict[str, Any]:
    return {"id": attempt.id, **vars(result)}


def _counting(session: Session, told: Sequence[tuple[Attempt, int]]) -> list[Result]:
    """Return what counts of the steps these sittings are of, one for each person and step."""
    people, quizzes = {one.enrolment_id for one, _step in told}, {one.quiz_id for one, _step in told}
    sittings: dict[tuple[int, int], list[Attempt]] = {}
    for one in session.scalars(_handed_in(), {"enrolments": people, "quizzes": quizzes}):
        sittings.setdefault((one.enrolment_id, one.quiz_id), []).append(one)
    found = {
        (one.enrolment_id, step_id): _result(session, one, step_id, sittings[one.enrolment_id, one.quiz_id])
        for one, step_id in told
    }
    return list(found.values())


@cache
def _handed_in() -> Select[Attempt]:
    """Return the query of every submission, put together once."""
    return (
        select(Attempt)
        .where(Attempt.enrolment_id.in_(bindparam("enrolments", expanding=True)))
        .where(Attempt.quiz_id.in_(bindparam("quizzes", expanding=True)))
        .where(Attempt.state == "submitted")
        .order_by(Attempt.number)
    )


def _result(session: Session, attempt: Attempt, step_id: int, sittings: Sequence[Attempt]) -> Result:
    """Return what counts of all sittings of one person at the quiz of one of them."""
    quiz = session.get_one(QuizVersion, attempt.quiz_version_id)
    scores = [Score(one.marks_earned, one.percent, one.has_passed, one.marks_possible) for one in sittings]
    return Result(
        attempt.enrolment_id,
        step_id,
        percent=counting([one.percent for one in scores], counts=quiz.counts),
        is_done=is_done(scores, counts=quiz.counts, pass_percent=quiz.pass_percent),
        attempts_used=len(sittings),
        percent_shown=showing_of(quiz)["marks"],
    )


def lock_person_of(
    session: Session, attempt_id: int, *, user_id: int | None = None
) -> tuple[Enrolment, Attempt]:
    """Lock the person before the sitting, as every service does: none waits for another in a circle.

    Raises:
        NotFound: there is no such sitting, or it is not ``user_id``'s, or they were withdrawn.
    """
    person = session.scalar(_person_to_lock(), {"attempt": attempt_id})
    if person is None or (user_id is not None and (person.user_id, person.status) != (user_id, "active")):
        raise NotFound
    return person, session.get_one(Attempt, attempt_id, populate_existing=True)


@cache
def _person_to_lock() -> Select[Enrolment]:
    whose = select(Attempt.enrolment_id).where(Attempt.id == bindparam("attempt"))
    query = select(Enrolment).where(Enrolment.id == whose.scalar_subquery()).with_for_update()
    return query.execution_options(populate_existing=True)


def settle(session: Session, attempts: Sequence[Attempt], *, now: datetime) -> None:
    """Work the results and tallies of sittings out anew from all their marks, after some were added.

    The number of statements does not grow with that of the sittings; only who completes the course by it
    costs some more.
    """
    worths = queries.list_worths(session, [attempt.id for attempt in attempts])
    quizzes = {one.id: session.get_one(QuizVersion, one.quiz_version_id) for one in attempts}
    found = [
        (one, score(earned_by(worths[one.id]), pass_percent=quizzes[one.id].pass_percent)) for one in attempts
    ]
    by_item = {item.item_id: item.worth for items in worths.values() for item in items}
    tally_papers(session, [one.id for one in attempts], by_item)
    keep_results(session, found, now=now)


def earned_by(items: Sequence[queries.WorthItem]) -> list[Earned]:
    """Return what makes up the result of a paper."""
    return counted([(item.worth, item.marks) for item in items])
