"""Questions go out: what a format cannot hold is said first, who took them is noted, others' stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from quizzes.bank.models import Question
from quizzes.exchange.contract import ReadQuestion
from quizzes.exchange.formats import WRITERS
from quizzes.exchange.imports.reading import read_all
from quizzes.types import TYPES
from tests import factories

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def browser(sign_in: SignIn, session: Session, branch: Branch) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)


def make(session: Session, branch: Branch | None, kind: str = "single_choice") -> int:
    example = next(one for one in TYPES if one.key == kind).examples()[0]
    varies = " {nilai:bulan}" if kind == "calculated" else ""
    source = {"stem": f"Berapa {{fakta:jht.rate.worker}}{varies}?", **example.source}
    version = factories.make_question(session, kind, source=source)
    begin_write(session)
    session.get_one(Question, version.question_id).branch_id = branch.id if branch else None
    session.commit()
    return version.question_id


def test_ticked_questions_go_out_with_facts_as_words_and_a_note(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    ids = [make(session, branch), make(session, None), make(session, branch, "essay")]
    response = browser.post("/soal/ekspor", data={"soal": ids})
    assert response.status_code == 303
    page = browser.get(f"{response.location}&format=aiken").get_data(as_text=True)
    assert page.count("faulty") == 1
    sent = browser.post("/soal/ekspor/unduh", data={"soal": "-".join(map(str, ids)), "format": "aiken"})
    assert sent.headers["Content-Disposition"] == 'attachment; filename="soal.txt"'
    text = sent.get_data(as_text=True)
    assert "Berapa 2%?" in text
    read = read_all(sent.data, "soal.txt").read
    assert [isinstance(one, ReadQuestion) for one in read] == [True, True]
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "question.exported")).one()
    assert event.details["question_ids"] == ids[:2]


@pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.key)
def test_every_format_says_of_every_type_what_is_lost_and_writes_the_rest(
    browser: FlaskClient, session: Session, branch: Branch, writer: object
) -> None:
    ids = [make(session, branch, kind.key) for kind in TYPES]
    named = "-".join(map(str, ids))
    page = browser.get(f"/soal/ekspor?soal={named}&format={writer.key}")  # type: ignore[attr-defined]
    assert page.status_code == 200
    sent = browser.post("/soal/ekspor/unduh", data={"soal": named, "format": writer.key})  # type: ignore[attr-defined]
    assert sent.status_code == 200
    assert len(sent.data) > 50


def test_a_draft_that_is_not_finished_stays_and_says_why(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    source = {"stem": "Apa?", "options": [{"text": "a"}, {"text": "b"}]}
    version = factories.make_question(session, source=source)
    page = browser.get(f"/soal/ekspor?soal={version.question_id}").get_data(as_text=True)
    assert "ditandai" in page
    sent = {"soal": str(version.question_id), "format": WRITERS[0].key}
    assert browser.post("/soal/ekspor/unduh", data=sent).status_code == 422


def test_questions_of_another_branch_stay(browser: FlaskClient, session: Session) -> None:
    strange = make(session, factories.make_branch(session))
    assert "Berapa" not in browser.get(f"/soal/ekspor?soal={strange}").get_data(as_text=True)
    sent = browser.post("/soal/ekspor/unduh", data={"soal": str(strange), "format": WRITERS[0].key})
    assert sent.status_code == 422


def test_an_address_that_names_nothing_is_none(browser: FlaskClient) -> None:
    assert browser.get("/soal/ekspor?soal=x").location == "/soal"
    assert browser.get("/soal/ekspor?soal=1&format=x").status_code == 422
    assert browser.post("/soal/ekspor", data={}).location == "/soal"
