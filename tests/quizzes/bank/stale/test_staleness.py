"""Questions whose facts have changed are paused, and what lets them go again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import load_book
from lms.core.audit.models import AuditEvent
from quizzes.bank.models import Question, QuestionVersion, StaleVersion
from quizzes.bank.stale.staleness import count_paused, pause_stale
from tests.courses.facts.changes import LAW_2016, change
from tests.factories import NOW
from tests.quizzes.bank.folder.test_loading import newest_quiz
from tests.quizzes.bank.users import KEY, QUESTIONS, load, newest


def rows(session: Session) -> dict[str, tuple[str, bool]]:
    """Return state and pause of every version that is or was stale, by question and number."""
    query = (
        select(Question.key, QuestionVersion.number, StaleVersion)
        .join(QuestionVersion, QuestionVersion.id == StaleVersion.question_version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
    )
    return {
        f"{key.removeprefix('coba/')} {number}": (row.state, row.is_paused)
        for key, number, row in session.execute(query)
    }


def actions(session: Session) -> list[str]:
    """Return what the audit log says about questions, once each."""
    query = select(AuditEvent.action).where(AuditEvent.object_type == "question").distinct()
    return sorted(session.scalars(query))


def test_stem_key_and_option_pause_and_feedback_only_warns(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    change(session, KEY, "0.03")

    assert rows(session) == {
        "iuran-01 1": ("open", True),
        "iuran-02 1": ("open", True),
        "iuran-03 1": ("open", True),
        "iuran-04 1": ("open", False),
        "iuran-05 1": ("open", False),
    }
    assert actions(session) == ["question.doubted", "question.paused"]


def test_a_quiz_knows_its_paused_questions(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    quiz = newest_quiz(session)

    assert count_paused(session, [quiz.id]) == {quiz.id: 3}
    paused = {name for name, (_state, is_paused) in rows(session).items() if is_paused}
    assert paused == {"iuran-01 1", "iuran-02 1", "iuran-03 1"}


def test_looking_again_changes_nothing(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    before = rows(session)

    count = pause_stale(session, book=load_book(), now=NOW + timedelta(days=1))
    session.commit()

    assert (count, rows(session)) == (0, before)


def test_a_value_that_goes_back_lets_them_go(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    change(session, KEY, "0.02")

    assert set(rows(session).values()) == {("released", False)}
    assert "question.resumed" in actions(session)


def test_a_value_that_changes_once_more_pauses_again(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    change(session, KEY, "0.02")

    change(session, KEY, "0.04")

    assert rows(session)["iuran-01 1"] == ("open", True)


def test_loading_the_course_again_replaces_them(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    load(session, tmp_path)

    assert set(rows(session).values()) == {("replaced", True), ("replaced", False)}
    assert newest(session, "iuran-02").content["answer"] == "60000.00"
    assert count_paused(session, [newest_quiz(session).id]) == {}


def test_questions_of_a_historical_edition_are_not_paused(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, as_of=LAW_2016)

    change(session, KEY, "0.03", on=LAW_2016)

    assert rows(session) == {}


def test_an_older_wording_that_a_quiz_still_names_is_paused_too(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    load(session, tmp_path, questions=QUESTIONS.replace("Berapa iuran JHT", "Seberapa iuran JHT"))

    change(session, KEY, "0.03")

    assert rows(session)["iuran-03 1"] == rows(session)["iuran-03 2"] == ("open", True)
