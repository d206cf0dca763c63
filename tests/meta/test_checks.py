"""The table of checks in ARCHITECTURE.md names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("\n## What a burglar would try\n")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| \**([0-9]+)\** \| (.+?) \| (.+) \|$", SECTION, re.MULTILINE)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_there_are_forty_in_order() -> None:
    assert [int(number) for number, _what, _tests in ROWS] == list(range(1, 41))


@pytest.mark.parametrize(("number", "what", "tests"), ROWS, ids=[row[0] for row in ROWS])
def test_each_has_a_test_that_is_there_or_says_why_not(number: str, what: str, tests: str) -> None:
    named = NAMED.findall(tests)

    assert named or tests.startswith(("Not a test: ", "Not built: ")), what
    assert tests.count("::") == len(named), "a test is named as `tests/…/test_x.py::test_y`"
    for path, name in named:
        assert f"\ndef {name}(" in (ROOT / path).read_text(encoding="utf-8"), f"{path}::{name}"
