"""Drafts of questions: kept while they are written, one person's, and never over one another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role, User
from quizzes.bank.editor.models import QuestionDraft
from tests import factories

SignIn = Callable[[int], FlaskClient]
SENT = {
    "jenis": "single_choice",
    "slot": "slot-pertama",
    "revisi": "0",
    "stem": "Siapa memotong iuran?",
    "detail-options-0-text": "Pemberi kerja",
    "detail-right": "0",
    "topic": "Iuran",
    "status": "ready",
}


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def trainer(session: Session, branch: Branch) -> User:
    return factories.make_user(session, Role.TRAINER, branch=branch)


@pytest.fixture
def browser(sign_in: SignIn, trainer: User) -> FlaskClient:
    return sign_in(trainer.id)


def drafts(session: Session) -> list[QuestionDraft]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(QuestionDraft).order_by(QuestionDraft.id)))


def test_a_draft_is_kept_says_when_and_comes_back_into_the_form(
    browser: FlaskClient, session: Session
) -> None:
    reply = browser.post("/soal/draf", data=SENT)
    again = browser.post("/soal/draf", data=SENT | {"revisi": "1", "stem": "Siapa menyetor iuran?"})

    assert (reply.json["revision"], again.json["revision"]) == (1, 2)
    assert "WIB" in again.json["said"]
    kept = drafts(session)
    assert [draft.summary for draft in kept] == ["Siapa menyetor iuran?"]
    assert "status" not in dict(kept[0].fields)
    assert "Siapa menyetor iuran?" in browser.get("/soal/baru").text
    page = browser.get("/soal/baru?jenis=single_choice&draf=slot-pertama").text
    assert "Siapa menyetor iuran?</textarea>" in page
    assert "Pemberi kerja</textarea>" in page


def test_two_windows_of_one_draft_never_write_over_one_another(
    browser: FlaskClient, session: Session
) -> None:
    browser.post("/soal/draf", data=SENT)
    browser.post("/soal/draf", data=SENT | {"revisi": "1", "stem": "Jendela pertama"})

    late = browser.post("/soal/draf", data=SENT | {"revisi": "1", "stem": "Jendela kedua"})

    assert late.status_code == 409
    assert [draft.summary for draft in drafts(session)] == ["Jendela pertama"]


def test_a_draft_is_of_one_person(
    browser: FlaskClient, session: Session, sign_in: SignIn, branch: Branch
) -> None:
    browser.post("/soal/draf", data=SENT)
    colleague = sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)

    assert "Siapa memotong iuran?" not in colleague.get("/soal/baru?draf=slot-pertama").text
    colleague.post("/soal/draf/buang", data={"slot": "slot-pertama"})
    assert len(drafts(session)) == 1
    browser.post("/soal/draf/buang", data={"slot": "slot-pertama"})
    assert drafts(session) == []


def test_a_draft_of_another_branch_s_question_is_not_kept(browser: FlaskClient, session: Session) -> None:
    other = factories.make_question(session)

    assert browser.post("/soal/draf", data=SENT | {"soal": str(other.question_id)}).status_code == 404
    assert drafts(session) == []


def test_without_a_script_a_button_keeps_the_draft_and_saving_ends_it(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    form = {name: value for name, value in SENT.items() if name not in {"jenis", "revisi", "status"}}
    kept = browser.post("/soal/baru?jenis=single_choice", data=form | {"aksi": "keep"})
    assert kept.status_code == 303
    assert "draf=slot-pertama" in kept.location
    assert len(drafts(session)) == 1

    rest = {"use": "graded", "branch_id": str(branch.id), "difficulty": "", "level": ""}
    saved = browser.post("/soal/baru?jenis=single_choice", data=form | rest | {"aksi": "save"})

    assert saved.status_code == 303
    assert drafts(session) == []


def test_the_button_keeps_no_draft_for_a_branch_the_form_did_not_offer(
    browser: FlaskClient, session: Session
) -> None:
    others = factories.make_branch(session).id
    form = {name: value for name, value in SENT.items() if name not in {"jenis", "revisi", "status"}}

    page = browser.post(
        "/soal/baru?jenis=single_choice", data=form | {"branch_id": str(others), "aksi": "keep"}
    )

    assert page.status_code == 422
    assert 'href="#branch_id"' in page.text
    assert "Siapa memotong iuran?</textarea>" in page.text
    assert drafts(session) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"slot": "a b"}, 422), ({"jenis": "apa"}, 422), ({"stem": "x" * 500_000}, 422)],
)
def test_what_cannot_be_kept_is_said(
    browser: FlaskClient, session: Session, changed: dict[str, str], code: int
) -> None:
    assert browser.post("/soal/draf", data=SENT | changed).status_code == code
    assert drafts(session) == []


def test_a_draft_of_a_new_question_takes_no_branch_office_the_form_did_not_offer(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    stranger = factories.make_branch(session)

    refused = [
        browser.post("/soal/draf", data=SENT | {"branch_id": said}) for said in (stranger.id, "nation")
    ]
    kept = browser.post("/soal/draf", data=SENT | {"branch_id": branch.id})

    assert [reply.status_code for reply in (*refused, kept)] == [422, 422, 200]
    assert [dict(draft.fields)["branch_id"] for draft in drafts(session)] == [str(branch.id)]
