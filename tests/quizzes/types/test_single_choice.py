"""What is special about options: order, and what a position means."""

from __future__ import annotations

from random import Random

from quizzes.types.single_choice import SingleChoice

CONTENT = {
    "options": [
        {"html": text, "correct": text == "a", "why_html": "", "fixed": text == "e"}
        for text in ("a", "b", "c", "d", "e")
    ]
}


def test_shuffling_moves_all_but_fixed_options() -> None:
    orders = [SingleChoice().prepare(CONTENT, Random(seed), shuffle=True)["order"] for seed in range(40)]

    assert {order[-1] for order in orders} == {4}
    assert {order[0] for order in orders} == {0, 1, 2, 3}
    assert all(sorted(order) == [0, 1, 2, 3, 4] for order in orders)


def test_an_answer_means_the_same_on_every_paper() -> None:
    kind = SingleChoice()
    for seed in range(10):
        prepared = kind.prepare(CONTENT, Random(seed), shuffle=True)
        place = next(o["position"] for o in kind.present(CONTENT, prepared)["options"] if o["html"] == "a")

        answer = kind.parse({"choice": [str(place)]}, CONTENT, prepared)

        assert answer == {"choice": 0}


def test_a_second_right_option_is_a_fault() -> None:
    twice = {"options": [{"text": "a", "correct": True}, {"text": "b", "correct": True}]}

    assert SingleChoice().faults(twice) == ["More than one option is marked as right."]


def test_only_an_option_that_is_not_right_has_a_share_above_nothing() -> None:
    def faults(**said: object) -> int:
        options = [{"text": "a", "correct": True} | dict(said), {"text": "b"}]
        return len(SingleChoice().faults({"options": options}))

    assert faults() == 0
    assert faults(share="0.5") == 1
    for share in ("0", "1.5", "x", True):
        options = [{"text": "a", "correct": True}, {"text": "b", "share": share}]
        assert len(SingleChoice().faults({"options": options})) == 1
