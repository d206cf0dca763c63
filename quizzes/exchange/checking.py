"""What a reader made, looked at once more: what its type would refuse is a fault, not a question. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid
from quizzes.bank.pictures.storing import read_picture
from quizzes.exchange.contract import Read, ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.limits import MAX_QUESTIONS, MAX_TEXT
from quizzes.types import get_type
from quizzes.types.base import Json

STAND_IN = {"sha256": "0" * 64, "width": 100, "height": 100}
"""What stands for a picture that cannot be read while a source is checked: storing tells of it."""


def checked(question: ReadQuestion) -> Read:
    """Return the question, or the fault that says why it cannot be one."""
    faults = source_faults(question.kind, question.source, question.files)
    if not faults:
        return question
    return ReadFault(question.line, " ".join(map(str, faults)), question.original, question.file)


def source_faults(kind: str, source: Json, files: Container[str] = ()) -> list[object]:
    """Return what is wrong with a source, a sentence each; ``picture`` may name one of ``files``."""
    if not str(source.get("stem", "")).strip():
        return [_l("The question itself is missing.")]
    if any("\0" in text for text in _texts(source)):
        return [_l("A text has a sign that cannot be kept.")]
    if any(len(text) > MAX_TEXT for text in _texts(source)):
        return [_l("A text has more than %(count)s characters.", count=MAX_TEXT)]
    if isinstance(source.get("picture"), str) and source["picture"] in files:
        source = source | {"picture": _stand_in(files, source["picture"])}
    return list(get_type(kind).faults(source))


def limited(found: Iterable[Read]) -> Iterator[Read]:
    """Yield what was found as long as it is not too much.

    Raises:
        Unreadable: there is more than `MAX_QUESTIONS`.
    """
    for count, read in enumerate(found, 1):
        if count > MAX_QUESTIONS:
            raise too_many()
        yield read


def _stand_in(files: Container[str], name: str) -> Json:
    """Return what stands for a picture while places on it are checked: as large as it will be kept."""
    if not isinstance(files, Mapping):
        return STAND_IN
    try:
        return read_picture(files[name]).source()
    except Invalid:
        return STAND_IN


def too_many() -> Unreadable:
    """Return what is told of a file with more questions than we read."""
    return Unreadable(_l("More than %(count)s questions. Split the file.", count=MAX_QUESTIONS))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
