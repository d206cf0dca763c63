"""What a text asks the book for is what it uses, and where."""

from __future__ import annotations

from datetime import date

import pytest

from courses.catalogue.markdown import render_lesson
from courses.facts.book import NotInForce, load_book
from courses.facts.models import UseKind
from courses.facts.uses import HOLDS, HOLDS_NOT, Recorder, Seen, placed
from tests.courses.facts.changes import LAW_2016, LAW_2026

RATE = "jht.rate.worker"


def seen_in(text: str, as_of: date = LAW_2026) -> list[tuple[str, str, str, str]]:
    """Return kind, line, key and what was seen of everything a lesson uses."""
    rendered = render_lesson(text, book=load_book(), as_of=as_of, check=lambda _key: "")
    return [(use.kind.value, use.place, use.key, use.saw) for use in rendered.uses]


def test_a_fact_is_noted_with_its_line_and_the_value_seen() -> None:
    assert seen_in(f"Kalimat.\n\nIuran {{fakta:{RATE}}}.") == [("lesson", "3", RATE, "2%")]


def test_the_same_fact_on_one_line_is_one_use() -> None:
    assert len(seen_in(f"{{fakta:{RATE}}} dan {{fakta:{RATE}}}\n\n{{fakta:{RATE}}}")) == 2


def test_a_fact_at_a_date_of_its_own_is_pinned_to_it() -> None:
    rendered = render_lesson(
        f"{{fakta:{RATE}@2016-10-19}}", book=load_book(), as_of=LAW_2026, check=lambda _key: ""
    )

    (use,) = rendered.uses
    assert (use.as_of, use.is_pinned, use.valid_from) == (LAW_2016, True, date(2015, 7, 1))


def test_a_condition_is_noted_without_its_negation() -> None:
    assert seen_in("::: berlaku !jkp\nDulu.\n:::") == [("condition", "1", "jkp", HOLDS)]
    assert seen_in("::: berlaku jkp\nKini.\n:::", LAW_2016) == [("condition", "1", "jkp", HOLDS_NOT)]


def test_what_a_hidden_block_names_is_not_used() -> None:
    found = seen_in(f"::: berlaku jkp\n{{fakta:{RATE}}}\n:::", LAW_2016)

    assert [key for _kind, _line, key, _saw in found] == ["jkp"]


def test_a_fact_inside_a_box_and_a_table_has_its_own_line() -> None:
    box = f"::: contoh Contoh\nSatu.\n\nDua {{fakta:{RATE}}}.\n:::\n\n"
    text = box + f"| A | B |\n|---|---|\n| x | {{fakta:{RATE}}} |\n"

    assert [line for _kind, line, _key, _saw in seen_in(text)] == ["4", "9"]


def test_a_value_the_book_does_not_have_is_not_noted() -> None:
    recorder = Recorder(LAW_2016, place="1")
    with pytest.raises(NotInForce):
        recorder.watch(load_book()).get("jkp.benefit.cash.months_1_6", LAW_2016)

    assert recorder.uses() == ()


def test_nothing_is_noted_while_no_part_is_at_work() -> None:
    recorder = Recorder(LAW_2026)
    recorder.watch(load_book()).number(RATE, LAW_2026)

    assert recorder.uses() == ()


def test_a_part_ends_where_its_block_ends_though_it_fails() -> None:
    recorder = Recorder(LAW_2026, place="stem")
    with pytest.raises(ValueError, match="x"), recorder.at(UseKind.KEY, "answer"):
        raise ValueError("x")

    assert (recorder.kind, recorder.place) == (UseKind.LESSON, "stem")


def test_uses_of_a_page_get_its_file_and_kind() -> None:
    uses = [
        Seen(UseKind.LESSON, "3", RATE, LAW_2026, False, None, "2%"),
        Seen(UseKind.CONDITION, "4", "jkp", LAW_2026, False, None, HOLDS),
    ]

    found = placed(uses, file="saku.md", kind=UseKind.MODULE_PAGE, first=10)

    assert [(use.kind, use.place) for use in found] == [
        (UseKind.MODULE_PAGE, "saku.md:12"),
        (UseKind.CONDITION, "saku.md:13"),
    ]
