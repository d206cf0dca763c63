"""The organiser stops and lengthens the time while people begin, answer and are handed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.models import Role
from lms.core.db import begin_write, db
from quizzes.attempts import hall
from quizzes.attempts.closing import close_sitting
from quizzes.attempts.drawing import draw_ahead
from quizzes.attempts.models import AnswerEvent, Attempt
from quizzes.bank.models import CohortQuiz
from tests import factories
from tests.quizzes.attempts.conftest import Desk
from tests.race.conftest import Crowd, Server
from tests.race.test_submit_once import make_desks

PEOPLE = 11
ROUNDS = 4


def organise(app: Flask, cohort_id: int, act: Callable[..., int], **values: Any) -> int:
    """Do what the organiser does, in a session of its own."""
    with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        cohort = session.get_one(Cohort, cohort_id)
        count = act(session, values.pop("actor_id"), cohort=cohort, **values)
        session.commit()
        return count


def make_hall(session: Session) -> tuple[list[Desk], dict[str, Any]]:
    desks = make_desks(session, PEOPLE)
    cohort = session.get_one(Cohort, desks[0].enrolment.cohort_id)
    actor = factories.make_user(session, Role.ORGANISER, branch=cohort.branch)
    return desks, {"cohort_id": cohort.id, "actor_id": actor.id, "step_id": desks[0].step.id}


def end_at(session: Session, ids: list[int], end: datetime) -> None:
    begin_write(session)
    session.execute(update(Attempt).where(Attempt.id.in_(ids)).values(deadline_at=end))
    session.commit()


def sittings(session: Session, cohort_id: int) -> list[Attempt]:
    session.rollback()
    session.expire_all()
    people = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)
    begun = select(Attempt).where(Attempt.enrolment_id.in_(people), Attempt.state != "drawn")
    return list(session.scalars(begun))


def test_nobody_begins_behind_the_back_of_a_pause(
    app: Flask, session: Session, server: Server, crowd: Crowd
) -> None:
    """Half of the people find a paper drawn ahead, half do not; whoever sits, stands still."""
    for number in range(ROUNDS):
        desks, place = make_hall(session)
        if number % 2:
            at = {"cohort_id": place["cohort_id"], "step_id": place["step_id"]}
            draw_ahead(session, **at, rng=desks[0].rng, now=desks[0].now)
            session.commit()
        phones = [server.phone(desk.enrolment.user_id) for desk in desks]
        starts = [
            partial(phone.post, f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}")
            for phone, desk in zip(phones, desks, strict=True)
        ]
        pause = partial(organise, app, **place, act=hall.pause, now=desks[0].now)

        replies: list[Any] = crowd.rush([*starts[:6], pause, *starts[6:]])

        assert {reply.status for reply in replies if not isinstance(reply, int)} == {303}
        begun = sittings(session, place["cohort_id"])
        assert [attempt.id for attempt in begun if attempt.halted_at is None] == []
        assert all(attempt.held_deadline_at for attempt in begun)


def test_answers_come_in_while_the_time_stops_and_goes_on(
    app: Flask, session: Session, server: Server, crowd: Crowd
) -> None:
    for _ in range(ROUNDS):
        desks, place = make_hall(session)
        attempts = [desk.start() for desk in desks]
        now = desks[0].now + timedelta(minutes=1)
        end = now + timedelta(minutes=30)
        end_at(session, [attempt.id for attempt in attempts], end)
        saves = [
            partial(
                server.phone(desk.enrolment.user_id).post,
                f"/percobaan/{attempt.id}/jawaban",
                data={
                    "position": 1,
                    "event": "event-1",
                    "sequence": 1,
                    "raw": {"choice": ["1"]},
                    "flagged": False,
                },
            )
            for desk, attempt in zip(desks, attempts, strict=True)
        ]

        def stop_and_go(now: datetime = now, place: dict[str, Any] = place) -> int:
            organise(app, **place, act=hall.pause, now=now)
            return organise(app, **place, act=hall.resume, now=now + timedelta(seconds=90))

        replies: list[Any] = crowd.rush([*saves[:6], stop_and_go, *saves[6:]])

        assert [reply for reply in replies if isinstance(reply, int)] == [PEOPLE]
        told = [reply.json["outcome"] for reply in replies if not isinstance(reply, int)]
        assert told == ["applied"] * PEOPLE
        begun = sittings(session, place["cohort_id"])
        assert {attempt.deadline_at for attempt in begun} == {end + timedelta(seconds=90)}
        ids = [attempt.id for attempt in begun]
        kept = select(func.count()).select_from(AnswerEvent).where(AnswerEvent.attempt_id.in_(ids))
        assert session.scalar(kept) == PEOPLE


def test_an_extension_and_the_deadline_agree_on_every_sitting(
    app: Flask, session: Session, crowd: Crowd
) -> None:
    """Given just before the end, closed just after it: one of the two, whole, for each person."""
    for _ in range(ROUNDS):
        desks, place = make_hall(session)
        ids = [desk.start().id for desk in desks]
        end = desks[0].now + timedelta(minutes=5)
        end_at(session, ids, end)

        def close(attempt_id: int, end: datetime = end) -> int:
            with app.app_context(), Session(db.engine, expire_on_commit=False) as own:
                close_sitting(own, {"attempt_id": attempt_id}, end + timedelta(seconds=1))
                own.commit()
            return 0

        extend = partial(organise, app, **place, act=hall.extend, minutes=10, now=end)
        counts = crowd.rush(
            [*(partial(close, key) for key in ids[:6]), extend, *(partial(close, key) for key in ids[6:])]
        )

        begun = sittings(session, place["cohort_id"])
        closed = [attempt for attempt in begun if attempt.state == "submitted"]
        longer = [attempt for attempt in begun if attempt.state == "in_progress"]
        told = {(attempt.submitted_by, attempt.submitted_at, attempt.deadline_at) for attempt in closed}
        assert told <= {("deadline", end, end)}
        assert {attempt.deadline_at for attempt in longer} <= {end + timedelta(minutes=10)}
        assert len(closed) + len(longer) == PEOPLE
        pin = session.scalars(select(CohortQuiz).where(CohortQuiz.cohort_id == place["cohort_id"])).one()
        assert (pin.extended_minutes, max(counts)) == (10, len(longer))
