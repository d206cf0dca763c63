"""Quizzes a cohort is given beside its edition: a published one of the bank as one more step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, delete, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from courses.catalogue.extra_steps import add_extra_step
from courses.catalogue.scenarios import FOLDER
from courses.catalogue.tree import Tree
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.services import lock_cohort
from courses.learning.queries import get_own_tree
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.attempts.models import Attempt, JointStart
from quizzes.bank.models import CohortQuiz, Purpose, Quiz, QuizSlot, QuizVersion

GIVEN_FOR = (Purpose.PRACTICE, Purpose.MODULE, Purpose.REFRESHER)
"""Pretest and posttest are the edition's: what is learned between them is measured alike everywhere."""
RELEASES: Mapping[str, LazyString] = {
    "day": _l("With the day of its module"),
    "now": _l("From the first day on"),
    "after": _l("When the step before it is done"),
}
"""When a given quiz opens."""
MOST = 100
"""Quizzes on offer; a branch office has some dozens."""


def list_givable(session: Session, cohort: Cohort) -> list[QuizVersion]:
    """Return the newest usable version of each quiz the cohort has not, with its quiz; the newest first."""
    taken = {f"{cohort.edition.course.slug}/{step.path}" for step in get_own_tree(session, cohort).steps()}
    other = aliased(QuizVersion)
    newest = (
        select(func.max(other.number))
        .where(other.quiz_id == QuizVersion.quiz_id, *_may_run(other, cohort))
        .correlate(QuizVersion)
        .scalar_subquery()
    )
    query = _usable(cohort).where(QuizVersion.number == newest, Quiz.key.not_in(taken)).limit(MOST)
    return list(session.scalars(query))


def give_quiz(
    session: Session,
    actor_id: int,
    *,
    cohort_id: int,
    version_id: int,
    folder: str,
    release: str,
    now: datetime,
) -> int:
    """Put a published quiz at the end of a module, for this cohort alone; return the number of the step.

    Completing the course never asks for it, and certificates do not speak of it.

    Args:
        folder: of the module.
        release: a key of `RELEASES`.

    Raises:
        NotFound: no such cohort, or no version it may be given.
        Invalid: the edition has no such module.
        Conflict: the cohort has this quiz already.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    version = session.scalar(_usable(cohort).where(QuizVersion.id == version_id))
    if version is None:
        raise NotFound
    tree = get_own_tree(session, cohort)
    path = version.quiz.key.removeprefix(f"{cohort.edition.course.slug}/")
    if path in tree.by_path:
        raise Conflict(_l("This cohort has “%(quiz)s” already.", quiz=version.title))
    step = add_extra_step(
        session,
        edition_id=cohort.edition_id,
        folder=folder,
        path=path,
        title=version.title,
        minutes=_minutes(session, version),
        release=_release(release, _day_of(tree, folder)),
    )
    cohort.extra_steps = [*cohort.extra_steps, step.id]
    session.merge(
        CohortQuiz(
            cohort_id=cohort_id,
            quiz_id=version.quiz_id,
            quiz_version_id=version.id,
            pinned_at=now,
            pinned_by_id=actor_id,
        )
    )
    _note(session, "cohort_quiz.given", cohort, actor_id, now=now, quiz_id=version.quiz_id, step_id=step.id)
    session.flush()
    return step.id


def take_back(session: Session, actor_id: int, *, cohort_id: int, step_id: int, now: datetime) -> None:
    """Take a quiz back from a cohort that nobody has begun yet.

    Raises:
        NotFound: no such cohort, or the step is none it was given.
        Conflict: somebody has begun it.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    step = next((one for one in get_own_tree(session, cohort).steps() if one.id == step_id), None)
    if step is None or not step.is_extra:
        raise NotFound
    key = f"{cohort.edition.course.slug}/{step.path}"
    quiz_id = session.scalars(select(Quiz.id).where(Quiz.key == key)).one()
    # Whoever begins holds this row: from here on nobody does.
    session.get(CohortQuiz, (cohort_id, quiz_id), with_for_update=True)
    theirs = (
        Attempt.enrolment_id.in_(select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)),
        Attempt.quiz_id == quiz_id,
    )
    begun = session.scalar(select(func.count()).where(*theirs, Attempt.state != "drawn"))
    if begun:
        raise Conflict(_l("Somebody has begun this quiz: it stays, and so do the results."))
    session.execute(delete(Attempt).where(*theirs))
    for table in (JointStart, CohortQuiz):
        session.execute(delete(table).where(table.cohort_id == cohort_id, table.quiz_id == quiz_id))
    # The step itself stays, named by nobody: its number must not mean another one to whoever remembers it.
    cohort.extra_steps = [one for one in cohort.extra_steps if one != step_id]
    _note(session, "cohort_quiz.taken_back", cohort, actor_id, now=now, quiz_id=quiz_id, step_id=step_id)
    session.flush()


def _usable(cohort: Cohort) -> Select[QuizVersion]:
    """Select the published versions a cohort could be given, newest quizzes and versions first."""
    return (
        select(QuizVersion)
        .join(QuizVersion.quiz)
        .where(
            *_may_run(QuizVersion, cohort),
            Quiz.key.startswith(f"{cohort.edition.course.slug}/", autoescape=True),
            ~Quiz.key.contains(f"/{FOLDER}/"),
        )
        .options(contains_eager(QuizVersion.quiz))
        .order_by(Quiz.id.desc(), QuizVersion.number.desc())
    )


def _may_run(version: type[QuizVersion], cohort: Cohort) -> tuple[ColumnElement[bool], ...]:
    return (
        version.status == "published",
        version.as_of == cohort.edition.as_of,
        version.purpose.in_(GIVEN_FOR),
        or_(version.branch_id.is_(None), version.branch_id == cohort.branch_id),
    )


def _day_of(tree: Tree, folder: str) -> int:
    """Return the day a module is on.

    Raises:
        Invalid: there is no such module.
    """
    for day in tree.days:
        if any(module.folder == folder for module in day.modules):
            return day.position
    raise Invalid(_l("Choose one from the list."), field="folder")


def _release(release: str, day: int) -> list[dict[str, Any]]:
    rules: dict[str, list[dict[str, Any]]] = {"day": [{"day_begun": day}], "after": [{"after": "previous"}]}
    return rules.get(release, [])


def _minutes(session: Session, version: QuizVersion) -> int:
    """Return how long it takes, as for quizzes of a course folder: its limit, else a minute a question."""
    if version.time_limit_minutes:
        return version.time_limit_minutes
    count = select(func.sum(QuizSlot.draw_count)).where(QuizSlot.quiz_version_id == version.id)
    return int(session.scalar(count) or 0)


def _note(
    session: Session, action: str, cohort: Cohort, actor_id: int, *, now: datetime, **details: int
) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor_id,
        object_type="cohort",
        object_id=cohort.id,
        branch_id=cohort.branch_id,
        **details,
    )
