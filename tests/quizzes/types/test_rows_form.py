"""Rows of an author: added, moved and deleted."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from quizzes.types.ordering import OrderingForm


def form(*texts: str) -> OrderingForm:
    return OrderingForm(MultiDict({f"items-{number}-text": text for number, text in enumerate(texts)}))


@pytest.mark.parametrize(
    ("action", "texts"),
    [
        ("up-1", ["b", "a", "c", "d"]),
        ("down-3", ["a", "b", "c", "d"]),
        ("up-0", ["a", "b", "c", "d"]),
        ("delete-1", ["a", "c", "d"]),
        ("add", ["a", "b", "c", "d", ""]),
        ("up-99", ["a", "b", "c", "d"]),
        ("delete-٣", ["a", "b", "c", "d"]),
        ("explode", ["a", "b", "c", "d"]),
    ],
)
def test_a_row_goes_where_its_button_says(action: str, texts: list[str]) -> None:
    rows = form("a", "b", "c", "d")

    rows.act(action)

    assert [entry.data["text"] or "" for entry in rows.items] == texts


def test_the_fewest_and_the_most_rows_hold() -> None:
    few, many = form("a", "b", "c"), form(*"abcdefghij")

    few.act("delete-0")
    many.act("add")

    assert (len(few.items), len(many.items)) == (3, 10)


def test_empty_rows_are_dropped() -> None:
    rows = form("a", " ", "", "b")

    rows.tidy()

    assert [entry.data["text"] for entry in rows.items] == ["a", "b"]
