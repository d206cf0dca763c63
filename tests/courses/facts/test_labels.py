"""Every number is called something in both languages."""

from courses.facts.book import DATA, shipped_book
from courses.facts.documents import read_document
from courses.facts.wording import GROUPS, UNITS, group_of, unit_name
from lms.core.text import fold


def test_every_key_has_a_name() -> None:
    book = shipped_book()

    assert set(book.facts) - set(book.labels) == set(), "add them to courses/facts/data/labels.yaml"


def test_no_two_keys_are_called_alike() -> None:
    for language in ("id", "en"):
        names = [fold(label.text(language)) for label in shipped_book().labels.values()]
        assert sorted(names) == sorted(set(names))


def test_names_stand_in_the_order_of_the_alphabet() -> None:
    document = read_document((DATA / "labels.yaml").read_text(encoding="utf-8"), file="labels.yaml")

    assert list(document) == sorted(document)


def test_every_group_has_a_heading() -> None:
    assert {group_of(key) for key in shipped_book().facts} <= set(GROUPS)


def test_every_unit_can_be_chosen_by_a_name_of_its_own() -> None:
    for language in ("id", "en"):
        names = [unit_name(code, language) for code in UNITS]
        assert len(set(names)) == len(names)
