"""Building a quiz: its blueprint, rules in words, marks, presets, the page before it is published."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from quizzes.bank.models import Quiz, QuizVersion
from tests import factories
from tests.quizzes.bank.builds import Workshop, begin_quiz, make_workshop, page_of, post, question_ids

SignIn = Callable[[int], FlaskClient]
CELL = {"module": "day-1/01-iuran", "mau-0-remember": "2", "mau-0-apply": "9"}


@pytest.fixture
def shop(session: Session, tmp_path: Path) -> Workshop:
    return make_workshop(session, tmp_path)


@pytest.fixture
def browser(session: Session, sign_in: SignIn, shop: Workshop) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=shop.branch).id)


@pytest.fixture
def draft(browser: FlaskClient, session: Session, shop: Workshop) -> QuizVersion:
    return begin_quiz(browser, session, shop)


def test_a_new_quiz_is_an_empty_draft_taken_as_its_preset_says(draft: QuizVersion, shop: Workshop) -> None:
    assert draft.quiz.key == f"coba/kantor-{shop.branch.id}/kuis-buatan-sendiri"
    assert (draft.status, draft.branch_id, draft.as_of) == ("draft", shop.branch.id, shop.edition.as_of)
    assert (draft.pass_percent, draft.attempts_allowed, draft.slots) == (60, 3, [])


def test_a_quiz_is_made_once_however_often_the_button_is_pressed(
    browser: FlaskClient, session: Session, shop: Workshop, draft: QuizVersion
) -> None:
    again = begin_quiz(browser, session, shop)
    post(browser, session, again, "isi", aksi="draw", topic="iuran", count=1)
    other = begin_quiz(browser, session, shop)

    assert again.id == draft.id
    assert other.quiz.key.endswith("/kuis-buatan-sendiri-2")


@pytest.mark.parametrize("wrong", [{"title": " "}, {"preset": "x"}, {"purpose": ""}, {"branch_id": "0"}])
def test_a_new_quiz_says_what_is_missing(
    browser: FlaskClient, session: Session, shop: Workshop, wrong: dict[str, str]
) -> None:
    data = {"title": "A", "edition_id": shop.edition.id, "branch_id": shop.branch.id, "purpose": "module"}
    before = session.scalar(select(func.count()).select_from(Quiz))

    response = browser.post("/kuis/baru", data=data | {"preset": "module"} | wrong)

    assert response.status_code == 422
    assert session.scalar(select(func.count()).select_from(Quiz)) == before


def test_a_long_title_makes_a_key_that_fits(browser: FlaskClient, session: Session, shop: Workshop) -> None:
    draft = begin_quiz(browser, session, shop, title="Panjang sekali " * 13)

    assert len(draft.quiz.key) < 200
    assert "panjang sekali" in page_of(browser, draft)


def test_the_blueprint_says_what_is_in_each_cell_and_what_the_bank_lacks(
    browser: FlaskClient, session: Session, draft: QuizVersion
) -> None:
    for question_id in question_ids(session, "iuran-10", "iuran-12"):
        assert post(browser, session, draft, "isi", aksi="question", question_id=question_id) == 303
    assert post(browser, session, draft, "cetak-biru", **CELL) == 303

    page = page_of(browser, draft)

    assert draft.blueprint == [["day-1/01-iuran", "apply", 9], ["day-1/01-iuran", "remember", 2]]
    assert "diinginkan: 11 soal. di setiap lembar saat ini: 2" in page
    assert "terisi 2" in page
    assert "hanya 6 siap" in page


def test_a_number_that_is_none_changes_no_blueprint(
    browser: FlaskClient, session: Session, draft: QuizVersion
) -> None:
    for number in ("-1", "51", "banyak", "9" * 400):
        assert post(browser, session, draft, "cetak-biru", **(CELL | {"mau-0-apply": number})) == 422
    assert post(browser, session, draft, "cetak-biru", **(CELL | {"module": "day-9/x"})) == 303

    session.refresh(draft)
    assert draft.blueprint == []


def test_a_rule_is_shown_in_words_with_its_supply_before_it_is_added(
    browser: FlaskClient, session: Session, draft: QuizVersion
) -> None:
    other = session.scalars(select(Quiz).where(Quiz.key == "coba/day-1/01-iuran/kuis")).one()
    asked = f"?dari=iuran&banyak=7&tingkat=apply&selain={other.id}"

    page = page_of(browser, draft, asked)
    rule = {"topic": "iuran", "count": 4, "level": "apply", "not_in": other.id}
    added = post(browser, session, draft, "isi", aksi="draw", **rule)

    # The quiz of the course may draw every question of the topic, and so leaves none.
    assert "7 soal dari iuran, tingkat menerapkan, belum dipakai di kuis iuran" in page
    assert "0 soal siap cocok" in page
    session.refresh(draft)
    assert added == 303
    assert (draft.slots[0].draw_level, draft.slots[0].draw_not_in_id) == ("apply", other.id)
    assert "soalnya kurang" in page_of(browser, draft)


def test_a_rule_draws_only_what_it_names(browser: FlaskClient, session: Session, draft: QuizVersion) -> None:
    rule = {"topic": "iuran", "count": 2, "level": "apply", "difficulty": "hard"}
    post(browser, session, draft, "isi", aksi="draw", **rule)
    assert post(browser, session, draft, "terbit") == 303

    session.refresh(draft)
    drawn = [c.question_version.source for c in draft.slots[0].candidates]
    assert draft.status == "published"
    assert {(source["level"], source["difficulty"]) for source in drawn} == {("apply", "hard")}
    assert "2 soal dari iuran, tingkat menerapkan, kesukaran sulit" in page_of(browser, draft)


@pytest.mark.parametrize("rule", [{"level": "x"}, {"difficulty": "x"}, {"not_in": "own"}])
def test_a_rule_that_cannot_be_is_refused(
    browser: FlaskClient, session: Session, draft: QuizVersion, rule: dict[str, object]
) -> None:
    rule = {name: draft.quiz_id if value == "own" else value for name, value in rule.items()}

    assert post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=1, **rule) == 422


def test_marks_are_set_for_each_place(browser: FlaskClient, session: Session, draft: QuizVersion) -> None:
    post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=1)
    name = f"marks-{draft.slots[0].id}"

    assert post(browser, session, draft, "isi", aksi="marks", **{name: "2,5"}) == 303
    session.refresh(draft)
    assert draft.slots[0].marks == Decimal("2.5")
    for wrong in ("0", "101", "dua", "NaN", "1e999", "1,25"):
        assert post(browser, session, draft, "isi", aksi="marks", **{name: wrong}) == 422


def test_one_setting_of_ones_own_is_told_from_the_preset(
    browser: FlaskClient, session: Session, draft: QuizVersion
) -> None:
    before = page_of(browser, draft)
    settings = {"title": "Lain", "attempts_allowed": "1", "counts": "best", "pass_percent": "60",
                "show_result": "after_submit", "markers": "1", "marking_gap_percent": "20",
                "is_marked_blind": "y", "shuffle_questions": "y", "shuffle_options": "y"}  # fmt: skip
    shown = dict.fromkeys(("show_marks", "show_answers", "show_feedback", "show_citations"), "")
    assert post(browser, session, draft, "pengaturan", **settings, **shown) == 303
    own = page_of(browser, draft)
    assert post(browser, session, draft, "cara", preset="pretest") == 303
    session.refresh(draft)

    assert "pengaturan sendiri" not in before
    assert "pengaturan sendiri" in own
    assert "hanya dikerjakan satu kali" in own
    assert (draft.title, draft.pass_percent, draft.show_result) == ("Lain", None, "score_only")


def test_the_page_before_tells_changes_checks_and_whom_it_touches(
    browser: FlaskClient, session: Session, shop: Workshop
) -> None:
    published = session.scalars(select(QuizVersion)).one()
    browser.post(f"/kuis/{published.quiz_id}/versi/{published.id}/draf")
    draft = session.scalars(select(QuizVersion).where(QuizVersion.status == "draft")).one()
    taken_out = draft.slots[0]
    post(browser, session, draft, "isi", aksi=f"delete-{taken_out.id}")

    page = page_of(browser, draft, "/terbit")

    assert "yang berubah sejak versi 1" in page
    assert "keluar berapa iuran jht bagian pekerja" in page
    assert "untuk lulus, 2 dari 3 soal harus benar" in page
    assert "angkatan 1" in page


def test_publishing_twice_or_after_a_change_is_a_conflict(
    browser: FlaskClient, session: Session, draft: QuizVersion
) -> None:
    post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=2)
    session.refresh(draft)
    seen = draft.source_sha256
    post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=1)
    address = f"/kuis/{draft.quiz_id}/versi/{draft.id}/terbit"

    late = browser.post(address, data={"base": seen}).status_code
    first = post(browser, session, draft, "terbit")
    second = post(browser, session, draft, "terbit")

    assert (late, first, second) == (409, 303, 409)
    assert browser.get(address).status_code == 303


def test_two_trainers_at_one_draft_get_a_conflict(
    browser: FlaskClient, session: Session, sign_in: SignIn, shop: Workshop, draft: QuizVersion
) -> None:
    seen = draft.source_sha256
    post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=1)
    late = f"/kuis/{draft.quiz_id}/versi/{draft.id}"

    assert browser.post(f"{late}/cetak-biru", data=CELL | {"base": seen}).status_code == 409
    assert browser.post(f"{late}/cara", data={"preset": "practice", "base": seen}).status_code == 409


def test_a_draft_that_was_all_there_was_leaves_nothing_behind(
    browser: FlaskClient, session: Session, draft: QuizVersion
) -> None:
    response = browser.post(f"/kuis/{draft.quiz_id}/versi/{draft.id}/buang")

    assert response.location == "/kuis"


@pytest.mark.parametrize("rest", ["", "?dari=iuran&banyak=2&selain={other}&label=x"])
def test_a_draft_of_named_and_drawn_questions_takes_few_queries(
    browser: FlaskClient, session: Session, draft: QuizVersion, rest: str
) -> None:
    other = session.scalars(select(Quiz.id).where(Quiz.key == "coba/day-1/01-iuran/kuis")).one()
    for question_id in question_ids(session, "iuran-10", "iuran-12"):
        post(browser, session, draft, "isi", aksi="question", question_id=question_id)
    post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=1, not_in=other)
    post(browser, session, draft, "isi", aksi="draw", topic="iuran", count=1, level="apply")
    address = f"/kuis/{draft.quiz_id}/versi/{draft.id}{rest.format(other=other)}"
    browser.get(address)
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *told: asked.append(told[2]))

    browser.get(address)

    assert sum(statement.split()[0] in {"SELECT", "WITH"} for statement in asked) <= 8, "\n".join(asked)
