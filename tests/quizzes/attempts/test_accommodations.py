"""What one person is allowed beyond the others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, User
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.attempts import accommodations, hall, handing_in, holding
from quizzes.attempts.accommodations import find_allowance, list_given
from quizzes.attempts.deadline import allowed_minutes
from quizzes.attempts.drawing import draw_ahead
from quizzes.attempts.models import Accommodation, Attempt
from quizzes.attempts.windows import list_open_sittings
from quizzes.bank.models import CohortQuiz
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session, time_limit_minutes=30, attempts_allowed=1)


def organiser(desk: Desk) -> User:
    return factories.make_user(desk.session, Role.ORGANISER, branch=desk.enrolment.cohort.branch)


def give(desk: Desk, *, now: datetime | None = None, **values: Any) -> Accommodation:
    told = {"quiz_id": None, "reason": "Membaca dengan kaca pembesar.", "now": now or desk.now}
    place = {"enrolment": desk.enrolment, "cohort": desk.enrolment.cohort}
    made = accommodations.give(desk.session, organiser(desk).id, **place, **(told | values))
    desk.session.commit()
    return made


def quiz_of(desk: Desk) -> int:
    return desk.session.scalars(select(CohortQuiz.quiz_id)).one()


def end_of(desk: Desk, attempt: Attempt) -> datetime | None:
    desk.session.expire_all()
    return desk.session.get_one(Attempt, attempt.id).deadline_at


@pytest.mark.parametrize(
    ("limit", "percent", "minutes", "wanted"),
    [
        (30, 0, 0, 30),
        (30, 50, 0, 45),
        (25, 30, 0, 33),
        (1, 1, 0, 2),
        (30, 100, 5, 65),
        (7, 50, 0, 11),
        (90, 300, 0, 360),
    ],
)
def test_time_is_lengthened_and_rounded_up(limit: int, percent: int, minutes: int, wanted: int) -> None:
    assert allowed_minutes(limit, extra_percent=percent, extra_minutes=minutes) == wanted


def test_who_begins_has_the_time_given(desk: Desk) -> None:
    give(desk, extra_time_percent=50, extra_minutes=5)

    assert end_of(desk, desk.start()) == desk.now + 50 * MINUTE


def test_who_sits_has_it_at_once(desk: Desk) -> None:
    attempt = desk.start()
    give(desk, now=desk.now + MINUTE, extra_minutes=10)

    assert end_of(desk, attempt) == desk.now + 40 * MINUTE


def test_who_sits_in_a_stopped_hall_has_it_afterwards(desk: Desk) -> None:
    attempt = desk.start()
    place = {"cohort": desk.enrolment.cohort, "step_id": desk.step.id}
    hall.pause(desk.session, organiser(desk).id, **place, now=desk.now)
    give(desk, extra_minutes=10)
    hall.resume(desk.session, organiser(desk).id, **place, now=desk.now + MINUTE)
    desk.session.commit()

    assert end_of(desk, attempt) == desk.now + 41 * MINUTE


def test_whose_time_is_over_stays_out(desk: Desk) -> None:
    attempt = desk.start()
    give(desk, now=desk.now + 31 * MINUTE, extra_minutes=10)

    assert end_of(desk, attempt) == desk.now + 30 * MINUTE


def close_at(desk: Desk, moment: datetime | None) -> None:
    """Move the end of the window of the quiz."""
    place = {"cohort": desk.enrolment.cohort, "step_id": desk.step.id}
    holding.set_window(
        desk.session, organiser(desk).id, **place, opens_at=None, closes_at=moment, now=desk.now
    )
    desk.session.commit()


@pytest.mark.parametrize("is_first", [True, False], ids=["before", "while they sit"])
def test_more_time_goes_no_further_than_the_window_of_the_quiz(session: Session, is_first: bool) -> None:
    desk = make_desk(session, time_limit_minutes=30, grace_seconds=60)
    close_at(desk, desk.now + 35 * MINUTE)
    steps = [lambda: give(desk, extra_minutes=10), desk.start]
    for step in steps if is_first else reversed(steps):
        step()

    attempt = desk.session.scalars(select(Attempt)).one()
    assert end_of(desk, attempt) == desk.now + 36 * MINUTE
    assert is_cut(desk)


def is_cut(desk: Desk) -> bool:
    cohort = desk.enrolment.cohort
    [sitting] = list_open_sittings(desk.session, cohort, enrolment_id=desk.enrolment.id)
    return sitting.is_cut(cohort)


def test_once_the_window_is_moved_more_time_is_given(desk: Desk) -> None:
    close_at(desk, desk.now + 30 * MINUTE)
    attempt = desk.start()
    give(desk, extra_minutes=10)
    close_at(desk, desk.now + 60 * MINUTE)

    give(desk, extra_minutes=10)

    assert end_of(desk, attempt) == desk.now + 40 * MINUTE
    assert not is_cut(desk)


def test_in_a_stopped_hall_too_it_goes_no_further_than_the_window(desk: Desk) -> None:
    close_at(desk, desk.now + 35 * MINUTE)
    attempt = desk.start()
    place = {"cohort": desk.enrolment.cohort, "step_id": desk.step.id}
    hall.pause(desk.session, organiser(desk).id, **place, now=desk.now)
    give(desk, extra_minutes=10)
    assert is_cut(desk)
    hall.resume(desk.session, organiser(desk).id, **place, now=desk.now + MINUTE)
    desk.session.commit()

    assert end_of(desk, attempt) == desk.now + 36 * MINUTE


def test_without_a_window_nothing_is_cut(desk: Desk) -> None:
    desk.start()
    give(desk, extra_minutes=240)

    assert not is_cut(desk)


def test_one_more_try_is_one_more(desk: Desk) -> None:
    desk.submit(desk.start())
    with pytest.raises(Conflict):
        desk.start()
    desk.session.rollback()

    give(desk, extra_attempts=1)

    assert desk.submit(desk.start()).number == 2
    with pytest.raises(Conflict):
        desk.start()


def test_a_paper_for_another_try_is_drawn_ahead(desk: Desk) -> None:
    desk.submit(desk.start())
    place = {"cohort_id": desk.enrolment.cohort_id, "step_id": desk.step.id}
    other = draw_ahead(desk.session, **place, rng=desk.rng, now=desk.now).count
    desk.session.commit()
    give(desk, extra_attempts=1)

    assert draw_ahead(desk.session, **place, rng=desk.rng, now=desk.now).count == other + 1
    desk.session.commit()
    assert desk.start().number == 2


def test_what_is_given_adds_up_and_the_longest_time_holds(desk: Desk) -> None:
    give(desk, extra_time_percent=25, extra_minutes=5)
    give(desk, extra_time_percent=50, extra_minutes=5, extra_attempts=2, quiz_id=quiz_of(desk))

    found = find_allowance(desk.session, desk.enrolment.id, quiz_id=quiz_of(desk))
    assert (found.time_percent, found.minutes, found.attempts) == (50, 10, 2)


def test_what_is_given_for_another_quiz_or_person_is_not_theirs(desk: Desk) -> None:
    other = make_desk(desk.session)
    give(other, extra_minutes=10)
    mine = quiz_of_cohort(desk)
    give(desk, extra_minutes=10, quiz_id=quiz_of_cohort(other))

    assert find_allowance(desk.session, desk.enrolment.id, quiz_id=mine).minutes == 0


def quiz_of_cohort(desk: Desk) -> int:
    pins = select(CohortQuiz.quiz_id).where(CohortQuiz.cohort_id == desk.enrolment.cohort_id)
    return desk.session.scalars(pins).one()


def test_taken_back_it_holds_no_longer_but_stays_on_record(desk: Desk) -> None:
    given = give(desk, extra_minutes=10)
    attempt = desk.start()
    take_back(desk, given.id)

    assert end_of(desk, attempt) == desk.now + 40 * MINUTE
    assert find_allowance(desk.session, desk.enrolment.id, quiz_id=quiz_of(desk)).minutes == 0
    [kept] = list_given(desk.session, desk.enrolment.id)
    assert (kept.accommodation.taken_back_at, kept.quiz_title) == (desk.now, None)
    with pytest.raises(Conflict):
        take_back(desk, given.id)


def take_back(desk: Desk, given_id: int) -> None:
    place = {"enrolment": desk.enrolment, "cohort": desk.enrolment.cohort}
    accommodations.take_back(desk.session, organiser(desk).id, **place, given_id=given_id, now=desk.now)
    desk.session.commit()


def test_what_somebody_else_was_given_is_not_found(desk: Desk) -> None:
    given = give(make_desk(desk.session), extra_minutes=10)

    with pytest.raises(NotFound):
        take_back(desk, given.id)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"extra_minutes": -1},
        {"extra_minutes": 241},
        {"extra_time_percent": 301},
        {"extra_minutes": 5, "reason": " "},
    ],
)
def test_nothing_too_much_or_no_reason_is_refused(desk: Desk, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        give(desk, **values)


def test_who_gave_what_and_why_is_written_down(desk: Desk) -> None:
    take_back(desk, give(desk, extra_minutes=10).id)

    events = desk.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()[-2:]
    assert [event.action for event in events] == ["accommodation.given", "accommodation.taken_back"]
    assert {event.object_id for event in events} == {desk.enrolment.id}
    assert events[0].details["minutes"] == 10


def test_closing_looks_at_the_end_that_was_moved(desk: Desk) -> None:
    attempt = desk.start()
    give(desk, now=desk.now, extra_minutes=10)

    assert handing_in.close_overdue(desk.session, now=desk.now + 31 * MINUTE) == 0
    assert handing_in.close_overdue(desk.session, now=desk.now + 41 * MINUTE) == 1
    desk.session.commit()
    assert desk.session.get_one(Attempt, attempt.id).submitted_by == "deadline"
