"""The shipped course, at both law dates, with the real bank."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.checking import folder_at
from courses.catalogue.models import Lesson, Step
from courses.catalogue.queries import read_files_of
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import check_course, load_course, review_course
from courses.catalogue.sources import CourseFolder
from courses.facts.book import load_book
from tests.conftest import NOW
from tests.courses.shipped import shipped_course

TRAINING = date(2016, 10, 19)
DATES = [TRAINING, load_book().as_of]
MIN_WORDS, MAX_WORDS = 400, 900
MIN_QUESTIONS = 5
PRETEST, POSTTEST = "day-1/01-pembuka/prauji", "day-2/08-penutup/pascauji"
FRAME = {"day-1/01-pembuka", "day-2/08-penutup"}
"""Modules that open and close the training: they are not measured."""
PAIRS = 30
MIN_PAIRS = 2
UNREAD = {
    "pp-37-2021/18",
    "pp-37-2021/2",
    "pp-37-2021/24",
    "pp-45-2015/11",
    "pp-45-2015/16",
    "pp-46-2015/18",
    "pp-46-2015/29",
    "pp-86-2013/8",
    "uu-24-2011/22",
    "uu-24-2011/24",
    "uu-24-2011/44",
}
"""Articles the fact sheets hold from memory only, or not at all: a lesson may name them with a warning."""


@pytest.fixture
def folder() -> CourseFolder:
    return shipped_course()


@pytest.mark.parametrize("as_of", DATES)
def test_the_shipped_course_has_no_faults(app: Flask, folder: CourseFolder, as_of: date) -> None:
    assert check_course(folder, as_of=as_of, quizzes=app.extensions[EXTENSION]) == []


@pytest.mark.parametrize("as_of", DATES)
def test_the_words_and_questions_of_the_shipped_course_are_reviewed(
    app: Flask, folder: CourseFolder, as_of: date
) -> None:
    found = review_course(folder, as_of=as_of, quizzes=app.extensions[EXTENSION])

    assert (found.faults, found.advice) == ([], [])


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

    assert {path: words for path, words in rows if not MIN_WORDS <= words <= MAX_WORDS} == {}
    assert read_files_of(session, edition.id) == dict(folder.files)


@pytest.mark.parametrize("as_of", DATES)
def test_every_module_has_an_example_through_a_calculator(folder: CourseFolder, as_of: date) -> None:
    there = folder_at(folder, as_of)
    reckoned = {
        path.rpartition("/")[0] for path, lesson in there.lessons.items() if "::: hitung " in lesson.text
    }

    assert reckoned == {module.folder for day in there.days for module in day.modules}


def test_no_key_rests_on_an_article_nobody_has_read(folder: CourseFolder) -> None:
    cited = {
        question_id: ref
        for question_id, question in folder.questions.items()
        for ref in question.data.get("cite", ())
        if "/".join(ref.split("/")[:2]) in UNREAD
    }

    assert cited == {}


def test_every_module_has_a_lesson(folder: CourseFolder) -> None:
    for day in folder.days:
        for module in day.modules:
            assert any(step.kind == "lesson" for step in module.steps), module.folder


def test_every_quiz_of_a_module_has_enough_questions(folder: CourseFolder) -> None:
    few = [quiz.path for quiz in folder.quizzes.values() if quiz.question_count < MIN_QUESTIONS]

    assert not few


def blueprint(folder: CourseFolder, quiz: str, as_of: date) -> Counter[tuple[str, str, str]]:
    """Return how many questions a quiz asks by module, level and difficulty at the law date."""
    cells: Counter[tuple[str, str, str]] = Counter()
    for slot in folder.quizzes[quiz].data["slots"]:
        data = folder.questions[slot["question"]].data
        if load_book().applies(data.get("berlaku", ">=0001-01-01"), as_of):
            cells[data["read"].rpartition("/")[0], data["level"], data["difficulty"]] += 1
    return cells


@pytest.mark.parametrize("as_of", DATES)
def test_pretest_and_posttest_follow_one_blueprint(folder: CourseFolder, as_of: date) -> None:
    before, after = (blueprint(folder, quiz, as_of) for quiz in (PRETEST, POSTTEST))

    assert before == after
    assert before.total() == PAIRS
    assert {level for _module, level, _difficulty in before} == {"remember", "apply", "decide"}


def test_both_law_dates_ask_as_much_of_each_level(folder: CourseFolder) -> None:
    then, now = (
        Counter(cell[1:] for cell in blueprint(folder, POSTTEST, as_of).elements()) for as_of in DATES
    )

    assert then == now


@pytest.mark.parametrize("as_of", DATES)
def test_pretest_and_posttest_measure_every_module(folder: CourseFolder, as_of: date) -> None:
    there = {module.folder for day in folder_at(folder, as_of).days for module in day.modules}
    asked: Counter[str] = Counter()
    for (module, _level, _difficulty), count in blueprint(folder, POSTTEST, as_of).items():
        asked[module] += count

    assert asked.keys() == there - FRAME
    assert min(asked.values()) >= MIN_PAIRS


def test_pretest_and_posttest_are_taken_under_one_clock(folder: CourseFolder) -> None:
    before, after = (folder.quizzes[quiz].data for quiz in (PRETEST, POSTTEST))

    assert before["time_limit_minutes"] == after["time_limit_minutes"]
    assert "pass_percent" not in before
    assert before["show_result"] == "score_only"


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
