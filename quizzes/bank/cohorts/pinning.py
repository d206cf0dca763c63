"""Which version of each quiz a cohort runs on. Sittings that have begun keep theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.orm import Session

from courses.catalogue.models import Course, Edition, Step
from courses.cohorts.models import Cohort
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from quizzes.bank.models import CohortQuiz, Quiz, QuizVersion


def pin_edition(session: Session, cohort_id: int, *, now: datetime, actor_id: int | None) -> None:
    """Pin, for every quiz of the cohort's edition, the newest version published for its law date.

    Raises:
        Conflict: a quiz of the edition has no such version.
    """
    begin_write(session)
    cohort = _get_cohort(session, cohort_id)
    edition = session.get_one(Edition, cohort.edition_id)
    keys = set(_list_quiz_keys(session, edition))
    versions = _newest_versions(session, cohort, edition, keys)
    missing = keys - set(versions)
    if missing:
        raise Conflict(
            _l(
                "This edition has quizzes without a published version: %(keys)s.",
                keys=", ".join(sorted(missing)),
            )
        )
    pinned = {row.quiz_id: row for row in session.scalars(_pins_of(cohort_id))}
    for version in versions.values():
        _pin(session, cohort_id, version, pinned.get(version.quiz_id), now=now, actor_id=actor_id)
    session.flush()


def pin_version(
    session: Session, actor_id: int, *, cohort_id: int, version_id: int, now: datetime
) -> CohortQuiz:
    """Let a cohort run on another published version of a quiz it has.

    Raises:
        NotFound: no such cohort or version, or the version is of another branch or law date.
        Conflict: the version is no published one, the cohort has no such quiz, or it runs on it already.
    """
    begin_write(session)
    cohort = _get_cohort(session, cohort_id)
    version = session.get(QuizVersion, version_id)
    if version is None or version.branch_id not in (None, cohort.branch_id):
        raise NotFound
    if version.as_of != session.get_one(Edition, cohort.edition_id).as_of:
        raise NotFound
    pin = session.get(CohortQuiz, (cohort_id, version.quiz_id), with_for_update=True)
    if version.status != "published" or pin is None:
        raise Conflict(_l("This version cannot be used in this cohort."))
    if pin.quiz_version_id == version.id:
        raise Conflict(_l("The cohort already runs on this version."))
    before = pin.quiz_version_id
    _pin(session, cohort_id, version, pin, now=now, actor_id=actor_id)
    record(
        session,
        "cohort_quiz.moved",
        at=now,
        actor_id=actor_id,
        object_type="cohort",
        object_id=cohort_id,
        branch_id=cohort.branch_id,
        quiz_id=version.quiz_id,
        from_version_id=before,
        to_version_id=version.id,
    )
    session.flush()
    return pin


def _pin(
    session: Session,
    cohort_id: int,
    version: QuizVersion,
    pin: CohortQuiz | None,
    *,
    now: datetime,
    actor_id: int | None,
) -> None:
    if pin is None:
        pin = CohortQuiz(cohort_id=cohort_id, quiz_id=version.quiz_id)
        session.add(pin)
    pin.quiz_version_id = version.id
    pin.pinned_at = now
    pin.pinned_by_id = actor_id


def _get_cohort(session: Session, cohort_id: int) -> Cohort:
    cohort = session.get(Cohort, cohort_id)
    if cohort is None:
        raise NotFound
    return cohort


def _pins_of(cohort_id: int) -> Select[CohortQuiz]:
    return select(CohortQuiz).where(CohortQuiz.cohort_id == cohort_id)


def _list_quiz_keys(session: Session, edition: Edition) -> Iterable[str]:
    query = (
        select(Course.slug + "/" + Step.path)
        .join(Edition, Edition.course_id == Course.id)
        .join(Step, Step.edition_id == Edition.id)
        .where(Edition.id == edition.id, Step.kind == "quiz", Step.is_extra.is_(False))
    )
    return session.scalars(query)


def _newest_versions(
    session: Session, cohort: Cohort, edition: Edition, keys: set[str]
) -> dict[str, QuizVersion]:
    """Return by quiz key the newest published version this cohort may run on."""
    usable = (
        QuizVersion.status == "published",
        QuizVersion.as_of == edition.as_of,
        or_(QuizVersion.branch_id.is_(None), QuizVersion.branch_id == cohort.branch_id),
    )
    newest = (
        select(QuizVersion.quiz_id, func.max(QuizVersion.number).label("number"))
        .where(*usable)
        .group_by(QuizVersion.quiz_id)
        .subquery()
    )
    query = (
        select(Quiz.key, QuizVersion)
        .join(QuizVersion, QuizVersion.quiz_id == Quiz.id)
        .join(newest, (newest.c.quiz_id == QuizVersion.quiz_id) & (newest.c.number == QuizVersion.number))
        .where(Quiz.key.in_(keys) if keys else ~true())
    )
    return dict(session.execute(query).all())
