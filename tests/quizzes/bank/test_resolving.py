"""What an author wrote, at a law date."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from courses.facts.book import FactBook, load_book
from courses.facts.fact import Confidence
from quizzes.bank.resolving import BookResolver, SourceError, resolve
from tests.quizzes.bank.folders import LAW_2016, LAW_2026

SOURCE = {"stem": "Berapa?", "unit": "rupiah", "answer": {"product": ["jht.rate.worker", 2000000]}}


def doubtful_book() -> FactBook:
    book = load_book()
    history = [replace(fact, confidence=Confidence.MEMORY) for fact in book.facts["jht.rate.worker"]]
    return replace(book, facts={**book.facts, "jht.rate.worker": tuple(history)})


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (15, "15"),
        ("0.24", "0.24"),
        (0.5, "0.5"),
        ({"fact": "jht.rate.worker"}, "0.02"),
        ({"fact": "jht.rate.worker", "as": "percent"}, "2"),
        ({"product": ["jht.rate.worker", 2000000]}, "40000"),
        ({"sum": [{"product": ["jht.rate.worker", 100]}, {"fact": "jht.rate.worker"}, 1]}, "3.02"),
        ({"product": [{"sum": ["jht.rate.worker", "jht.rate.worker"]}, "100"]}, "4"),
    ],
)
def test_numbers_are_exact(expression: Any, value: str) -> None:
    assert BookResolver(load_book(), LAW_2026).number(expression) == Decimal(value)


@pytest.mark.parametrize(
    "expression", [True, None, "", "lima", "NaN", [], {}, {"product": []}, {"power": [2, 3]}, {"fact": "x.y"}]
)
def test_what_is_no_number_is_refused(expression: Any) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        BookResolver(load_book(), LAW_2026).number(expression)


def test_a_fact_from_memory_decides_no_key() -> None:
    with pytest.raises(SourceError) as error:
        resolve(SOURCE, kind="number", book=doubtful_book(), as_of=LAW_2026)

    assert error.value.field == "answer"
    assert "memory" in str(error.value)


def test_a_fact_from_memory_may_be_shown() -> None:
    source = {"stem": "Tarif {fakta:jht.rate.worker}?", "answer": True}

    resolved = resolve(source, kind="true_false", book=doubtful_book(), as_of=LAW_2026)

    assert "2%" in resolved.stem_html


@pytest.mark.parametrize(
    ("source", "kind", "field"),
    [
        ({"stem": "{fakta:x.y}", "answer": True}, "true_false", "stem"),
        ({"stem": "a", "answer": True, "explanation": "{fakta:x.y}"}, "true_false", "explanation"),
        ({"stem": "a", "answer": True, "why": {"false": "{pasal:x}"}}, "true_false", "why_false"),
        ({"stem": "a", "answer": True, "cite": ["uu-1-1900"]}, "true_false", "cite"),
        (
            {"stem": "a", "options": [{"text": "b"}, {"text": "{fakta:x.y}"}]},
            "single_choice",
            "options-1-text",
        ),
        (
            {"stem": "a", "options": [{"text": "b", "why": "{fakta:x.y}"}]},
            "multiple_response",
            "options-0-why",
        ),
    ],
)
def test_a_fault_names_its_field(source: dict[str, Any], kind: str, field: str) -> None:
    with pytest.raises(SourceError) as error:
        resolve(source, kind=kind, book=load_book(), as_of=LAW_2026)

    assert error.value.field == field


def test_what_the_law_did_not_have_then_is_a_fault() -> None:
    source = {"stem": "{fakta:jkp.benefit.rate}", "answer": True}

    with pytest.raises(SourceError):
        resolve(source, kind="true_false", book=load_book(), as_of=LAW_2016)


def test_markup_of_authors_is_text() -> None:
    source = {"stem": "<script>alert(1)</script> **tebal** [x](javascript:1)", "answer": True}

    html = resolve(source, kind="true_false", book=load_book(), as_of=LAW_2026).stem_html

    assert "<script" not in html
    assert "href" not in html
    assert "<strong>tebal</strong>" in html


def test_a_long_stem_is_cut_in_lists() -> None:
    resolved = resolve(
        {"stem": "kata " * 100, "answer": True}, kind="true_false", book=load_book(), as_of=LAW_2026
    )

    assert len(resolved.summary) == 300
    assert resolved.summary.endswith("…")
