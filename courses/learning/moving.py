"""A cohort goes on with another edition of its course: what that means for its people, and the act itself.

What people did is kept by the path of its step. What they did on a step the new edition has not is kept, too,
but counts no more; should the cohort be moved back, it counts again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from courses.catalogue.extra_steps import add_extra_step
from courses.catalogue.models import Edition
from courses.catalogue.tree import Tree, TreeStep, get_tree, graft, list_given_of
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.models import Session as Slot
from courses.cohorts.services import lock_cohort
from courses.cohorts.signals import CohortCreated, send_cohort_created
from courses.learning.models import Completion, Progress
from courses.learning.outline import build_outline
from courses.learning.queries import get_own_tree
from courses.learning.services import complete_where_enough
from courses.learning.signals import CohortMoved, send_cohort_moved
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound


@dataclass(frozen=True)
class PersonMove:
    """How far somebody is before and after, and whether the move alone completes the course."""

    name: str
    done_before: int
    done_after: int
    # Titles of done steps that count no more.
    lost: tuple[str, ...]
    completes: bool


@dataclass(frozen=True)
class MoveLook:
    """What a move means, before anybody decides."""

    edition: Edition
    step_count_before: int
    step_count_after: int
    # Titles.
    added: tuple[str, ...]
    removed: tuple[str, ...]
    # Requirements that come and go, each with the title of the quiz it names, if any.
    requirements_added: tuple[tuple[str, str], ...]
    requirements_removed: tuple[tuple[str, str], ...]
    people: tuple[PersonMove, ...]
    # Sessions of the timetable whose module the new edition has not.
    sessions: tuple[str, ...]
    completed_count: int

    @property
    def losing(self) -> tuple[PersonMove, ...]:
        """Those of whose done steps some count no more."""
        return tuple(person for person in self.people if person.lost)

    @property
    def completing(self) -> tuple[PersonMove, ...]:
        """Those who miss nothing any more: they complete the course by the move."""
        return tuple(person for person in self.people if person.completes)


def list_targets(session: Session, cohort: Cohort) -> Sequence[Edition]:
    """Return the published editions a cohort could go on with, the newest first."""
    query = (
        select(Edition)
        .where(Edition.course_id == cohort.edition.course_id, Edition.id != cohort.edition_id)
        .where(Edition.status == "published")
        .order_by(Edition.number.desc())
    )
    return session.scalars(query).all()


def look_at_move(session: Session, cohort: Cohort, *, edition_id: int, now: datetime) -> MoveLook:
    """Return what it means for a cohort to go on with an edition; changes nothing.

    Raises:
        NotFound: it is no published edition of the cohort's course, or the one it is on.
    """
    target = _get_target(session, cohort, edition_id)
    old, new = _trees(session, cohort, target)
    before, after = _titles(old), _titles(new)
    wanted = [_worded(one, before | after) for one in target.requirements]
    had = [_worded(one, before | after) for one in cohort.edition.requirements]
    folders = {module.folder for day in new.days for module in day.modules}
    slots = session.execute(
        select(Slot.title, Slot.module_folder).where(
            Slot.cohort_id == cohort.id, Slot.module_folder.is_not(None)
        )
    )
    return MoveLook(
        edition=target,
        step_count_before=len(before),
        step_count_after=len(after),
        added=tuple(title for path, title in after.items() if path not in before),
        removed=tuple(title for path, title in before.items() if path not in after),
        requirements_added=tuple(one for one in wanted if one not in had),
        requirements_removed=tuple(one for one in had if one not in wanted),
        people=tuple(_people(session, cohort, target, now)),
        sessions=tuple(title for title, folder in slots if folder not in folders),
        completed_count=_count_completed(session, cohort.id),
    )


def move_cohort(
    session: Session, actor_id: int, *, cohort_id: int, from_edition_id: int, edition_id: int, now: datetime
) -> Cohort:
    """Let a cohort go on with another published edition of its course; all of it or nothing.

    Quizzes are pinned to the newest versions of the new law date; sittings that have begun keep theirs. Who
    misses nothing by the new requirements completes the course now.

    Args:
        from_edition_id: the edition the cohort was on when the decision was taken.

    Raises:
        NotFound: no such cohort, or no published edition of its course.
        Conflict: it is on another edition by now, somebody in it has completed the course, or is in the midst
            of a quiz the edition has not.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    if cohort.edition_id != from_edition_id:
        raise Conflict(_l("The cohort is on another edition by now. Look at it once more."))
    target = _get_target(session, cohort, edition_id)
    if _count_completed(session, cohort_id):
        raise Conflict(
            _l("People of this cohort have completed the course; their certificates name its edition.")
        )
    people = session.scalars(
        select(Enrolment).where(Enrolment.cohort_id == cohort_id).order_by(Enrolment.id).with_for_update()
    ).all()
    old = get_own_tree(session, cohort)
    _carry_extra_steps(session, cohort, old, target)
    steps = _mapping(old, get_tree(session, target.id, extra=cohort.extra_steps))
    _carry_progress(session, cohort_id, steps)
    cohort.edition_id = target.id
    session.flush()
    session.refresh(cohort)
    send_cohort_moved(session, CohortMoved(cohort_id, from_edition_id, target.id, steps))
    send_cohort_created(session, CohortCreated(cohort_id, target.id, created_at=now, actor_id=actor_id))
    _note(session, cohort, actor_id, now=now, from_edition_id=from_edition_id, edition_id=target.id)
    complete_where_enough(session, [one for one in people if one.status == "active"], now=now)
    return cohort


