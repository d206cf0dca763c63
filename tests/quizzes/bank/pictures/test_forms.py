"""A picture that a trainer sends with a question: kept, previewed, saved with it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from quizzes.bank.models import QuestionPicture, QuestionVersion
from tests import factories
from tests.quizzes.bank.pictures.test_storing import picture

FORM = {
    "topic": "Iuran",
    "use": "graded",
    "stem": "Di mana potongan JHT?",
    "detail-alt": "Slip gaji",
    "detail-options-0-text": "Potongan JHT",
    "detail-options-0-area": "40 40 200 60",
    "detail-options-0-is_right": "y",
    "detail-options-1-text": "Upah pokok",
    "detail-options-1-area": "400 100 60",
    "difficulty": "",
    "level": "",
    "aksi": "save",
}


@pytest.fixture
def browser(session: Session, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    branch = factories.make_branch(session)
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)


def send(browser: FlaskClient, body: bytes, **changes: str) -> Any:
    data: dict[str, Any] = FORM | changes | {"detail-upload": (io.BytesIO(body), "slip.png")}
    return browser.post("/soal/baru?jenis=hotspot", data=data, content_type="multipart/form-data")


def test_it_is_kept_and_saved_with_the_question(browser: FlaskClient, session: Session) -> None:
    reply = send(browser, picture(), branch_id=str(session.scalar(select(func.max(factories.Branch.id)))))

    assert reply.status_code == 303
    row = session.scalars(select(QuestionPicture)).one()
    version = session.scalars(select(QuestionVersion)).one()
    assert version.source["picture"] == {"sha256": row.sha256, "width": 640, "height": 400}
    assert version.content["options"][1]["area"] == "400 100 60"
    actions = session.scalars(select(AuditEvent.action)).all()
    assert "question_picture.kept" in actions


def test_a_look_shows_it_and_the_form_keeps_it(browser: FlaskClient, session: Session) -> None:
    page = send(browser, picture(), aksi="look").get_data(as_text=True)

    row = session.scalars(select(QuestionPicture)).one()
    assert page.count(f'src="/gambar-soal/{row.sha256}"') == 2
    assert f'value="{row.sha256} 640 400"' in page


@pytest.mark.parametrize("body", [b"<svg onload='x'/>", b"\x89PNG\r\n\x1a\nxx"])
def test_what_cannot_be_shown_is_said_at_its_field(
    browser: FlaskClient, session: Session, body: bytes
) -> None:
    reply = send(browser, body)

    assert reply.status_code == 422
    assert 'id="detail-upload-error"' in reply.get_data(as_text=True)
    assert session.scalars(select(QuestionPicture)).all() == []
