"""The questions of the shipped course go to Moodle and come back: the same answers earn all, or nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from courses.catalogue.folder import read_folder
from courses.facts.book import load_book
from quizzes.exchange.contract import GivenQuestion, Reader, ReadQuestion, Writer
from quizzes.exchange.exports.spelling_out import spell_out
from quizzes.exchange.gift.reader import Gift
from quizzes.exchange.gift.writing import GiftWriter
from quizzes.exchange.moodle.datasets import Plain
from quizzes.exchange.moodle.reader import MoodleXml
from quizzes.exchange.moodle.writing import MoodleXmlWriter
from quizzes.types import get_type

COURSE = Path(__file__).parents[3] / "courses" / "curriculum" / "kader-penggerak"
HELD_BY_NONE = {"case_set", "hotspot"}
"""Cases name their questions, which come alone; drawings are no pictures."""
FEWEST = 400
"""Questions that are looked at at least."""


def shipped() -> list[GivenQuestion]:
    """Return the questions that hold at the law date of the book, as they leave the house."""
    book = load_book()
    found = []
    for one in read_folder(COURSE).questions.values():
        kind, source = one.data["type"], dict(one.data)
        if kind in HELD_BY_NONE or "berlaku" in source:
            continue
        spelled = spell_out(
            source, kind=kind, as_of=book.as_of, book=book, fetch=lambda _sha: ("", b""), name=one.id
        )
        found.append(spelled)
    return found


@pytest.mark.parametrize(("writer", "reader"), [(GiftWriter(), Gift()), (MoodleXmlWriter(), MoodleXml())])
def test_a_whole_bank_comes_back_with_its_keys(app: Flask, writer: Writer, reader: Reader) -> None:
    with app.test_request_context():
        held = [question for question in shipped() if writer.holds(question)]
        back = list(reader.read(writer.write(held), f"bank{writer.ending}"))

        assert len(back) == len(held) >= FEWEST
        for given, read in zip(held, back, strict=True):
            assert isinstance(read, ReadQuestion), (given.name, read)
            assert (read.kind, read.name) == (given.kind, given.name)
            # The variants of a calculated question come in an order of their own; essays a person marks.
            if given.kind not in {"calculated", "essay"}:
                _look_at_marks(given, read)


def _look_at_marks(given: GivenQuestion, read: ReadQuestion) -> None:
    kind = get_type(given.kind)
    before, after = (kind.resolve(one.source, Plain()) for one in (given, read))
    prepared = kind.prepare(before, Random(1), shuffle=False)
    for raw in (kind.solve(before, prepared), kind.miss(before, prepared)):
        answer = kind.parse(raw, before, prepared)
        wanted, earned = kind.grade(before, answer), kind.grade(after, answer)
        assert wanted is not None
        assert earned is not None
        assert abs(earned.fraction - wanted.fraction) <= Decimal("1e-6"), given.name
