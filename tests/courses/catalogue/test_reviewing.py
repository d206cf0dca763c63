"""What `lms course check` finds beyond structure, on a small course with the real bank."""

from __future__ import annotations

from datetime import date

from flask import Flask

from courses.catalogue.folder import read_files
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import review_course
from courses.catalogue.texts.findings import Findings
from tests.courses.catalogue.folders import LESSON, reviewed


def review(app: Flask, **changes: str) -> Findings:
    files = {**reviewed(), **{path: text.encode() for path, text in changes.items()}}
    return review_course(read_files(files), as_of=date(2026, 11, 22), quizzes=app.extensions[EXTENSION])


def test_a_small_course_may_have_no_faults(app: Flask) -> None:
    assert review(app).faults == []


def test_faults_of_words_and_of_questions_come_together(app: Flask) -> None:
    questions = reviewed()["questions/jkm.yaml"].decode().replace("  explanation: Memang begitu.\n", "", 1)
    lesson = f"{LESSON}\nSantunannya Rp42.000.000.\n"

    found = review(app, **{"questions/jkm.yaml": questions, "day-1/01-jkm/materi.md": lesson})

    assert [(fault.file, fault.line) for fault in found.faults] == [
        ("day-1/01-jkm/materi.md", 16),
        ("questions/jkm.yaml", 1),
    ]


def test_a_broken_list_of_plain_numbers_is_a_fault(app: Flask) -> None:
    found = review(app, **{"periksa/angka.yaml": "- [\n"})

    assert [fault.file for fault in found.faults] == ["periksa/angka.yaml"]


def test_a_link_to_a_heading_that_is_not_there_is_a_fault(app: Flask) -> None:
    lesson = f"{LESSON}\nLihat [jumlahnya](#jumlahnya) dan [lainnya](#lain).\n"

    found = review(app, **{"day-1/01-jkm/materi.md": lesson})

    assert [(fault.file, fault.line) for fault in found.faults] == [("day-1/01-jkm/materi.md", 16)]
