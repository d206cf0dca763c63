"""The lines of a question that a colleague can say something about, each by a name that stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from lms.core.errors import NotFound
from quizzes.bank.advice.item import plain
from quizzes.bank.models import QuestionVersion
from quizzes.types import get_type
from quizzes.types.texts import list_texts

WHOLE = ""
_NUMBERS = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Line:
    """A line as a colleague meets it: `part` names it, `label` says what it is, `text` what stands there."""

    part: str
    label: str
    text: str


def list_lines(version: QuestionVersion) -> list[Line]:
    """Return the lines of a version in the order they are read, the whole question last."""
    source = version.source
    return [
        Line("stem", _("Question"), plain(source.get("stem"))),
        *_own_lines(version),
        Line("explanation", _("Explanation"), plain(source.get("explanation"))),
        Line("cite", _("Articles of law"), _cited(version)),
        Line(WHOLE, _("The question as a whole"), version.summary),
    ]


def find_line(version: QuestionVersion, part: str) -> Line:
    """Return the line of that name.

    Raises:
        NotFound: the version has none.
    """
    for line in list_lines(version):
        if line.part == part:
            return line
    raise NotFound


def name_part(part: str) -> str:
    """Return what a line is, on screen: “Answer 2: reason” for "options-1-why"."""
    fixed = {
        "stem": _("Question"),
        "explanation": _("Explanation"),
        "cite": _("Articles of law"),
        WHOLE: _("The question as a whole"),
        "text": _("Text"),
        "why-true": _("Reason for “true”"),
        "why-false": _("Reason for “false”"),
    }
    if part in fixed:
        return str(fixed[part])
    number = ".".join(str(int(found) + 1) for found in _NUMBERS.findall(part))
    if part.endswith("-why"):
        return str(_("Reason of answer %(number)s", number=number))
    if part.endswith("-match"):
        return str(_("Partner of answer %(number)s", number=number))
    return str(_("Answer %(number)s", number=number) if number else _("Answer"))


def _own_lines(version: QuestionVersion) -> Iterator[Line]:
    fields = get_type(version.type).source_fields
    for part, text in list_texts(version.source, fields):
        words = plain(text)
        if words:
            yield Line(part, name_part(part), words)


def _cited(version: QuestionVersion) -> str:
    return ", ".join(str(cite["label"]) for cite in version.citations)
