"""Changes: a step is done, a result came in, the course is complete."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update
from sqlalchemy.orm import Session, joinedload

from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion, Progress
from courses.learning.outline import Outline, StepState
from courses.learning.queries import get_outline, list_outlines
from courses.learning.signals import CourseCompleted, send_course_completed
from courses.learning.wording import lock_text
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound


def require_open(session: Session, enrolment: Enrolment, step_id: int, *, now: datetime) -> StepState:
    """Return the state of a step this trainee may work on now.

    Raises:
        NotFound: the step is not of this course.
        Conflict: it is locked; the message says what opens it.
    """
    step = get_outline(session, enrolment, now=now).find(step_id)
    if step is None:
        raise NotFound
    if step.lock is not None:
        raise Conflict(lock_text(step.lock))
    return step


def finish_lesson(session: Session, enrolment_id: int, step_id: int, *, now: datetime) -> None:
    """Mark a lesson as read; again changes nothing.

    Raises:
        NotFound: no such lesson in this course.
        Conflict: it is locked.
    """
    begin_write(session)
    enrolment = _lock_enrolment(session, enrolment_id)
    step = require_open(session, enrolment, step_id, now=now)
    if step.kind != "lesson":
        raise NotFound
    record_result(session, enrolment_id, step_id, percent=None, is_done=True, attempts_used=0, now=now)


@dataclass(frozen=True)
class Result:
    """What counts of a step for one person; the fields are those of :func:`record_result`."""

    enrolment_id: int
    step_id: int
    percent: Decimal | None
    is_done: bool
    attempts_used: int
    percent_shown: str = "after_submit"


def record_result(
    session: Session,
    enrolment_id: int,
    step_id: int,
    *,
    percent: Decimal | None,
    is_done: bool,
    attempts_used: int,
    now: datetime,
    came_at: datetime | None = None,
    percent_shown: str = "after_submit",
) -> None:
    """Keep what counts of a step, and complete the course when that was the last thing missing.

    Who was withdrawn keeps the result and completes nothing.

    Args:
        came_at: when the result came to be, if earlier than ``now``: a sitting whose time ran out.
        percent: what counts so far, 0–100; None for a lesson.
        is_done: whether the step is done by its own rule; once done it stays done.
        attempts_used: sittings so far.
        percent_shown: when its person reads it, as in `Progress.percent_shown`.
    """
    result = Result(enrolment_id, step_id, percent, is_done, attempts_used, percent_shown)
    record_results(session, [result], now=now, came_at=came_at)


def record_results(
    session: Session, results: Sequence[Result], *, now: datetime, came_at: datetime | None = None
) -> None:
    """Keep many results as :func:`record_result` keeps one, in a number of statements that does not grow.

    Only who completes the course by it costs some more, for what listens: the certificate.

    Args:
        results: at most one for each person and step.

    Raises:
        NotFound: there is no such enrolment.
    """
    begin_write(session)
    people = _lock_enrolments(session, {result.enrolment_id for result in results})
    _store(session, results, came_at or now)
    done = {result.enrolment_id for result in results if result.is_done}
    able = [person for person in people if person.id in done and person.status == "active"]
    if able:
        _complete_where_enough(session, able, came_at or now, now=now)


def complete_where_enough(session: Session, people: Sequence[Enrolment], *, now: datetime) -> None:
    """Complete the course of those of ``people`` who miss nothing any more, inside the open transaction."""
    begin_write(session)
    ids = {person.id for person in people}
    if ids:
        _complete_where_enough(session, _lock_enrolments(session, ids), now, now=now)


def confirm_name(session: Session, enrolment_id: int, *, correction: str, now: datetime) -> None:
    """Take the roster's name onto the certificate; ``correction``, if any, asks the organiser to mend it."""
    begin_write(session)
    enrolment = _lock_enrolment(session, enrolment_id)
    session.execute(
        update(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .values(
            certificate_name=enrolment.certificate_name or enrolment.name,
            name_confirmed_at=now,
            correction_request=correction or enrolment.correction_request,
        )
    )


def _lock_enrolment(session: Session, enrolment_id: int) -> Enrolment:
    """Return the enrolment under a row lock: results of one person are counted one after another."""
    return _lock_enrolments(session, {enrolment_id})[0]


def _lock_enrolments(session: Session, ids: Collection[int]) -> Sequence[Enrolment]:
    """Return enrolments under row locks, taken in the order of their numbers: none waits in a circle."""
    people = session.scalars(_enrolments_to_lock(), {"enrolments": sorted(ids)}).all()
    if len(people) < len(ids):
        raise NotFound
    return people


@cache
def _enrolments_to_lock() -> Select[Enrolment]:
    return (
        select(Enrolment)
        .where(Enrolment.id.in_(bindparam("enrolments", expanding=True)))
        .order_by(Enrolment.id)
        .options(joinedload(Enrolment.cohort, innerjoin=True).joinedload(Cohort.edition, innerjoin=True))
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )


def _store(session: Session, results: Sequence[Result], came_at: datetime) -> None:
    """Write what counts: one statement for steps met before, one for the others."""
    rows = session.scalars(
        _progress_to_change(),
        {"enrolments": [one.enrolment_id for one in results], "steps": [one.step_id for one in results]},
    )
    known = {(row.enrolment_id, row.step_id): row for row in rows}
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for result in results:
        row = known.get((result.enrolment_id, result.step_id))
        if row is None:
            added.append(_values(result, None, came_at) | {"opened_at": came_at})
        else:
            changed.append(_values(result, row.completed_at, came_at))
            session.expire(row)
    if added:
        session.execute(insert(Progress), added)
    if changed:
        session.execute(update(Progress), changed)


def _values(result: Result, completed_at: datetime | None, came_at: datetime) -> dict[str, Any]:
    """Return the columns of a result; a step that was done stays done since then."""
    values = vars(result).copy()
    is_done = values.pop("is_done")
    return values | {"completed_at": completed_at or (came_at if is_done else None)}


@cache
def _progress_to_change() -> Select[Progress]:
    return (
        select(Progress)
        .where(Progress.enrolment_id.in_(bindparam("enrolments", expanding=True)))
        .where(Progress.step_id.in_(bindparam("steps", expanding=True)))
        .execution_options(populate_existing=True)
    )


def _complete_where_enough(
    session: Session, people: Sequence[Enrolment], completed_at: datetime, *, now: datetime
) -> None:
    """Complete the course of those who miss nothing any more, and tell of each."""
    found = zip(people, list_outlines(session, people, now=now), strict=True)
    able = {person.id: (person, outline) for person, outline in found if _has_all(person, outline)}
    if not able:
        return
    before = session.scalars(select(Completion.enrolment_id).where(Completion.enrolment_id.in_(able)))
    for enrolment_id in before:
        del able[enrolment_id]
    session.add_all(_completion(*one, completed_at=completed_at) for one in able.values())
    session.flush()
    for enrolment_id in able:
        event = CourseCompleted(enrolment_id=enrolment_id, completed_at=completed_at, told_at=now)
        send_course_completed(session, event)


def _has_all(person: Enrolment, outline: Outline) -> bool:
    return not outline.missing(person.cohort.edition.requirements)


def _completion(person: Enrolment, outline: Outline, *, completed_at: datetime) -> Completion:
    evidence = _evidence(outline, person.cohort.edition.requirements)
    return Completion(enrolment_id=person.id, completed_at=completed_at, evidence=evidence)


def _evidence(outline: Outline, requirements: list[Any]) -> dict[str, Any]:
    return {
        "requirements": requirements,
        "steps": [
            {"path": step.path, "percent": None if step.percent is None else str(step.percent)}
            for step in outline.steps()
            if step.is_done
        ],
    }
