"""What a lesson needs to know of who reads it: two plain statements, because lessons are opened most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Dialect, bindparam, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.catalogue.tree import get_tree
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Progress
from courses.learning.outline import Outline, build_outline
from lms.core.db import connection_of
from lms.core.errors import NotFound
from lms.core.statements import Prepared


@dataclass(frozen=True)
class Reading:
    """Somebody's course as it is read now."""

    enrolment_id: int
    # The law is told as of this day.
    as_of: date
    # Whether the edition is, which then never changes.
    is_published: bool
    outline: Outline


def get_reading(session: Session, enrolment_id: int, *, user_id: int, now: datetime) -> Reading:
    """Return the course of a person's own active enrolment as it stands in the database.

    Raises:
        NotFound: there is none, it is somebody else's, or the person was withdrawn.
    """
    connection = connection_of(session)
    values = {"enrolment": enrolment_id, "user": user_id}
    found = _terms(connection.dialect).rows(connection, values)
    if not found:
        raise NotFound
    terms = found[0]
    progress = _progress(connection.dialect).rows(connection, {"enrolment": enrolment_id})
    tree = get_tree(session, terms.edition_id, extra=terms.extra_steps)
    outline = build_outline(tree, terms, {row.step_id: row for row in progress}, now=now)
    return Reading(enrolment_id, terms.as_of, terms.status == "published", outline)


@cache
def _terms(dialect: Dialect) -> Prepared:
    """Return the query of the cohort's dates, for whom they hold."""
    enrolment, cohort, edition = (model.__table__.c for model in (Enrolment, Cohort, Edition))
    query = (
        select(cohort.starts_on, cohort.ends_on, cohort.time_zone, cohort.edition_id, cohort.extra_steps)
        .add_columns(edition.as_of, edition.status)
        .select_from(Enrolment.__table__)
        .join(Cohort.__table__, cohort.id == enrolment.cohort_id)
        .join(Edition.__table__, edition.id == cohort.edition_id)
        .where(enrolment.id == bindparam("enrolment"), enrolment.user_id == bindparam("user"))
        .where(enrolment.status == "active")
    )
    return Prepared(query, dialect)


@cache
def _progress(dialect: Dialect) -> Prepared:
    """Return the query of what somebody has done, by step."""
    done = Progress.__table__.c
    query = select(done.step_id, done.completed_at, done.percent, done.percent_shown, done.attempts_used)
    return Prepared(query.where(done.enrolment_id == bindparam("enrolment")), dialect)
