"""The page on which a trainer decides about a question whose facts have changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from tests import factories
from tests.courses.facts.changes import change
from tests.quizzes.bank.stale.test_staleness import rows
from tests.quizzes.bank.users import KEY, load, newest, question
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def browser(session: Session, sign_in: SignIn) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.ADMIN).id)


@pytest.fixture
def address(session: Session, tmp_path: Path) -> str:
    """The page of a question whose stem says 2 % where it is 3 % now."""
    load(session, tmp_path)
    change(session, KEY, "0.03")
    return f"/soal/{question(session, 'iuran-01').id}/tinjau"


def mark_on(page: str) -> str:
    found = re.search(r'name="mark"[^>]*value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_both_wordings_stand_side_by_side(browser: FlaskClient, address: str) -> None:
    page = browser.get(address).text

    assert "Iuran JHT bagian pekerja 2%." in page
    assert "Iuran JHT bagian pekerja 3%." in page
    assert "Dijeda: soal ini tidak masuk lembar soal baru" in page


def test_the_question_itself_says_that_it_is_paused(browser: FlaskClient, address: str) -> None:
    assert "Dijeda karena ada fakta yang berubah" in browser.get(address.removesuffix("/tinjau")).text


def test_a_new_version_is_one_press(browser: FlaskClient, session: Session, address: str) -> None:
    mark = mark_on(browser.get(address).text)

    answer = browser.post(f"{address}/baru", data={"mark": mark})

    assert answer.status_code == 303
    session.expire_all()
    assert newest(session, "iuran-01").number == 2
    assert "Tidak ada yang perlu diputuskan" in browser.get(address).text


def test_keeping_it_needs_a_reason(browser: FlaskClient, session: Session, address: str) -> None:
    mark = mark_on(browser.get(address).text)

    refused = browser.post(f"{address}/tetap", data={"mark": mark, "reason": " "})
    assert refused.status_code == 422
    assert "Tuliskan alasannya dalam satu kalimat." in refused.text

    kept = browser.post(f"{address}/tetap", data={"mark": mark, "reason": "Soal menyebut tahunnya."})
    assert kept.status_code == 303
    session.expire_all()
    assert rows(session)["iuran-01 1"] == ("released", False)


def test_a_decision_on_an_old_page_is_refused(browser: FlaskClient, session: Session, address: str) -> None:
    mark = mark_on(browser.get(address).text)
    change(session, KEY, "0.04")

    answer = browser.post(f"{address}/baru", data={"mark": mark}, follow_redirects=True)

    assert "Lihat sekali lagi, lalu putuskan." in answer.text
    session.expire_all()
    assert newest(session, "iuran-01").number == 1


def test_a_trainer_sees_a_question_of_the_nation_but_cannot_decide(
    session: Session, sign_in: SignIn, address: str
) -> None:
    trainer = sign_in(factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session)).id)

    page = trainer.get(address)

    assert page.status_code == 200
    assert "diputuskan oleh admin" in page.text
    assert trainer.post(f"{address}/baru", data={"mark": "x"}).status_code == 404
    assert trainer.post(f"{address}/tetap", data={"mark": "x", "reason": "y"}).status_code == 404


def test_saving_the_same_words_in_the_editor_takes_the_facts_of_now(
    browser: FlaskClient, session: Session, address: str
) -> None:
    edit = address.replace("/tinjau", "/ubah")
    base = newest(session, "iuran-01").source_sha256
    form = {
        "topic": "iuran",
        "use": "graded",
        "stem": f"Iuran JHT bagian pekerja {{fakta:{KEY}}}.",
        "detail-answer": "true",
        "difficulty": "",
        "level": "",
        "aksi": "save",
        "base": base,
    }

    assert browser.post(edit, data=form).status_code == 303

    session.expire_all()
    assert newest(session, "iuran-01").stem_html == "Iuran JHT bagian pekerja 3%."
    assert rows(session)["iuran-01 1"] == ("replaced", True)


def test_a_question_nobody_has_to_decide_about_says_so(
    browser: FlaskClient, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)

    page = browser.get(f"/soal/{question(session, 'iuran-06').id}/tinjau").text

    assert "Tidak ada yang perlu diputuskan" in page


def test_the_page_asks_the_database_eight_times_at_most(browser: FlaskClient, address: str) -> None:
    browser.get(address)

    with counted() as sent:
        browser.get(address)

    assert len(sent) <= PAGE_LIMIT, "\n".join(sent)
