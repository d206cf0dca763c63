"""A calculator filled in from an address."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.facts.book import load_book
from courses.facts.calculators.base import LawAt
from courses.facts.calculators.register import CALCULATORS, UnknownCalculator, get_calculator
from courses.facts.calculators.sheet import Sheet, fill_in, sources_of

BOOK = load_book()


def sheet(name: str, **given_: str) -> Sheet:
    return fill_in(get_calculator(name), given_, book=BOOK)


def test_an_empty_address_asks_at_the_law_date_of_the_book() -> None:
    found = sheet("pu")

    assert found.law.as_of == BOOK.as_of
    assert not found.faults
    assert found.outcome is None


def test_its_address_fills_it_in_the_same_way() -> None:
    found = sheet("pu", upah=" 2.000.000 ", per="19-10-2016", utm_source="wa")
    again = sheet("pu", **found.address)

    assert found.address == {"upah": "2.000.000", "per": "2016-10-19"}
    assert found.outcome is not None
    assert again.outcome is not None
    assert again.outcome.results == found.outcome.results


def test_what_stands_by_itself_is_said_too_but_not_as_entered_by_somebody() -> None:
    entries = sheet("pu", upah="2.000.000").entered

    assert [str(entry.text) for entry in entries][:3] == ["Rp2.000.000", "by the month", "Very low"]
    assert not any(entry.is_from_person for entry in entries)
    assert any(entry.is_from_person for entry in sheet("pu", upah="2.000.000", risiko="tinggi").entered)


def test_all_faults_are_told_at_once() -> None:
    assert set(sheet("pu", upah="x", risiko="y").faults) == {"upah", "risiko"}


def test_facts_of_one_place_stand_together() -> None:
    found = sheet("jakon", kontrak="180.000.000")
    assert found.outcome is not None
    second = found.outcome.steps[1]

    # Rate and upper bound of a slice stand in the same letter of the article.
    assert [len(source.facts) for source in sources_of(second, found.law)] == [2, 1]
    assert sum(len(source.facts) for source in sources_of(second, found.law)) == len(second.facts)


@pytest.mark.parametrize("calculator", CALCULATORS, ids=lambda calculator: calculator.key)
@pytest.mark.parametrize("day", [date(2015, 7, 1), date(2016, 10, 19), BOOK.as_of, date(2040, 1, 1)])
def test_every_calculator_has_a_form_at_every_law_date(calculator: object, day: date) -> None:
    key = calculator.key  # type: ignore[attr-defined]
    found = fill_in(get_calculator(key), {"per": day.isoformat()}, book=BOOK)

    assert not found.faults
    names = [field.name for field in found.fields]
    assert len(names) == len(set(names))
    assert "per" not in names
    for field in found.fields:
        assert str(field.label)
        assert not field.default or not field.choices or field.default in {c.key for c in field.choices}


def test_names_are_unique_and_an_unknown_one_is_said() -> None:
    assert len({calculator.key for calculator in CALCULATORS}) == len(CALCULATORS)
    with pytest.raises(UnknownCalculator, match="zakat"):
        get_calculator("zakat")


@given(
    st.sampled_from([calculator.key for calculator in CALCULATORS]),
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.lists(st.text(max_size=12) | st.integers(-5, 10**12).map(str), min_size=20, max_size=20),
)
def test_whatever_an_address_holds_there_is_an_answer(key: str, day: date, typed: list[str]) -> None:
    law = LawAt(BOOK, day)
    try:
        fields = get_calculator(key).fields(law)
    except ValueError:
        fields = ()
    given_ = {field.name: text for field, text in zip(fields, typed, strict=False)}
    given_ |= {field.name: field.choices[0].key for field in fields if field.choices}

    found = fill_in(get_calculator(key), {**given_, "per": day.isoformat()}, book=BOOK)

    assert found.outcome is not None or found.faults or not given_
    assert all(str(fault) for fault in found.faults.values())
