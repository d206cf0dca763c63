"""Which words fit which form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.types.patterns import fits, sample, show


@pytest.mark.parametrize(
    ("text", "pattern", "is_fit"),
    [
        ("Kejaksaan", "kejaksaan", True),
        (" kejaksaan\u00a0 negeri. ", "Kejaksaan Negeri", True),
        ("kejaksaan negeri", "kejaksaan", False),
        ("Kejaksaan Negeri", "kejaksaan*", True),
        ("kejaksaan", "kejaksaan*", True),
        ("ke kejaksaan", "kejaksaan*", False),
        ("surat kuasa khusus", "*kuasa khusus", True),
        ("surat kuasa khususnya", "*kuasa khusus", False),
        ("surat kuasa khususnya", "*kuasa*khusus*", True),
        ("khusus kuasa", "*kuasa*khusus*", False),
        ("aba", "ab*ba", False),
        ("abba", "ab*ba", True),
        ("5 * 3", "5 \\* 3", True),
        ("5 x 3", "5 \\* 3", False),
        ("café", "cafe", True),
        ("cafe\u0301", "café", True),
        ("\uff22\uff30\uff2a\uff33", "BPJS", True),
        ("Jum’at", "jum'at", True),
        ("2016–2019", "2016-2019", True),
        ("straße", "strasse", True),
        ("", "*", True),
    ],
)
def test_forms_as_people_write_them(text: str, pattern: str, is_fit: bool) -> None:
    assert fits(text, pattern, match_case=False, match_accents=False) is is_fit


def test_capitals_and_accents_matter_where_the_author_says_so() -> None:
    assert not fits("bpjs", "BPJS", match_case=True, match_accents=False)
    assert fits("BPJS", "BPJS", match_case=True, match_accents=False)
    assert not fits("cafe", "café", match_case=False, match_accents=True)
    assert fits("CAFE\u0301", "café", match_case=False, match_accents=True)


@given(st.text("ab *", max_size=12), st.text("ab ", max_size=4))
def test_what_fills_the_stars_fits(pattern: str, filling: str) -> None:
    assert fits(sample(pattern, filling), pattern, match_case=False, match_accents=False)


def test_stars_are_shown_as_dots() -> None:
    assert show("Kejaksaan*") == "Kejaksaan…"
    assert show("5 \\* 3") == "5 * 3"
