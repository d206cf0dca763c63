"""What is done to ticked questions: to ones own alone, audited; what was left out is told with its reason."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
import yaml
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role, User
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.search.models import QuestionTag
from tests import factories

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def trainer(session: Session, branch: Branch) -> User:
    return factories.make_user(session, Role.TRAINER, branch=branch)


@pytest.fixture
def browser(sign_in: SignIn, trainer: User) -> FlaskClient:
    return sign_in(trainer.id)


def make(session: Session, branch: Branch | None) -> int:
    version = factories.make_question(session)
    begin_write(session)
    session.get_one(Question, version.question_id).branch_id = branch.id if branch else None
    session.commit()
    return version.question_id


def three(session: Session, branch: Branch) -> tuple[int, int, int]:
    """Make a question of the branch, one of the nation and one of another branch."""
    return make(session, branch), make(session, None), make(session, factories.make_branch(session))


def press(browser: FlaskClient, action: str, *ids: int, **fields: object) -> str:
    data = {"aksi": action, "soal": list(ids), "kembali": "topik=contoh&jahat=1", **fields}
    response = browser.post("/soal/banyak", data=data)
    assert (response.status_code, response.location) == (303, "/soal?topik=contoh")
    return browser.get(response.location).get_data(as_text=True)


def refused(browser: FlaskClient, action: str, *ids: int, **fields: object) -> str:
    """Press a button that refuses, and return the page, which still has the list, the ticks and the words."""
    data = {"aksi": action, "soal": list(ids), "kembali": "topik=contoh&jahat=1", **fields}
    response = browser.post("/soal/banyak", data=data)
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert 'class="error-summary"' in page
    assert 'name="kembali" value="topik=contoh"' in page
    for name in ("label", "alasan"):
        assert f'value="{fields.get(name, "")}"' in page
    return page


def ticked(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'name="soal" value="(\d+)" checked', page)]


def tags(session: Session, question_id: int) -> list[str]:
    query = select(QuestionTag.label).where(QuestionTag.question_id == question_id)
    return list(session.scalars(query.order_by(QuestionTag.tag)))


def actions(session: Session, question_id: int) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.object_id == question_id)
    return list(session.scalars(query.where(AuditEvent.object_type == "question").order_by(AuditEvent.id)))


def test_a_tag_is_put_on_and_taken_off_ones_own_questions_alone(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    mine, nation, foreign = three(session, branch)

    page = press(browser, "tag", mine, nation, label="THR  Lebaran")

    assert [tags(session, one) for one in (mine, nation, foreign)] == [["THR Lebaran"], [], []]
    assert "1 soal diberi label" in page
    assert f"Salin dulu ke kantor cabang Anda: {nation}" in page or f": {nation}" in page
    found = browser.get("/soal?label=thr+lebaran").get_data(as_text=True)
    assert f"/soal/{mine}" in found
    assert f"/soal/{nation}" not in found
    press(browser, "untag", mine, label="thr lebaran")
    session.expire_all()
    assert tags(session, mine) == []
    assert actions(session, mine) == ["question.tagged", "question.untagged"]


def test_moving_and_retiring_leave_out_what_they_cannot_change(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    mine, nation, foreign = three(session, branch)

    without_reason = refused(browser, "retire", mine)
    press(browser, "move", mine, nation, topik="Iuran JHT")
    page = press(browser, "retire", mine, nation, alasan="Sudah tidak dipakai.")
    again = press(browser, "retire", mine, alasan="Sudah tidak dipakai.")

    session.expire_all()
    rows = [session.get_one(Question, one) for one in (mine, nation, foreign)]
    assert [row.topic for row in rows] == ["iuran-jht", "contoh", "contoh"]
    assert [row.status for row in rows] == ["retired", "ready", "ready"]
    assert "alasan" in without_reason
    assert ticked(without_reason) == [mine]
    assert f": {nation}" in page
    assert f": {mine}" in again
    assert actions(session, mine) == ["question.moved", "question.retired"]


def test_copies_go_to_ones_own_branch_alone_and_only_of_what_one_may_see(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    mine, nation, foreign = three(session, branch)
    others = session.get_one(Question, foreign).branch_id

    page = refused(browser, "copy", nation, branch_id=others)
    assert ticked(page) == [nation]
    assert len(session.scalars(select(Question)).all()) == 3
    press(browser, "copy", mine, nation, branch_id=branch.id)

    copies = session.scalars(select(Question).where(Question.id > foreign)).all()
    assert [(copy.branch_id, copy.status) for copy in copies] == [(branch.id, "draft")]


def test_an_export_holds_what_one_may_see_as_files_of_a_course(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    mine, nation, foreign = three(session, branch)

    refused(browser, "export", mine, nation, foreign)
    response = browser.post("/soal/banyak", data={"aksi": "export", "soal": [mine, nation]})

    assert response.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.namelist() == ["questions/contoh.yaml"]
        rows = yaml.safe_load(archive.read("questions/contoh.yaml"))
    source = session.scalars(select(QuestionVersion.source).where(QuestionVersion.question_id == mine)).one()
    # Such ids no course gives, so that the file can be put beside those of one.
    assert [row["id"] for row in rows] == [f"contoh-{mine:05}", f"contoh-{nation:05}"]
    assert rows[0] == {"id": f"contoh-{mine:05}", "type": "single_choice", "use": "graded", **source}
    exported = session.scalars(select(AuditEvent.details).where(AuditEvent.action == "question.exported"))
    assert exported.one()["question_ids"] == [mine, nation]


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("tag", {"label": "THR"}),
        ("untag", {"label": "THR"}),
        ("move", {"topik": "JHT"}),
        ("retire", {"alasan": "Sudah usang."}),
        ("copy", {}),
        ("export", {}),
    ],
)
def test_a_foreign_id_in_the_form_lets_no_button_do_anything(
    browser: FlaskClient, session: Session, branch: Branch, action: str, fields: dict[str, str]
) -> None:
    mine, nation, foreign = three(session, branch)
    others = session.get_one(Question, foreign).branch_id

    elsewhere = refused(browser, action, nation, mine, **fields, branch_id=others)
    page = refused(browser, action, mine, nation, foreign, **fields, branch_id=branch.id)
    unknown = refused(browser, action, mine, nation, 999_999, **fields, branch_id=branch.id)

    assert "Pilih salah satu kantor cabang Anda." in elsewhere
    assert [ticked(shown) for shown in (elsewhere, page, unknown)] == [[nation, mine]] * 3
    assert f"Sudah tidak ada di bank soal: {foreign}." in page
    assert "Sudah tidak ada di bank soal: 999999." in unknown
    assert session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("question."))).all() == []
    assert len(session.scalars(select(Question)).all()) == 3


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("tag", {"label": ""}),
        ("tag", {"label": "a,b"}),
        ("tag", {"label": "x" * 41}),
        ("move", {"topik": "?"}),
    ],
)
def test_what_cannot_be_read_changes_nothing_and_says_so(
    browser: FlaskClient, session: Session, branch: Branch, action: str, fields: dict[str, str]
) -> None:
    mine = make(session, branch)

    page = refused(browser, action, mine, **fields)

    assert 'class="field-error"' in page
    assert ticked(page) == [mine]
    assert actions(session, mine) == []


def test_without_a_tick_the_page_says_what_to_do(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    make(session, branch)
    assert "Centang" in refused(browser, "tag", label="THR")


def test_tags_of_one_question_are_set_on_its_page_by_its_owner(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    mine, nation, foreign = three(session, branch)

    assert browser.post(f"/soal/{mine}/label", data={"label": "THR, Upah,thr"}).status_code == 303
    assert browser.post(f"/soal/{mine}/label", data={"label": "thr"}).status_code == 303
    assert browser.post(f"/soal/{nation}/label", data={"label": "x"}).status_code == 404
    assert browser.post(f"/soal/{foreign}/label", data={"label": "x"}).status_code == 404

    session.expire_all()
    assert [tags(session, one) for one in (mine, nation, foreign)] == [["thr"], [], []]