def _get_target(session: Session, cohort: Cohort, edition_id: int) -> Edition:
    target = next((one for one in list_targets(session, cohort) if one.id == edition_id), None)
    if target is None:
        raise NotFound
    return target


def _trees(session: Session, cohort: Cohort, target: Edition) -> tuple[Tree, Tree]:
    """Return the tree of a cohort as it is, and as it would be."""
    old = get_own_tree(session, cohort)
    new = get_tree(session, target.id, extra=cohort.extra_steps)
    return old, graft(new, _going_along(cohort, old, new, target))


def _going_along(cohort: Cohort, old: Tree, new: Tree, target: Edition) -> list[tuple[str, TreeStep]]:
    """Return what a cohort was given and takes along: a quiz is of one law date, and stands in a module."""
    if cohort.edition.as_of != target.as_of:
        return []
    folders = {module.folder for day in new.days for module in day.modules}
    return [
        (folder, step)
        for folder, step in list_given_of(old)
        if folder in folders and step.path not in new.by_path
    ]


def _carry_extra_steps(session: Session, cohort: Cohort, old: Tree, target: Edition) -> None:
    """Put what a cohort takes along beside the edition it goes on with."""
    new = get_tree(session, target.id, extra=cohort.extra_steps)
    for folder, step in _going_along(cohort, old, new, target):
        made = add_extra_step(
            session,
            edition_id=target.id,
            folder=folder,
            path=step.path,
            title=step.title,
            minutes=step.minutes,
            release=step.release,
        )
        cohort.extra_steps = [*cohort.extra_steps, made.id]


def _mapping(old: Tree, new: Tree) -> dict[int, int]:
    """Return by number of a step the one that takes its place: of the same path and kind."""
    there = {(step.path, step.kind): step.id for step in new.steps()}
    return {step.id: there[step.path, step.kind] for step in old.steps() if (step.path, step.kind) in there}


def _carry_progress(session: Session, cohort_id: int, steps: Mapping[int, int]) -> None:
    if not steps:
        return
    people = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)
    session.execute(
        update(Progress)
        .where(Progress.enrolment_id.in_(people), Progress.step_id.in_(steps))
        .values(step_id=case(dict(steps), value=Progress.step_id))
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _people(session: Session, cohort: Cohort, target: Edition, now: datetime) -> Iterator[PersonMove]:
    old, new = _trees(session, cohort, target)
    steps, titles = _mapping(old, new), {step.id: step.title for step in old.steps()}
    rows = _progress_of(session, cohort.id)
    for person in _members(session, cohort.id):
        progress = rows.get(person.id, {})
        before = build_outline(old, cohort, progress, now=now)
        kept = {steps.get(step_id, step_id): row for step_id, row in progress.items()}
        after = build_outline(new, cohort, kept, now=now)
        done = (step.step_id for step in before.steps() if step.is_done)
        yield PersonMove(
            name=person.name,
            done_before=before.done_count,
            done_after=after.done_count,
            lost=tuple(titles[step_id] for step_id in done if step_id not in steps),
            completes=not after.missing(target.requirements),
        )


def _members(session: Session, cohort_id: int) -> Sequence[Enrolment]:
    query = select(Enrolment).where(Enrolment.cohort_id == cohort_id, Enrolment.status == "active")
    return session.scalars(query.order_by(Enrolment.name_folded, Enrolment.id)).all()


def _progress_of(session: Session, cohort_id: int) -> dict[int, dict[int, Progress]]:
    found: dict[int, dict[int, Progress]] = {}
    query = select(Progress).join(Enrolment, Enrolment.id == Progress.enrolment_id)
    for row in session.scalars(query.where(Enrolment.cohort_id == cohort_id)):
        found.setdefault(row.enrolment_id, {})[row.step_id] = row
    return found


def _titles(tree: Tree) -> dict[str, str]:
    steps: list[TreeStep] = list(tree.steps())
    return {step.path: step.title for step in steps}


def _worded(requirement: Mapping[str, Any], titles: Mapping[str, str]) -> tuple[str, str]:
    path = str(requirement.get("quiz", ""))
    return str(requirement["kind"]), titles.get(path, path)


def _count_completed(session: Session, cohort_id: int) -> int:
    query = (
        select(func.count())
        .select_from(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(Enrolment.cohort_id == cohort_id)
    )
    return session.scalar(query) or 0


def _note(session: Session, cohort: Cohort, actor_id: int, *, now: datetime, **details: object) -> None:
    record(
        session, "cohort.moved_to_edition", at=now, actor_id=actor_id, object_type="cohort",
        object_id=cohort.id, branch_id=cohort.branch_id, **details,
    )  # fmt: skip
