"""Changes: a step is done, a result came in, the course is complete."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion, Progress
from courses.learning.outline import Outline, StepState
from courses.learning.queries import get_outline
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
) -> None:
    """Keep what counts of a step, and complete the course when that was the last thing missing.

    Who was withdrawn keeps the result and completes nothing.

    Args:
        came_at: when the result came to be, if earlier than ``now``: a sitting whose time ran out.
        percent: what counts so far, 0–100; None for a lesson.
        is_done: whether the step is done by its own rule; once done it stays done.
        attempts_used: sittings so far.
    """
    begin_write(session)
    enrolment = _lock_enrolment(session, enrolment_id)
    row = session.get(Progress, (enrolment_id, step_id), populate_existing=True)
    if row is None:
        row = Progress(enrolment_id=enrolment_id, step_id=step_id, opened_at=came_at or now, attempts_used=0)
        session.add(row)
    row.percent, row.attempts_used = percent, attempts_used
    if is_done and row.completed_at is None:
        row.completed_at = came_at or now
    session.flush()
    if is_done and enrolment.status == "active":
        _complete_if_enough(session, enrolment, came_at or now, now=now)


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
    query = (
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .options(joinedload(Enrolment.cohort, innerjoin=True).joinedload(Cohort.edition, innerjoin=True))
        .with_for_update(of=Enrolment)
        .execution_options(populate_existing=True)
    )
    enrolment = session.scalar(query)
    if enrolment is None:
        raise NotFound
    return enrolment


def _complete_if_enough(
    session: Session, enrolment: Enrolment, completed_at: datetime, *, now: datetime
) -> None:
    outline = get_outline(session, enrolment, now=now)
    requirements = enrolment.cohort.edition.requirements
    if outline.missing(requirements) or session.get(Completion, enrolment.id) is not None:
        return
    session.add(
        Completion(
            enrolment_id=enrolment.id,
            completed_at=completed_at,
            evidence=_evidence(outline, requirements),
        )
    )
    session.flush()
    event = CourseCompleted(enrolment_id=enrolment.id, completed_at=completed_at, told_at=now)
    send_course_completed(session, event)


def _evidence(outline: Outline, requirements: list[Any]) -> dict[str, Any]:
    return {
        "requirements": requirements,
        "steps": [
            {"path": step.path, "percent": None if step.percent is None else str(step.percent)}
            for step in outline.steps()
            if step.is_done
        ],
    }
