"""The daily sweep."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.jobs import services
from lms.core.jobs.housekeeping import KEEP, plan_sweep, sweep
from lms.core.jobs.models import Job
from tests.conftest import NOW


def test_one_sweep_a_day_is_planned(session: Session) -> None:
    planned = []
    for hours in (0, 1, 24):
        planned.append(plan_sweep(session, NOW + timedelta(hours=hours)))
        session.commit()

    assert planned == [1, 0, 1]


def test_a_sweep_forgets_what_was_done_long_ago(session: Session) -> None:
    for key, at in (("old", NOW - KEEP - timedelta(days=1)), ("new", NOW - timedelta(days=1))):
        services.enqueue(session, "note", key=key, now=at)
        session.commit()
        job_id = session.scalars(select(Job.id).where(Job.key == key)).one()
        job = services.claim(session, job_id, lease=timedelta(minutes=1), now=at)
        assert job is not None
        services.finish(session, job_id, token=job.token or "", now=at)
        session.commit()

    sweep(session, {}, NOW)
    session.commit()

    assert session.scalars(select(Job.key)).all() == ["new"]
