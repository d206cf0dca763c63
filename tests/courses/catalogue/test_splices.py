"""One entry changes in place; every other character of the file stays."""

from __future__ import annotations

import difflib
from typing import Any

import pytest

from courses.catalogue.splices import SpliceError, replace_entry
from courses.facts.documents import read_document

TEXT = """\
# The questions of one subject.
- id: jkm-01  # never changes
  type: single_choice
  stem: >-
    Siapa yang
    membayar?
  options:
    # the first is right
    - {text: "Pemberi kerja", correct: true, why: "Tepat."}
    - {text: Pekerja, why: Bukan.}
  cite: [uu-24-2011/19]   # read it
  level: remember

# A comment between two.
- id: jkm-02
  type: number
  stem: 'Berapa?'
  answer: {product: [jkm.rate.pu, 2000000]}
"""


def entry(entry_id: str, **changes: Any) -> dict[str, Any]:
    (found,) = (dict(one) for one in read_document(TEXT, file="x") if one["id"] == entry_id)
    del found["id"]
    return {name: value for name, value in (found | changes).items() if value is not None}


def changed_lines(entry_id: str, **changes: Any) -> list[str]:
    after = replace_entry(TEXT, entry_id, entry(entry_id, **changes))
    lines = difflib.unified_diff(TEXT.splitlines(), after.splitlines(), n=0, lineterm="")
    return [f"{line[0]} {line[1:]}" for line in list(lines)[2:] if line[0] in "+-"]


def test_the_same_changes_nothing() -> None:
    for entry_id in ("jkm-01", "jkm-02"):
        assert replace_entry(TEXT, entry_id, entry(entry_id)) == TEXT


def test_only_the_value_that_differs_is_written_anew() -> None:
    options = [
        {"text": "Pemberi kerja", "correct": True, "why": "Tepat."},
        {"text": "Buruh", "why": "Bukan."},
    ]

    assert changed_lines("jkm-01", options=options) == [
        "-     - {text: Pekerja, why: Bukan.}",
        '+     - {text: "Buruh", why: Bukan.}',
    ]


def test_a_folded_text_becomes_one_line_and_what_follows_stays() -> None:
    assert changed_lines("jkm-01", stem="Siapa membayar “iuran”?") == [
        "-   stem: >-",
        "-     Siapa yang",
        "-     membayar?",
        '+   stem: "Siapa membayar “iuran”?"',
    ]


def test_a_field_comes_after_the_last_one() -> None:
    assert changed_lines("jkm-01", difficulty="easy") == ['+   difficulty: "easy"']
    assert changed_lines("jkm-02", difficulty="easy") == ['+   difficulty: "easy"']


def test_a_field_goes_with_its_line() -> None:
    assert changed_lines("jkm-01", cite=None) == ["-   cite: [uu-24-2011/19]   # read it"]


def test_parts_of_a_map_in_one_line_come_and_go() -> None:
    options = [
        {"text": "Pemberi kerja", "why": "Tepat."},
        {"text": "Pekerja", "why": "Bukan.", "correct": True},
    ]

    after = replace_entry(TEXT, "jkm-01", entry("jkm-01", options=options))

    assert '- {text: "Pemberi kerja", why: "Tepat."}' in after
    assert "- {text: Pekerja, why: Bukan., correct: true}" in after
    assert "# the first is right" in after


def test_a_list_of_another_length_is_written_whole() -> None:
    after = replace_entry(
        TEXT, "jkm-01", entry("jkm-01", options=[{"text": "A"}, {"text": "B"}, {"text": "C"}])
    )

    assert read_document(after, file="x")[0]["options"] == [{"text": "A"}, {"text": "B"}, {"text": "C"}]
    assert "# A comment between two." in after


def test_numbers_and_facts_of_a_key_change() -> None:
    answer = {"product": ["jkm.rate.pu", 3000000]}

    assert changed_lines("jkm-02", answer=answer)[1] == "+   answer: {product: [jkm.rate.pu, 3000000]}"


def test_an_entry_that_is_not_there_is_said() -> None:
    with pytest.raises(SpliceError):
        replace_entry(TEXT, "jkm-99", {})
