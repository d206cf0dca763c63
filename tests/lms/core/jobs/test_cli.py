"""`lms jobs`: run what is due, list what is not done, try again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.core.db import begin_write
from lms.core.jobs import services
from lms.core.jobs.cli import jobs
from lms.core.jobs.models import Job

Know = Callable[..., None]


def run(app: Flask, *words: object) -> Any:
    return app.test_cli_runner().invoke(jobs, [str(word) for word in words])


def promise(session: Session, kind: str = "note") -> int:
    services.enqueue(session, kind, key="one", payload={"word": "one"}, now=utc_now())
    session.commit()
    return session.scalars(select(Job.id).where(Job.key == "one")).one()


def test_once_runs_what_is_due(app: Flask, session: Session, know: Know, done: list[Any]) -> None:
    promise(session)

    assert run(app, "run", "--once").output == "Jobs run: 1\n"
    assert done == ["one"]


def test_list_shows_what_is_not_done_and_why(app: Flask, session: Session, know: Know) -> None:
    job_id = promise(session, "of a newer version")
    run(app, "run", "--once")

    line = run(app, "list").output

    assert line.startswith(f"{job_id}\tqueued\tof a newer version\tone\t1\t")
    assert line.endswith("KeyError: 'of a newer version'\n")
    assert run(app, "list", "--state", "done").output == ""


def test_retry_says_whether_there_was_one(app: Flask, session: Session, know: Know, done: list[Any]) -> None:
    job_id = promise(session)
    session.close()

    assert run(app, "retry", job_id).exit_code == 1

    begin_write(session)
    session.get_one(Job, job_id).state = "failed"
    session.commit()
    assert run(app, "retry").output == "Jobs that begin anew: 1\n"
    assert run(app, "run", "--once").output == "Jobs run: 1\n"
    assert done == ["one"]
