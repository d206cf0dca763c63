"""How it goes with people in a hall, by what the server knows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from lms.core.accounts.models import User
from lms.core.db import begin_write
from quizzes.attempts.together import get_quiz_id
from quizzes.live.seats import SeatState, count_seats, list_seats, state_of
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.security.test_query_counts import counted

NOW = factories.NOW


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("attempt_state", "seen", "answered", "is_halted", "expected"),
    [
        (None, 0, None, False, SeatState.ABSENT),
        ("submitted", 60, 60, False, SeatState.DONE),
        ("in_progress", 0, 1, False, SeatState.WORKING),
        ("in_progress", 2.9, 4.9, False, SeatState.WORKING),
        ("in_progress", 1, 5.1, False, SeatState.IDLE),
        ("in_progress", 1, 5.1, True, SeatState.WORKING),
        ("in_progress", 3.1, 5.1, False, SeatState.SILENT),
        ("in_progress", 3.1, 5.1, True, SeatState.SILENT),
    ],
)
def test_a_state_is_what_the_server_knows(
    attempt_state: str | None, seen: float, answered: float | None, is_halted: bool, expected: SeatState
) -> None:
    answered_at = None if answered is None else ago(answered)

    found = state_of(attempt_state, seen_at=ago(seen), answered_at=answered_at, is_halted=is_halted, now=NOW)

    assert found is expected


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session, time_limit_minutes=30, attempts_allowed=2)


def look(desk: Desk, minutes: float = 0) -> dict[str, SeatState]:
    seats = list_seats(
        desk.session,
        desk.enrolment.cohort_id,
        quiz_id=quiz_id_of(desk),
        now=desk.now + timedelta(minutes=minutes),
    )
    return {seat.name: seat.state for seat in seats}


def quiz_id_of(desk: Desk) -> int:
    return get_quiz_id(desk.session, desk.enrolment.cohort, desk.step.id)


def test_a_person_sits_falls_silent_and_is_done(desk: Desk) -> None:
    name = desk.enrolment.name
    assert set(look(desk).values()) == {SeatState.ABSENT}

    attempt = desk.start()
    assert look(desk, 1)[name] is SeatState.WORKING
    assert look(desk, 4)[name] is SeatState.SILENT
    begin_write(desk.session)
    seen = desk.now + timedelta(minutes=6)
    desk.session.execute(update(User).where(User.id == desk.enrolment.user_id).values(last_seen_at=seen))
    desk.session.commit()
    assert look(desk, 7)[name] is SeatState.IDLE
    desk.save(attempt, now=desk.now + timedelta(minutes=7))
    assert look(desk, 8)[name] is SeatState.WORKING
    desk.submit(attempt)
    assert look(desk, 60)[name] is SeatState.DONE

    desk.start()
    assert look(desk, 1)[name] is SeatState.WORKING, "of several sittings the last counts"


def test_counts_are_of_those_who_take_part_in_one_query(desk: Desk) -> None:
    gone = factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort)
    elsewhere = make_desk(desk.session)
    elsewhere.start()
    attempt = desk.start()
    desk.save(attempt)
    begin_write(desk.session)
    desk.session.execute(update(Enrolment).where(Enrolment.id == gone.id).values(status="withdrawn"))
    desk.session.commit()
    quiz_id = quiz_id_of(desk)

    with counted() as sent:
        seats = list_seats(desk.session, desk.enrolment.cohort_id, quiz_id=quiz_id, now=desk.now)

    count = count_seats(seats)
    (own,) = (seat for seat in seats if seat.name == desk.enrolment.name)
    assert (count.people, count.absent, count.sitting, count.done) == (2, 1, 1, 0)
    assert count.ends_at == desk.now + timedelta(minutes=30)
    assert (own.answered, own.questions) == (1, 5)
    assert len(sent) == 1
