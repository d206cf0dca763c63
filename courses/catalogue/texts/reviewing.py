"""All that is looked at in the words of a course folder, whatever the law date."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from courses.catalogue.folder import COURSE_FILE
from courses.catalogue.sources import CourseFolder
from courses.catalogue.texts.findings import Findings
from courses.catalogue.texts.numbers_in_text import NUMBERS_FILE, check_numbers, read_plain_numbers
from courses.catalogue.texts.passages import Passage, list_passages
from courses.catalogue.texts.sentences import (
    advise_on_lengths,
    advise_on_words,
    check_lengths,
    list_sentences,
)
from courses.catalogue.texts.spelling import WORDS_FILE, WordList, check_spelling
from courses.facts.book import FactBook
from courses.facts.documents import DocumentFault, Fault, read_document


def review_texts(folder: CourseFolder, *, book: FactBook) -> Findings:
    """Return what is wrong with the words of a course; spelling only where it has a word list."""
    found = review_passages(list_passages(folder), files=folder.files, book=book)
    found.advice += _without_drawing(folder)
    if WORDS_FILE not in folder.files:
        message = _("There is no word list %(file)s: spelling was not looked at.", file=WORDS_FILE)
        found.advice.append(Fault(WORDS_FILE, 0, str(message)))
    return found


def review_passages(passages: list[Passage], *, files: Mapping[str, bytes], book: FactBook) -> Findings:
    """Return what is wrong with some words of a course whose ``files`` hold its word list and its numbers."""
    sentences = list(list_sentences(passages))
    found = Findings(check_lengths(sentences), advise_on_lengths(sentences) + advise_on_words(passages))
    found.faults += _numbers(files, passages, book)
    if WORDS_FILE in files:
        found.faults += check_spelling(passages, WordList(files[WORDS_FILE].decode("utf-8", "replace")))
    return found


def _without_drawing(folder: CourseFolder) -> list[Fault]:
    """Return the modules with lessons in which nothing is shown, only said."""
    shown = {file.rpartition("/gambar/")[0] for file in folder.drawings}
    read = {path.rpartition("/")[0] for path in folder.lessons}
    return [
        Fault(COURSE_FILE, module.line, str(_("%(module)s has no drawing.", module=module.folder)))
        for day in folder.days
        for module in day.modules
        if module.folder in read - shown
    ]


def word_list(folder: CourseFolder) -> WordList:
    """Return the word list of a course, empty where it has none."""
    return WordList(folder.files.get(WORDS_FILE, b"").decode("utf-8", "replace"))


def _numbers(files: Mapping[str, bytes], passages: list[Passage], book: FactBook) -> list[Fault]:
    faults: list[Fault] = []
    try:
        text = files[NUMBERS_FILE].decode("utf-8", "replace") if NUMBERS_FILE in files else "[]"
        plain = read_plain_numbers(read_document(text, file=NUMBERS_FILE), faults)
    except DocumentFault as error:
        return [error.fault]
    return faults + check_numbers(passages, plain, book)
