"""Parallel forms: made of the same cells, without a question of the first, and held against it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from quizzes.bank.models import Quiz, QuizVersion
from quizzes.bank.sisters.parallel import find_sisters
from tests import factories
from tests.quizzes.bank.builds import Workshop, begin_quiz, make_workshop, page_of, post, question_ids

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def shop(session: Session, tmp_path: Path) -> Workshop:
    return make_workshop(session, tmp_path)


@pytest.fixture
def browser(session: Session, sign_in: SignIn, shop: Workshop) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=shop.branch).id)


@pytest.fixture
def pretest(browser: FlaskClient, session: Session, shop: Workshop) -> QuizVersion:
    draft = begin_quiz(browser, session, shop, title="Prauji cabang", purpose="pretest", preset="pretest")
    for question_id in question_ids(session, "iuran-10", "iuran-11", "iuran-12"):
        post(browser, session, draft, "isi", aksi="question", question_id=question_id)
    post(browser, session, draft, "isi", aksi="marks", **{f"marks-{draft.slots[0].id}": "2"})
    session.refresh(draft)
    return draft


def make_sister(browser: FlaskClient, session: Session, one: QuizVersion, **data: object) -> QuizVersion:
    response = browser.post(
        f"/kuis/{one.quiz_id}/versi/{one.id}/kembar", data={"branch_id": one.branch_id} | data
    )
    assert response.status_code == 303
    session.expire_all()
    return session.scalars(select(QuizVersion).order_by(QuizVersion.id.desc())).first()  # type: ignore[return-value]


def named(version: QuizVersion) -> list[str]:
    return [str(c.question_version.question.key) for slot in version.slots for c in slot.candidates]


def test_the_sister_of_a_pretest_is_a_posttest_of_other_questions_of_the_same_cells(
    browser: FlaskClient, session: Session, pretest: QuizVersion
) -> None:
    sister = make_sister(browser, session, pretest)

    page = page_of(browser, pretest, f"/kembar?kuis={sister.quiz_id}&dengan={sister.id}")
    assert (sister.purpose, sister.status, sister.branch_id) == ("posttest", "draft", pretest.branch_id)
    # iuran-10 is easy and so is iuran-16; of the next, as hard, there are others of their level as well.
    assert named(sister) == ["coba/iuran-16", "coba/iuran-17", "coba/iuran-18"]
    assert [slot.marks for slot in sister.slots] == [Decimal(2), Decimal(1), Decimal(1)]
    assert "keduanya mengukur hal yang sama" in page


def test_what_has_no_counterpart_is_told(
    browser: FlaskClient, session: Session, shop: Workshop, pretest: QuizVersion
) -> None:
    for question_id in question_ids(session, "iuran-01", *(f"iuran-{n}" for n in range(13, 20))):
        post(browser, session, pretest, "isi", aksi="question", question_id=question_id)

    sister = make_sister(browser, session, pretest)

    page = page_of(browser, pretest, f"/kembar?kuis={sister.quiz_id}&dengan={sister.id}")
    assert len(sister.slots) < len(pretest.slots)
    assert "keduanya belum setara" in page
    assert not set(named(sister)) & set(named(pretest))


def test_a_rule_is_taken_over_without_what_the_first_form_asks(
    browser: FlaskClient, session: Session, pretest: QuizVersion
) -> None:
    post(browser, session, pretest, "isi", aksi="draw", topic="iuran", count=1, level="apply")

    sister = make_sister(browser, session, pretest)

    assert (sister.slots[-1].draw_level, sister.slots[-1].draw_not_in_id) == ("apply", pretest.quiz_id)


def test_a_quiz_with_a_draft_is_not_overwritten(
    browser: FlaskClient, session: Session, shop: Workshop, pretest: QuizVersion
) -> None:
    other = begin_quiz(browser, session, shop, title="Yang lain")
    into_itself = make_sister(browser, session, pretest, into=pretest.quiz_id)
    into_draft = make_sister(browser, session, pretest, into=other.quiz_id)

    assert into_itself.id == into_draft.id == other.id
    assert other.slots == []


def test_an_existing_quiz_gets_the_sister_as_its_next_version(
    browser: FlaskClient, session: Session, pretest: QuizVersion
) -> None:
    quiz = session.scalars(select(Quiz).where(Quiz.key == "coba/day-1/01-iuran/kuis")).one()

    sister = make_sister(browser, session, pretest, into=quiz.id)

    assert (sister.quiz_id, sister.number, sister.title) == (quiz.id, 2, "Kuis iuran")
    assert len(sister.slots) == 3


def test_another_branch_office_makes_no_sister(
    browser: FlaskClient, session: Session, sign_in: SignIn, pretest: QuizVersion
) -> None:
    address = f"/kuis/{pretest.quiz_id}/versi/{pretest.id}/kembar"
    stranger = factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))

    assert sign_in(stranger.id).post(address, data={"branch_id": pretest.branch_id}).status_code == 404


def test_of_a_pair_only_the_counterpart_is_taken(session: Session) -> None:
    def make(difficulty: str, **source: str):  # type: ignore[no-untyped-def]
        told = {"level": "apply", "difficulty": difficulty, **source}
        return factories.make_question(session, source=told, content={}, read="day-1/01-iuran/a")

    one, twin, alone = make("easy", pair="p"), make("hard", pair="p"), make("easy")
    plain, near, far = make("medium"), make("medium"), make("hard")

    used = {one.question_id, plain.question_id}
    found = find_sisters([one, plain], [one, twin, alone, plain, far, near], used=used)

    assert found[one.question_id].id == twin.id
    assert found[plain.question_id].id == near.id
