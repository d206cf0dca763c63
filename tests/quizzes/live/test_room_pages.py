"""The live room, and the big screen on which nothing of a person stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, User
from lms.core.audit.models import AuditEvent
from quizzes.attempts.models import Attempt, JointStart
from quizzes.attempts.together import get_quiz_id
from quizzes.bank.models import CohortQuiz
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session, time_limit_minutes=30)


@pytest.fixture
def trainer(desk: Desk) -> User:
    branch = desk.enrolment.cohort.branch
    return factories.make_user(desk.session, Role.TRAINER, branch=branch, name="Pelatih Wulandari")


def room_of(desk: Desk) -> str:
    return f"/angkatan/{desk.enrolment.cohort_id}/langsung/{desk.step.id}"


def test_a_trainer_sees_who_is_where_and_holds_the_hall(desk: Desk, trainer: User, sign_in: SignIn) -> None:
    attempt, browser, room = desk.start(), sign_in(trainer.id), room_of(desk)
    desk.save(attempt)

    page = browser.get(room).text
    assert desk.enrolment.name in page
    assert "1 dari 5 terjawab" in page
    assert "1 orang sedang mengerjakan" in browser.get(room.rpartition("/")[0]).text
    assert "Sedang mengerjakan" in page
    assert "Belum mulai" in page
    assert "Waktu 1 orang berhenti." in browser.post(f"{room}/jeda", follow_redirects=True).text
    assert "berhenti" in browser.get(f"{room}/isi").text
    data = {"minutes": "10", "seen": "0"}
    assert "Lanjutkan waktu" in browser.post(f"{room}/tambah", data=data, follow_redirects=True).text
    again = browser.post(f"{room}/tambah", data=data, follow_redirects=True).text
    assert "baru saja menambah waktu" in again, "pressed twice it gives once"
    assert "Hentikan waktu" in browser.post(f"{room}/lanjut", follow_redirects=True).text
    assert browser.post(f"{room}/tambah", data={"minutes": "banyak", "seen": "0"}).status_code == 422

    desk.session.expire_all()
    assert desk.session.get_one(Attempt, attempt.id).halted_at is None
    done = desk.session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("quiz.%"))).all()
    assert done == ["quiz.paused", "quiz.extended", "quiz.resumed"]


def test_the_code_is_made_and_the_door_opened_from_the_room(
    desk: Desk, trainer: User, sign_in: SignIn
) -> None:
    browser, room = sign_in(trainer.id), room_of(desk)
    quiz_id = get_quiz_id(desk.session, desk.enrolment.cohort, desk.step.id)
    key = desk.enrolment.cohort_id, quiz_id
    missed = browser.post(f"{room}/mulai", follow_redirects=True).text
    assert "Tidak ada lagi yang menunggu kuis ini." in missed
    factories.add(desk.session, JointStart(cohort_id=key[0], quiz_id=key[1]))

    assert "Buka sekarang" in browser.get(room).text
    assert "Buka sekarang" not in browser.post(f"{room}/mulai", follow_redirects=True).text
    browser.post(f"{room}/kode-baru")

    desk.session.expire_all()
    code = desk.session.get_one(CohortQuiz, key).code
    assert code
    assert code in browser.get(f"{room}/layar").text
    assert desk.session.get_one(JointStart, key).opened_at is not None


def test_nothing_of_a_person_is_in_the_bytes_of_the_big_screen(
    desk: Desk, trainer: User, sign_in: SignIn
) -> None:
    ids = {"users": 700_000_001, "enrolments": 700_000_002}
    user = factories.make_user(
        desk.session, id=ids["users"], name="Sumarni Widodo", login="sumarni@desa.test"
    )
    enrolment = factories.make_enrolment(
        desk.session, cohort=desk.enrolment.cohort, user=user, id=ids["enrolments"]
    )
    desk.enrolment = enrolment
    desk.start()
    browser = sign_in(trainer.id)
    assert "Sumarni Widodo" in browser.get(room_of(desk)).text

    for address in ("layar", "layar/isi"):
        shown = browser.get(f"{room_of(desk)}/{address}").data
        assert b"Sedang mengerjakan <b>1</b>" in shown
        for secret in (
            *(part for person in (user, trainer) for part in person.name.split()),
            user.login,
            trainer.login,
            *map(str, ids.values()),
            enrolment.card.number if enrolment.card else "",
        ):
            assert secret
            assert secret.encode() not in shown, f"{secret} stands on {address}"


def test_an_empty_hall_says_so(session: Session, sign_in: SignIn) -> None:
    cohort = factories.make_cohort(session)
    step = factories.make_quiz_step(session, cohort)
    organiser = factories.make_user(session, Role.ORGANISER, branch=cohort.branch)
    browser = sign_in(organiser.id)

    assert (
        "Angkatan ini belum punya peserta." in browser.get(f"/angkatan/{cohort.id}/langsung/{step.id}").text
    )
    assert browser.get(f"/angkatan/{cohort.id}/langsung/{step.id}/layar").status_code == 200
    assert step.title in browser.get(f"/angkatan/{cohort.id}/langsung").text
