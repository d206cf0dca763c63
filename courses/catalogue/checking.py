"""Check a course folder against the facts and the questions, at one law date."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

from flask_babel import gettext as _

from courses.catalogue.folder import COURSE_FILE
from courses.catalogue.markdown import MarkdownFault, render_lesson
from courses.catalogue.practice import check_conditions, check_practice
from courses.catalogue.quizzes import QuizStore
from courses.catalogue.sources import (
    LESSON_HOUR_MINUTES,
    ChecklistSource,
    CourseFolder,
    LessonSource,
    ModuleSource,
    QuestionSource,
    StepSource,
)
from courses.catalogue.texts.findings import Findings
from courses.catalogue.texts.reviewing import review_texts
from courses.facts.book import FactBook, FactError, load_book
from courses.facts.documents import Fault

_WITHIN = re.compile(r"\]\(#([^)\s]+)\)")


def check_course(folder: CourseFolder, *, as_of: date, quizzes: QuizStore) -> list[Fault]:
    """Return everything that keeps ``folder`` from being an edition at ``as_of``, by file and line."""
    book = load_book()
    faults = _check_conditions(folder, book, as_of) + check_conditions(folder, book, as_of)
    if faults:
        return sorted(set(faults))
    whole, folder = folder, folder_at(folder, as_of)
    faults = _check_left_out(whole, folder)
    if not folder.hours:
        words = _(
            "The modules together take less than one lesson hour of %(count)s minutes.",
            count=LESSON_HOUR_MINUTES,
        )
        faults.append(Fault(COURSE_FILE, 1, str(words)))
    check = partial(_check_question, folder, book=book, as_of=as_of)
    faults += quizzes.faults(folder, as_of)
    anchors = _check_pages(folder, faults, book=book, as_of=as_of, check=check)
    faults += check_practice(folder, whole=whole, book=book, as_of=as_of, check=check, anchors=anchors)
    for question in folder.questions.values():
        faults += _check_reading(folder, question, anchors, book, as_of)
    return sorted(set(faults))


def review_course(folder: CourseFolder, *, as_of: date, quizzes: QuizStore) -> Findings:
    """Return what keeps ``folder`` from being an edition, and what its words and questions lack."""
    found = Findings(check_course(folder, as_of=as_of, quizzes=quizzes))
    found.add(review_texts(folder, book=load_book()))
    if not _check_conditions(folder, load_book(), as_of):
        found.add(quizzes.review(folder_at(folder, as_of), as_of))
    return found.sorted()


def folder_at(folder: CourseFolder, as_of: date) -> CourseFolder:
    """Return ``folder`` with the modules and steps that belong to the law date."""
    book = load_book()
    return folder.where(lambda condition: book.applies(condition, as_of))


def _check_conditions(folder: CourseFolder, book: FactBook, as_of: date) -> list[Fault]:
    modules = [module for day in folder.days for module in day.modules]
    faults = []
    sources: list[ModuleSource | StepSource] = [*modules, *folder.steps()]
    for source in sources:
        try:
            book.applies(source.berlaku or ">=0001-01-01", as_of)
        except FactError as error:
            faults.append(Fault(COURSE_FILE, source.line, str(error)))
    return faults


def _check_left_out(whole: CourseFolder, folder: CourseFolder) -> list[Fault]:
    """Return the rules and requirements that wait for a step this law date has not."""
    left_out = {step.path for step in whole.steps()} - {step.path for step in folder.steps()}
    rules = [rule for step in folder.steps() for rule in step.release] + list(folder.requirements)
    return [
        Fault(COURSE_FILE, rule.line_of(name), _("“%(path)s” is not part of this edition.", path=rule[name]))
        for rule in rules
        for name in ("after", "quiz")
        if rule.get(name) in left_out
    ]


def _check_pages(
    folder: CourseFolder, faults: list[Fault], *, book: FactBook, as_of: date, check: Callable[[str], str]
) -> dict[str, frozenset[str]]:
    """Return the headings of every page that can be read; what is wrong with pages is added to ``faults``."""
    anchors: dict[str, frozenset[str]] = {}
    for path, lesson in (*folder.lessons.items(), *folder.pages.items()):
        drawings = folder.drawings_beside(path)
        try:
            rendered = render_lesson(lesson.text, book=book, as_of=as_of, check=check, drawings=drawings)
        except MarkdownFault as error:
            faults += [Fault(lesson.file, fault.line, fault.message) for fault in error.faults]
        else:
            anchors[path] = rendered.anchors
            faults += check_anchors(lesson, rendered.anchors)
    return anchors


def _check_question(folder: CourseFolder, key: str, book: FactBook, as_of: date) -> str:
    """Return nothing, for a question that may stand in a lesson.

    Raises:
        ValueError: there is none, its key is needed in a graded quiz, or it does not belong to this law date.
    """
    question = folder.questions.get(key)
    if question is None:
        raise ValueError(_("There is no question “%(key)s”.", key=key))
    if question.data.get("use") != "practice":
        raise ValueError(_("“%(key)s” is not of use practice: its answer would be in the page.", key=key))
    if not _applies(question, book, as_of):
        raise ValueError(_("“%(key)s” is not part of this edition: put “::: berlaku” around it.", key=key))
    return ""


def check_anchors(lesson: LessonSource | ChecklistSource, anchors: frozenset[str]) -> list[Fault]:
    """Return the links of a page to headings it has not."""
    return [
        Fault(
            lesson.file,
            lesson.text.count("\n", 0, match.start()) + 1,
            str(_("The lesson has no heading “#%(anchor)s”.", anchor=match[1])),
        )
        for match in _WITHIN.finditer(lesson.text)
        if match[1] not in anchors
    ]


def _check_reading(
    folder: CourseFolder,
    question: QuestionSource,
    anchors: dict[str, frozenset[str]],
    book: FactBook,
    as_of: date,
) -> list[Fault]:
    """Return what is wrong with the place a question sends its reader to."""
    read = question.data.get("read")
    if not isinstance(read, str) or not _applies(question, book, as_of):
        return []
    path, mark, anchor = read.partition("#")
    if path not in folder.lessons:
        message = _("There is no lesson “%(path)s”.", path=path)
    elif mark and path in anchors and anchor not in anchors[path]:
        message = _("The lesson has no heading “#%(anchor)s”.", anchor=anchor)
    else:
        return []
    return [Fault(question.file, question.data.line_of("read"), str(message))]


def _applies(question: QuestionSource, book: FactBook, as_of: date) -> bool:
    condition = question.data.get("berlaku")
    try:
        return not isinstance(condition, str) or book.applies(condition, as_of)
    except FactError:
        return True
