"""Picking a number or an article of the law: by words, as of the law date, with its warning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.facts.book import load_book
from courses.facts.picking import pick_articles, pick_facts
from lms.core.accounts.models import Role
from tests import factories

BOOK = load_book()
LAW_2016 = date(2016, 10, 19)


def test_a_number_is_found_by_words_with_its_value_on_the_law_date() -> None:
    found = pick_facts(BOOK, "jht pekerja", as_of=LAW_2016, language="id")

    picked = next(pick for pick in found if pick.key == "jht.rate.worker")
    assert (picked.mark, picked.value) == ("{fakta:jht.rate.worker}", "2%")
    assert picked.fact is not None
    assert picked.fact.holds_on(LAW_2016)


@pytest.mark.parametrize(
    ("asked", "ref"),
    [
        ("UU 24/2011 pasal 55", "uu-24-2011/55"),
        ("pasal 17 ayat (2) huruf c uu nomor 24 tahun 2011", "uu-24-2011/17/2/c"),
        ("uu 24/2011", "uu-24-2011"),
    ],
)
def test_an_article_is_found_as_people_say_it(asked: str, ref: str) -> None:
    assert pick_articles(BOOK, asked, as_of=BOOK.as_of, language="id")[0].ref == ref


def test_words_lead_to_the_articles_numbers_rest_on() -> None:
    refs = [pick.ref for pick in pick_articles(BOOK, "jht pekerja", as_of=BOOK.as_of, language="id")]

    assert any(ref.startswith("pp-46-2015/16") for ref in refs)
    assert len(refs) == len(set(refs))


@pytest.mark.parametrize("asked", ["", "zzzz", "uu 999/1900 pasal 1", "(" * 50])
def test_what_is_not_there_is_not_offered(asked: str) -> None:
    assert [p.ref for p in pick_articles(BOOK, asked, as_of=BOOK.as_of, language="id")] == []
    assert asked != "zzzz" or pick_facts(BOOK, asked, as_of=BOOK.as_of, language="id") == []


def test_a_number_nobody_checked_carries_its_warning(
    session: Session, sign_in: Callable[[int], FlaskClient]
) -> None:
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session)).id)
    doubtful = next(
        fact
        for history in BOOK.facts.values()
        for fact in history
        if fact.is_doubtful and fact.holds_on(BOOK.as_of)
    )

    page = browser.get("/fakta/pilih", query_string={"q": doubtful.key}).text

    assert f"{{fakta:{doubtful.key}}}" in page
    assert "belum pernah diperiksa" in page.lower()
    assert "tidak boleh menentukan" in page
