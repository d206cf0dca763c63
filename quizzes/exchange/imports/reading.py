"""Bytes of whatever trainers own as questions and faults: the one way in for pages, jobs and commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from quizzes.exchange.checking import limited, too_many
from quizzes.exchange.contract import Read, Reader, ReadFault, ReadQuestion, Unreadable
from quizzes.exchange.decoding import check_size, without_zeros
from quizzes.exchange.formats import READERS
from quizzes.exchange.limits import MAX_QUESTIONS
from quizzes.exchange.packages import ZIP, Package

PASTED, PASTED_NAME = "teks", "tempelan.txt"
"""The reader of what people write, and the name a pasted text is read under."""


@dataclass(frozen=True)
class Found:
    """All that is in a file, in its order."""

    reader: Reader
    read: tuple[Read, ...]

    @property
    def questions(self) -> list[ReadQuestion]:
        """What can be asked."""
        return [one for one in self.read if isinstance(one, ReadQuestion)]

    @property
    def faults(self) -> list[ReadFault]:
        """What is meant as a question and cannot be read."""
        return [one for one in self.read if isinstance(one, ReadFault)]


def get_reader(key: str) -> Reader:
    """Return the reader of a format.

    Raises:
        ValueError: there is none.
    """
    for reader in READERS:
        if reader.key == key:
            return reader
    raise ValueError(key)


def find_reader(data: bytes, name: str) -> Reader:
    """Return the first reader that takes these bytes for its own; without a name they were pasted.

    Raises:
        Unreadable: none does, or it is a package nobody may look into.
    """
    check_size(data)
    for reader in READERS:
        if reader.recognises(data, name or PASTED_NAME):
            return reader
    if not name:
        return get_reader(PASTED)
    if data.startswith(ZIP):
        # A reader that cannot look into a package says no; why, the package itself says.
        Package(data, name)
    labels = ", ".join(reader.label for reader in READERS)
    raise Unreadable(_l("This looks like none of the formats we read: %(labels)s.", labels=labels))


def read_each(data: bytes, name: str, reader: Reader) -> Iterator[Read]:
    """Yield what is in a file.

    Raises:
        Unreadable: nothing in it can be read, or it goes beyond `quizzes.exchange.limits`.
    """
    check_size(data)
    if reader.least(without_zeros(data)) > MAX_QUESTIONS:
        raise too_many()
    return limited(reader.read(data, name or PASTED_NAME))


def read_all(data: bytes, name: str, *, key: str = "") -> Found:
    """Return all that is in a file, by the format named or recognised.

    Raises:
        Unreadable: nothing in it can be read.
        ValueError: ``key`` names no format.
    """
    reader = get_reader(key) if key else find_reader(data, name)
    read = tuple(read_each(data, name, reader))
    if not read:
        raise Unreadable(_("There is no question in it, read as %(format)s.", format=reader.label))
    return Found(reader, read)
