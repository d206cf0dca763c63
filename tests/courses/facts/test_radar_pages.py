"""The radar as a page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from lms.core.clock import utc_now
from quizzes.bank.models import CohortQuiz
from tests import factories
from tests.courses.facts.changes import change
from tests.factories import NOW
from tests.quizzes.bank.folder.test_loading import newest_quiz
from tests.quizzes.bank.users import KEY, OTHER, load
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def browser(session: Session, sign_in: SignIn) -> FlaskClient:
    branch = factories.make_branch(session)
    return sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)


def test_it_says_that_all_is_well(browser: FlaskClient, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    assert "Semua beres" in browser.get("/radar").text
    assert "/radar" in browser.get("/").text


def test_it_lists_every_use_with_old_and_new_value(
    browser: FlaskClient, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    page = browser.get("/radar").text

    for words in (
        '<code class="breakable">day-1/01-iuran/iuran.md</code> <span class="muted">baris 5</span>',
        "2%</s>",
        "3%</strong>",
        "Dijeda",
        "Tetap di lembar soal",
        "Kuis iuran",
        "/tinjau",
    ):
        assert words in page


def test_the_desk_leads_to_it_once_something_changed(
    browser: FlaskClient, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)
    assert "sudah lain daripada" not in browser.get("/").text

    change(session, KEY, "0.03")

    assert "1 fakta sudah lain daripada yang disebut materi atau soal." in browser.get("/").text


@pytest.mark.parametrize(
    ("query", "is_found"),
    [("q=iuran.md", True), ("q=nihil", False), ("bagian=texts", True), ("sesudah=zz", False)],
)
def test_it_can_be_narrowed(
    browser: FlaskClient, session: Session, tmp_path: Path, query: str, is_found: bool
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    page = browser.get(f"/radar?{query}").text

    assert ("iuran/iuran.md" in page) is is_found
    assert is_found or "Tidak ada yang cocok" in page


def test_it_shows_feedback_apart(browser: FlaskClient, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    page = browser.get("/radar?bagian=feedback").text

    assert "Pekerja ikut membayar iuran JHT." in page
    assert "iuran/iuran.md" not in page


def test_questions_of_another_branch_are_not_shown(
    browser: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    other = factories.make_branch(session)
    stranger = sign_in(factories.make_user(session, Role.TRAINER, branch=other).id)
    form = {"topic": "iuran", "use": "graded", "stem": f"Rahasia {{fakta:{KEY}}}.", "detail-answer": "true"}
    form |= {"difficulty": "", "level": "", "aksi": "save", "branch_id": str(other.id)}
    made = stranger.post("/soal/baru?jenis=true_false", data=form)
    assert made.status_code == 303, made.text

    change(session, KEY, "0.03")

    assert "Rahasia" in stranger.get("/radar").text
    assert "Rahasia" not in browser.get("/radar").text
    assert "Semua beres" in browser.get("/radar").text


def test_cohorts_under_way_are_named(session: Session, sign_in: SignIn, tmp_path: Path) -> None:
    edition = load(session, tmp_path)
    branch = factories.make_branch(session)
    place = {"branch": branch, "edition": edition, "name": "Angkatan Caruban", "ends_on": utc_now().date()}
    cohort = factories.make_cohort(session, **place)
    factories.add(session, pin_of(session, cohort.id))
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)

    change(session, KEY, "0.03")

    assert "Angkatan Caruban" in browser.get("/radar").text
    assert "3 soalnya dijeda" in browser.get(f"/angkatan/{cohort.id}/kuis").text


def pin_of(session: Session, cohort_id: int) -> CohortQuiz:
    quiz = newest_quiz(session)
    return CohortQuiz(cohort_id=cohort_id, quiz_id=quiz.quiz_id, quiz_version_id=quiz.id, pinned_at=NOW)


def test_two_facts_are_told_apart(browser: FlaskClient, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    change(session, OTHER, "0.04")

    assert "Fakta yang perlu dilihat: 2" in browser.get("/radar").text


def test_it_asks_the_database_as_often_for_many_uses_as_for_one(
    browser: FlaskClient, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)
    change(session, OTHER, "0.04")
    browser.get("/radar")
    with counted() as few:
        browser.get("/radar")

    change(session, KEY, "0.03")
    with counted() as many:
        browser.get("/radar")

    assert len(many) == len(few) <= PAGE_LIMIT


def fields_of_the_first_page(browser: FlaskClient) -> dict[str, str]:
    """Return what the first button "still right" sends."""
    form = browser.get("/radar").text.partition('action="/radar/masih-benar"')[2].partition("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_a_trainer_says_that_a_page_is_still_right(
    browser: FlaskClient, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    form = fields_of_the_first_page(browser) | {"reason": "Angkanya disebut bersama tahunnya."}

    answer = browser.post("/radar/masih-benar", data=form, follow_redirects=True)

    assert "Tercatat: halaman ini masih benar" in answer.text
    assert "iuran/iuran.md" not in answer.text
    assert "Masih benar menurut" in browser.get(f"/fakta/{KEY}").text
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "lesson.kept")).one()
    assert event.details["file"] == "day-1/01-iuran/iuran.md"
    assert (event.details["says"], event.details["reason"]) == (
        ["2%", "3%"],
        "Angkanya disebut bersama tahunnya.",
    )


def test_a_page_is_listed_again_once_its_fact_changes_again(
    browser: FlaskClient, session: Session, tmp_path: Path
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    browser.post("/radar/masih-benar", data=fields_of_the_first_page(browser) | {"reason": "Tetap benar."})

    change(session, KEY, "0.04")

    assert "iuran/iuran.md" in browser.get("/radar").text


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"reason": ""}, "Tuliskan alasannya"),
        ({"mark": "lain"}, "sudah berubah lagi"),
        ({"edition": "999999"}, "Tidak ada lagi yang perlu diputuskan"),
        ({"file": "day-1/01-iuran/lain.md"}, "Tidak ada lagi yang perlu diputuskan"),
    ],
)
def test_what_nobody_looked_at_is_not_marked(
    browser: FlaskClient, session: Session, tmp_path: Path, entry: dict[str, str], words: str
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    form = fields_of_the_first_page(browser) | {"reason": "Tetap benar."} | entry

    answer = browser.post("/radar/masih-benar", data=form, follow_redirects=True)

    assert words in answer.text
    assert "iuran/iuran.md" in answer.text


def test_no_edition_is_no_page(browser: FlaskClient) -> None:
    form = {"edition": "x", "fact": KEY, "kind": "lesson", "file": "a.md", "mark": "m", "reason": "Benar."}

    assert browser.post("/radar/masih-benar", data=form).status_code == 404
