"""What an author wrote, at a law date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from courses.facts.book import FactBook, load_book
from courses.facts.fact import Confidence
from courses.facts.models import UseKind
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


def test_a_rule_of_the_training_is_cited_as_one() -> None:
    resolved = resolve({**SOURCE, "cite": ["pelatihan"]}, kind="number", book=load_book(), as_of=LAW_2026)

    (citation,) = resolved.citations
    assert (citation["label"], citation["url"]) == ("Aturan pelatihan ini", "")
    assert citation["label_en"] == "Rules of this training"


def test_a_key_rests_on_what_decides_it_and_not_on_the_rest_of_the_reckoning() -> None:
    answer = {"hitung": "pu", "masukan": {"upah": "2.000.000"}, "hasil": "jkk"}

    resolved = resolve({**SOURCE, "answer": answer}, kind="number", book=load_book(), as_of=LAW_2026)

    keys = {use.key for use in resolved.uses if use.kind is UseKind.KEY}
    assert keys == {"jkk.rate.pu.very_low"}


@pytest.mark.parametrize(
    ("expression", "as_of", "value"),
    [
        # 7.335.300 × 1% = 73.353; 11.086.300 × 1% = 110.863.
        ({"hitung": "pu", "masukan": {"upah": "15.000.000"}, "hasil": "jp_pekerja"}, LAW_2016, "73353"),
        ({"hitung": "pu", "masukan": {"upah": "15.000.000"}, "hasil": "jp_pekerja"}, LAW_2026, "110863"),
        # 2.000.000 × 0,89% = 17.800.
        (
            {"hitung": "pu", "masukan": {"upah": 2000000, "risiko": "sedang"}, "hasil": "jkk"},
            LAW_2026,
            "17800",
        ),
        # 16.800 at full price, 500 on top.
        (
            {"sum": [{"hitung": "bpu", "masukan": {"dasar": "1.000.000"}, "hasil": "total"}, 500]},
            LAW_2016,
            "17300",
        ),
    ],
)
def test_a_calculator_decides_at_the_law_date(expression: Any, as_of: date, value: str) -> None:
    assert BookResolver(load_book(), as_of).number(expression) == Decimal(value)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ({"hitung": "zakat", "masukan": {}, "hasil": "total"}, "zakat"),
        ({"hitung": "pu", "masukan": {"upah": "2 juta"}, "hasil": "total"}, "upah"),
        ({"hitung": "pu", "masukan": {"gaji": "2.000.000"}, "hasil": "total"}, "gaji"),
        # YAML's 500.000 without quotes.
        ({"hitung": "pu", "masukan": {"upah": 500.0}, "hasil": "total"}, "quotes"),
        ({"hitung": "pu", "masukan": {"upah": True}, "hasil": "total"}, "quotes"),
        ({"hitung": "pu", "masukan": ["upah"], "hasil": "total"}, "masukan"),
        ({"hitung": "pu", "masukan": {"upah": "2.000.000"}}, "pemberi_kerja"),
        ({"hitung": "pu", "masukan": {"upah": "2.000.000"}, "hasil": "laba"}, "laba"),
        ({"hitung": "pu", "masukan": {"upah": "2.000.000"}, "hasil": "total", "as": "percent"}, "hitung"),
    ],
)
def test_what_a_calculator_cannot_answer_is_refused(expression: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        BookResolver(load_book(), LAW_2026).number(expression)


def test_a_calculator_that_used_a_fact_from_memory_decides_no_key() -> None:
    source = {
        "stem": "Berapa?",
        "answer": {"hitung": "pu", "masukan": {"upah": "2.000.000"}, "hasil": "pekerja"},
    }

    with pytest.raises(SourceError, match="memory") as error:
        resolve(source, kind="number", book=doubtful_book(), as_of=LAW_2026)

    assert error.value.field == "answer"


def test_what_a_calculator_looked_up_decides_the_key() -> None:
    source = {
        "stem": "Berapa?",
        "answer": {"hitung": "pu", "masukan": {"upah": "2.000.000"}, "hasil": "pekerja"},
    }

    resolved = resolve(source, kind="number", book=load_book(), as_of=LAW_2026)

    assert resolved.content["answer"] == "60000"
    assert "jht.rate.worker" in {use.key for use in resolved.uses if use.kind is UseKind.KEY}


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
        ({"stem": "a", "answer": True, "why": {"false": "{pasal:x}"}}, "true_false", "why-false"),
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
