"""The lines of one question, mended by a person: read as their file was, or as people write. Pure."""

from __future__ import annotations

from flask_babel import gettext as _

from courses.facts.book import FactBook
from quizzes.exchange.contract import Read, ReadFault, Unreadable
from quizzes.exchange.imports.preparing import Prepared, prepare
from quizzes.exchange.imports.reading import PASTED, Found, read_all


def read_again(text: str, *, key: str, topic: str, book: FactBook) -> Prepared:
    """Return the one question in a text; where it is none, ``problem`` says why.

    Args:
        text: the lines, as the format has them or as people write.
        key: the format of the file they are from.
        topic: of the question, if it names none.
        book: the facts.
    """
    found = _found(text, key)
    if isinstance(found, ReadFault):
        return next(prepare([found], topic=topic, book=book))
    read: list[Read] = [*found.faults, *found.questions]
    if len(read) > 1 and not found.faults:
        problem = _("There are %(count)s questions in it: write one.", count=len(read))
        return next(prepare([ReadFault(0, problem)], topic=topic, book=book))
    return next(prepare(read, topic=topic, book=book))


def _found(text: str, key: str) -> Found | ReadFault:
    """Return what is in the text by the first of the two formats that finds a question, else the fault."""
    fault: ReadFault | None = None
    for format_ in dict.fromkeys((key, PASTED)):
        try:
            found = read_all(text.encode(), "", key=format_)
        except Unreadable as error:
            fault = fault or ReadFault(0, error.message)
            continue
        if found.questions and not found.faults:
            return found
        fault = next(iter(found.faults), fault)
    assert fault is not None
    return fault
