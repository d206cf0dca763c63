"""The timetable of a cohort: a first draft laid out from the edition, and its changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Edition
from courses.catalogue.queries import get_edition
from courses.cohorts import models
from courses.cohorts.day_plan import Slot, plan_day
from courses.cohorts.models import Cohort, Speaker
from courses.cohorts.queries import get_session, list_sessions
from courses.cohorts.services import lock_cohort
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid

MAX_SESSIONS = 100
"""Slots of one cohort: ten a day for ten days."""


def plan_timetable(edition: Edition, cohort: Cohort) -> list[Slot]:
    """Return a slot for every module, day by day, with breaks; days the cohort does not have are left out."""
    zone = ZoneInfo(cohort.time_zone)
    slots: list[Slot] = []
    for day in edition.days:
        date_ = cohort.starts_on + timedelta(days=day.position - 1)
        if date_ <= cohort.ends_on:
            slots.extend(plan_day(day.modules, datetime.combine(date_, time.min, zone)))
    return slots


def draft_timetable(
    session: Session, actor_id: int | None, *, cohort_id: int, now: datetime
) -> list[models.Session]:
    """Store a first draft made from the modules of the cohort's edition.

    Raises:
        NotFound: no such cohort.
        Conflict: there is a timetable already.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    if list_sessions(session, cohort_id):
        raise Conflict(_l("There is a timetable already. Change its sessions one by one."))
    edition = get_edition(session, cohort.edition_id)
    slots = plan_timetable(edition, cohort)
    rows = [_row(cohort_id, slot) for slot in slots]
    session.add_all(rows)
    session.flush()
    _record(session, "timetable.drafted", cohort, actor_id, now, sessions=len(rows))
    session.flush()
    return rows


def add_session(
    session: Session, actor_id: int | None, *, cohort_id: int, slot: Slot, now: datetime
) -> models.Session:
    """Put one more slot into the timetable.

    Raises:
        NotFound: no such cohort.
        Invalid: outside the cohort's days, ends before it starts, or there are too many; with the field.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    _check(slot, cohort)
    _check_count(session, cohort_id)
    row = _row(cohort_id, slot)
    session.add(row)
    session.flush()
    _record(session, "session.added", cohort, actor_id, now, title=slot.title, session_id=row.id)
    session.flush()
    return row


def change_session(
    session: Session, actor_id: int | None, *, cohort_id: int, session_id: int, slot: Slot, now: datetime
) -> None:
    """Change title, module, times, place and speakers of a slot.

    Raises:
        NotFound: the cohort has no such slot.
        Invalid: as for :func:`add_session`.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    row = get_session(session, session_id, cohort_id=cohort_id)
    _check(slot, cohort)
    row.title, row.module_folder, row.place = slot.title, slot.module_folder, slot.place
    row.starts_at, row.ends_at = slot.starts_at, slot.ends_at
    row.speakers = _speakers(slot.speakers)
    _record(session, "session.changed", cohort, actor_id, now, title=slot.title, session_id=session_id)
    session.flush()


def remove_session(
    session: Session, actor_id: int | None, *, cohort_id: int, session_id: int, now: datetime
) -> None:
    """Take a slot out of the timetable.

    Raises:
        NotFound: the cohort has no such slot (any more).
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    row = get_session(session, session_id, cohort_id=cohort_id)
    title = row.title
    session.execute(delete(Speaker).where(Speaker.session_id == session_id))
    session.execute(delete(models.Session).where(models.Session.id == session_id))
    _record(session, "session.removed", cohort, actor_id, now, title=title, session_id=session_id)
    session.flush()


def _check(slot: Slot, cohort: Cohort) -> None:
    zone = ZoneInfo(cohort.time_zone)
    if not cohort.starts_on <= slot.starts_at.astimezone(zone).date() <= cohort.ends_on:
        raise Invalid(_l("This day is not a day of the cohort."), field="day")
    if slot.ends_at <= slot.starts_at:
        raise Invalid(_l("The session ends before it starts."), field="ends")


def _check_count(session: Session, cohort_id: int) -> None:
    query = select(func.count()).select_from(models.Session).where(models.Session.cohort_id == cohort_id)
    if session.scalars(query).one() >= MAX_SESSIONS:
        raise Invalid(_l("A timetable holds %(count)s sessions at most.", count=MAX_SESSIONS))


def _row(cohort_id: int, slot: Slot) -> models.Session:
    return models.Session(
        cohort_id=cohort_id,
        module_folder=slot.module_folder,
        title=slot.title,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=slot.place,
        speakers=_speakers(slot.speakers),
    )


def _speakers(speakers: Sequence[tuple[str, str]]) -> list[Speaker]:
    return [Speaker(name=name, organisation=organisation) for name, organisation in speakers]


def _record(
    session: Session, action: str, cohort: Cohort, actor_id: int | None, now: datetime, **details: object
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
