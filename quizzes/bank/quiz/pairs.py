"""Pairs of questions: the same asked of another case in two quizzes, such as before and after a course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from flask_babel import gettext as _

from courses.catalogue.sources import QuestionSource
from courses.facts.documents import Fault

ALIKE = ("read", "level", "difficulty", "objective")
"""Fields both questions of a pair need; of `read` the module is enough."""


def is_paired(source: Mapping[str, object]) -> bool:
    """Return whether a question has a counterpart: such a one is named by a quiz and never drawn."""
    return "pair" in source


def list_pair_faults(
    questions: Iterable[QuestionSource], *, sound: Collection[str], quizzes: Mapping[str, Collection[str]]
) -> list[Fault]:
    """Return what keeps pairs from measuring the same twice, by file and line.

    Args:
        questions: all that belong to the law date.
        sound: ids of those without faults of their own; a pair with any other is not looked at.
        quizzes: by the path of a quiz, the ids it names.
    """
    pairs: dict[str, list[QuestionSource]] = defaultdict(list)
    for question in questions:
        if is_paired(question.data):
            pairs[str(question.data["pair"])].append(question)
    return [
        Fault(question.file, question.data.line_of(field), str(message))
        for members in pairs.values()
        if all(question.id in sound for question in members)
        for question, field, message in _faults(members, quizzes)
    ]


def _faults(
    members: list[QuestionSource], quizzes: Mapping[str, Collection[str]]
) -> Iterator[tuple[QuestionSource, str, str]]:
    last = members[-1]
    pair = last.data["pair"]
    if len(members) != 2:
        message = _("A pair has two questions at every law date, “%(pair)s” has %(count)s.", pair=pair,
                    count=len(members))  # fmt: skip
        yield last, "pair", message
        return
    yield from _faults_of_fields(members)
    homes = [[path for path, named in quizzes.items() if question.id in named] for question in members]
    for question, found in zip(members, homes, strict=True):
        if len(found) != 1:
            yield question, "pair", _("A question of a pair is named by one quiz, and by one only.")
    if homes[0] and homes[0] == homes[1]:
        yield last, "pair", _("Both questions of “%(pair)s” are in one quiz.", pair=pair)


def _faults_of_fields(members: list[QuestionSource]) -> Iterator[tuple[QuestionSource, str, str]]:
    for question in members:
        if question.data["use"] != "graded":
            yield question, "use", _("A question of a pair is graded: no lesson shows its key.")
        for name in ALIKE:
            if name not in question.data:
                yield question, "pair", _("A question of a pair needs “%(name)s”.", name=name)
    for name in ALIKE:
        values = {_comparable(question, name) for question in members if name in question.data}
        if len(values) > 1:
            yield members[-1], name, _("“%(name)s” differs from the other question of the pair.", name=name)


def _comparable(question: QuestionSource, name: str) -> str:
    value = str(question.data[name])
    return value.rpartition("/")[0] if name == "read" else value
