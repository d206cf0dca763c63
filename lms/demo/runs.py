"""The two demo cohorts: Madiun 2016, which is over, and one whose second day is today."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from courses.cohorts import enrolling
from courses.cohorts import services as cohorts
from courses.cohorts.roster import Person
from courses.cohorts.timetable import draft_timetable
from lms.core.clock import utc_now
from lms.demo.office import ZONE
from lms.demo.people import list_finished, list_running

FINISHED = "Madiun, Oktober 2016 (demo)"
RUNNING = "Angkatan berjalan (demo)"
MADIUN_DAY = date(2016, 10, 19)
"""First day of the finished cohort, and law date of its edition."""


def make_finished(session: Session, office: tuple[int, int], *, edition_id: int) -> int:
    """Make the cohort of 2016, its people still without results; return its id."""
    return _make_cohort(
        session, office, name=FINISHED, edition_id=edition_id, starts_on=MADIUN_DAY, people=list_finished()
    )


def make_running(session: Session, office: tuple[int, int], *, edition_id: int) -> int:
    """Make the cohort whose second day is today, so that a visitor can go all the way; return its id."""
    yesterday = utc_now().astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    return _make_cohort(
        session, office, name=RUNNING, edition_id=edition_id, starts_on=yesterday, people=list_running()
    )


def _make_cohort(
    session: Session,
    office: tuple[int, int],
    *,
    name: str,
    edition_id: int,
    starts_on: date,
    people: list[Person],
) -> int:
    """Set a cohort up as its organiser would have done a week before."""
    branch_id, organiser_id = office
    now = datetime.combine(starts_on - timedelta(days=7), time(9), ZoneInfo(ZONE)).astimezone(UTC)
    cohort = cohorts.create_cohort(
        session,
        organiser_id,
        branch_id=branch_id,
        edition_id=edition_id,
        name=name,
        place="Hotel Sun City, Madiun",
        time_zone=ZONE,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=1),
        now=now,
        is_demo=True,
    )
    enrolling.enrol_all(
        session, organiser_id, cohort=cohort, people=[(person, None) for person in people], now=now
    )
    draft_timetable(session, organiser_id, cohort_id=cohort.id, now=now)
    return cohort.id
