"""A question opened from a list leads back to that list, also from its editor and after a save."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.bank.models import Question
from tests import factories
from tests.quizzes.bank.test_ten_questions import shown

SignIn = Callable[[int], FlaskClient]


def links(browser: FlaskClient, address: str) -> list[str]:
    return html.fromstring(browser.get(address).text).xpath("//main//a/@href")


def test_the_list_s_filter_goes_along_to_a_question_its_editor_and_back(
    session: Session, sign_in: SignIn
) -> None:
    branch = factories.make_branch(session)
    source = {"stem": "Siapa membayar iuran?", "options": [{"text": "A", "correct": True}, {"text": "B"}]}
    question_id = factories.make_question(session, source=source).question_id
    begin_write(session)
    session.execute(update(Question).values(branch_id=branch.id, status="draft"))
    session.commit()
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)
    said = "?q=iuran&status=draft"

    question = next(link for link in links(browser, f"/soal{said}") if f"/soal/{question_id}?" in link)
    editor = next(link for link in links(browser, question) if "/ubah" in link)
    # Somebody else's words in the address go no further.
    assert f"/soal{said}" in links(browser, f"{question}&urung=1&x=1")
    assert question in links(browser, editor)
    saved = browser.post(editor, data=shown(browser.get(editor)) | {"aksi": "save"})

    assert (question, editor) == (f"/soal/{question_id}{said}", f"/soal/{question_id}/ubah{said}")
    assert (saved.status_code, saved.location) == (303, f"/soal/{question_id}?urung=1&q=iuran&status=draft")
    assert f"/soal{said}" in links(browser, f"/soal/{question_id}{said}")
    assert f"/soal{said}" not in links(browser, f"/soal/{question_id}")


def test_the_types_are_folded_once_one_is_chosen(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session)).id)

    folds = [
        html.fromstring(browser.get(address).text).xpath("boolean(//details[@class='fold']/@open)")
        for address in ("/soal/baru", "/soal/baru?jenis=number")
    ]

    assert folds == [True, False]
