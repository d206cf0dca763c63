"""Looking for numbers with the words people use."""

from datetime import date

import pytest

from courses.facts.book import load_book
from courses.facts.finding import _texts, find_facts, find_hints, find_laws

DAY = date(2026, 11, 22)


def keys(word: str) -> set[str]:
    groups = find_facts(load_book(), word, day=DAY, language="id")
    return {row.key for group in groups for row in group.rows}


def test_a_number_is_no_piece_of_another_one() -> None:
    found = keys("15 hari")

    assert found
    assert "jkk.compensation.death_months" not in found
    assert not [key for key in found if "15 hari" not in said(key)]


def test_a_number_stays_with_what_it_counts() -> None:
    found = keys("7 hari kerja")

    assert "jkk.payment.max_working_days" in found
    assert all("7 hari" in said(key) for key in found)


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("PP 44 tahun 2015", "pp 44/2015"),
        ("10 juta pemakaman", "Rp10.000.000 pemakaman"),
        ("2 persen jht", "2% jht"),
        ("pemakaman?", "pemakaman"),
    ],
)
def test_what_people_say_finds_what_is_written(spoken: str, written: str) -> None:
    assert keys(spoken) == keys(written) != set()


def test_part_of_the_number_of_a_law_finds_it() -> None:
    assert "PP 44/2015" in {law.short for law in find_laws(load_book(), "pp 44")}


def test_where_nothing_fits_all_words_those_that_do_alone_are_offered() -> None:
    book = load_book()

    assert "meninggal" in find_hints(book, "Bagaimana kalau suami saya meninggal?")
    assert find_hints(book, "qwzxy") == []


def said(key: str) -> str:
    """Return all that is searched of a key."""
    book = load_book()
    find_facts(book, "", day=DAY, language="id")
    return _texts[book.mark][key]
    return _texts[book.mark][key]
