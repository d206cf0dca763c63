"""Sittings whose time has run out are handed in by jobs."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.core.jobs import runner
from lms.core.jobs.models import Job
from lms.core.jobs.services import enqueue
from quizzes.attempts import handing_in
from quizzes.attempts.closing import PATIENCE, close_sitting, plan_closing
from quizzes.attempts.models import Attempt
from tests.quizzes.attempts.conftest import Desk, make_desk


def end_at(session: Session, attempt: Attempt, moment: datetime) -> None:
    begin_write(session)
    session.get_one(Attempt, attempt.id).deadline_at = moment
    session.commit()


def overdue_sitting(session: Session) -> tuple[Desk, Attempt]:
    desk = make_desk(session, attempts_allowed=0, time_limit_minutes=5)
    attempt = desk.start()
    desk.answer(attempt, right=5)
    end_at(session, attempt, desk.now - timedelta(minutes=1))
    return desk, attempt


def test_the_runner_hands_in_what_is_overdue_and_leaves_the_rest(app: Flask, session: Session) -> None:
    desk, attempt = overdue_sitting(session)
    ids = attempt.id, make_desk(session).start().id

    runner.plan_jobs()
    runner.run_due(limit=20)

    attempt, going_on = (db.session.get_one(Attempt, attempt_id) for attempt_id in ids)
    assert (attempt.state, attempt.submitted_by, attempt.has_passed) == ("submitted", "deadline", True)
    assert attempt.submitted_at == desk.now - timedelta(minutes=1)
    assert going_on.state == "in_progress"


def test_a_sitting_is_promised_once_and_again_when_its_end_was_moved(session: Session) -> None:
    desk, attempt = overdue_sitting(session)

    assert [plan_closing(session, desk.now), plan_closing(session, desk.now)] == [1, 0]
    session.commit()
    end_at(session, attempt, desk.now)
    assert plan_closing(session, desk.now + PATIENCE) == 0
    assert plan_closing(session, desk.now + PATIENCE + timedelta(seconds=1)) == 1


def test_who_was_given_more_time_is_left_alone(session: Session) -> None:
    desk, attempt = overdue_sitting(session)
    plan_closing(session, desk.now)
    session.commit()
    end_at(session, attempt, desk.now + timedelta(minutes=10))

    close_sitting(session, {"attempt_id": attempt.id}, desk.now)
    session.commit()

    assert session.get_one(Attempt, attempt.id).state == "in_progress"


def test_who_is_given_more_time_between_the_look_and_the_lock_sits_on(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=5)
    attempt = desk.start()

    handing_in.submit_attempt(session, attempt.id, by="deadline", now=desk.now)
    session.commit()

    assert session.get_one(Attempt, attempt.id).state == "in_progress"


def test_handed_in_meanwhile_it_stays_as_it_was(session: Session) -> None:
    desk, attempt = overdue_sitting(session)
    handing_in.submit_attempt(session, attempt.id, by="person", now=desk.now)
    session.commit()
    percent = session.get_one(Attempt, attempt.id).percent

    close_sitting(session, {"attempt_id": attempt.id}, desk.now + timedelta(hours=1))
    session.commit()

    assert session.get_one(Attempt, attempt.id).percent == percent


def test_a_sitting_that_is_gone_is_no_fault(session: Session) -> None:
    payload = {"attempt_id": 10**9}
    enqueue(session, "close_sitting", key="close_sitting:gone", payload=payload, now=utc_now())
    session.commit()

    assert runner.run_due(limit=20) == 1

    job = db.session().scalars(select(Job)).one()
    assert (job.state, job.problem) == ("done", "")


def test_nothing_overdue_writes_nothing(session: Session) -> None:
    desk = make_desk(session)
    desk.start()

    assert plan_closing(session, desk.now) == 0
    assert not session.info.get("writing")
    assert session.scalar(select(func.count()).select_from(Job)) == 0
