"""Reads: outline, progress, lessons, who is where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from courses.catalogue.models import Lesson
from courses.catalogue.tree import get_tree
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion, Progress
from courses.learning.outline import Outline, StepState, build_outline
from lms.core.errors import NotFound


def get_outline(session: Session, enrolment: Enrolment, *, now: datetime) -> Outline:
    """Return the course as this trainee sees it now."""
    tree = get_tree(session, enrolment.cohort.edition_id)
    rows = session.scalars(select(Progress).where(Progress.enrolment_id == enrolment.id))
    return build_outline(tree, enrolment.cohort, {row.step_id: row for row in rows}, now=now)


def list_outlines(session: Session, enrolments: Sequence[Enrolment], *, now: datetime) -> list[Outline]:
    """Return the courses of several enrolments, in their order; the editions are in memory by and by."""
    progress = _progress_of(session, Progress.enrolment_id.in_([enrolment.id for enrolment in enrolments]))
    return [
        build_outline(
            get_tree(session, enrolment.cohort.edition_id), enrolment.cohort, progress[enrolment.id], now=now
        )
        for enrolment in enrolments
    ]


def get_lesson(session: Session, step_id: int) -> Lesson:
    """Return the lesson of a step.

    Raises:
        NotFound: the step is no lesson.
    """
    lesson = session.get(Lesson, step_id)
    if lesson is None:
        raise NotFound
    return lesson


def find_completion(session: Session, enrolment_id: int) -> Completion | None:
    """Return the completion of an enrolment, or None."""
    return session.get(Completion, enrolment_id)


def list_own_enrolments(session: Session, user_id: int) -> list[Enrolment]:
    """Return a person's active enrolments, the newest cohort first."""
    query = (
        select(Enrolment)
        .join(Enrolment.cohort)
        .where(Enrolment.user_id == user_id, Enrolment.status == "active")
        .options(joinedload(Enrolment.cohort).joinedload(Cohort.edition))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(20)
    )
    return list(session.scalars(query))


@dataclass(frozen=True)
class Whereabouts:
    """Where somebody is in the course; `current` is None when everything open is done."""

    enrolment: Enrolment
    done_count: int
    step_count: int
    current: StepState | None
    last_seen_at: datetime | None
    completed_at: datetime | None


def list_whereabouts(session: Session, cohort: Cohort, *, now: datetime) -> list[Whereabouts]:
    """Return for every active trainee of a cohort where they are, in a constant number of queries."""
    tree = get_tree(session, cohort.edition_id)
    enrolments = session.scalars(
        select(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.status == "active")
        .options(joinedload(Enrolment.user, innerjoin=True))
        .order_by(Enrolment.name_folded, Enrolment.id)
    ).all()
    here = select(Enrolment.id).where(Enrolment.cohort_id == cohort.id)
    progress = _progress_of(session, Progress.enrolment_id.in_(here))
    completed = _completions_of_cohort(session, cohort.id)
    found = []
    for enrolment in enrolments:
        outline = build_outline(tree, cohort, progress[enrolment.id], now=now)
        found.append(
            Whereabouts(
                enrolment=enrolment,
                done_count=outline.done_count,
                step_count=outline.step_count,
                current=outline.next_step,
                last_seen_at=enrolment.user.last_seen_at,
                completed_at=completed.get(enrolment.id),
            )
        )
    return found


def _progress_of(session: Session, condition: ColumnElement[bool]) -> dict[int, dict[int, Progress]]:
    found: dict[int, dict[int, Progress]] = defaultdict(dict)
    for row in session.scalars(select(Progress).where(condition)):
        found[row.enrolment_id][row.step_id] = row
    return found


def _completions_of_cohort(session: Session, cohort_id: int) -> dict[int, datetime]:
    rows = session.scalars(select(Completion).join(Enrolment).where(Enrolment.cohort_id == cohort_id))
    return {row.enrolment_id: row.completed_at for row in rows}
