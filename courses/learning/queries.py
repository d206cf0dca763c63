"""Reads: outline, progress, lessons, who is where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Select, bindparam, case, func, literal, select, tuple_
from sqlalchemy.orm import Session, joinedload

from courses.catalogue.models import Lesson
from courses.catalogue.tree import Tree, get_tree
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion, Progress
from courses.learning.outline import Outline, StepState, build_outline
from lms.core.accounts.models import User
from lms.core.errors import NotFound

KEPT_TEXTS = 200
"""Lessons kept in memory, 12 KB each; a course has some sixty."""
PAGE_SIZE = 100
"""People on one page of who is where; a hall has 25 to 50."""


def get_own_tree(session: Session, cohort: Cohort) -> Tree:
    """Return the tree of a cohort: that of its edition, and what the cohort was given beside it."""
    return get_tree(session, cohort.edition_id, extra=cohort.extra_steps)


def get_outline(session: Session, enrolment: Enrolment, *, now: datetime) -> Outline:
    """Return the course as this trainee sees it now."""
    tree = get_own_tree(session, enrolment.cohort)
    rows = session.scalars(_progress(), {"enrolment": enrolment.id})
    return build_outline(tree, enrolment.cohort, {row.step_id: row for row in rows}, now=now)


@cache
def _progress() -> Select[Progress]:
    return select(Progress).where(Progress.enrolment_id == bindparam("enrolment"))


def list_outlines(session: Session, enrolments: Sequence[Enrolment], *, now: datetime) -> list[Outline]:
    """Return the courses of several enrolments, in their order; the editions are in memory by and by."""
    progress = _progress_of(session, Progress.enrolment_id.in_([enrolment.id for enrolment in enrolments]))
    return [
        build_outline(
            get_own_tree(session, enrolment.cohort), enrolment.cohort, progress[enrolment.id], now=now
        )
        for enrolment in enrolments
    ]


def get_lesson_html(session: Session, step_id: int, *, is_published: bool = False) -> str:
    """Return the text of a lesson step as it was rendered at the edition's law date.

    Args:
        is_published: whether its edition is, which never changes; then it is read once for the process.

    Raises:
        NotFound: the step is no lesson.
    """
    bind = session.get_bind()
    known = _texts.setdefault(bind if isinstance(bind, Engine) else bind.engine, {})
    html = known.get(step_id) or session.scalar(_lesson_html(), {"step": step_id})
    if html is None:
        raise NotFound
    if is_published:
        if len(known) >= KEPT_TEXTS:
            known.clear()
        known[step_id] = html
    return html


_texts: WeakKeyDictionary[Engine, dict[int, str]] = WeakKeyDictionary()


@cache
def _lesson_html() -> Select[str]:
    return select(Lesson.html).where(Lesson.step_id == bindparam("step"))


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
    # Answers that came after the end of a quiz.
    late: int = 0


def count_whereabouts(
    session: Session, cohort_id: int, *, online_since: datetime, late: ColumnElement[int] | None = None
) -> CohortCounts:
    """Return the head figures of who is where, in one query.

    ``late`` counts the answers of the cohort that came too late: the quizzes, a floor above, know how.
    """
    query = (
        select(
            func.count(),
            func.count().filter(User.last_seen_at >= online_since),
            func.count().filter(User.last_seen_at.is_(None)),
            func.count(Completion.enrolment_id),
            literal(0) if late is None else late,
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
    tree = get_own_tree(session, cohort)
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
