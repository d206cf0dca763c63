"""Moodle XML's calculated questions: their sets of numbers, and the texts that show them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from quizzes.exchange.moodle.datasets import KINDS, Key, Set, Table, calculated_source, filled
from quizzes.exchange.moodle.kinds import options_of, read_units, unshuffled
from quizzes.exchange.moodle.marks import read_fraction, several_source, single_source
from quizzes.exchange.moodle.numbers import read_plain_number
from quizzes.exchange.moodle.parts import Part
from quizzes.exchange.moodle.text import Notes, Refused, Texts
from quizzes.types.base import Json

MAX_FIXED = 10
"""Questions that are made of one whose answers differ from paper to paper."""


def read_calculated(part: Part, texts: Texts, notes: Notes) -> Json:
    """Return the source of a question whose numbers differ from paper to paper.

    Raises:
        Refused: its numbers are missing, or it has no right answer.
    """
    table = Table(_sets(part), notes)
    stem = _read_marked(part.one("questiontext"), table, texts)
    explanation = _read_marked(part.one("generalfeedback"), table, texts)
    keys = [_key(answer, notes) for answer in part.all("answer")]
    if any(answer.one("feedback").read(texts) for answer in part.all("answer")):
        notes.lose(_l("What is said to single numbers is left out; put it into the explanation."))
    units = read_units(part, notes)
    source = calculated_source(table, keys, stem, notes)
    return {"stem": stem} | ({"explanation": explanation} if explanation else {}) | source | units


def read_calculated_choices(part: Part, texts: Texts, notes: Notes) -> Iterator[tuple[str, Json]]:
    """Yield a choice for each set of numbers: our choices have no numbers that differ.

    Raises:
        Refused: its numbers are missing.
    """
    table = Table(_sets(part), notes)
    notes.guess(_l("Its numbers differ from paper to paper: %(count)s questions were made of it.",
                   count=min(table.count, MAX_FIXED)))  # fmt: skip
    if table.count > MAX_FIXED:
        notes.lose(_l("Only the first %(count)s sets of numbers are taken.", count=MAX_FIXED))
    is_single = part.says("single", default=True)
    for number in range(min(table.count, MAX_FIXED)):
        fixed = _filled(part, table, number)
        options = options_of(fixed, texts, notes)
        source = unshuffled(part, (single_source if is_single else several_source)(options, notes))
        stem, said = (fixed.one(name).read(texts) for name in ("questiontext", "generalfeedback"))
        whole = {"stem": stem} | ({"explanation": said} if said else {}) | source
        yield ("single_choice" if is_single else "multiple_response"), whole


def _sets(part: Part) -> list[Set]:
    found = []
    for one in part.one("dataset_definitions").all("dataset_definition"):
        items = [
            (read_plain_number(item.value("number")), read_plain_number(item.value("value")))
            for item in one.one("dataset_items").all("dataset_item")
        ]
        ordered = tuple(value for _number, value in sorted(items, key=lambda item: item[0]))
        found.append(Set(one.value("name").strip(), ordered))
    return found


def _key(answer: Part, notes: Notes) -> Key:
    width = answer.value("tolerance")
    kind = answer.value("tolerancetype") or "1"
    if kind not in KINDS:
        raise Refused(_l("The kind of its tolerance (%(kind)s) is not known.", kind=kind[:20]))
    tolerance = abs(read_plain_number(width)) if width else Decimal(0)
    return Key(
        answer.value("text"), read_fraction(answer.attribute("fraction"), notes), tolerance, KINDS[kind]
    )


def _read_marked(part: Part, table: Table, texts: Texts) -> str:
    marked = table.marked(part.one("text").words)
    return table.shown(texts.read(marked, part.form, pictures=part.files(texts)))


def _filled(part: Part, table: Table, number: int) -> Part:
    """Return a question with the numbers of one set in all its texts."""
    digits = next((one.value("correctanswerlength") for one in part.all("answer")), "")
    places = int(digits) if digits.isdigit() and int(digits[:3]) < 10 else 2
    return part.changed(lambda text: filled(text, table, number, places))
