"""What a course holds, counted; the architecture page says the same."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from courses.catalogue.folder import read_files
from courses.catalogue.reporting import report_course, show_table
from courses.facts.book import load_book
from quizzes.types import TYPES
from tests.courses.catalogue.folders import LESSON, sample
from tests.courses.shipped import shipped_course

ROOT = Path(__file__).parents[3]
TRAINING = date(2016, 10, 19)
TODAY = date(2026, 11, 22)
LEAST = 8
"""Questions of each type, and essays for practice."""


def test_a_small_course_is_counted(app: Flask) -> None:
    found = report_course(read_files(sample()), as_of=TODAY)

    assert (found.modules, found.lessons, found.quizzes, found.questions) == (2, 1, 2, 2)
    assert (found.graded, found.practice) == (1, 1)
    assert found.facts >= 1
    assert (found.drawings, found.scenarios, found.checklists, found.pairs) == (0, 0, 0, 0)


def test_a_sentence_that_stands_twice_counts_once(app: Flask) -> None:
    path = "day-1/01-jkm/materi.md"
    once = {**sample(), path: f"{LESSON}\nEmpat kata saja ini.\n".encode()}
    twice = {**sample(), path: f"{LESSON}\nEmpat kata saja ini.\n\nEmpat kata saja ini.\n".encode()}

    assert report_course(read_files(once), as_of=TODAY) == report_course(read_files(twice), as_of=TODAY)


@pytest.mark.parametrize("as_of", [TRAINING, load_book().as_of])
def test_the_shipped_course_is_as_large_as_it_says(app: Flask, as_of: date) -> None:
    found = report_course(shipped_course(), as_of=as_of)

    assert found.words >= 18_000
    assert found.graded >= 300
    assert min(found.by_module.values()) >= 15


@pytest.mark.parametrize("as_of", [TRAINING, load_book().as_of])
def test_the_shipped_course_uses_every_type_of_a_single_question(app: Flask, as_of: date) -> None:
    found = report_course(shipped_course(), as_of=as_of)

    # A case set is made of other questions; essays are marked by people and keep no quiz waiting.
    expected = {question_type.key for question_type in TYPES} - {"case_set", "essay"}
    assert {kind for kind in expected if found.by_type.get(kind, 0) < LEAST} == set()
    assert found.practice_by_type["essay"] >= LEAST
    assert sum(map(len, found.types_of_modules.values())) >= 4 * len(found.by_module)


def test_the_architecture_page_has_these_counts(app: Flask) -> None:
    course = shipped_course()
    reports = [report_course(course, as_of=day) for day in (TRAINING, load_book().as_of)]

    tables = re.findall(r"(?:^\|.*\n)+", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE)

    # `lms course report courses/curriculum/kader-penggerak --table` prints it.
    assert show_table(reports) in tables
