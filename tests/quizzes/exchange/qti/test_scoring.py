"""Whole items scored: one file for each construct, with what the standard says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from quizzes.exchange.qti.scoring import score

ITEMS = Path(__file__).parent / "items"
CASES = [
    pytest.param(path.with_suffix(".xml"), case, id=f"{path.stem}-{number}")
    for path in sorted(ITEMS.glob("*.yaml"))
    for number, case in enumerate(yaml.safe_load(path.read_text("utf-8"))["cases"], 1)
]


@pytest.mark.parametrize(("path", "case"), CASES)
def test_an_item_is_scored_as_its_rule_says(path: Path, case: dict[str, Any]) -> None:
    given = [(said.partition("=")[0], said.partition("=")[2]) for said in case["given"]]

    scored = score(path.read_bytes(), given)

    wanted = case.get("errors", [])
    assert scored.outcomes == case["outcomes"]
    assert len(scored.errors) == len(wanted), scored.errors
    assert all(any(words in error for error in scored.errors) for words in wanted), scored.errors


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "XML"),
        (b"soal", "XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type"),
        (b"<assessmentTest xmlns='http://www.imsglobal.org/xsd/imsqti_v2p1'/>", "no QTI item"),
        (b"<?xml version='1.0' encoding='utf-16'?><a/>", "encoding"),
        (b"<a>" * 200, "deep"),
    ],
)
def test_a_file_that_is_no_item_has_no_outcomes_but_a_reason(data: bytes, words: str) -> None:
    scored = score(data, [])

    assert scored.outcomes == {}
    assert words in scored.errors[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1"])
def test_an_item_may_be_in_the_encoding_it_declares(encoding: str) -> None:
    text = (ITEMS / "choice-match-correct.xml").read_text("utf-8")
    declared = "utf-8" if encoding == "utf-8-sig" else encoding

    scored = score(text.replace("UTF-8", declared).encode(encoding), [("RESPONSE", "JKK")])

    assert (scored.outcomes, scored.errors) == ({"SCORE": 1.0}, [])


def test_both_vocabularies_say_the_same() -> None:
    text = (ITEMS / "choice-map-response.xml").read_text("utf-8")
    old = (
        text.replace("qti-assessment-item", "assessmentItem")
        .replace("qti-response-declaration", "responseDeclaration")
        .replace("qti-outcome-declaration", "outcomeDeclaration")
        .replace("qti-response-processing", "responseProcessing")
        .replace("qti-mapping", "mapping")
        .replace("qti-map-entry", "mapEntry")
        .replace("base-type", "baseType")
        .replace("lower-bound", "lowerBound")
        .replace("upper-bound", "upperBound")
        .replace("default-value", "defaultValue")
        .replace("map-key", "mapKey")
        .replace("mapped-value", "mappedValue")
    )
    given = [("RESPONSE", "iuran"), ("RESPONSE", "upah")]

    assert score(old.encode(), given) == score(text.encode(), given)


def test_a_seed_fixes_what_an_item_draws() -> None:
    item = (ITEMS / "template-constraint.xml").read_bytes()

    assert score(item, [], seed=4) == score(item, [], seed=4)


def test_a_record_in_the_place_of_a_number_is_told_and_null() -> None:
    item = (ITEMS / "record-digits.xml").read_text("utf-8")
    broken = item.replace(
        '<fieldValue fieldIdentifier="ndp"><variable identifier="RESPONSE"/></fieldValue>', SUBTRACT
    )

    scored = score(broken.encode(), [("RESPONSE", "1.50")])

    assert broken != item
    assert scored.outcomes["DIGITS"] is None
    assert "record" in scored.errors[0]


SUBTRACT = '<subtract><variable identifier="RESPONSE"/><baseValue baseType="integer">1</baseValue></subtract>'
