"""What the law says on a day."""

from datetime import date
from decimal import Decimal

import pytest

from courses.facts.book import (
    PROGRAMMES,
    FactBook,
    NotInForce,
    Undecided,
    UnknownFact,
    UnknownLaw,
    UnknownTerm,
    UnreadableCondition,
    load_book,
)
from courses.facts.formatting import show

TRAINING = date(2016, 10, 19)


@pytest.fixture
def book() -> FactBook:
    return load_book()


def test_the_law_date_is_the_one_of_the_facts_and_not_the_newest_start(book: FactBook) -> None:
    newest = max(fact.valid_from for history in book.facts.values() for fact in history)

    assert book.as_of == date(2026, 11, 22)
    assert book.known_on == date(2026, 11, 22)
    assert newest != book.as_of


@pytest.mark.parametrize(
    ("key", "then", "now"),
    [
        ("jkm.benefit.total_without_scholarship", "Rp24.000.000", "Rp42.000.000"),
        ("jkk.rate.pu.very_low", "0,24%", "0,24%"),
        ("jkk.claim_expiry_years", "2 tahun", "5 tahun"),
        ("jp.retirement_age", "56 tahun", "59 tahun"),
        ("law.bpjstk.programs", "4 program", "5 program"),
        ("jp.wage_cap", "Rp7.335.300", "Rp11.086.300"),
    ],
)
def test_a_fact_has_the_value_of_its_day(book: FactBook, key: str, then: str, now: str) -> None:
    assert show(book.get(key, TRAINING)) == then
    assert show(book.get(key, book.as_of)) == now


def test_both_ends_of_a_span_belong_to_it(book: FactBook) -> None:
    key = "jkm.benefit.total_without_scholarship"

    assert book.get(key, date(2019, 12, 1)).value == 24_000_000
    assert book.get(key, date(2019, 12, 2)).value == 42_000_000


def test_rates_are_exact(book: FactBook) -> None:
    assert book.number("jkk.rate.pu.very_high", TRAINING) == Decimal("0.0174")
    assert book.number("jkk.rate.pu_labour_intensive_discount.high", date(2025, 5, 1)) == Decimal("0.00635")
    assert all(not isinstance(fact.value, float) for history in book.facts.values() for fact in history)


def test_unknown_facts_laws_and_terms_are_refused(book: FactBook) -> None:
    with pytest.raises(UnknownFact):
        book.get("jkm.benefit.nothing", TRAINING)
    with pytest.raises(UnknownLaw):
        book.law("uu-1-1900")
    with pytest.raises(UnknownTerm):
        book.term("nothing")


def test_a_fact_before_its_time_is_refused(book: FactBook) -> None:
    with pytest.raises(NotInForce, match="2016-10-19"):
        book.get("jkp.benefit.cash.months_1_6", TRAINING)


def test_a_fact_from_memory_decides_no_key(book: FactBook) -> None:
    doubtful = [fact for history in book.facts.values() for fact in history if fact.is_doubtful]

    assert len(doubtful) == 12
    for fact in doubtful:
        with pytest.raises(Undecided, match="memory"):
            book.number(fact.key, fact.valid_from)


@pytest.mark.parametrize("key", ["jp.benefit.formula", "jkk.payer.pu", "jht.wage_cap", "bpu.jp_eligible"])
def test_what_is_no_number_decides_no_key(book: FactBook, key: str) -> None:
    with pytest.raises(Undecided):
        book.number(key, book.as_of)


@pytest.mark.parametrize(
    ("condition", "then", "now"),
    [
        ("jkm", True, True),
        ("jkp", False, True),
        ("!jkp", True, False),
        ("jkp.benefit.cash.months_1_6", False, True),
        ("!jkp.benefit.cash.months_1_6", True, False),
        (">=2019-12-02", False, True),
        ("<2019-12-02", True, False),
        (">=2016-10-19", True, True),
        ("<2016-10-19", False, False),
        ("<2017-03-01 atau >=2026-03-01", True, True),
        ("<2016-10-19 atau jkp", False, True),
        ("!jkp atau >=2026-03-01", True, True),
        ("!jkm atau <2016-10-19", False, False),
    ],
)
def test_conditions_follow_the_law_date(book: FactBook, condition: str, then: bool, now: bool) -> None:
    assert book.applies(condition, TRAINING) is then
    assert book.applies(condition, book.as_of) is now


@pytest.mark.parametrize(
    "condition", ["", "!", "jkx", ">=2019-13-01", "2019-12-02", "<=2019-12-02", "jkm atau jkx"]
)
def test_an_unreadable_condition_is_refused(book: FactBook, condition: str) -> None:
    with pytest.raises(UnreadableCondition):
        book.applies(condition, TRAINING)


def test_a_condition_on_an_unknown_fact_is_refused(book: FactBook) -> None:
    with pytest.raises(UnknownFact):
        book.applies("!jkp.benefit.nothing", TRAINING)


@pytest.mark.parametrize("day", [TRAINING, date(2026, 11, 22)])
def test_as_many_programmes_apply_as_the_law_counts(book: FactBook, day: date) -> None:
    assert sum(book.applies(programme, day) for programme in PROGRAMMES) == book.number(
        "law.bpjstk.programs", day
    )


@pytest.mark.parametrize(
    ("ref", "label", "english"),
    [
        ("uu-24-2011/55", "Pasal 55 UU 24/2011", "Article 55 of Law 24/2011"),
        ("uu-40-2004/46A", "Pasal 46A UU 40/2004", "Article 46A of Law 40/2004"),
        (
            "pp-44-2015/16/1/a",
            "Pasal 16 ayat (1) huruf a PP 44/2015",
            "Article 16 paragraph (1) letter a of Government Regulation 44/2015",
        ),
        ("uu-24-2011/10/a", "Pasal 10 huruf a UU 24/2011", "Article 10 letter a of Law 24/2011"),
        ("perpres-109-2013", "Perpres 109/2013", "Presidential Regulation 109/2013"),
    ],
)
def test_a_reference_reads_as_people_cite(book: FactBook, ref: str, label: str, english: str) -> None:
    assert book.citation(ref).label == label
    assert book.citation(ref, language="en").label == english
    assert book.citation(ref).url == f"/hukum#{ref.split('/', maxsplit=1)[0]}"


@pytest.mark.parametrize(
    "ref",
    [
        "uu-99-2011/1",
        "uu-24-2011/",
        "uu-24-2011/x",
        "uu-24-2011/1/a/1",
        "24/2011",
        "uu-24-2011/72",
        "uu-40-2004/54A",
        "",
    ],
)
def test_an_unreadable_reference_is_refused(book: FactBook, ref: str) -> None:
    with pytest.raises(UnknownLaw):
        book.citation(ref)


def test_facts_and_book_cannot_be_changed(book: FactBook) -> None:
    with pytest.raises(AttributeError):
        book.get("jkm.benefit.funeral", TRAINING).value = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        book.facts["x"] = ()  # type: ignore[index]


def test_the_book_is_read_once() -> None:
    assert load_book() is load_book()
