"""Jobs are run, what they do and that it is done are one; huey wakes the runner."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.core.jobs import runner, services
from lms.core.jobs.kinds import Kind
from lms.core.jobs.models import Job, RunnerSeat
from lms.core.jobs.nudging import get_queue

Know = Callable[..., None]


def promise(session: Session, word: str, kind: str = "note", **values: Any) -> int:
    services.enqueue(session, kind, key=word, payload={"word": word}, **({"now": utc_now()} | values))
    session.commit()
    job_id = session.scalar(select(Job.id).where(Job.key == word))
    assert job_id is not None
    return job_id


def state_of(job_id: int) -> tuple[str, str]:
    db.session.rollback()
    db.session.expire_all()
    job = db.session.get_one(Job, job_id)
    return job.state, job.problem


def test_due_jobs_run_once_the_oldest_first(session: Session, know: Know, done: list[Any]) -> None:
    now = utc_now()
    promise(session, "second", now=now, due_at=now - timedelta(seconds=1))
    promise(session, "first", now=now, due_at=now - timedelta(seconds=2))
    promise(session, "later", now=now, due_at=now + timedelta(hours=1))

    assert [runner.run_due(limit=9), runner.run_due(limit=9)] == [2, 0]
    assert done == ["first", "second"]


def test_what_a_failed_run_wrote_is_not_there(session: Session, know: Know) -> None:
    def write_and_break(session: Session, _payload: Mapping[str, Any], _now: datetime) -> None:
        begin_write(session)
        session.add(Branch(code="K", name="K", city="K", signatory_name="K", signatory_title="K"))
        session.flush()
        raise ValueError("broken")

    know(Kind("break", write_and_break))
    job_id = promise(session, "it", "break")

    assert runner.run_job(job_id) == "failed"
    assert state_of(job_id) == ("queued", "ValueError: broken")
    assert db.session.scalars(select(Branch)).all() == []


def test_a_run_that_lost_its_lease_leaves_no_trace(session: Session, know: Know) -> None:
    def lose_the_lease(session: Session, _payload: Mapping[str, Any], now: datetime) -> None:
        services.claim(session, job_id, lease=timedelta(minutes=1), now=now + timedelta(hours=1))
        session.commit()
        write_something(session)

    def write_something(session: Session) -> None:
        begin_write(session)
        session.add(Branch(code="K", name="K", city="K", signatory_name="K", signatory_title="K"))

    know(Kind("slow", lose_the_lease))
    job_id = promise(session, "it", "slow")

    assert runner.run_job(job_id) == "left"
    assert state_of(job_id)[0] == "running"
    assert db.session.scalars(select(Branch)).all() == []


def test_a_kind_nobody_knows_fails_and_stops_no_other(session: Session, know: Know, done: list[Any]) -> None:
    strange = promise(session, "strange", "of a newer version")
    promise(session, "known")

    runner.run_due(limit=9)

    assert done == ["known"]
    assert state_of(strange)[0] == "queued"


def test_a_plan_that_breaks_stops_no_other(session: Session, know: Know) -> None:
    def break_(_session: Session, _now: datetime) -> int:
        raise ValueError

    def plan(session: Session, now: datetime) -> int:
        return int(services.enqueue(session, "note", key="planned", now=now))

    def nothing(_session: Session, _payload: Mapping[str, Any], _now: datetime) -> None:
        return None

    know(Kind("a", nothing, plan=break_), Kind("b", nothing, plan=plan))

    assert runner.plan_jobs() == 1


def test_a_committed_promise_wakes_the_runner_wherever_it_is(
    app: Flask, session: Session, know: Know, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "testing", False)
    heard: list[int] = []
    job_id = promise(session, "word")
    later = utc_now() + timedelta(hours=1)
    promise(session, "later", due_at=later)
    services.enqueue(session, "note", key="taken back", now=utc_now())
    session.rollback()

    queue = get_queue()
    assert [queue.listen(heard.append), queue.listen(heard.append)] == [True, False]
    queue.close()

    assert heard == [job_id]


def test_a_queue_that_cannot_be_written_loses_nothing(
    app: Flask, session: Session, know: Know, done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "testing", False)
    monkeypatch.setattr(get_queue(), "_make", lambda: 1 / 0)
    promise(session, "word")

    runner.run_due(limit=9)

    assert done == ["word"]


def test_a_runner_takes_the_seat_works_and_leaves_it(
    app: Flask, session: Session, know: Know, done: list[Any]
) -> None:
    promise(session, "word")
    session.close()
    working = runner.Runner(app)
    thread = threading.Thread(target=working.run_forever)
    thread.start()
    end = time.monotonic() + 20
    while not done and time.monotonic() < end:
        time.sleep(0.05)
    working.stop()
    thread.join(20)

    assert done == ["word"]
    assert session.scalars(select(RunnerSeat)).all() == []


def test_who_has_no_seat_runs_nothing(app: Flask, session: Session, know: Know, done: list[Any]) -> None:
    services.take_seat(session, "another", now=utc_now(), lease=timedelta(minutes=1))
    session.commit()
    promise(session, "word")

    assert runner.Runner(app)._turn() == runner.RENEW_SECONDS
    assert done == []
