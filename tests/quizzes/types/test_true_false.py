"""What is special about true or false."""

from __future__ import annotations

from quizzes.types.true_false import TrueFalse


def test_the_key_must_be_said() -> None:
    assert TrueFalse().faults({"answer": "ya"})


def test_a_reason_must_belong_to_a_side() -> None:
    assert TrueFalse().faults({"answer": True, "why": {"benar": "x"}})
