"""How facts read."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from courses.facts.book import load_book
from courses.facts.fact import Confidence, Fact, Value
from courses.facts.formatting import show, show_span
from courses.facts.units import UNITS, Kind


def make_fact(value: Value, unit: str, valid_to: date | None = None) -> Fact:
    return Fact(
        key="a.b",
        value=value,
        unit=unit,
        valid_from=date(2015, 7, 1),
        valid_to=valid_to,
        citation="PP 44/2015",
        confidence=Confidence.VERIFIED,
        is_derived=False,
        sources=("A",),
        note="",
        shown=MappingProxyType({}),
        line=1,
    )


@pytest.mark.parametrize(
    ("value", "unit", "indonesian", "english"),
    [
        (Decimal("0.0024"), "fraction_of_monthly_wage", "0,24%", "0.24%"),
        (Decimal("0.00445"), "fraction_of_monthly_wage", "0,445%", "0.445%"),
        (Decimal("1.0"), "fraction_of_wage", "100%", "100%"),
        (Decimal("0.3"), "fraction", "30%", "30%"),
        (Decimal(42_000_000), "IDR", "Rp42.000.000", "Rp42,000,000"),
        (Decimal(6_000_000_000_000), "IDR", "Rp6.000.000.000.000", "Rp6,000,000,000,000"),
        (Decimal(15), "working_days", "15 hari kerja", "15 working days"),
        (Decimal(1), "working_days", "1 hari kerja", "1 working day"),
        (Decimal(2), "children", "2 anak", "2 children"),
        (Decimal(48), "months_of_wage", "48 bulan upah", "48 months of wages"),
        (Decimal(44_787), "persons", "44.787 orang", "44,787 people"),
        (Decimal(15), "day_of_next_month", "tanggal 15", "day 15"),
        (Decimal(2022), "year", "2022", "2022"),
        (date(2017, 8, 1), "date", "1 Agustus 2017", "1 August 2017"),
        (False, "boolean", "tidak", "no"),
        (None, "IDR_per_month", "tanpa batas", "no limit"),
    ],
)
def test_a_value_reads_as_people_write_it(value: Value, unit: str, indonesian: str, english: str) -> None:
    assert show(make_fact(value, unit)) == indonesian
    assert show(make_fact(value, unit), "en") == english


def test_a_span_says_whether_it_is_over() -> None:
    assert show_span(make_fact(Decimal(1), "IDR")) == "sejak 1 Juli 2015"
    assert show_span(make_fact(Decimal(1), "IDR", date(2019, 12, 1))) == "1 Juli 2015 sampai 1 Desember 2019"


def test_every_shipped_value_reads_in_both_languages() -> None:
    for history in load_book().facts.values():
        for fact in history:
            assert show(fact).strip()
            assert show(fact, "en").strip()
            assert fact.measure.kind is not Kind.TEXT or show(fact) != fact.value


def test_every_unit_is_used() -> None:
    assert {fact.unit for history in load_book().facts.values() for fact in history} == set(UNITS)
