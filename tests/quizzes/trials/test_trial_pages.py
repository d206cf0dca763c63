"""A whole quiz tried as a trainee: real engine, real marks, and nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.learning.models import Progress
from lms.core.accounts.models import Role
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import QuizVersion
from tests import factories
from tests.quizzes.bank.builds import Workshop, begin_quiz, make_workshop, post, question_ids

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def shop(session: Session, tmp_path: Path) -> Workshop:
    return make_workshop(session, tmp_path)


@pytest.fixture
def browser(session: Session, sign_in: SignIn, shop: Workshop) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=shop.branch).id)


def make_draft(
    browser: FlaskClient, session: Session, shop: Workshop, *, preset: str = "module"
) -> QuizVersion:
    draft = begin_quiz(browser, session, shop, preset=preset, purpose=preset)
    for question_id in question_ids(session, "iuran-10", "iuran-11"):
        post(browser, session, draft, "isi", aksi="question", question_id=question_id)
    session.refresh(draft)
    return draft


class Sitting:
    """A person at a trial: presses buttons, and carries along what the form carries."""

    def __init__(self, browser: FlaskClient, draft: QuizVersion) -> None:
        self._browser, self._address = browser, f"/kuis/{draft.quiz_id}/versi/{draft.id}/coba"
        self.page = browser.post(self._address).get_data(as_text=True)

    @property
    def words(self) -> str:
        """The page without marks, with single blanks."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.page).split())

    def press(self, do: str, **answers: str) -> int:
        """Press a button of the page."""
        trial = re.search(r'name="trial" value="([^"]+)"', self.page)
        assert trial is not None
        data = {"trial": trial[1], "do": do} | {
            name.replace("_", "-"): text for name, text in answers.items()
        }
        response = self._browser.post(f"{self._address}/jawab", data=data)
        self.page = response.get_data(as_text=True)
        return response.status_code

    def right(self) -> dict[str, str]:
        """Return the form value of the right answer of the question that is shown."""
        found = re.search(r'value="(\d)"[^>]*>\s*<label[^>]*>(?:(?!</label>).)*Yang tepat', self.page, re.S)
        assert found is not None, self.page
        place = re.search(r'id="q(\d+)"', self.page)
        assert place is not None
        return {f"q{place[1]}-choice": found[1]}


def test_a_trial_ends_with_the_result_and_keeps_nothing(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    draft = make_draft(browser, session, shop)
    sitting = Sitting(browser, draft)

    sitting.press("next", **sitting.right())
    assert "Soal 2 dari 2" in sitting.page
    sitting.press("next", **sitting.right())
    assert "Semua soal sudah dijawab" in sitting.page
    sitting.press("submit")

    assert "2 dari 2 benar" in sitting.words
    for kept in (Attempt, PaperItem, Progress):
        assert session.scalar(select(func.count()).select_from(kept)) == 0
    assert session.scalar(select(func.count()).select_from(QuizVersion)) == 2


def test_an_answer_stands_while_one_goes_back_and_forth(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    sitting = Sitting(browser, make_draft(browser, session, shop))

    answer = sitting.right()
    sitting.press("next", **answer)
    sitting.press("back")

    assert "Soal 1 dari 2" in sitting.page
    assert "checked" in sitting.page
    sitting.press("to-3")
    assert "Belum dijawab" in sitting.page


def test_no_key_is_shown_before_the_quiz_says_so(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    sitting = Sitting(browser, make_draft(browser, session, shop, preset="pretest"))

    for do in ("check", "next", "retry", "next"):
        sitting.press(do)
        assert "reviewed" not in sitting.page
    sitting.press("submit")

    assert "0 dari 2 benar" in sitting.words
    assert "reviewed" not in sitting.page


def test_practice_shows_each_answer_and_no_way_back(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    sitting = Sitting(browser, make_draft(browser, session, shop, preset="practice"))

    sitting.press("check")
    assert "reviewed" not in sitting.page
    sitting.press("check", **sitting.right())
    assert "reviewed" in sitting.page
    sitting.press("next")
    sitting.press("back")

    assert "Soal 2 dari 2" in sitting.page


def test_a_quiz_that_changed_meanwhile_is_tried_anew(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    draft = make_draft(browser, session, shop)
    sitting = Sitting(browser, draft)
    post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=1)

    assert sitting.press("next") == 409


def test_a_trial_that_was_meddled_with_begins_anew(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    draft = make_draft(browser, session, shop)
    address = f"/kuis/{draft.quiz_id}/versi/{draft.id}/coba/jawab"

    response = browser.post(address, data={"trial": "x.y.z", "do": "submit"})

    assert response.status_code == 303
    assert response.location.endswith("/coba")


def test_an_empty_quiz_says_why_it_cannot_be_tried(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    draft = begin_quiz(browser, session, shop)

    page = browser.get(f"/kuis/{draft.quiz_id}/versi/{draft.id}/coba").get_data(as_text=True)

    assert "Kuis ini belum punya soal." in page
    assert "/coba/jawab" not in page
