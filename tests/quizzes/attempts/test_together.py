"""A hall begins together: people wait, the organiser opens, everybody is let in in steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from lms.core.jobs import runner
from quizzes.attempts import together
from quizzes.attempts.models import JointStart
from quizzes.attempts.terms import NotYet
from quizzes.attempts.together import WAIT_SECONDS, find_wait
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]


def cohort_of(desk: Desk) -> Cohort:
    return desk.session.get_one(Cohort, desk.enrolment.cohort_id)


def organiser_of(desk: Desk) -> int:
    branch = cohort_of(desk).branch
    return factories.make_user(desk.session, Role.ORGANISER, branch=branch).id


def act(desk: Desk, name: str, *, now: datetime | None = None) -> None:
    acts = {"prepare": together.prepare, "open": together.open_door, "release": together.release}
    actor_id, cohort = organiser_of(desk), cohort_of(desk)
    acts[name](desk.session, actor_id, cohort=cohort, step_id=desk.step.id, now=now or desk.now)
    desk.session.commit()


def joint_of(desk: Desk) -> JointStart:
    desk.session.expire_all()
    return desk.session.scalars(select(JointStart)).one()


def test_prepared_people_wait_and_opened_they_begin(desk: Desk) -> None:
    act(desk, "prepare")
    with pytest.raises(NotYet):
        desk.start()

    act(desk, "open")

    assert desk.start().number == 1


def test_let_in_in_steps_each_at_the_own_second(desk: Desk) -> None:
    act(desk, "prepare")
    act(desk, "open")
    begin_write(desk.session)
    desk.session.execute(update(JointStart).values(turns=4))
    desk.session.commit()
    turn = desk.enrolment.id % 4
    opened_at = joint_of(desk).opened_at
    assert opened_at is not None
    moment = opened_at + timedelta(seconds=turn)

    assert find_wait(joint_of(desk), desk.enrolment.id, now=moment) is None
    before = find_wait(joint_of(desk), desk.enrolment.id, now=moment - timedelta(seconds=1))
    assert before is not None
    assert (before.is_open, before.again_seconds) == (True, 2)
    with pytest.raises(NotYet):
        desk.start(now=moment - timedelta(seconds=1))
    assert desk.start(now=moment).number == 1


def test_a_hall_is_let_in_twenty_five_a_second(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "ADMITTED_PER_SECOND", 1)
    act(desk, "prepare")
    act(desk, "open")

    assert joint_of(desk).turns == 2


def test_who_sits_already_goes_on(desk: Desk) -> None:
    attempt = desk.start()
    act(desk, "prepare")

    assert desk.start().id == attempt.id


def test_released_everybody_begins_alone(desk: Desk) -> None:
    act(desk, "prepare")
    act(desk, "release")

    assert desk.start().number == 1
    with pytest.raises(Conflict):
        act(desk, "open")


def test_opened_twice_the_first_moment_stays(desk: Desk) -> None:
    act(desk, "prepare")
    act(desk, "open")
    act(desk, "open", now=desk.now + timedelta(minutes=5))

    assert joint_of(desk).opened_at == desk.now


def test_a_step_of_another_course_is_not_found(desk: Desk) -> None:
    other = make_desk(desk.session)
    desk.step = other.step

    with pytest.raises(NotFound):
        act(desk, "prepare")


def test_each_act_is_written_down(desk: Desk) -> None:
    for name in ("prepare", "open", "release"):
        act(desk, name)

    actions = desk.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions[-3:] == ["quiz.papers_asked", "quiz.opened_together", "quiz.released"]


def test_the_waiting_page_asks_again_by_itself_and_lets_in(desk: Desk, sign_in: SignIn) -> None:
    act(desk, "prepare")
    client = sign_in(desk.enrolment.user_id)
    url = f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"

    page = client.get(url)
    refused = client.post(url)

    assert WAIT_SECONDS <= int(page.headers["Refresh"]) < WAIT_SECONDS + 3
    assert "Mohon tunggu peserta lain" in page.text
    assert "action-bar" not in page.text
    assert (refused.status_code, refused.headers["Location"]) == (303, url)
    assert refused.headers["Retry-After"] == str(WAIT_SECONDS)

    act(desk, "open", now=desk.now - timedelta(minutes=1))
    page = client.get(url)
    assert "Refresh" not in page.headers
    assert "action-bar" in page.text
    assert client.post(url).headers["Location"].startswith("/percobaan/")


def test_the_organiser_prepares_and_opens(session: Session, desk: Desk, sign_in: SignIn) -> None:
    client = sign_in(organiser_of(desk))
    page = f"/angkatan/{desk.enrolment.cohort_id}/bersama"
    quiz = f"{page}/{desk.step.id}"
    assert "Lembar soal siap: 0 dari 2" in client.get(page).text

    answer = client.post(f"{quiz}/siapkan")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    runner.run_due(limit=9)

    text = client.get(page).text
    assert "Lembar soal siap: 2 dari 2" in text
    assert "Peserta menunggu" in text
    assert client.post(f"{quiz}/mulai").status_code == 303
    assert "Dibuka sejak" in client.get(page).text
    assert client.post(f"{quiz}/lepas").status_code == 303
    assert "Dibuka sejak" not in client.get(page).text


def test_each_quiz_of_a_cohort_waits_for_itself(desk: Desk) -> None:
    other = factories.make_quiz_step(desk.session, cohort_of(desk))
    act(desk, "prepare")

    starts = together.list_starts(desk.session, cohort_of(desk))

    assert [(start.step_id, start.joint is None) for start in starts] == [
        (desk.step.id, False),
        (other.id, True),
    ]
