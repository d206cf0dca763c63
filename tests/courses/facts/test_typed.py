"""Values are read as people in Indonesia write them, and never as another one."""

import pytest

from courses.facts.book import shipped_book
from courses.facts.entries import read_entry
from courses.facts.learned import raw_value
from courses.facts.typed import read_typed, write_typed
from lms.core.errors import Invalid


@pytest.mark.parametrize(
    ("text", "unit", "kept"),
    [
        ("12.000.000", "IDR", "12000000"),
        ("Rp12.000.000", "IDR_per_month", "12000000"),
        ("tanpa batas", "IDR", None),
        ("0,24%", "fraction", "0.0024"),
        ("0,635", "fraction_of_monthly_wage", "0.00635"),
        ("100%", "fraction", "1.0"),
        ("0%", "fraction", "0.0"),
        ("15", "working_days", "15"),
        ("15 hari kerja", "working_days", "15"),
        ("ya", "boolean", "true"),
        ("No", "boolean", "false"),
        ("2027-01-01", "date", "2027-01-01"),
        ("pemberi kerja", "enum", "pemberi kerja"),
    ],
)
def test_a_value_is_kept_as_the_data_files_write_it(text: str, unit: str, kept: str | None) -> None:
    assert read_typed(text, unit) == kept


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12,000,000", "IDR"),
        ("5,000", "IDR"),
        ("12.000.000,50", "IDR"),
        ("banyak", "IDR"),
        ("1,5", "months"),
        ("mungkin", "boolean"),
        ("", "fraction"),
    ],
)
def test_what_could_be_another_value_is_refused(text: str, unit: str) -> None:
    with pytest.raises(Invalid):
        read_typed(text, unit)


def test_every_value_of_the_book_reads_back() -> None:
    for history in shipped_book().facts.values():
        for fact in history:
            kept = read_typed(write_typed(fact), fact.unit)
            entry = {
                "key": fact.key,
                "value": raw_value(kept, fact.unit),
                "unit": fact.unit,
                "valid_from": str(fact.valid_from),
                "valid_to": None,
                "citation": "PP 44/2015",
                "confidence": fact.confidence,
                "derived": False,
                "sources": ["A"],
                "note": "",
                "shown": dict(fact.shown) or None,
            }
            read = read_entry(entry, lambda *fault: None, sources={"A"}, articles={"pp-44-2015": None})
            assert read is not None, fact.key
            assert read.value == fact.value
