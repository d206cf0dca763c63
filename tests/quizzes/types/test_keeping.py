"""What a question is survives the files and the database to the letter, for every example of every type."""

from __future__ import annotations

import json
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.splices import replace_entry
from courses.facts.documents import read_document
from quizzes.attempts.models import AnswerEvent, PaperItem
from quizzes.grading.models import Mark
from quizzes.types import TYPES, get_type
from quizzes.types.base import Json, QuestionType
from tests.factories import PlainResolver, make_question
from tests.quizzes.attempts.conftest import make_desk
from tests.quizzes.types.leaves import leaves

CASES = [(kind, example) for kind in TYPES for example in kind.examples()]
each_case = pytest.mark.parametrize(("kind", "source"), [(kind, one.source) for kind, one in CASES])


def exactly(value: Any) -> str:
    """Return a value as text that tells 1 from True and "1", and an order from another."""
    return json.dumps(value, ensure_ascii=False)


def through_a_file(kind: QuestionType, source: Json) -> Json:
    text = replace_entry("- id: soal-1\n  type: lain\n", "soal-1", {"type": kind.key, **source})
    (entry,) = read_document(text, file="soal.yaml")
    return {name: value for name, value in entry.items() if name not in {"id", "type"}}


@each_case
def test_a_question_says_the_same_after_a_file(kind: QuestionType, source: Json) -> None:
    read = through_a_file(kind, source)

    assert read == source
    assert kind.faults(read) == []
    contents = [kind.resolve(one, PlainResolver()) for one in (source, read)]
    assert exactly(contents[0]) == exactly(contents[1])


@each_case
def test_nothing_that_is_stored_is_a_binary_fraction(kind: QuestionType, source: Json) -> None:
    """0,1 + 0,2 is 0,3 here: numbers are whole or texts."""
    content = kind.resolve(source, PlainResolver())
    prepared = kind.prepare(content, Random(1), shuffle=True)
    answer = kind.parse(kind.solve(content, prepared), content, prepared)

    for form in (content, prepared, answer):
        assert not [path for path, value in leaves(form) if isinstance(value, float)]


def test_a_paper_of_all_examples_survives_the_database(session: Session) -> None:
    versions = [make_question(session, kind.key, source=example.source) for kind, example in CASES]
    contents = {version.id: exactly(version.content) for version in versions}
    desk = make_desk(session, versions)
    attempt = desk.start()
    prepared = {item.position: exactly(item.prepared) for item in desk.items(attempt)}
    said = {}
    for item in desk.items(attempt):
        kind, content = get_type(item.question_version.type), item.question_version.content
        raw = {name: list(values) for name, values in kind.solve(content, item.prepared).items()}
        said[item.position] = (exactly(raw), exactly(kind.parse(raw, content, item.prepared)))
        desk.save(attempt, item.position, event_id=f"event-{item.position}", raw=raw)
    session.expire_all()

    for item in desk.items(attempt):
        version = item.question_version
        assert item.response is not None
        assert exactly(version.content) == contents[version.id]
        assert exactly(item.prepared) == prepared[item.position]
        assert (exactly(item.response.raw), exactly(item.response.answer)) == said[item.position]
        assert item.response.format_error == ""
        event = session.scalars(select(AnswerEvent).where(AnswerEvent.item_id == item.id)).one()
        assert exactly(event.raw) == said[item.position][0]

    desk.submit(attempt)

    marks = select(Mark.fraction, PaperItem).join(PaperItem, PaperItem.id == Mark.item_id)
    earned = {item.position: fraction for fraction, item in session.execute(marks)}
    for item in desk.items(attempt):
        if not get_type(item.question_version.type).is_judged:
            assert earned[item.position] == Decimal(1), item.question_version.type
