"""Runner and server are killed again and again: no job is lost, none does harm twice (check 9)."""

from __future__ import annotations

import random
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.learning.models import Completion
from lms.core.clock import utc_now
from lms.core.db import begin_write
from lms.core.jobs import services
from lms.core.jobs.models import Job, RunnerSeat
from quizzes.attempts.closing import plan_closing
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.saves import Save
from quizzes.attempts.saving import save_answers
from quizzes.grading.models import Mark
from quizzes.types import get_type
from tests.conftest import Tell
from tests.crash.houses import Crew, House, count_begun_again, wait_for
from tests.crash.slow_runner import hand_in_sittings
from tests.halls import seat_people
from tests.servers import free_port

PEOPLE = 24
QUESTIONS = 3
KILLS = 10


def make_overdue(session: Session, app: Flask, *, lessons: int = 2) -> None:
    """Seat people who answered everything rightly and whose time is over; promise a job for each.

    Without lessons the quiz is the whole course: handing in completes it and issues a certificate.
    """
    for seat in seat_people(app, PEOPLE, questions=QUESTIONS, lessons=lessons, time_limit_minutes=10):
        answer_all(session, seat.attempt_id)
    begin_write(session)
    session.execute(update(Attempt).values(deadline_at=utc_now() - timedelta(minutes=1)))
    session.commit()
    assert plan_closing(session, utc_now()) == PEOPLE
    session.commit()


def answer_all(session: Session, attempt_id: int) -> None:
    saves = [
        Save(item.position, f"save-{item.position}", 1, dict(solve(item)), is_flagged=False)
        for item in session.scalars(select(PaperItem).where(PaperItem.attempt_id == attempt_id))
    ]
    save_answers(session, saves, attempt_id=attempt_id, user_id=None, now=utc_now())
    session.commit()


def solve(item: PaperItem) -> dict[str, list[str]]:
    version = item.question_version
    raw = get_type(version.type).solve(version.content, item.prepared)
    return {name: list(values) for name, values in raw.items()}


def count_open(session: Session) -> int:
    session.rollback()
    # What a certificate's paper is promised by waits for a runner that makes papers.
    is_open = Job.kind == "close_sitting", Job.state != "done"
    return session.scalar(select(func.count()).where(*is_open)) or 0


def test_no_job_is_lost_and_none_counts_twice(app: Flask, session: Session, house: House, tell: Tell) -> None:
    make_overdue(session, app, lessons=0)
    crew = Crew(house, hand_in_sittings, random.Random(9))

    crew.kill_now_and_then(lambda: PEOPLE - count_open(session), jobs=PEOPLE, kills=KILLS)

    assert count_open(session) == 0, house.log
    assert crew.kills == KILLS, f"only {crew.kills} kills: this proves nothing"
    assert count_begun_again(session, "close_sitting") >= KILLS // 2, "nobody was killed at work"
    session.expire_all()
    attempts = session.scalars(select(Attempt)).all()
    assert {(a.state, a.submitted_by) for a in attempts} == {("submitted", "deadline")}
    marks = session.scalar(select(func.count()).select_from(Mark))
    assert marks == PEOPLE * QUESTIONS
    assert session.scalar(select(func.max(Mark.number))) == 1
    certificates = session.scalar(select(func.count()).select_from(Certificate))
    assert certificates == PEOPLE
    assert session.scalar(select(func.count()).select_from(Completion)) == PEOPLE
    tell(f"killed: {crew.kills} runners", jobs=PEOPLE, certificates=certificates, lost=0, twice=0)


def test_a_job_whose_runner_was_killed_runs_again_when_its_lease_is_over(
    app: Flask, session: Session, house: House
) -> None:
    make_overdue(session, app)
    job_id = session.scalars(select(Job.id).order_by(Job.id)).first()
    assert job_id is not None
    # As a killed run leaves it: taken, under lease, and nobody there.
    services.claim(session, job_id, lease=timedelta(seconds=2), now=utc_now())
    session.commit()

    house.start_runner(hand_in_sittings)
    wait_for(lambda: not count_open(session))

    assert count_open(session) == 0, house.log
    session.expire_all()
    assert session.get_one(Job, job_id).tries == 2


def test_a_runner_that_is_told_to_end_leaves_its_seat(app: Flask, session: Session, house: House) -> None:
    make_overdue(session, app)
    runner = house.start_runner(hand_in_sittings)
    wait_for(lambda: count_open(session) < PEOPLE)
    runner.terminate()

    runner.join(30)
    assert runner.exitcode == 0, house.log

    session.rollback()
    assert services.take_seat(session, "next", now=utc_now(), lease=timedelta(seconds=1))
    assert session.scalar(select(func.count()).where(Job.state == "running")) == 0


def test_the_server_runs_jobs_by_itself(app: Flask, session: Session, house: House) -> None:
    make_overdue(session, app)

    server = house.serve(LMS_PORT=str(free_port()))
    wait_for(lambda: not count_open(session))

    assert count_open(session) == 0, house.log
    assert len(session.scalars(select(RunnerSeat)).all()) == 1
    session.rollback()
    server.terminate()
    assert server.wait(60) == 0
    assert session.scalars(select(RunnerSeat)).all() == []
