"""What people type into calculators, field by field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.facts.calculators.base import CalculatorFault, Choice, Field, Kind
from courses.facts.calculators.reading import read_day, read_field

CHOICES = (Choice("darat", "By land"), Choice("laut", "By sea"))


def field(kind: Kind, **limits: Decimal | None) -> Field:
    return Field("isian", "Isian", kind, choices=CHOICES, **limits)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (Kind.MONEY, "Rp1.500.000,50", Decimal("1500000.50")),
        (Kind.MONEY, "1500000", Decimal(1500000)),
        (Kind.PERCENT, "5,5%", Decimal("0.055")),
        (Kind.PERCENT, "100", Decimal(1)),
        (Kind.MONTHS, "14 bulan", Decimal(14)),
        (Kind.NUMBER, "0", Decimal(0)),
        (Kind.DATE, "2016-10-19", date(2016, 10, 19)),
        (Kind.DATE, "19-10-2016", date(2016, 10, 19)),
        (Kind.CHOICE, "laut", "laut"),
        (Kind.YES_NO, "ya", True),
        (Kind.YES_NO, "tidak", False),
    ],
)
def test_each_kind_is_read_as_what_compute_takes(kind: Kind, typed: str, value: object) -> None:
    assert read_field(field(kind), typed) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.MONEY, "1,5 juta"),
        (Kind.MONEY, "1,5"),
        (Kind.MONEY, "0"),
        (Kind.MONEY, "-1"),
        (Kind.MONEY, "1,234"),
        (Kind.MONEY, "10,005"),
        (Kind.MONEY, "5%"),
        (Kind.MONEY, "9.999.999.999.999.999"),
        (Kind.PERCENT, "101"),
        (Kind.PERCENT, "-0,5"),
        (Kind.PERCENT, "5.5"),
        (Kind.MONTHS, "1,5"),
        (Kind.MONTHS, "2 tahun"),
        (Kind.MONTHS, "100.000"),
        (Kind.NUMBER, "dua"),
        (Kind.DATE, "2016-02-30"),
        (Kind.DATE, "19/10"),
        (Kind.DATE, "0001-01-01"),
        (Kind.CHOICE, "udara"),
        (Kind.CHOICE, "Laut"),
        (Kind.YES_NO, "ja"),
        (Kind.MONEY, ""),
    ],
)
def test_what_makes_no_sense_is_a_sentence(kind: Kind, typed: str) -> None:
    with pytest.raises(CalculatorFault) as caught:
        read_field(field(kind), typed)

    assert caught.value.field == "isian"
    assert str(caught.value).endswith((".", "?", "ya, tidak."))


def test_limits_of_a_field_are_named_in_the_sentence() -> None:
    wanted = field(Kind.MONEY, minimum=Decimal(1_000_000), maximum=Decimal(2_000_000))

    assert read_field(wanted, "1.000.000") == 1_000_000
    assert read_field(wanted, "2.000.000") == 2_000_000
    with pytest.raises(CalculatorFault, match=r"1\.000\.000"):
        read_field(wanted, "999.999")
    with pytest.raises(CalculatorFault, match=r"2\.000\.000"):
        read_field(wanted, "2.000.001")


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_nothing_where_it_may_be(kind: Kind) -> None:
    assert read_field(Field("isian", "Isian", kind, choices=CHOICES, is_required=False), "") is None


@given(st.text(max_size=60), st.sampled_from(list(Kind)))
def test_whatever_is_typed_is_read_or_answered(typed: str, kind: Kind) -> None:
    said = "read"
    try:
        read_field(field(kind), typed.strip())
    except CalculatorFault as fault:
        said = str(fault)
    assert said


@given(st.text(max_size=12))
def test_a_day_is_a_day_or_none(typed: str) -> None:
    found = read_day(typed)

    assert found is None or 1900 <= found.year < 2200
