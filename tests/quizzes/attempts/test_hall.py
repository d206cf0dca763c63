"""The organiser holds a hall: time stands still, goes on, is made longer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.attempts import hall, handing_in
from quizzes.attempts.closing import PATIENCE, close_sitting, plan_closing
from quizzes.attempts.deadline import closing_moment, seconds_left
from quizzes.attempts.models import Attempt
from quizzes.attempts.terms import NotYet
from quizzes.bank.models import CohortQuiz
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk

MINUTE = timedelta(minutes=1)


def act(desk: Desk, name: str, *, at: datetime, **values: int) -> int:
    cohort = desk.session.get_one(Cohort, desk.enrolment.cohort_id)
    acts = {"pause": hall.pause, "resume": hall.resume, "extend": hall.extend}
    actor = factories.make_user(desk.session, Role.ORGANISER, branch=cohort.branch)
    count = acts[name](desk.session, actor.id, cohort=cohort, step_id=desk.step.id, now=at, **values)  # type: ignore[operator]
    desk.session.commit()
    return int(count)


def end_of(desk: Desk, attempt: Attempt) -> datetime | None:
    desk.session.expire_all()
    return desk.session.get_one(Attempt, attempt.id).deadline_at


def closing_of(desk: Desk) -> datetime:
    return closing_moment(desk.session.get_one(Cohort, desk.enrolment.cohort_id))


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session, time_limit_minutes=30, attempts_allowed=0)


def test_what_was_left_at_the_pause_is_left_after_it(desk: Desk) -> None:
    attempt = desk.start()
    act(desk, "pause", at=desk.now + 10 * MINUTE)
    assert end_of(desk, attempt) == closing_of(desk)

    assert act(desk, "resume", at=desk.now + 55 * MINUTE) == 1

    assert end_of(desk, attempt) == desk.now + 75 * MINUTE


def test_a_fraction_of_a_second_is_rounded_in_favour_of_the_person(desk: Desk) -> None:
    attempt = desk.start()
    act(desk, "pause", at=desk.now)
    act(desk, "resume", at=desk.now + timedelta(seconds=4, microseconds=1))

    assert end_of(desk, attempt) == desk.now + 30 * MINUTE + timedelta(seconds=5)


def test_a_paused_sitting_takes_answers_and_shows_a_clock_that_stands(desk: Desk) -> None:
    attempt = desk.start()
    act(desk, "pause", at=desk.now + 10 * MINUTE)
    much_later = desk.now + timedelta(hours=5)

    reply = desk.save(attempt, now=much_later)

    assert reply.outcome == "applied"
    assert seconds_left(desk.session.get_one(Attempt, attempt.id), now=much_later) == 20 * 60


def test_a_paused_sitting_may_be_handed_in_by_its_person(desk: Desk) -> None:
    attempt = desk.start()
    act(desk, "pause", at=desk.now)

    assert desk.submit(attempt, now=desk.now + timedelta(hours=5)).submitted_by == "person"
    assert act(desk, "resume", at=desk.now + timedelta(hours=6)) == 0


def test_the_machine_leaves_a_paused_sitting_alone(desk: Desk) -> None:
    attempt = desk.start()
    late = desk.now + timedelta(hours=5)
    act(desk, "pause", at=desk.now)

    assert plan_closing(desk.session, late) == 0
    assert handing_in.close_overdue(desk.session, now=late) == 0
    close_sitting(desk.session, {"attempt_id": attempt.id}, late)
    desk.session.commit()
    assert end_of(desk, attempt) == closing_of(desk)
    assert desk.session.get_one(Attempt, attempt.id).state == "in_progress"


def test_a_pause_that_nobody_ends_ends_with_the_training(desk: Desk) -> None:
    attempt = desk.start()
    act(desk, "pause", at=desk.now)
    closes_at = closing_of(desk)
    late = closes_at + PATIENCE + timedelta(seconds=1)

    assert desk.save(attempt, now=closes_at).outcome == "applied"
    assert desk.save(attempt, event_id="event-2", sequence=2, now=late).outcome == "late"
    assert plan_closing(desk.session, late) == 1
    close_sitting(desk.session, {"attempt_id": attempt.id}, late)
    desk.session.commit()

    closed = desk.session.get_one(Attempt, attempt.id)
    assert (closed.state, closed.submitted_by, closed.submitted_at) == ("submitted", "deadline", closes_at)
    assert act(desk, "resume", at=late) == 0


def test_while_it_is_paused_nobody_begins(desk: Desk) -> None:
    act(desk, "pause", at=desk.now)
    with pytest.raises(NotYet):
        desk.start()

    act(desk, "resume", at=desk.now)
    assert desk.start().number == 1


@pytest.mark.parametrize(("seconds", "count"), [(-1, 1), (0, 1), (1, 0)])
def test_whose_time_is_over_is_not_brought_back(desk: Desk, seconds: int, count: int) -> None:
    desk.start()
    moment = desk.now + 30 * MINUTE + timedelta(seconds=seconds)

    assert act(desk, "extend", at=moment, minutes=5) == count
    assert act(desk, "pause", at=moment) == count


def test_time_given_moves_the_end_of_everybody_who_sits(desk: Desk) -> None:
    attempt = desk.start()
    done = make_desk(desk.session, time_limit_minutes=30)
    other = done.start()

    assert act(desk, "extend", at=desk.now + MINUTE, minutes=10) == 1

    assert end_of(desk, attempt) == desk.now + 40 * MINUTE
    assert end_of(desk, other) == done.now + 30 * MINUTE


def test_time_given_in_a_pause_counts_after_it(desk: Desk) -> None:
    attempt = desk.start()
    act(desk, "pause", at=desk.now)
    assert act(desk, "extend", at=desk.now + MINUTE, minutes=10) == 1
    act(desk, "resume", at=desk.now + 2 * MINUTE)

    assert end_of(desk, attempt) == desk.now + 42 * MINUTE


def test_nobody_sits_beyond_the_training(desk: Desk) -> None:
    closes_at = closing_moment(desk.enrolment.cohort)
    desk.now = closes_at - 10 * MINUTE
    attempt = desk.start()
    assert end_of(desk, attempt) == closes_at

    act(desk, "extend", at=desk.now, minutes=30)

    assert end_of(desk, attempt) == closes_at


def test_acts_done_twice_change_nothing_more(desk: Desk) -> None:
    attempt = desk.start()
    assert act(desk, "resume", at=desk.now) == 0
    assert act(desk, "pause", at=desk.now) == 1
    assert act(desk, "pause", at=desk.now + MINUTE) == 0
    act(desk, "resume", at=desk.now + 2 * MINUTE)

    assert end_of(desk, attempt) == desk.now + 32 * MINUTE


def test_a_button_pressed_twice_gives_once(desk: Desk) -> None:
    attempt = desk.start()
    act(desk, "extend", at=desk.now, minutes=10, seen_minutes=0)
    with pytest.raises(Conflict):
        act(desk, "extend", at=desk.now, minutes=10, seen_minutes=0)
    desk.session.rollback()

    assert end_of(desk, attempt) == desk.now + 40 * MINUTE
    pin = desk.session.scalars(select(CohortQuiz)).one()
    assert pin.extended_minutes == 10


@pytest.mark.parametrize("minutes", [0, -5, 241])
def test_minutes_out_of_range_are_refused(desk: Desk, minutes: int) -> None:
    with pytest.raises(Invalid):
        act(desk, "extend", at=desk.now, minutes=minutes)


def test_an_extension_gives_the_closing_job_another_end(desk: Desk) -> None:
    attempt = desk.start()
    over = desk.now + 30 * MINUTE
    act(desk, "extend", at=over, minutes=5)

    assert plan_closing(desk.session, over + PATIENCE + timedelta(seconds=1)) == 0
    close_sitting(desk.session, {"attempt_id": attempt.id}, over + timedelta(seconds=1))
    desk.session.commit()
    assert plan_closing(desk.session, over + 5 * MINUTE + PATIENCE + timedelta(seconds=1)) == 1


def test_every_act_is_written_down(desk: Desk) -> None:
    desk.start()
    act(desk, "pause", at=desk.now)
    act(desk, "extend", at=desk.now, minutes=5)
    act(desk, "resume", at=desk.now + MINUTE)

    events = desk.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()[-3:]
    assert [event.action for event in events] == ["quiz.paused", "quiz.extended", "quiz.resumed"]
    assert [event.details["sittings"] for event in events] == [1, 1, 1]
    assert events[1].details["minutes"] == 5
    assert events[2].details["seconds"] == 60


def test_a_step_of_another_course_is_not_found(desk: Desk) -> None:
    desk.step = make_desk(desk.session).step
    for name in ("pause", "resume"):
        with pytest.raises(NotFound):
            act(desk, name, at=desk.now)
