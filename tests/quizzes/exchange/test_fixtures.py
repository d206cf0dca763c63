"""What every reader makes of files that trainers own: `fixtures/README.md` says how they are written."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from courses.facts.book import load_book
from quizzes.bank.resolving import resolve
from quizzes.exchange.checking import source_faults
from quizzes.exchange.contract import ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.formats import READERS
from quizzes.exchange.imports.pictures import with_kept
from quizzes.types import get_type
from tests.quizzes.exchange.fixtures import FIXTURES, FOLDER, Fixture

LOOKED_AT = ("kind", "line", "file", "name", "topic", "tags")
BESIDE = {*LOOKED_AT, "guesses", "losses", "files", "whole"}
BOOK = load_book()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda one: f"{one.path.parent.name}-{one.path.stem}")
def test_a_fixture_is_read_as_it_says(app: Flask, fixture: Fixture) -> None:
    with app.test_request_context(), force_locale("en"):
        if "unreadable" in fixture.wanted:
            with pytest.raises(Unreadable) as caught:
                list(fixture.reader.read(fixture.data, fixture.name))
            assert fixture.wanted["unreadable"] in str(caught.value)
            return
        read = list(fixture.reader.read(fixture.data, fixture.name))
        faults = [one for one in read if isinstance(one, ReadFault)]
        questions = [one for one in read if isinstance(one, ReadQuestion)]
        _look_at_faults(faults, fixture.wanted.get("faults", []))
        assert len(questions) == len(fixture.wanted.get("questions", [])), questions
        for question, wanted in zip(questions, fixture.wanted.get("questions", []), strict=True):
            _look_at_question(question, wanted)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda one: f"{one.path.parent.name}-{one.path.stem}")
def test_a_fixture_is_recognised_by_its_reader_first(fixture: Fixture) -> None:
    if not fixture.wanted.get("recognised", True) or "unreadable" in fixture.wanted:
        return
    first = next(reader for reader in READERS if reader.recognises(fixture.data, fixture.name))
    assert first.key == fixture.reader.key


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda one: f"{one.path.parent.name}-{one.path.stem}")
def test_each_question_of_a_fixture_holds_at_a_law_date(app: Flask, fixture: Fixture) -> None:
    if "unreadable" in fixture.wanted:
        return
    with app.test_request_context():
        for read in fixture.reader.read(fixture.data, fixture.name):
            if isinstance(read, ReadFault):
                continue
            assert source_faults(read.kind, read.source, read.files) == []
            source, _pictures = with_kept(read.source, read.files)
            assert get_type(read.kind).faults(source) == []
            resolve(source, kind=read.kind, book=BOOK, as_of=BOOK.as_of)


@pytest.mark.parametrize("key", [reader.key for reader in READERS])
def test_every_reader_has_fixtures_or_makes_its_files_in_a_test_of_its_own(key: str) -> None:
    has_fixtures = key in {fixture.path.parent.name for fixture in FIXTURES}
    assert has_fixtures or any(FOLDER.parent.rglob(f"test_{key}.py"))


def _look_at_faults(faults: list[ReadFault], wanted: list[dict[str, Any]]) -> None:
    shown = [(fault.line, str(fault.message)) for fault in faults]
    assert len(faults) == len(wanted), shown
    for fault, want in zip(faults, wanted, strict=True):
        assert fault.line == want.get("line", fault.line), shown
        assert want["words"] in str(fault.message)
        assert fault.file == want.get("file", fault.file)


def _look_at_question(question: ReadQuestion, wanted: dict[str, Any]) -> None:
    for name in LOOKED_AT:
        if name in wanted:
            value = getattr(question, name)
            assert (list(value) if name == "tags" else value) == wanted[name]
    source = {name: value for name, value in wanted.items() if name not in BESIDE}
    given = dict(question.source)
    for name, value in source.items():
        assert given.pop(name, None) == value, name
    if wanted.get("whole", True):
        assert {name: value for name, value in given.items() if value != ""} == {}
    for words in wanted.get("guesses", []):
        assert any(words in str(guess) for guess in question.guesses), [str(one) for one in question.guesses]
    for words in wanted.get("losses", []):
        assert any(words in str(loss) for loss in question.losses), [str(one) for one in question.losses]
    assert len(question.files) == wanted.get("files", 0)
