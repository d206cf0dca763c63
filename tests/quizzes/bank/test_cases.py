"""Case sets in a course folder, in the workshop, and in quizzes that are published."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Branch
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import Question, QuestionVersion, QuizVersion
from tests.quizzes.bank.approving import approve
from tests.quizzes.bank.folder.test_loading import faults, load, newest_quiz
from tests.quizzes.bank.folders import LAW_2026, QUESTIONS, QUIZ, make_folder
from tests.quizzes.bank.test_pages import (
    branch,
    browser,
    change_slots,
    cohort,
    make_draft,
    newest,
    publish,
    trainer,
)

__all__ = ["branch", "browser", "cohort", "trainer"]

CASE = """\
- id: iuran-06
  type: case_set
  use: graded
  stem: Lapak Bu Sri
  text: |-
    Bu Sri menerima upah. Bagiannya {fakta:jht.rate.worker}.

    | Bulan | Dibayar |
    |---|---|
    | Mei | ya |
  parts: [iuran-03, iuran-01]
"""
CASE_QUIZ = QUIZ.replace("question: iuran-01", "question: iuran-06").replace("count: 2", "count: 1")
WALK = """\
- id: iuran-07
  type: case_set
  use: practice
  stem: Uang titipan
  parts:
    - {name: lapak, question: iuran-05, next: {right: bank, wrong: laci}}
    - name: laci
      text: Uangnya menginap di laci.
      choices:
        - {text: Kembalikan, why: Lega., next: bank}
        - {text: Diamkan, next: buruk}
    - {name: bank, text: Dibayar di bank., end: good, debrief: Iuran lewat bank.}
    - {name: buruk, text: Uangnya hilang., end: bad}
