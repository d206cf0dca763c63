"""Texts, and the regular expressions of XML Schema."""

from __future__ import annotations

import time

import pytest

from quizzes.exchange.qti.schema_patterns import fits
from quizzes.exchange.qti.values import QtiFault
from tests.quizzes.exchange.qti.expressions import NULL, i, op, reckon, s, value_of


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (op("string-match", s("Iuran", "iuran"), case_sensitive="true"), False),
        (op("string-match", s("Iuran", "iuran"), case_sensitive="false"), True),
        (op("string-match", s("uang iuran", "iuran"), case_sensitive="true", substring="true"), True),
        (op("string-match", s("Iuran") + NULL, case_sensitive="true"), None),
        (op("substring", s("AN", "iuran"), case_sensitive="false"), True),
        (op("substring", s("AN", "iuran"), case_sensitive="true"), False),
        (op("substring", s("iuran", "an"), case_sensitive="true"), False),
        (op("pattern-match", s("iuran"), pattern="iu"), False),
        (op("pattern-match", s("iuran"), pattern="i.*n"), True),
        (op("pattern-match", NULL, pattern=".*"), None),
    ],
)
def test_texts_are_compared_as_a_whole_or_in_part(expression: str, expected: object) -> None:
    assert value_of(expression) is expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("[0-9]{4}", "2016", True),
        ("[0-9]{4}", "20166", False),
        ("[0-9]{2,3}", "20166", False),
        ("[0-9]{2,}", "20166", True),
        ("a{0}b", "b", True),
        ("(ab|cd)+", "abcdab", True),
        ("(ab|cd)?", "", True),
        (r"\d+(,\d+)?", "12,5", True),
        (r"\D", "x", True),
        (r"\w+", "jkk_1", False),
        (r"\i\c*", "_a-1", True),
        (r"\p{Lu}\p{L}*", "Éa", True),
        (r"\P{Lu}", "É", False),
        (r"[\d.]+", "1.5", True),
        (r"[^a-c]", "b", False),
        (r"[a-z-[aeiou]]+", "xyz", True),
        (r"[a-z-[aeiou]]+", "abc", False),
        (r"[a\-]+", "a-a", True),
        (r"[-a]+", "-a", True),
        (r".", "\n", False),
        ("^a$", "a", False),
        ("^a$", "^a$", True),
        ("", "", True),
        ("a|", "", True),
    ],
)
def test_patterns_are_those_of_xml_schema(pattern: str, text: str, *, expected: bool) -> None:
    assert fits(pattern, text) is expected


@pytest.mark.parametrize(
    "pattern", ["(", "a)", "[", "[]", "a{2,1}", "*", "\\q", "[b-a]", "\\p{Xx}", "a{", "(" * 60]
)
def test_a_broken_pattern_is_a_fault(pattern: str) -> None:
    with pytest.raises(QtiFault):
        fits(pattern, "a")


def test_no_pattern_takes_long() -> None:
    begun = time.monotonic()

    assert not fits("(a*)*(a*)*b", "a" * 2_000)
    with pytest.raises(QtiFault):
        fits("((a{9999}){9999}){9999}", "a")
    with pytest.raises(QtiFault):
        fits("(a?){900}", "a" * 90_000)

    assert time.monotonic() - begun < 5


def test_a_number_is_no_text() -> None:
    value, errors = reckon(op("pattern-match", i(1), pattern="1"))

    assert value is None
    assert len(errors) == 1
