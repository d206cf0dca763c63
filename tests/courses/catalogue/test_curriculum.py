"""The shipped course, at both law dates, with the real bank."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.folder import CourseFolder, read_folder
from courses.catalogue.models import Lesson, Step
from courses.catalogue.queries import read_files_of
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import check_course, load_course
from courses.facts.book import load_book
from tests.conftest import NOW

COURSE = Path(__file__).parents[3] / "courses" / "curriculum" / "kader-penggerak"
TRAINING = date(2016, 10, 19)
DATES = [TRAINING, load_book().as_of]
MIN_WORDS = 250
MIN_QUESTIONS = 5


@pytest.fixture(scope="module")
def folder() -> CourseFolder:
    return read_folder(COURSE)


@pytest.mark.parametrize("as_of", DATES)
def test_the_shipped_course_has_no_faults(app: Flask, folder: CourseFolder, as_of: date) -> None:
    assert check_course(folder, as_of=as_of, quizzes=app.extensions[EXTENSION]) == []


@pytest.mark.parametrize("as_of", DATES)
def test_every_module_has_enough_to_read_at_both_law_dates(
    app: Flask, session: Session, folder: CourseFolder, as_of: date
) -> None:
    edition = load_course(
        session, folder, as_of=as_of, quizzes=app.extensions[EXTENSION], publish=True, now=NOW, actor_id=None
    )
    session.commit()

    rows = session.execute(
        select(Step.path, Lesson.word_count).join(Step.lesson).where(Step.edition_id == edition.id)
    )

    assert {path: words for path, words in rows if words < MIN_WORDS} == {}
    assert read_files_of(session, edition.id) == dict(folder.files)


def test_every_module_has_a_lesson(folder: CourseFolder) -> None:
    for day in folder.days:
        for module in day.modules:
            assert any(step.kind == "lesson" for step in module.steps), module.folder


def test_every_quiz_of_a_module_has_enough_questions(folder: CourseFolder) -> None:
    few = [quiz.path for quiz in folder.quizzes.values() if quiz.question_count < MIN_QUESTIONS]

    assert not few


def test_jkm_pays_24_million_in_2016_and_42_million_now(
    app: Flask, session: Session, folder: CourseFolder
) -> None:
    html = {}
    for as_of in DATES:
        edition = load_course(
            session,
            folder,
            as_of=as_of,
            quizzes=app.extensions[EXTENSION],
            publish=True,
            now=NOW,
            actor_id=None,
        )
        session.commit()
        query = select(Lesson.html).join(Lesson.step).where(Step.edition_id == edition.id)
        html[as_of] = "\n".join(session.scalars(query.order_by(Step.id)))

    assert "Rp24.000.000" in html[TRAINING]
    assert "Rp42.000.000" not in html[TRAINING]
    assert "Rp42.000.000" in html[DATES[1]]
    assert 'id="istilah_jkp"' not in html[TRAINING]
    assert 'id="istilah_jkp"' in html[DATES[1]]
