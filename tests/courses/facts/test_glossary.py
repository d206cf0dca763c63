"""The glossary is large enough to be of use, and no two terms say the same."""

from pathlib import Path

import pytest

from courses.facts.book import DATA, shipped_book
from courses.facts.documents import read_document
from courses.facts.glossary import Term
from lms.core.text import fold

TERMS = list(shipped_book().terms.values())
WITHOUT_CITATION = {"jmo", "kader-penggerak", "kode-iuran", "perisai", "sipp"}
"""What no law names: channels and roles of the office."""


def test_there_are_at_least_eighty_terms() -> None:
    assert len(TERMS) >= 80


@pytest.mark.parametrize("name", ["term", "term_en", "definition", "definition_en"])
def test_no_two_terms_are_alike(name: str) -> None:
    texts = [fold(str(vars(term)[name])) for term in TERMS]

    assert sorted(texts) == sorted(set(texts))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.id)
def test_a_term_is_explained_in_one_or_two_sentences(term: Term) -> None:
    for text in (term.definition, term.definition_en):
        assert text[0] == text[0].upper()
        assert text.endswith(".")
        assert 4 <= len(text.split()) <= 40


def test_every_term_but_those_of_the_office_is_cited() -> None:
    assert {term.id for term in TERMS if not term.cite} == WITHOUT_CITATION


def test_a_number_of_the_law_is_not_typed_into_a_term() -> None:
    assert not [term.id for term in TERMS if any(c.isdigit() for c in term.definition + term.definition_en)]


@pytest.mark.parametrize("path", sorted(DATA.glob("glossary*.yaml")), ids=lambda path: path.name)
def test_terms_stand_in_the_order_of_the_alphabet(path: Path) -> None:
    ids = [entry["id"] for entry in read_document(path.read_text(encoding="utf-8"), file=path.name)]

    assert ids == sorted(ids, key=fold)
