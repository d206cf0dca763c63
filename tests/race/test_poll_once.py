"""A hall answers at one moment, everybody twice, while the question is closed; many trainers put one."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.db import db
from lms.core.errors import Conflict
from quizzes.live.models import Poll, PollAnswer
from quizzes.live.polling import Asked, close_poll, open_poll
from tests import factories
from tests.race.conftest import Crowd, Phone, Server
from tests.servers import Answer, send_once

PEOPLE = 6
ROUNDS = 3
ASKED = Asked("<p>Siap?</p>", ["Ya", "Belum"], 0)


def put(app: Flask, cohort_id: int, actor_id: int) -> str:
    """Put a question as another trainer would, in a session of its own."""
    with app.app_context(), Session(db.engine) as session:
        cohort = session.get_one(Cohort, cohort_id)
        try:
            open_poll(session, actor_id, cohort=cohort, asked=ASKED, now=factories.NOW)
        except Conflict:
            return "refused"
        session.commit()
        return "open"


def close(app: Flask, cohort_id: int, actor_id: int, poll_id: int) -> str:
    """Close the question in a session of its own."""
    with app.app_context(), Session(db.engine) as session:
        cohort = session.get_one(Cohort, cohort_id)
        close_poll(session, actor_id, poll_id=poll_id, cohort=cohort, now=factories.NOW)
        session.commit()
        return "closed"


def tap(phone: Phone, address: str) -> Answer:
    """Answer as a page without a script does."""
    form = {"choice": "1", "sequence": "1"}
    return send_once(phone.port, phone.holder, "POST", address, form=form)


def test_trainers_at_one_moment_open_one_question(app: Flask, session: Session, crowd: Crowd) -> None:
    for _round in range(ROUNDS):
        cohort = factories.make_cohort(session)
        actor_id = factories.make_user(session, branch=cohort.branch).id

        done = crowd.rush([partial(put, app, cohort.id, actor_id)] * 12)

        assert sorted(done) == ["open", *["refused"] * 11]
        session.rollback()
        assert len(session.scalars(select(Poll).where(Poll.cohort_id == cohort.id)).all()) == 1


def test_a_hall_that_answers_twice_at_one_moment_is_counted_once_and_never_after_the_close(
    app: Flask, session: Session, server: Server, crowd: Crowd
) -> None:
    cohort = factories.make_cohort(session)
    actor_id = factories.make_user(session, branch=cohort.branch).id
    people = [factories.make_enrolment(session, cohort=cohort) for _ in range(PEOPLE)]
    poll = open_poll(session, actor_id, cohort=cohort, asked=ASKED, now=factories.NOW)
    session.commit()
    taps: list[Any] = []
    for person in people:
        phone = server.phone(person.user_id)
        taps += [partial(tap, phone, f"/belajar/{person.id}/jajak/{poll.id}")] * 2
    shut = partial(close, app, cohort.id, actor_id, poll.id)

    replies: list[Any] = crowd.rush([*taps[:6], shut, *taps[7:]])

    assert {reply.status for reply in replies if not isinstance(reply, str)} == {303}
    session.rollback()
    kept = session.scalars(select(PollAnswer).where(PollAnswer.poll_id == poll.id)).all()
    assert len(kept) == len({answer.enrolment_id for answer in kept}) <= PEOPLE
    late = crowd.rush(taps)
    session.rollback()
    assert {reply.status for reply in late} == {303}
    assert len(session.scalars(select(PollAnswer)).all()) == len(kept), "closed is closed"
