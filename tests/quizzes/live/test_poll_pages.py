"""The question on the big screen and on the phones of the hall."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.bank.models import Question
from tests import factories

SignIn = Callable[[int], FlaskClient]
KEY, REASON = "Badan hukum publik", "Karena disebut undang-undang."


@dataclass
class Hall:
    session: Session
    cohort: Cohort
    sari: Enrolment
    trainer: FlaskClient
    phone: FlaskClient
    version_id: int

    @property
    def polls(self) -> str:
        return f"/angkatan/{self.cohort.id}/jajak"

    @property
    def page(self) -> str:
        return f"/belajar/{self.sari.id}/jajak"

    def ask(self) -> str:
        """Put the question of the bank; return the address of its buttons."""
        return self.trainer.post(f"{self.polls}/soal/{self.version_id}").headers["Location"]

    def answer(self, choice: object, *, sequence: int = 1) -> Any:
        address = f"{self.page}/{self.poll_id}"
        data = {"choice": str(choice), "sequence": str(sequence)}
        return self.phone.post(address, data=data, follow_redirects=True)

    @property
    def poll_id(self) -> int:
        found = re.search(rf"{self.page}/(\d+)", self.phone.get(self.page).text)
        return int(found[1]) if found else 1


@pytest.fixture
def hall(session: Session, sign_in: SignIn) -> Hall:
    cohort = factories.make_cohort(session)
    sari = factories.make_enrolment(session, cohort=cohort, name="Sumarni Widodo", id=700_000_001)
    version = factories.make_question(session, stem_html="<p>BPJS itu apa?</p>", explanation_html=REASON)
    begin_write(session)
    session.execute(update(Question).values(use="practice"))
    session.commit()
    trainer = factories.make_user(session, Role.TRAINER, branch=cohort.branch, name="Pelatih Wulandari")
    return Hall(session, cohort, sari, sign_in(trainer.id), sign_in(sari.user_id), version.id)


def test_a_question_is_put_answered_changed_shown_and_explained(hall: Hall) -> None:
    assert "Sekarang tidak ada pertanyaan di layar." in hall.phone.get(hall.page).text
    assert "Ada pertanyaan di layar" not in hall.phone.get("/").text
    quiet = hall.phone.get(f"{hall.page}/keadaan").json
    buttons = hall.ask()

    assert hall.phone.get(f"{hall.page}/keadaan").json != quiet
    for address in ("/", f"/belajar/{hall.sari.id}"):
        assert "Ada pertanyaan di layar" in hall.phone.get(address).text
    shown = hall.answer(2).text
    assert "Jawaban Anda tersimpan" in shown
    assert 'value="2" id="choice-2" checked' in shown
    assert "<b>1</b> dari 1 sudah menjawab" in hall.trainer.get(f"{buttons}/isi").text
    assert 'value="1" id="choice-1" checked' in hall.answer(1, sequence=2).text

    board = hall.trainer.get(f"{buttons}/layar").text
    assert "board-number" not in board, "no bars before the trainer says so"
    hall.trainer.post(f"{buttons}/batang")
    board = hall.trainer.get(f"{buttons}/layar/isi").text
    assert 'class="board-number">1<' in board
    assert REASON not in board
    hall.trainer.post(f"{buttons}/kunci")
    assert REASON in hall.trainer.get(f"{buttons}/layar").text
    after = hall.phone.get(hall.page).text
    assert "Jawaban benar" in after
    assert REASON in after
    assert "1 orang" in after


def test_no_key_is_in_any_byte_before_the_trainer_shows_it(hall: Hall) -> None:
    buttons = hall.ask()
    hall.trainer.post(f"{buttons}/batang")
    hall.answer(1)

    phone = hall.phone.get(hall.page).text
    screen = hall.trainer.get(f"{buttons}/layar").text
    state = hall.phone.get(f"{hall.page}/keadaan").text
    hall.trainer.post(f"{buttons}/tutup")
    closed = hall.phone.get(hall.page).text + hall.trainer.get(f"{buttons}/layar").text

    for shown in (phone, screen, state, closed):
        assert REASON not in shown
        assert "right" not in re.sub(r"arrow-right|copyright", "", shown)
        assert "Jawaban benar" not in shown
    assert phone.count(KEY) == 2, "as an option and beside its bar, like the others"


def test_nothing_of_a_person_is_on_the_big_screen(hall: Hall) -> None:
    buttons = hall.ask()
    hall.answer(1)
    hall.trainer.post(f"{buttons}/batang")

    for address in ("layar", "layar/isi"):
        shown = hall.trainer.get(f"{buttons}/{address}").text
        for secret in (
            "Sumarni",
            "Widodo",
            "Wulandari",
            "700000001",
            str(hall.sari.card and hall.sari.card.number),
        ):
            assert secret not in shown


def test_a_button_pressed_twice_and_a_second_trainer_come_to_the_question_that_is_open(hall: Hall) -> None:
    first = hall.ask()

    second = hall.trainer.post(
        hall.polls, data={"stem": "Lanjut?", "option_1": "Ya", "option_2": "Belum"}, follow_redirects=True
    )

    assert second.request.path == first
    assert "Sudah ada pertanyaan yang terbuka" in second.text
    assert "Lanjut?" not in second.text


def test_a_question_of_ones_own_is_put_and_its_faults_are_asked_back(hall: Hall) -> None:
    wrong = hall.trainer.post(hall.polls, data={"stem": "Lanjut?", "option_1": "Ya"})
    assert wrong.status_code == 422
    assert "Tulis 2 sampai 6 jawaban." in wrong.text
    assert 'value="Ya"' in wrong.text, "what was typed is kept"
    assert hall.trainer.post(hall.polls, data={"option_1": "Ya", "option_2": "Belum"}).status_code == 422

    page = hall.trainer.post(
        hall.polls,
        data={"stem": "<i>Lanjut?</i>", "option_1": "Ya", "option_2": "Belum"},
        follow_redirects=True,
    ).text

    assert "&lt;i&gt;Lanjut?&lt;/i&gt;" in page
    assert "Tampilkan jawaban benar" not in page
    assert (
        "tidak punya jawaban benar" in hall.trainer.post(f"{hall.polls}/1/kunci", follow_redirects=True).text
    )


def test_an_answer_that_comes_too_late_or_names_nothing_is_told(hall: Hall) -> None:
    buttons = hall.ask()
    assert hall.answer("").status_code == 422
    assert "Pilih salah satu jawaban." in hall.answer("9").text
    assert hall.answer(1).status_code == 200
    assert "Sementara itu Anda sudah menjawab di halaman lain" in hall.answer(2).text
    assert 'value="1" id="choice-1" checked' in hall.phone.get(hall.page).text
    poll_id = hall.poll_id
    hall.trainer.post(f"{buttons}/tutup")

    late = hall.phone.post(
        f"{hall.page}/{poll_id}", data={"choice": "2", "sequence": "2"}, follow_redirects=True
    )

    assert "sudah ditutup sebelum jawaban Anda sampai" in late.text


def test_other_branches_and_other_cohorts_find_nothing(hall: Hall, sign_in: SignIn) -> None:
    buttons = hall.ask()
    poll_id = hall.poll_id
    elsewhere = sign_in(
        factories.make_user(hall.session, Role.TRAINER, branch=factories.make_branch(hall.session)).id
    )
    neighbour = factories.make_enrolment(hall.session, cohort=factories.make_cohort(hall.session))
    stranger = sign_in(neighbour.user_id)

    assert elsewhere.get(buttons).status_code == 404
    assert elsewhere.post(f"{buttons}/batang").status_code == 404
    assert stranger.get(hall.page).status_code == 404
    assert stranger.post(f"/belajar/{neighbour.id}/jajak/{poll_id}", data={"choice": "1"}).status_code == 404
    assert "Ada pertanyaan di layar" not in stranger.get("/").text
    assert hall.phone.get(buttons).status_code == 404