"""


def slots(version: QuizVersion) -> list[tuple[str, str]]:
    return [
        (slot.case_version.summary if slot.case_version else "", slot.candidates[0].question_version.summary)
        for slot in version.slots
        if slot.draw_topic is None
    ]


def test_a_case_in_a_quiz_has_a_slot_for_each_of_its_questions(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, questions=QUESTIONS + CASE, quiz=CASE_QUIZ)

    quiz = newest_quiz(session)

    assert slots(quiz)[:2] == [
        ("Lapak Bu Sri", "Iuran dibayar setiap bulan."),
        ("Lapak Bu Sri", "Berapa iuran JHT bagian pekerja?"),
    ]
    case = session.scalars(select(QuestionVersion).where(QuestionVersion.type == "case_set")).one()
    assert "Bagiannya 2%." in case.content["text_html"]
    assert '<th scope="col">Bulan</th>' in case.content["text_html"]


def test_loading_the_same_case_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    for _time in range(2):
        load(session, tmp_path, questions=QUESTIONS + CASE, quiz=CASE_QUIZ)

    assert newest_quiz(session).number == 1
    assert len(session.scalars(select(QuestionVersion)).all()) == 6


def test_neither_cases_nor_their_questions_are_drawn(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, questions=QUESTIONS + CASE, quiz=CASE_QUIZ)

    drawn = next(slot for slot in newest_quiz(session).slots if slot.draw_topic)

    assert [one.question_version.question.key for one in drawn.candidates] == [
        "coba/iuran-02",
        "coba/iuran-04",
    ]


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("iuran-03, iuran-01", "iuran-03, iuran-99", 49, "iuran-99"),
        ("iuran-03, iuran-01", "iuran-03, iuran-05", 49, "same use"),
        ("iuran-03, iuran-01", "iuran-03, iuran-03", 49, "twice"),
        ("iuran-03, iuran-01", "iuran-06", 49, "part of a case"),
        ("{fakta:jht.rate.worker}.\n\n    |", "{fakta:tidak.ada}.\n\n    |", 43, "tidak.ada"),
    ],
)
def test_faults_of_a_case_name_file_and_line(
    tmp_path: Path, before: str, after: str, line: int, words: str
) -> None:
    assert before in CASE

    found = faults(tmp_path, questions=QUESTIONS + CASE.replace(before, after))

    first = next(fault for fault in found if words in fault)
    assert first.startswith("questions/iuran.yaml:")
    assert abs(int(first.split(":")[1]) - line) <= 2


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("next: {right: bank, wrong: laci}", "next: bank", "“laci”"),
        ("{text: Diamkan, next: buruk}", "{text: Diamkan, next: hilang}", "“hilang”"),
        ("next: {right: bank, wrong: laci}", "next: {right: bank}", "else"),
        ("use: practice\n  stem: Uang", "use: graded\n  stem: Uang", "practice only"),
        ("end: good", "end: partly", "ends well"),
        ("name: bank, text", "name: laci, text", "Two parts"),
        ("end: bad", "next: lapak", ""),
    ],
)
def test_ways_that_lead_nowhere_are_faults(tmp_path: Path, before: str, after: str, words: str) -> None:
    assert before in WALK

    found = faults(tmp_path, questions=QUESTIONS + WALK.replace(before, after, 1))

    assert any(words in fault for fault in found)


def test_a_part_from_which_nothing_ends_is_named_with_its_line(tmp_path: Path) -> None:
    endless = WALK.replace("next: bank}\n        - {text: Diamkan, next: buruk}", "next: laci}")

    found = faults(tmp_path, questions=QUESTIONS + endless)

    lines = (QUESTIONS + endless).split("\n")
    at = {int(fault.split(":")[1]) for fault in found if "“laci”" in fault}
    assert lines.index("    - name: laci") + 1 in at


def test_a_case_that_branches_is_in_no_quiz(tmp_path: Path) -> None:
    quiz = QUIZ.replace("purpose: module", "purpose: practice").replace(
        "question: iuran-01", "question: iuran-07"
    )

    found = faults(tmp_path, questions=QUESTIONS + WALK, quiz=quiz)

    assert any("branches" in fault for fault in found)


def test_a_case_that_branches_keeps_the_questions_it_names(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path, questions=QUESTIONS + WALK)

    version = session.scalars(select(QuestionVersion).where(QuestionVersion.type == "case_set")).one()

    assert version.content["mode"] == "walked"
    assert [part.get("type") for part in version.content["parts"]] == [
        "single_choice",
        "single_choice",
        None,
        None,
    ]
    assert version.source["parts"][0] == {
        "name": "lapak",
        "question": "iuran-05",
        "next": {"right": "bank", "wrong": "laci"},
    }


def test_a_folder_with_cases_has_no_faults(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, questions=QUESTIONS + CASE + WALK, quiz=CASE_QUIZ)

    assert BankStore().faults(folder, LAW_2026) == []


FORM = {
    "stem": "Lapak Bu Sri",
    "topic": "iuran",
    "use": "graded",
    "difficulty": "",
    "level": "",
    "detail-text": "Bu Sri berdagang.",
    "detail-parts-0-question": "#1",
    "detail-parts-1-question": "coba/iuran-03",
}


def write_case(browser: FlaskClient, branch: Branch, **changed: object) -> int:
    data = FORM | {"branch_id": branch.id} | changed
    response = browser.post("/soal/baru?jenis=case_set", data=data)
    assert response.status_code == 303, response.get_data(as_text=True)
    return int(response.location.rsplit("/", 1)[-1])


def id_of(session: Session, key: str) -> int:
    return session.scalars(select(Question.id).where(Question.key == f"coba/{key}")).one()


def test_a_trainer_writes_a_case_tries_it_and_publishes_it(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    first = id_of(session, "iuran-01")
    case_id = write_case(browser, branch, **{"detail-parts-0-question": f"#{first}"})
    shown = browser.get(f"/soal/{case_id}").get_data(as_text=True)
    tried = browser.post(f"/soal/{case_id}/coba", data={"coba-p1-choice": "1", "coba-p2-choice": "false"})
    approve(session, case_id)
    draft = make_draft(browser, session)
    for slot in list(draft.slots):
        change_slots(browser, session, draft, aksi=f"delete-{slot.id}")
    session.expire_all()
    assert change_slots(browser, session, draft, aksi="question", question_id=case_id) == 303
    publish(browser, session, draft)

    assert newest(session, case_id).source["parts"] == [f"#{first}", "coba/iuran-03"]
    assert "Berapa iuran JHT" in shown
    assert "50%" in tried.get_data(as_text=True)
    assert draft.status == "published"
    assert slots(draft) == [
        ("Lapak Bu Sri", "Berapa iuran JHT bagian pekerja?"),
        ("Lapak Bu Sri", "Iuran dibayar setiap bulan."),
    ]


def test_the_next_draft_names_the_case_again(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    test_a_trainer_writes_a_case_tries_it_and_publishes_it(browser, session, branch, cohort)
    published = newest_quiz(session)

    browser.post(f"/kuis/{published.quiz_id}/versi/{published.id}/draf")

    draft = newest_quiz(session)
    assert draft.status == "draft"
    assert [slot.candidates[0].question_version.type for slot in draft.slots] == ["case_set"]
    publish(browser, session, draft)
    assert slots(draft) == slots(published)


def test_a_part_that_is_not_there_is_a_fault_at_its_row(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    data = FORM | {"branch_id": branch.id, "detail-parts-1-question": "#999999"}

    page = browser.post("/soal/baru?jenis=case_set", data=data)

    assert page.status_code == 422
    assert 'id="detail-parts-1-question-error"' in page.get_data(as_text=True)


def test_a_case_that_branches_is_drawn_as_a_map_for_its_author(
    browser: FlaskClient, session: Session, branch: Branch, cohort: Cohort
) -> None:
    walk = {
        "use": "practice",
        "detail-text": "",
        "detail-parts-0-name": "lapak",
        "detail-parts-0-question": "coba/iuran-05",
        "detail-parts-0-ways": "right = bank\nwrong = laci",
        "detail-parts-1-name": "laci",
        "detail-parts-1-question": "",
        "detail-parts-1-text": "Di laci.",
        "detail-parts-1-choices": "bank | Kembalikan | Lega.\nhilang | Diamkan",
        "detail-parts-2-name": "bank",
        "detail-parts-2-text": "Dibayar.",
        "detail-parts-2-end": "good",
        "detail-parts-3-name": "sepi",
        "detail-parts-3-text": "Tidak ada yang datang.",
        "detail-parts-3-end": "bad",
    }
    case_id = write_case(browser, branch, **walk)

    page = browser.get(f"/soal/{case_id}").get_data(as_text=True)
    status = browser.post(f"/soal/{case_id}/status", data={"status": "ready"}, follow_redirects=True)
    edited = browser.get(f"/soal/{case_id}/ubah").get_data(as_text=True)

    assert "Peta cabang" in page
    assert "Bagian ini tidak ada" in page
    assert "Tidak ada jawaban yang menuju ke sini" in page
    assert "“hilang”" in status.get_data(as_text=True)
    assert newest(session, case_id).question.status == "draft"
    assert "bank | Kembalikan | Lega." in edited
    assert "right = bank" in edited
