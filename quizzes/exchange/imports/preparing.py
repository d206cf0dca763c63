"""What was read, made ready to be kept: pictures drawn anew, each question tried, before any transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from courses.catalogue.headings import make_anchor
from courses.facts.book import FactBook
from lms.core.errors import Invalid
from lms.core.text import tidy
from quizzes.bank.pictures.storing import Picture
from quizzes.bank.resolving import SourceError, resolve
from quizzes.bank.tags import MAX_LENGTH, MOST
from quizzes.exchange.contract import Read, ReadFault, ReadQuestion, Text
from quizzes.exchange.imports.pictures import with_kept
from quizzes.types.base import Json

MAX_TOPIC = 80
MAX_NAME = 200
MAX_PLACE = 400


@dataclass(frozen=True)
class Prepared:
    """A part of a file as it is kept; ``kind`` is None where ``problem`` says why it is no question."""

    kind: str | None
    source: Json
    line: int
    place: str
    original: str
    name: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    problem: str = ""
    pictures: tuple[Picture, ...] = field(default=())
    twins: tuple[int, ...] = ()
    # Positions in the file, from 1, of those before it that ask the same.
    before: tuple[int, ...] = ()


def prepare(found: Iterable[Read], *, topic: str, book: FactBook) -> Iterator[Prepared]:
    """Yield what was read, one for each; what cannot be shown at the law date of ``book`` is a fault.

    Args:
        found: what a reader yields.
        topic: of questions whose file names none.
        book: the facts.
    """
    for read in found:
        yield _prepared(read, topic, book) if isinstance(read, ReadQuestion) else _fault(read, topic)


def _prepared(read: ReadQuestion, topic: str, book: FactBook) -> Prepared:
    try:
        source, pictures = with_kept(read.source, read.files)
        resolve(source, kind=read.kind, book=book, as_of=book.as_of)
    except (SourceError, Invalid) as error:
        message = str(error.message)
        return _fault(ReadFault(read.line, message, read.original, read.file), topic)
    tags, losses = _tags(read)
    return Prepared(
        read.kind,
        source,
        read.line,
        read.file[:MAX_PLACE],
        read.original,
        str(tidy(read.name))[:MAX_NAME],
        make_anchor(read.topic)[:MAX_TOPIC].strip("-") or topic,
        tags,
        _said(read.guesses),
        _said(losses),
        pictures=tuple(pictures),
    )


def _fault(read: ReadFault, topic: str) -> Prepared:
    problem = str(read.message)
    return Prepared(None, {}, read.line, read.file[:MAX_PLACE], read.original, topic=topic, problem=problem)


def _tags(read: ReadQuestion) -> tuple[tuple[str, ...], tuple[Text, ...]]:
    """Return the tags a question may have here, and the losses with those it may not."""
    tidied = dict.fromkeys(str(tidy(tag.replace(",", " "))) for tag in read.tags)
    kept = [tag for tag in tidied if 0 < len(tag) <= MAX_LENGTH][:MOST]
    if len(kept) == len([tag for tag in tidied if tag]):
        return tuple(kept), read.losses
    return tuple(kept), (*read.losses, _l("Some of its tags are too long or too many: they are left out."))


def _said(texts: Iterable[Text]) -> tuple[str, ...]:
    return tuple(str(text) for text in texts)
