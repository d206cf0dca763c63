"""Pairs of questions ask the same in two quizzes, and are drawn by none."""

from __future__ import annotations

import pytest

from courses.catalogue.folder import read_files
from courses.catalogue.sources import CourseFolder
from quizzes.bank.folder.loading import BankStore
from tests.quizzes.bank.folders import COURSE, LAW_2016, LAW_2026, LESSON

STEP = "          - {quiz: kuis}\n"
STEPS = "          - {quiz: prauji}\n          - {quiz: pascauji}\n" + STEP
BEFORE = "title: Prauji\npurpose: pretest\nslots:\n  - {question: ujian-01}\n"
AFTER = "title: Pascauji\npurpose: posttest\npass_percent: 70\nslots:\n  - {question: ujian-02}\n"
QUIZ = "title: Kuis\npurpose: module\npass_percent: 60\nslots:\n  - {question: iuran-01}\n"
PLAIN = "- {id: iuran-01, type: true_false, use: graded, stem: Iuran wajib., answer: true}\n"
SELF_CHECK = "- {id: iuran-05, type: true_false, use: practice, stem: Iuran sukarela., answer: false}\n"
PAIR = """\
- id: ujian-01
  type: true_false
  use: graded
  pair: iuran-dibayar
  stem: Iuran dibayar setiap bulan.
  answer: true
  read: day-1/01-iuran/iuran
  objective: Menyebutkan saat iuran dibayar
  level: remember
  difficulty: easy
- id: ujian-02
  type: true_false
  use: graded
  pair: iuran-dibayar
  stem: Iuran dibayar sekali setahun.
  answer: false
  read: day-1/01-iuran/iuran#siapa-membayar
  objective: Menyebutkan saat iuran dibayar
  level: remember
  difficulty: easy
"""


def folder(*, pair: str = PAIR, before: str = BEFORE, after: str = AFTER, quiz: str = QUIZ) -> CourseFolder:
    texts = {
        "course.yaml": COURSE.replace(STEP, STEPS),
        "day-1/01-iuran/iuran.md": LESSON,
        "day-1/01-iuran/prauji.yaml": before,
        "day-1/01-iuran/pascauji.yaml": after,
        "day-1/01-iuran/kuis.yaml": quiz,
        "questions/iuran.yaml": PLAIN + SELF_CHECK,
        "questions/ujian.yaml": pair,
    }
    return read_files({place: text.encode() for place, text in texts.items()})


def faults(**texts: str) -> list[str]:
    return [str(fault) for fault in BankStore().faults(folder(**texts), LAW_2026)]


def second(old: str, new: str) -> str:
    """Return the pair with its second question changed."""
    head, tail = PAIR.split("- id: ujian-02")
    return f"{head}- id: ujian-02{tail.replace(old, new)}"


def test_a_pair_alike_in_two_quizzes_has_no_faults() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("level: remember", "level: apply", "19: “level” differs from the other question of the pair."),
        ("difficulty: easy", "difficulty: hard", "20: “difficulty” differs from the other question"),
        ("saat iuran", "siapa yang iurannya", "18: “objective” differs from the other question"),
        ("01-iuran/iuran#siapa-membayar", "02-lain/iuran", "17: “read” differs from the other question"),
        ("  level: remember\n", "", "14: A question of a pair needs “level”."),
        ("use: graded", "use: practice", "13: A question of a pair is graded: no lesson shows its key."),
        ("pair: iuran-dibayar", "pair: iuran-lain", "has 1."),
        ("pair: iuran-dibayar", "pair: 7", "14: “pair” must be text."),
    ],
)
def test_questions_of_a_pair_that_are_not_alike_are_named(old: str, new: str, message: str) -> None:
    after = AFTER if new != "use: practice" else AFTER.replace("ujian-02", "iuran-01")

    assert any(message in fault for fault in faults(pair=second(old, new), after=after))


def test_a_third_question_of_a_pair_is_a_fault() -> None:
    third = PAIR.split("- id: ujian-02")[1].replace("setahun", "sewindu")

    assert (
        "questions/ujian.yaml:24: A pair has two questions at every law date, “iuran-dibayar” has 3."
        in faults(pair=f"{PAIR}- id: ujian-03{third}")
    )


def test_a_pair_is_not_in_one_quiz() -> None:
    found = faults(
        before=f"{BEFORE}  - {{question: ujian-02}}\n", after=AFTER.replace("ujian-02", "iuran-01")
    )

    assert found == ["questions/ujian.yaml:14: Both questions of “iuran-dibayar” are in one quiz."]


@pytest.mark.parametrize("named", ["", "  - {question: ujian-02}\n"])
def test_a_question_of_a_pair_is_named_by_one_quiz_only(named: str) -> None:
    after = AFTER if named else AFTER.replace("ujian-02", "iuran-01")

    assert "named by one quiz, and by one only" in faults(quiz=QUIZ + named, after=after)[0]


def test_no_quiz_draws_a_question_of_a_pair() -> None:
    [fault] = faults(quiz=f"{QUIZ}  - {{draw: ujian, count: 1}}\n")

    assert "too few questions" in fault


def test_a_pair_belongs_to_a_law_date_as_a_whole() -> None:
    more = "  - {question: iuran-01}\n"
    half = folder(pair=second("  pair:", "  berlaku: jkp\n  pair:"), after=AFTER + more)
    pair = PAIR.replace("  pair:", "  berlaku: jkp\n  pair:")
    whole = folder(pair=pair, before=BEFORE + more, after=AFTER + more)

    assert "has 1." in str(BankStore().faults(half, LAW_2016)[0])
    assert BankStore().faults(half, LAW_2026) == []
    assert BankStore().faults(whole, LAW_2016) == []


def test_of_a_faulty_question_the_pair_is_not_told_as_well() -> None:
    found = faults(pair=second("answer: false", "answer: kadang"))

    assert [fault for fault in found if "ujian.yaml" in fault and ":16:" not in fault] == []
