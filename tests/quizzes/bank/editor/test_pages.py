"""The editor without a script: colleagues who write at once, a step back, and texts far too long."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role
from quizzes.bank.editor.models import QuestionDraft
from quizzes.bank.models import Question, QuestionVersion
from tests import factories
from tests.quizzes.bank.test_pages import FORM

SignIn = Callable[[int], FlaskClient]
SLOT = {"slot": "slot-saya-1"}


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def browser(sign_in: SignIn, session: Session, branch: Branch) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)


@pytest.fixture
def colleague(sign_in: SignIn, session: Session, branch: Branch) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch, name="Rekan Sari").id)


@pytest.fixture
def question_id(browser: FlaskClient, session: Session, branch: Branch) -> int:
    browser.post("/soal/baru?jenis=single_choice", data=FORM | {"branch_id": str(branch.id)})
    return session.scalars(select(Question.id)).one()


def versions(session: Session) -> list[QuestionVersion]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(QuestionVersion).order_by(QuestionVersion.number)))


def test_two_colleagues_at_one_question_lose_no_word(
    browser: FlaskClient, colleague: FlaskClient, session: Session, question_id: int
) -> None:
    url, base = f"/soal/{question_id}/ubah", versions(session)[0].source_sha256
    colleague.post(url, data=FORM | {"stem": "Siapa memotong iuran JHT bagian buruh?", "base": base})

    page = browser.post(url, data=FORM | SLOT | {"stem": "Siapa menyetor iuran JHT?", "base": base})

    assert page.status_code == 409
    assert "Rekan Sari" in page.text
    assert "<del>memotong</del>" in page.text
    assert "<ins>menyetor</ins>" in page.text
    assert "Siapa menyetor iuran JHT?</textarea>" in page.text
    assert session.scalars(select(QuestionDraft.summary)).one() == "Siapa menyetor iuran JHT?"
    newest = versions(session)[-1]
    mine = FORM | SLOT | {"stem": "Siapa menyetor iuran JHT?", "base": newest.source_sha256}
    assert browser.post(url, data=mine).status_code == 303
    assert [version.stem_html for version in versions(session)] == [
        FORM["stem"],
        "Siapa memotong iuran JHT bagian buruh?",
        "Siapa menyetor iuran JHT?",
    ]
    assert session.scalar(select(func.count()).select_from(QuestionDraft)) == 0


def test_who_takes_the_colleague_s_text_finds_the_own_one_as_a_draft(
    browser: FlaskClient, colleague: FlaskClient, session: Session, question_id: int
) -> None:
    url, base = f"/soal/{question_id}/ubah", versions(session)[0].source_sha256
    colleague.post(url, data=FORM | {"stem": "Punya rekan?", "base": base})

    left = browser.post(url, data=FORM | SLOT | {"stem": "Punya saya?", "base": base, "aksi": "theirs"})

    page = browser.get(left.location).text
    assert "Punya rekan?</textarea>" in page
    assert "Punya saya?" in page
    assert "Punya saya?</textarea>" in browser.get(f"{url}?draf={SLOT['slot']}").text


def test_a_step_back_is_a_new_version_and_not_over_a_colleague_s(
    browser: FlaskClient, session: Session, question_id: int
) -> None:
    first = versions(session)[0]
    url = f"/soal/{question_id}"
    saved = browser.post(f"{url}/ubah", data=FORM | {"stem": "Keliru?", "base": first.source_sha256})
    assert saved.location.endswith("?urung=1")
    page = browser.get(saved.location).text
    assert f"{url}/kembali" in page

    step = {"versi": "1", "base": versions(session)[-1].source_sha256}
    assert browser.post(f"{url}/kembali", data=step).status_code == 303
    assert browser.post(f"{url}/kembali", data=step | {"base": first.source_sha256}).status_code == 303

    assert [version.stem_html for version in versions(session)] == [FORM["stem"], "Keliru?", FORM["stem"]]
    assert browser.post(f"{url}/kembali", data={"versi": "9"}).status_code == 422


def test_five_megabytes_come_back_with_a_sentence(browser: FlaskClient, session: Session) -> None:
    paste = "Iuran dibayar. " * 350_000

    page = browser.post("/soal/baru?jenis=single_choice", data=FORM | {"stem": paste})

    assert page.status_code == 422
    assert paste[:1000] in page.text
    assert len(page.text) > len(paste)
    assert "5250000" in page.text.replace(".", "")
    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_broken_markdown_is_said_with_its_line(browser: FlaskClient, branch: Branch) -> None:
    stem = "Baris satu\nBaris dua {fakta:jht.rate.worker"

    page = browser.post(
        "/soal/baru?jenis=single_choice", data=FORM | {"stem": stem, "branch_id": str(branch.id)}
    )

    assert page.status_code == 422
    assert "aris 2" in page.text
    assert "Baris dua {fakta:jht.rate.worker</textarea>" in page.text


def test_a_script_is_told_where_the_saved_question_is(browser: FlaskClient, branch: Branch) -> None:
    reply = browser.post(
        "/soal/baru?jenis=single_choice",
        data=FORM | {"branch_id": str(branch.id)},
        headers={"Accept": "application/json"},
    )

    assert (reply.status_code, reply.headers["Location"].startswith("/soal/")) == (204, True)


def test_a_share_nobody_can_read_is_a_sentence_in_the_preview(browser: FlaskClient) -> None:
    address = "/soal/baru?jenis=single_choice"
    sent = {"stem": "Siapa membayar?", "detail-options-0-text": "A", "detail-options-0-share": "banyak"}

    page = browser.post(address, data=sent | {"aksi": "look"})

    assert page.status_code == 200
    # The phone says why it shows nothing.
    assert "angka" in html.fromstring(page.text).get_element_by_id("pratinjau").text_content().casefold()
