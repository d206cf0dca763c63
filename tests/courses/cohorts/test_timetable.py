"""The timetable: the draft of the edition, and times in the zone of the cohort."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from courses.catalogue.checking import folder_at
from courses.catalogue.models import Day, Edition, Module
from courses.cohorts import queries, timetable
from courses.cohorts.day_plan import Slot
from courses.cohorts.models import Cohort
from courses.facts.book import load_book
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from tests import factories
from tests.courses.shipped import shipped_course
from tests.factories import NOW

WITA = ZoneInfo("Asia/Makassar")


def edition(*minutes: int, days: int = 1) -> Edition:
    return Edition(
        days=[
            Day(
                position=n,
                title="Hari",
                modules=[
                    Module(
                        position=i,
                        folder=f"day-{n}/{i}",
                        title=f"Modul {i}",
                        speaker="Pemasaran",
                        minutes=length,
                    )
                    for i, length in enumerate(minutes, 1)
                ],
            )
            for n in range(1, days + 1)
        ]
    )


def cohort(zone: str = "Asia/Makassar") -> Cohort:
    return Cohort(starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 24), time_zone=zone)


def clock(slots: list[Slot]) -> list[tuple[str, str]]:
    return [(f"{slot.starts_at:%H.%M}", f"{slot.ends_at:%H.%M}") for slot in slots]


def test_a_draft_begins_at_half_past_eight_and_lunch_is_at_noon() -> None:
    slots = timetable.plan_timetable(edition(60, 75, 60, 45, 45, 45, 60), cohort())

    assert clock(slots) == [
        ("08.30", "09.30"),
        ("09.30", "10.45"),
        ("10.45", "11.00"),
        ("11.00", "12.00"),
        ("12.00", "13.00"),
        ("13.00", "13.45"),
        ("13.45", "14.30"),
        ("14.30", "15.15"),
        ("15.15", "15.30"),
        ("15.30", "16.30"),
    ]
    assert [slot.title for slot in slots if slot.module_folder is None] == [
        "Rehat kopi",
        "Istirahat, salat, dan makan siang",
        "Rehat sore",
    ]
    assert slots[0].speakers == (("Pemasaran", ""),)


def test_no_break_follows_the_last_module() -> None:
    assert clock(timetable.plan_timetable(edition(105, 90), cohort()))[-1] == ("10.30", "12.00")


def test_a_module_over_noon_goes_on_after_lunch_and_no_pause_follows_at_once() -> None:
    slots = timetable.plan_timetable(edition(240, 60), cohort())

    assert clock(slots) == [
        ("08.30", "12.00"),
        ("12.00", "13.00"),
        ("13.00", "13.30"),
        ("13.30", "14.30"),
    ]
    assert [slot.title for slot in slots[::2]] == ["Modul 1", "Modul 1 (lanjutan)"]
    assert slots[0].module_folder == slots[2].module_folder == "day-1/1"


@pytest.mark.parametrize(("minutes", "lunch"), [(200, "12.00"), (220, "12.10")])
def test_a_module_that_nearly_ends_at_noon_stays_whole(minutes: int, lunch: str) -> None:
    slots = timetable.plan_timetable(edition(minutes, 60), cohort())

    assert [slot.title for slot in slots] == ["Modul 1", "Istirahat, salat, dan makan siang", "Modul 2"]
    assert f"{slots[1].starts_at:%H.%M}" == lunch


@pytest.mark.parametrize("as_of", [date(2016, 10, 19), load_book().as_of])
def test_the_shipped_course_fits_two_days_with_an_hour_for_lunch(as_of: date) -> None:
    folder = folder_at(shipped_course(), as_of)
    lengths = [[module.minutes for module in day.modules] for day in folder.days]

    for minutes in lengths:
        slots = timetable.plan_timetable(edition(*minutes), cohort())
        times = clock(slots)
        assert ("12.00", "13.00") in times
        assert times[-1][1] <= "17.00"
        assert len(slots) == len(minutes) + 3  # nothing is split, two pauses and lunch
    assert folder.hours == 18


def test_a_draft_uses_the_zone_and_leaves_days_out_that_the_cohort_does_not_have() -> None:
    slots = timetable.plan_timetable(edition(60, days=3), cohort())

    assert [slot.starts_at.date() for slot in slots] == [date(2026, 11, 23), date(2026, 11, 24)]
    assert slots[0].starts_at == datetime(2026, 11, 23, 8, 30, tzinfo=WITA)


def test_a_draft_never_goes_over_an_existing_timetable(session: Session) -> None:
    row = factories.make_cohort(session)
    timetable.draft_timetable(session, None, cohort_id=row.id, now=NOW)
    session.commit()

    with pytest.raises(Conflict):
        timetable.draft_timetable(session, None, cohort_id=row.id, now=NOW)


def slot(cohort_row: Cohort, start: time = time(9), end: time = time(10), day: date | None = None) -> Slot:
    day = day or cohort_row.starts_on
    return Slot(
        "Pembukaan",
        datetime.combine(day, start, WITA),
        datetime.combine(day, end, WITA),
        speakers=(("Ibu Contoh", "Dinas Contoh"),),
    )


def test_a_session_is_added_changed_and_removed(session: Session) -> None:
    row = factories.make_cohort(session, time_zone="Asia/Makassar")
    added = timetable.add_session(session, None, cohort_id=row.id, slot=slot(row), now=NOW)
    session.commit()

    timetable.change_session(
        session, None, cohort_id=row.id, session_id=added.id, slot=slot(row, time(10), time(11)), now=NOW
    )
    session.commit()

    (read,) = queries.list_sessions(session, row.id)
    assert read.starts_at.astimezone(WITA).time() == time(10)
    assert [(speaker.name, speaker.organisation) for speaker in read.speakers] == [
        ("Ibu Contoh", "Dinas Contoh")
    ]

    timetable.remove_session(session, None, cohort_id=row.id, session_id=read.id, now=NOW)
    session.commit()
    assert queries.list_sessions(session, row.id) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [({"day": date(2020, 1, 1)}, "day"), ({"start": time(11)}, "ends"), ({"start": time(10)}, "ends")],
)
def test_a_session_that_cannot_be_is_refused_at_its_field(
    session: Session, change: dict[str, object], field: str
) -> None:
    row = factories.make_cohort(session, time_zone="Asia/Makassar")

    with pytest.raises(Invalid) as refused:
        timetable.add_session(
            session,
            None,
            cohort_id=row.id,
            slot=slot(row, **change),
            now=NOW,  # type: ignore[arg-type]
        )

    assert refused.value.field == field


def test_a_session_of_another_cohort_is_not_found(session: Session) -> None:
    mine, other = factories.make_cohort(session), factories.make_cohort(session)
    added = timetable.add_session(session, None, cohort_id=other.id, slot=slot(other), now=NOW)
    session.commit()

    with pytest.raises(NotFound):
        timetable.remove_session(session, None, cohort_id=mine.id, session_id=added.id, now=NOW)


def test_a_timetable_has_an_end(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timetable, "MAX_SESSIONS", 1)
    row = factories.make_cohort(session)
    timetable.add_session(session, None, cohort_id=row.id, slot=slot(row), now=NOW)
    session.commit()
    begin_write(session)

    with pytest.raises(Invalid):
        timetable.add_session(session, None, cohort_id=row.id, slot=slot(row), now=NOW)
