"""When a quiz may be begun: window, rest, code, pause; to the second, in every zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid
from quizzes.attempts import holding, starting
from quizzes.attempts.deadline import seconds_left, shows_clock
from quizzes.attempts.models import Attempt
from quizzes.attempts.terms import NotYet, WrongCode
from quizzes.bank.models import CohortQuiz
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ZONES = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}


def hold(desk: Desk, **values: object) -> None:
    begin_write(desk.session)
    desk.session.execute(update(CohortQuiz).values(**values))
    desk.session.commit()


def start_with(desk: Desk, code: str) -> Attempt:
    attempt = starting.start_attempt(
        desk.session, enrolment=desk.enrolment, step_id=desk.step.id, now=desk.now, rng=desk.rng, code=code
    )
    desk.session.commit()
    return attempt


@pytest.mark.parametrize("zone", ZONES)
def test_a_window_opens_and_closes_to_the_second_in_the_zone_of_the_cohort(
    session: Session, zone: str
) -> None:
    desk = make_desk(session, opens="1 13:00", closes="1 15:00", attempts_allowed=0)
    begin_write(session)
    session.execute(update(Cohort).where(Cohort.id == desk.enrolment.cohort_id).values(time_zone=zone))
    session.commit()
    day = desk.enrolment.cohort.starts_on
    opens = datetime.combine(day, time(13), UTC) - timedelta(hours=ZONES[zone])
    closes = opens + 120 * MINUTE

    for moment, error in ((opens - SECOND, NotYet), (closes, Conflict), (closes + SECOND, Conflict)):
        with pytest.raises(error):
            desk.start(now=moment)
        session.rollback()
    first = desk.submit(desk.start(now=opens), now=opens)
    assert desk.start(now=closes - SECOND).number == first.number + 1


def test_whoever_sits_when_the_quiz_closes_ends_with_it(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=30)
    hold(desk, closes_at=desk.now + 10 * MINUTE)

    assert desk.start().deadline_at == desk.now + 10 * MINUTE


def test_the_cohorts_own_window_comes_before_that_of_the_version(session: Session) -> None:
    desk = make_desk(session, opens="30 13:00", closes="30 15:00")
    with pytest.raises(NotYet):
        desk.start()
    session.rollback()

    hold(desk, opens_at=desk.now, closes_at=desk.now + MINUTE)

    assert desk.start().number == 1


def test_a_sitting_that_runs_goes_on_after_the_window_was_shut(session: Session) -> None:
    desk = make_desk(session)
    attempt = desk.start()
    hold(desk, closes_at=desk.now - MINUTE)

    assert desk.start().id == attempt.id


@pytest.mark.parametrize(("seconds", "is_in"), [(-1, False), (0, True), (1, True)])
def test_between_tries_people_rest(session: Session, seconds: int, is_in: bool) -> None:
    desk = make_desk(session, cooldown_minutes=60, attempts_allowed=0)
    desk.submit(desk.start(), now=desk.now)
    moment = desk.now + 60 * MINUTE + seconds * SECOND

    if is_in:
        assert desk.start(now=moment).number == 2
        return
    with pytest.raises(Conflict, match="mencoba lagi") as refused:
        desk.start(now=moment)
    assert not isinstance(refused.value, NotYet)


def test_answers_on_their_way_count_until_the_grace_is_over(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=30, grace_seconds=20)
    attempt = desk.start()
    shown = desk.now + 30 * MINUTE

    assert attempt.deadline_at == shown + 20 * SECOND
    assert seconds_left(attempt, now=shown) == 0
    assert seconds_left(attempt, now=shown - SECOND) == 1
    assert desk.save(attempt, event_id="in", now=shown + 20 * SECOND).outcome == "applied"
    assert desk.save(attempt, event_id="out", sequence=2, now=shown + 21 * SECOND).outcome == "late"


def test_a_clock_is_shown_without_a_limit_too_when_the_quiz_closes_soon(session: Session) -> None:
    desk = make_desk(session)
    assert not shows_clock(desk.start(), now=desk.now)

    soon = make_desk(session)
    begin_write(session)
    pin = CohortQuiz.cohort_id == soon.enrolment.cohort_id
    session.execute(update(CohortQuiz).where(pin).values(closes_at=desk.now + 60 * MINUTE))
    session.commit()
    assert shows_clock(soon.start(now=desk.now), now=desk.now)


@pytest.mark.parametrize("typed", ["Padi-77", "padi 77", " PADI77 ", "ｐａｄｉ７７"])
def test_the_code_is_read_as_people_write_it(session: Session, typed: str) -> None:
    desk = make_desk(session)
    hold(desk, code="Padi 77")

    assert start_with(desk, typed).number == 1


@pytest.mark.parametrize("typed", ["", "-", "padi", "padi 78", "padi 777"])
def test_another_code_opens_nothing(session: Session, typed: str) -> None:
    desk = make_desk(session)
    hold(desk, code="Padi 77")

    with pytest.raises(WrongCode):
        start_with(desk, typed)


def test_a_quiz_that_needs_a_code_waits_until_there_is_one(session: Session) -> None:
    desk = make_desk(session, needs_code=True)
    with pytest.raises(NotYet):
        start_with(desk, "")
    session.rollback()

    hold(desk, code="K7QX2")
    assert start_with(desk, "k7qx2").number == 1


def test_who_sits_is_not_asked_again(session: Session) -> None:
    desk = make_desk(session)
    attempt = desk.start()
    hold(desk, code="K7QX2")

    assert desk.start().id == attempt.id


def test_codes_made_by_the_machine_cannot_be_misread() -> None:
    codes = {holding.make_code() for _ in range(50)}

    assert len(codes) == 50
    assert not set("".join(codes)) & set("O0I1L")


@pytest.mark.parametrize("code", ["", "a-b", "???"])
def test_a_code_is_no_shorter_than_four(session: Session, code: str) -> None:
    with pytest.raises(Invalid):
        manage(make_desk(session), holding.set_code, code=code)


def test_a_window_ends_after_it_begins(session: Session) -> None:
    desk = make_desk(session)
    with pytest.raises(Invalid):
        manage(desk, holding.set_window, opens_at=desk.now, closes_at=desk.now)


def test_the_page_of_the_hall_shows_what_holds(session: Session) -> None:
    desk = make_desk(session, opens="1 13:00")
    attempt = desk.submit(desk_start_anyway(desk))
    assert attempt.state == "submitted"
    manage(desk, holding.set_window, opens_at=None, closes_at=desk.now + MINUTE)

    hall = holding.get_hall(session, desk.enrolment.cohort, desk.step.id)

    assert hall.opens_at is not None
    assert hall.closes_at == desk.now + MINUTE
    assert (hall.sitting_count, hall.done_count) == (0, 1)


def desk_start_anyway(desk: Desk) -> Attempt:
    hold(desk, opens_at=desk.now - MINUTE)
    attempt = desk.start()
    hold(desk, opens_at=None)
    return attempt


def manage(desk: Desk, act: Any, **values: object) -> None:
    cohort = desk.session.get_one(Cohort, desk.enrolment.cohort_id)
    actor = factories.make_user(desk.session, Role.ORGANISER, branch=cohort.branch)
    act(desk.session, actor.id, cohort=cohort, step_id=desk.step.id, now=desk.now, **values)
    desk.session.commit()
