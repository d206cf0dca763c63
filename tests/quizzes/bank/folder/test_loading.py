"""A course folder becomes question versions and published quizzes, at the law date of the edition."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.services import load_course
from lms.core.errors import Conflict
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import Question, QuestionVersion, Quiz, QuizVersion
from tests.factories import NOW
from tests.quizzes.bank.folders import LAW_2016, LAW_2026, QUESTIONS, QUIZ, make_folder

QUIZ_FILE = "day-1/01-iuran/kuis.yaml"
QUESTION_FILE = "questions/iuran.yaml"


def load(session: Session, path: Path, *, as_of: date = LAW_2026, **files: str) -> None:
    folder = make_folder(path, **files)
    load_course(session, folder, as_of=as_of, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
    session.commit()


def faults(path: Path, *, as_of: date = LAW_2026, **files: str) -> list[str]:
    return [str(fault) for fault in BankStore().faults(make_folder(path, **files), as_of)]


def version_of(session: Session, key: str, as_of: date) -> QuestionVersion:
    query = select(QuestionVersion).join(QuestionVersion.question)
    return session.scalars(query.where(Question.key == key, QuestionVersion.as_of == as_of)).one()


def newest_quiz(session: Session) -> QuizVersion:
    return session.scalars(select(QuizVersion).order_by(QuizVersion.id.desc()).limit(1)).one()


def count(session: Session, model: type[Question] | type[QuestionVersion] | type[QuizVersion]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_numbers_and_citations_are_resolved_at_the_law_date(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    choice = version_of(session, "coba/iuran-01", LAW_2026)
    number = version_of(session, "coba/iuran-02", LAW_2026)

    assert [option["html"] for option in choice.content["options"]] == ["2%", "9%", "Semua salah"]
    assert choice.explanation_html == "Bagian pekerja 2% dari upah."
    assert choice.citations[0]["label"] == "Pasal 16 PP 46/2015"
    assert choice.read == "day-1/01-iuran/iuran#siapa-membayar"
    assert number.content["answer"] == "40000.00"
    assert number.summary == "Upah Rp2.000.000. Berapa rupiah iuran JHT bagian pekerja?"


def test_shipped_questions_belong_to_the_nation_and_are_ready(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    rows = session.execute(select(Question.branch_id, Question.status, Question.topic).distinct()).all()

    assert rows == [(None, "ready", "iuran")]


def test_a_quiz_draws_from_all_graded_questions_of_the_topic(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    quiz = newest_quiz(session)

    assert (quiz.status, quiz.pass_percent, quiz.attempts_allowed) == ("published", 60, 3)
    assert [(slot.draw_topic, slot.draw_count, len(slot.candidates)) for slot in quiz.slots] == [
        (None, 1, 1),
        (None, 1, 1),
        ("iuran", 2, 4),
    ]


def test_what_the_law_date_did_not_have_is_left_out(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, as_of=LAW_2016)

    quiz = newest_quiz(session)

    assert count(session, Question) == 4
    assert [(slot.draw_topic, len(slot.candidates)) for slot in quiz.slots] == [(None, 1), ("iuran", 3)]


def test_a_draw_that_cannot_be_filled_is_a_fault_with_its_line(tmp_path: Path) -> None:
    quiz = QUIZ.replace("count: 2", "count: 3")

    assert faults(tmp_path, quiz=quiz, as_of=LAW_2026) == [
        f"{QUIZ_FILE}:8: There are too few questions for this slot: it needs 3, and none comes twice."
    ]


def test_the_same_folder_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    before = (count(session, Question), count(session, QuestionVersion), count(session, QuizVersion))

    load(session, tmp_path)
    BankStore().store(session, make_folder(tmp_path), as_of=LAW_2026, now=NOW, actor_id=None)
    session.commit()

    assert (count(session, Question), count(session, QuestionVersion), count(session, QuizVersion)) == before


def test_both_law_dates_live_side_by_side(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, as_of=LAW_2016)
    load(session, tmp_path, as_of=LAW_2026)

    assert count(session, Question) == 5
    assert count(session, QuestionVersion) == 9
    assert count(session, Quiz) == 1
    numbers = session.execute(select(QuizVersion.number, QuizVersion.as_of).order_by(QuizVersion.number))
    assert numbers.all() == [(1, LAW_2016), (2, LAW_2026)]


def test_a_change_makes_one_new_version_and_keeps_the_old(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    load(
        session, tmp_path, questions=QUESTIONS.replace("Iuran dibayar setiap bulan", "Iuran dibayar bulanan")
    )

    question = session.scalars(select(Question).where(Question.key == "coba/iuran-03")).one()
    assert [version.stem_html for version in question.versions] == [
        "Iuran dibayar setiap bulan.",
        "Iuran dibayar bulanan.",
    ]
    assert count(session, QuestionVersion) == 6
    assert count(session, QuizVersion) == 2


def test_a_graded_question_does_not_become_a_self_check(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    changed = QUESTIONS.replace("type: true_false\n  use: graded", "type: true_false\n  use: practice")

    with pytest.raises(Conflict, match="coba/iuran-03"):
        load(session, tmp_path, questions=changed, quiz=QUIZ.replace("count: 2", "count: 1"))


def test_a_self_check_is_never_in_a_graded_quiz(tmp_path: Path) -> None:
    quiz = QUIZ.replace("question: iuran-01", "question: iuran-05")

    assert faults(tmp_path, quiz=quiz) == [
        f"{QUIZ_FILE}:6: “iuran-05” is of use practice: its key is in a lesson."
    ]


def test_a_self_check_shows_its_feedback_by_css_alone(tmp_path: Path) -> None:
    html = BankStore().check_html(make_folder(tmp_path), "iuran-05", LAW_2026)

    assert html.startswith('<fieldset class="check"><legend>')
    assert html.count('type="radio" name="cek-iuran-05"') == 2
    assert '<p class="feedback right">Benar. Ya, 2% setiap bulan.</p>' in html
    assert '<p class="feedback wrong">Belum tepat. Terlalu jarang.</p>' in html


def test_a_graded_question_is_no_self_check(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="iuran-01"):
        BankStore().check_html(make_folder(tmp_path), "iuran-01", LAW_2026)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('{fakta:jht.rate.worker}", correct', '{fakta:jht.rate.nobody}", correct', 6, "jht.rate.nobody"),
        (', correct: true}\n    - {text: "{keliru', '}\n    - {text: "{keliru', 5, "No option is marked"),
        ("[jht.rate.worker,", "[jht.rate.nobody,", 17, "jht.rate.nobody"),
        ("cite: [pp-46-2015/16]", "cite: [uu-99-1999/1]", 10, "uu-99-1999"),
        ("type: number", "type: essai", 13, "number"),
        ("use: graded\n  stem: Upah", "use: exam\n  stem: Upah", 14, "graded, practice"),
        ("unit: rupiah", "unit: dolar", 17, "unit"),
        ("[jht.rate.worker,", "[{sum: [1, 2]},", 17, "nested too deeply"),
        ("answer: true", "answer: ya", 22, "true or false"),
        ("berlaku: jkp", "berlaku: jkx", 26, "jkx"),
        ("text: JKK", "text: 5", 29, "quotes"),
        ("stem: Kapan", "difficulty: hardest\n  stem: Kapan", 35, "easy, medium, hard"),
        ("stem: Kapan", "level: guess\n  stem: Kapan", 35, "remember, apply, decide"),
        ("stem: Kapan", "hint: x\n  stem: Kapan", 35, "hint"),
    ],
)
def test_faults_name_file_and_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in QUESTIONS

    found = faults(tmp_path, questions=QUESTIONS.replace(old, new, 1))

    assert [fault for fault in found if fault.startswith(f"{QUESTION_FILE}:{line}: ") and message in fault], (
        found
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("pass_percent: 60\n", "", "needs a pass_percent"),
        ("attempts: 3", "attempts: 101", "100 attempts"),
        ("attempts: 3", "counts: worst", "best, last"),
        ("attempts: 3", "show_result: never", "after_submit, score_only"),
        ("attempts: 3", "show_marks: after_each", "after_submit, after_close, never"),
        ("attempts: 3", "time_limit_minutes: 0", "at least one minute"),
        ("question: iuran-01", "question: iuran-99", "iuran-99"),
        ("draw: iuran", "draw: upah", "questions/upah.yaml"),
        ("count: 2", "count: 0", "A slot is"),
        ("question: iuran-01", "soal: iuran-01", "A slot is"),
    ],
)
def test_faults_of_a_quiz_are_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    found = faults(tmp_path, quiz=QUIZ.replace(old, new))

    assert any(message in fault and fault.startswith(QUIZ_FILE) for fault in found), found
