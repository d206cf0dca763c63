"""Judgements and rulings act together, and neither overwrites the other."""

from decimal import Decimal

from quizzes.grading.models import Mark
from quizzes.grading.worth import Worth, counted, worth_of


def mark(kind: str, fraction: str | None = None, marks: str | None = None, comment: str = "") -> Mark:
    return Mark(
        kind=kind,
        fraction=None if fraction is None else Decimal(fraction),
        marks=None if marks is None else Decimal(marks),
        comment=comment,
    )


def test_the_newest_judgement_counts() -> None:
    assert worth_of([mark("automatic"), mark("hand", "0.75", comment="Baik.")]).fraction == Decimal("0.75")
    assert worth_of([mark("automatic"), mark("hand", "0.75", comment="Baik.")]).comment == "Baik."


def test_without_a_judgement_it_waits() -> None:
    assert worth_of([]).fraction is None
    assert worth_of([mark("automatic")]).fraction is None


def test_a_question_left_out_does_not_count() -> None:
    worth = worth_of([mark("automatic", "1"), mark("void", comment="Kunci keliru.")])

    assert (worth.is_counted, worth.reason) == (False, "Kunci keliru.")


def test_full_marks_go_to_whoever_answered_what() -> None:
    assert worth_of([mark("automatic", "0"), mark("full", "1", "1")]).fraction == 1


def test_a_mark_by_hand_that_comes_later_does_not_undo_a_ruling() -> None:
    worth = worth_of([mark("automatic"), mark("full", "1", "1"), mark("hand", "0.5")])

    assert (worth.fraction, worth.judged) == (1, Decimal("0.5"))


def test_a_ruling_taken_back_leaves_the_mark_by_hand() -> None:
    worth = worth_of([mark("automatic"), mark("hand", "0.5"), mark("void"), mark("restored")])

    assert (worth.fraction, worth.ruling, worth.reason) == (Decimal("0.5"), "", "")


def test_a_later_ruling_takes_the_place_of_an_earlier() -> None:
    worth = worth_of([mark("automatic", "0"), mark("bonus", marks="2"), mark("full", "1", "1")])

    assert (worth.fraction, worth.bonus) == (1, 0)


def test_what_is_left_out_is_no_part_of_the_result() -> None:
    kept = counted([(Worth(Decimal(1), ruling="void"), Decimal(1)), (Worth(Decimal(0)), Decimal(2))])

    assert [(item.fraction, item.marks) for item in kept] == [(0, 2)]


def test_where_all_is_left_out_everybody_earned_it_all() -> None:
    kept = counted([(Worth(Decimal(0), ruling="void"), Decimal(3))])

    assert [(item.fraction, item.marks) for item in kept] == [(1, 3)]
