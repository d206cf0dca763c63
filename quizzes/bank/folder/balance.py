"""What the blueprint of a whole bank lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _

from courses.catalogue.sources import CourseFolder, QuestionSource
from courses.facts.documents import Fault
from quizzes.bank.rules import LEVELS

MIN_QUESTIONS = 15
"""Graded questions of a module."""
MIN_OF_LEVEL = 3
"""Graded questions of a module that ask for one level."""


def advise_on_coverage(folder: CourseFolder, questions: Iterable[QuestionSource]) -> list[Fault]:
    """Return the cells of the blueprint, module × level, that have too few graded questions.

    Modules without a quiz of their own are not looked at.
    """
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    for question in questions:
        if question.data.get("use") == "graded":
            cells[module_of(question)][str(question.data.get("level"))] += 1
    asked = [module for day in folder.days for module in day.modules if _has_quiz(module.folder, folder)]
    return [
        Fault("course.yaml", module.line, message)
        for module in asked
        for message in _gaps(module.folder, cells[module.folder])
    ]


def module_of(question: QuestionSource) -> str:
    """Return the folder of the module a question sends its reader to, empty if to none."""
    return str(question.data.get("read") or "").partition("#")[0].rpartition("/")[0]


def _has_quiz(module: str, folder: CourseFolder) -> bool:
    return any(path.rpartition("/")[0] == module for path in folder.quizzes)


def _gaps(module: str, levels: Mapping[str, int]) -> Iterator[str]:
    total = sum(levels.values())
    if total < MIN_QUESTIONS:
        yield str(
            _(
                "%(module)s has %(count)s graded questions, fewer than %(least)s.",
                module=module,
                count=total,
                least=MIN_QUESTIONS,
            )
        )
    for level in LEVELS:
        if levels.get(level, 0) < MIN_OF_LEVEL:
            yield str(
                _(
                    "%(module)s has %(count)s graded questions of level %(level)s, fewer than %(least)s.",
                    module=module,
                    count=levels.get(level, 0),
                    level=level,
                    least=MIN_OF_LEVEL,
                )
            )
