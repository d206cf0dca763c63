"""Where the texts of a question stand."""

from __future__ import annotations

from quizzes.types.texts import list_texts


def test_texts_are_found_at_any_depth_in_the_order_they_were_written() -> None:
    source = {
        "stem": "not of the type",
        "text": "a",
        "gaps": [{"options": [{"text": "b", "why": "c", "correct": True}]}, {"answer": {"fact": "x"}}],
        "why": {"true": "d"},
    }

    assert list(list_texts(source, {"text", "gaps", "why"})) == [
        ("text", "a"),
        ("gaps-0-options-0-text", "b"),
        ("gaps-0-options-0-why", "c"),
        ("why-true", "d"),
    ]


def test_what_is_no_text_is_told_as_it_is() -> None:
    assert list(list_texts({"options": [{"text": 5}], "other": {"text": "x"}}, {"options"})) == [
        ("options-0-text", 5)
    ]
