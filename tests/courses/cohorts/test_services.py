"""Changes to cohorts: whole or not at all, once, on record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from courses.cohorts import day_plan, queries, services, timetable
from courses.cohorts.signals import cohort_created
from lms.core.errors import Invalid
from tests import factories
from tests.courses.cohorts.acts import actions, make
from tests.factories import NOW


def test_setting_up_a_cohort_tells_the_floors_above_inside_the_transaction(session: Session) -> None:
    heard = []

    def listen(sender: Session, event: object) -> None:
        heard.append((event.cohort_id, sender.info.get("writing")))  # type: ignore[attr-defined]

    with cohort_created.connected_to(listen):
        cohort = make(session)

    assert heard == [(cohort.id, True)]
    assert actions(session) == ["cohort.created"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"branch_id": 999}, "branch_id"),
        ({"edition_id": 999}, "edition_id"),
        ({"ends_on": date(2026, 11, 22)}, "ends_on"),
    ],
)
def test_a_cohort_that_cannot_be_is_refused_at_its_field(
    session: Session, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        make(session, **values)

    assert refused.value.field == field


def test_a_draft_edition_has_no_cohorts(session: Session) -> None:
    edition = factories.make_edition(session, status="draft")

    with pytest.raises(Invalid):
        make(session, edition_id=edition.id)


def test_moving_a_cohort_moves_its_timetable_and_keeps_the_times_of_day(session: Session) -> None:
    cohort = make(session)
    timetable.draft_timetable(session, None, cohort_id=cohort.id, now=NOW)
    session.commit()

    services.change_cohort(
        session,
        None,
        cohort_id=cohort.id,
        name="Madiun 3",
        place="Makassar",
        time_zone="Asia/Makassar",
        starts_on=date(2026, 12, 1),
        ends_on=date(2026, 12, 2),
        now=NOW,
    )
    session.commit()

    (slot,) = queries.list_sessions(session, cohort.id)
    assert slot.starts_at == datetime(2026, 12, 1, 0, 30, tzinfo=UTC)
    assert slot.ends_at - slot.starts_at == timedelta(minutes=60)


def test_a_cohort_cannot_end_before_its_timetable(session: Session) -> None:
    cohort = make(session)
    slot = day_plan.Slot(
        "Penutup", datetime(2026, 11, 24, 1, tzinfo=UTC), datetime(2026, 11, 24, 2, tzinfo=UTC)
    )
    timetable.add_session(session, None, cohort_id=cohort.id, slot=slot, now=NOW)
    session.commit()

    with pytest.raises(Invalid) as refused:
        services.change_cohort(
            session,
            None,
            cohort_id=cohort.id,
            name="x",
            place="x",
            time_zone="Asia/Jakarta",
            starts_on=date(2026, 11, 23),
            ends_on=date(2026, 11, 23),
            now=NOW,
        )
    assert refused.value.field == "ends_on"
