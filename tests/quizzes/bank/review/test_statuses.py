"""The life of a question: every change says who, when and why, and happens once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.catalogue.services import load_course
from lms.core.accounts.models import Branch, Role, User
from lms.core.db import begin_write
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import Question, QuestionStatus, QuestionVersion
from quizzes.bank.queries import list_newest_versions
from quizzes.bank.resolving import wording_sha256
from quizzes.bank.review.life import NEEDS_A_REASON, WAYS
from quizzes.bank.review.models import QuestionEvent
from tests import factories
from tests.factories import NOW
from tests.quizzes.attempts.conftest import make_desk
from tests.quizzes.bank.folders import LAW_2016, LAW_2026, make_folder

SOURCE = {
    "stem": "Siapa memotong iuran?",
    "options": [{"text": "Pemberi kerja", "correct": True}, {"text": "Pekerja", "why": "Bukan."}],
}
SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def trainer(session: Session, branch: Branch) -> User:
    return factories.make_user(session, Role.TRAINER, branch=branch, name="Bu Wati")


@pytest.fixture
def browser(sign_in: SignIn, trainer: User) -> FlaskClient:
    return sign_in(trainer.id)


def make_question(session: Session, branch: Branch, **values: object) -> QuestionVersion:
    """Return a version of a question of the branch, for practice: it may become ready without a review."""
    version = factories.make_question(session)
    begin_write(session)
    changed = {"branch_id": branch.id, "use": "practice"} | values
    session.execute(update(Question).where(Question.id == version.question_id).values(**changed))
    session.execute(update(QuestionVersion).where(QuestionVersion.id == version.id).values(source=SOURCE))
    session.commit()
    return version


def status_of(session: Session, question_id: int) -> str:
    session.expire_all()
    return session.get_one(Question, question_id).status


def list_events(session: Session, question_id: int) -> list[QuestionEvent]:
    query = select(QuestionEvent).where(QuestionEvent.question_id == question_id)
    return list(session.scalars(query.order_by(QuestionEvent.id)))


@pytest.mark.parametrize(("before", "after"), list(product(QuestionStatus, repeat=2)))
def test_a_question_goes_the_ways_of_its_life_and_no_other(
    browser: FlaskClient,
    session: Session,
    branch: Branch,
    trainer: User,
    before: QuestionStatus,
    after: QuestionStatus,
) -> None:
    question_id = make_question(session, branch, status=before.value).question_id

    sent = {"status": after.value, "reason": "Angkanya diperiksa.", "before": before.value}
    browser.post(f"/soal/{question_id}/status", data=sent)

    goes = after in WAYS[before]
    assert status_of(session, question_id) == (after if goes else before)
    why = "Angkanya diperiksa." if after in NEEDS_A_REASON else ""
    events = [(e.before, e.after, e.actor_id, e.reason) for e in list_events(session, question_id)]
    assert events == ([(before, after, trainer.id, why)] if goes else [])


@pytest.mark.parametrize("status", sorted(NEEDS_A_REASON))
@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_nobody_pauses_or_retires_without_a_sentence_why(
    browser: FlaskClient, session: Session, branch: Branch, status: str, reason: str
) -> None:
    question_id = make_question(session, branch).question_id

    browser.post(f"/soal/{question_id}/status", data={"status": status, "reason": reason})

    assert status_of(session, question_id) == "ready"


def test_a_click_on_an_old_page_changes_nothing_and_says_so(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    question_id = make_question(session, branch, status="draft").question_id

    sent = {"status": "retired", "reason": "Usang.", "before": "ready"}
    page = browser.post(f"/soal/{question_id}/status", data=sent, follow_redirects=True).text

    assert status_of(session, question_id) == "draft"
    assert "Orang lain sudah mengubah status soal ini" in page


def test_the_same_button_twice_is_one_change(browser: FlaskClient, session: Session, branch: Branch) -> None:
    question_id = make_question(session, branch).question_id

    for _time in range(2):
        sent = {"status": "paused", "reason": "Diperiksa.", "before": "ready"}
        assert browser.post(f"/soal/{question_id}/status", data=sent).status_code == 303

    assert len(list_events(session, question_id)) == 1


def test_the_page_tells_the_history_with_names_and_reasons(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    question_id = make_question(session, branch).question_id
    browser.post(f"/soal/{question_id}/status", data={"status": "paused", "reason": "Ada <b> ragu."})

    page = browser.get(f"/soal/{question_id}").text

    assert "Riwayat soal" in page
    assert "Bu Wati" in page
    assert "Ada &lt;b&gt; ragu." in page


def test_a_paused_question_leaves_new_papers_and_a_sitting_under_way_keeps_it(
    browser: FlaskClient, session: Session, branch: Branch
) -> None:
    versions = [make_question(session, branch) for _ in range(2)]
    desk = make_desk(session)
    desk.step = factories.make_quiz_step(session, desk.enrolment.cohort, versions)
    held = versions[0].id
    begun = desk.start()

    browser.post(f"/soal/{versions[0].question_id}/status", data={"status": "paused", "reason": "Ragu."})

    assert held in {item.question_version_id for item in desk.items(begun)}
    desk.submit(begun)
    assert held not in {item.question_version_id for item in desk.items(desk.start())}
    assert desk.start().left_out == 1


def test_what_a_course_ships_was_reviewed_by_its_makers_and_is_noted_once(
    session: Session, tmp_path: Path
) -> None:
    folder = make_folder(tmp_path)
    for as_of in (LAW_2016, LAW_2026, LAW_2026):
        load_course(session, folder, as_of=as_of, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
        session.commit()

    shipped = session.scalars(select(Question)).all()
    noted = [(event.kind, event.before, event.after) for event in session.scalars(select(QuestionEvent))]
    assert noted == [("shipped", None, "ready")] * len(shipped)
    for question in shipped:
        standing = list_newest_versions(session, [question.id])[question.id]
        assert question.reviewed_sha256 == wording_sha256(standing.source, kind=standing.type)
