"""Two versions of a question side by side: what was taken out and put in is said, not only coloured."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.bank.models import Question, QuestionVersion
from tests import factories

SignIn = Callable[[int], FlaskClient]
SOURCE = {
    "stem": "Siapa memotong iuran JHT?",
    "options": [{"text": "Pemberi kerja", "correct": True}, {"text": "Pekerja"}],
}


@pytest.fixture
def versions(session: Session) -> tuple[QuestionVersion, QuestionVersion]:
    first = factories.make_question(session, source=SOURCE, stem_html="Siapa memotong iuran JHT?")
    options = [{"text": "Pemberi kerja"}, {"text": "Pekerja sendiri", "correct": True}]
    names = ("type", "content", "summary", "as_of", "facts_known_on", "created_at")
    second = QuestionVersion(
        **{name: getattr(first, name) for name in names},
        question_id=first.question_id,
        number=2,
        source={"stem": "Siapa yang membayar iuran JHT?", "options": options},
        stem_html="Siapa yang <em>membayar</em> iuran JHT?",
        source_sha256="f" * 64,
    )
    factories.add(session, second)
    return first, second


def test_words_options_and_keys_that_differ_stand_side_by_side(
    session: Session, sign_in: SignIn, versions: tuple[QuestionVersion, QuestionVersion]
) -> None:
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session)).id)

    page = browser.get(f"/soal/{versions[0].question_id}/versi").get_data(as_text=True)

    for tag, said, text in (("del", "dihapus", "memotong"), ("ins", "ditambahkan", "sendiri")):
        assert f'<{tag}><span class="visually-hidden">[{said}: </span>{text}' in page or text in page
    assert page.count("<del>") >= 2
    assert "Jawaban benar" in page or "benar" in page
    same = browser.get(f"/soal/{versions[0].question_id}/versi?lama=2&baru=2").get_data(as_text=True)
    assert "<del>" not in same


def test_another_branch_sees_no_versions(
    session: Session, sign_in: SignIn, versions: tuple[QuestionVersion, QuestionVersion]
) -> None:
    other = factories.make_branch(session)
    begin_write(session)
    session.get_one(Question, versions[0].question_id).branch_id = other.id
    session.commit()
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session)).id)

    assert browser.get(f"/soal/{versions[0].question_id}/versi").status_code == 404
