"""Changes of cohorts; who is in them: `enrolling`. Views and commands commit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from courses.catalogue.models import Edition
from courses.cohorts.models import Cohort, Mode
from courses.cohorts.queries import list_sessions
from courses.cohorts.signals import CohortCreated, send_cohort_created
from lms.core.accounts.models import Branch
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Invalid, NotFound


def create_cohort(
    session: Session,
    actor_id: int | None,
    *,
    branch_id: int,
    edition_id: int,
    name: str,
    place: str,
    time_zone: str,
    starts_on: date,
    ends_on: date,
    now: datetime,
    mode: str = Mode.IN_PERSON,
    is_demo: bool = False,
) -> Cohort:
    """Set up a cohort on a published edition and tell the floors above; those of a demo branch are demo.

    Raises:
        Invalid: the branch or a published edition of that number is not there, or the days run backwards.
    """
    begin_write(session)
    branch = _get_branch(session, branch_id)
    _check_edition(session, edition_id)
    _check_days(starts_on, ends_on)
    cohort = Cohort(
        branch_id=branch_id,
        edition_id=edition_id,
        name=name,
        place=place,
        mode=mode,
        time_zone=time_zone,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=now,
        is_demo=is_demo or branch.is_demo,
    )
    session.add(cohort)
    session.flush()
    _record(session, "cohort.created", cohort, actor_id=actor_id, now=now, name=name, edition_id=edition_id)
    send_cohort_created(
        session, CohortCreated(cohort_id=cohort.id, edition_id=edition_id, created_at=now, actor_id=actor_id)
    )
    return cohort


def change_cohort(
    session: Session,
    actor_id: int | None,
    *,
    cohort_id: int,
    name: str,
    place: str,
    time_zone: str,
    starts_on: date,
    ends_on: date,
    now: datetime,
    mode: str | None = None,
) -> Cohort:
    """Change name, place, mode, zone or days; the edition stays, moving to another one is an act of its own.

    Without ``mode`` that stays. The timetable moves along: sessions stay on their day of the training and at
    their time of day.

    Raises:
        NotFound: no such cohort.
        Invalid: the days run backwards, or would end before the timetable does.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    _check_days(starts_on, ends_on)
    _move_sessions(session, cohort, days=starts_on - cohort.starts_on, time_zone=time_zone, ends_on=ends_on)
    cohort.name, cohort.place, cohort.mode, cohort.time_zone = name, place, mode or cohort.mode, time_zone
    cohort.starts_on, cohort.ends_on = starts_on, ends_on
    _record(session, "cohort.changed", cohort, actor_id=actor_id, now=now, name=name)
    session.flush()
    return cohort


def lock_cohort(session: Session, cohort_id: int) -> Cohort:
    """Return a cohort under a row lock: who changes it, its people or its timetable waits for the other.

    Raises:
        NotFound: no such cohort.
    """
    query = (
        select(Cohort)
        .where(Cohort.id == cohort_id)
        .options(joinedload(Cohort.edition, innerjoin=True))
        .with_for_update(of=Cohort)
        .execution_options(populate_existing=True)
    )
    cohort = session.scalar(query)
    if cohort is None:
        raise NotFound
    return cohort


def _move_sessions(
    session: Session, cohort: Cohort, *, days: timedelta, time_zone: str, ends_on: date
) -> None:
    """Move the timetable by so many days and read its times of day in the new zone."""
    old, new = ZoneInfo(cohort.time_zone), ZoneInfo(time_zone)
    for slot in list_sessions(session, cohort.id):
        starts_at = (slot.starts_at.astimezone(old) + days).replace(tzinfo=new)
        if starts_at.date() > ends_on:
            raise Invalid(
                _l("The timetable goes on after this day: remove its last sessions first."), field="ends_on"
            )
        slot.ends_at = starts_at + (slot.ends_at - slot.starts_at)
        slot.starts_at = starts_at


def _get_branch(session: Session, branch_id: int) -> Branch:
    branch = session.get(Branch, branch_id)
    if branch is None:
        raise Invalid(_l("Choose a branch office from the list."), field="branch_id")
    return branch


def _check_edition(session: Session, edition_id: int) -> None:
    edition = session.get(Edition, edition_id)
    if edition is None or edition.status != "published":
        raise Invalid(_l("Choose a published edition from the list."), field="edition_id")


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid(_l("The last day lies before the first day."), field="ends_on")


def _record(
    session: Session,
    action: str,
    cohort: Cohort,
    *,
    actor_id: int | None,
    now: datetime,
    **details: object,
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
