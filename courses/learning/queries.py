"""Reads: outline, progress, lessons, who is where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from courses.catalogue.models import Lesson
from courses.catalogue.tree import get_tree
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion, Progress
from courses.learning.outline import Outline, StepState, build_outline
from lms.core.accounts.models import User
from lms.core.errors import NotFound

PAGE_SIZE = 100
"""People on one page of who is where; a hall has 25 to 50."""


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


@dataclass(frozen=True)
class CohortCounts:
    """The head figures of who is where, over all active people of a cohort."""

    people: int
    online: int
    # Never signed in.
    absent: int
    finished: int


def count_whereabouts(session: Session, cohort_id: int, *, online_since: datetime) -> CohortCounts:
    """Return the head figures of who is where, in one query."""
    query = (
        select(
            func.count(),
            func.count().filter(User.last_seen_at >= online_since),
            func.count().filter(User.last_seen_at.is_(None)),
            func.count(Completion.enrolment_id),
        )
        .select_from(Enrolment)
        .join(Enrolment.user)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active")
    )
    return CohortCounts(*session.execute(query).one())


def list_whereabouts(
    session: Session, cohort: Cohort, *, now: datetime, after: int | None = None
) -> list[Whereabouts]:
    """Return one page and one more of the active trainees of a cohort and where they are.

    Those who did least come first and those who finished last. ``after`` is the enrolment id of the last
    person of the page before.
    """
    tree = get_tree(session, cohort.edition_id)
    rows = session.execute(_by_place(session, cohort.id, after)).all()
    progress = _progress_of(session, Progress.enrolment_id.in_([enrolment.id for enrolment, _ in rows]))
    found = []
    for enrolment, completed_at in rows:
        outline = build_outline(tree, cohort, progress[enrolment.id], now=now)
        found.append(
            Whereabouts(
                enrolment=enrolment,
                done_count=outline.done_count,
                step_count=outline.step_count,
                current=outline.next_step,
                last_seen_at=enrolment.user.last_seen_at,
                completed_at=completed_at,
            )
        )
    return found


def _by_place(session: Session, cohort_id: int, after: int | None) -> Select[Enrolment, datetime]:
    done = (
        select(func.count())
        .where(Progress.enrolment_id == Enrolment.id, Progress.completed_at.is_not(None))
        .correlate(Enrolment)
        .scalar_subquery()
    )
    finished = case((Completion.enrolment_id.is_(None), 0), else_=1)
    place = (finished, done, Enrolment.name_folded, Enrolment.id)
    completion = Completion.enrolment_id == Enrolment.id
    query = (
        select(Enrolment, Completion.completed_at)
        .outerjoin(Completion, completion)
        .where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active")
        .options(joinedload(Enrolment.user, innerjoin=True))
        .order_by(*place)
        .limit(PAGE_SIZE + 1)
    )
    if after is not None:
        before = select(*place).select_from(Enrolment).outerjoin(Completion, completion)
        last = session.execute(before.where(Enrolment.id == after, Enrolment.cohort_id == cohort_id)).first()
        query = query.where(tuple_(*place) > tuple_(*last)) if last else query
    return query


def _progress_of(session: Session, condition: ColumnElement[bool]) -> dict[int, dict[int, Progress]]:
    found: dict[int, dict[int, Progress]] = defaultdict(dict)
    for row in session.scalars(select(Progress).where(condition)):
        found[row.enrolment_id][row.step_id] = row
    return found
