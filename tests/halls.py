"""A hall full of people with an open quiz each, for tests that put a server under load."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from courses.cohorts.queries import get_own_enrolment
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.attempts.starting import start_attempt
from tests import factories
from tests.servers import Pass, make_pass


@dataclass(frozen=True)
class Seat:
    """One person: who, their open sitting, their signed-in browser."""

    user_id: int
    enrolment_id: int
    step_id: int
    attempt_id: int
    holder: Pass


def seat_people(
    app: Flask, count: int, *, questions: int = 5, lessons: int = 2, **settings: object
) -> list[Seat]:
    """Fill one cohort with people who have all begun one quiz; without lessons it is the whole course."""
    session, now = db.session(), utc_now()
    cohort = factories.make_cohort(
        session,
        edition=factories.make_edition(session, lessons=lessons),
        starts_on=(now - timedelta(days=1)).date(),
        ends_on=(now + timedelta(days=1)).date(),
    )
    versions = [factories.make_question(session) for _ in range(questions)]
    step = factories.make_quiz_step(session, cohort, versions, **{"attempts_allowed": 0, **settings})
    enrolments = [factories.make_enrolment(session, cohort=cohort) for _ in range(count)]
    return [_seat(session, app, enrolment, step.id) for enrolment in enrolments]


def _seat(session: Session, app: Flask, enrolment: Enrolment, step_id: int) -> Seat:
    now = utc_now()
    own = get_own_enrolment(session, enrolment.id, user_id=enrolment.user_id)
    attempt = start_attempt(session, enrolment=own, step_id=step_id, now=now, rng=Random(enrolment.id))
    session.commit()
    begin_write(session)
    token = open_session(
        session, enrolment.user_id, via="card", now=now, user_agent="test", expires_at=now + timedelta(days=1)
    )
    session.commit()
    return Seat(enrolment.user_id, enrolment.id, step_id, attempt.id, make_pass(app, token))


def count_rows(model: type) -> int:
    """Return how many rows a table has now."""
    session = db.session()
    session.rollback()
    return len(session.execute(select(model.__table__)).all())  # type: ignore[attr-defined]
