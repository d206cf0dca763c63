"""What every format gives and takes: one reader, one writer, the same shapes.

A reader turns bytes into questions as a course folder has them (``source`` of `quizzes.types.base`) and says
beside each what it guessed and what it lost. A writer turns such questions, with facts and citations spelled
out, into bytes, and says before what its format cannot hold. Neither knows database, request or clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from quizzes.types.base import Json

Text = object
"""A sentence for people: a text, or a lazily translated one."""


class Unreadable(ValueError):
    """The whole file cannot be read: not of this format, damaged, or beyond a limit. Told to the person."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class ReadQuestion:
    """One question as a file has it. Texts are inline Markdown; marks of ours are escaped by the reader.

    ``line`` counts lines or rows from 1, 0 where a file has none; ``file`` is the path within a package;
    ``original`` is the question's own part of the file, cut at `ORIGINAL_LENGTH`. ``files`` are pictures that
    ``source`` names: by ``picture`` of a hotspot, or in a text as ``{gambar:name|alternative text}``.
    """

    kind: str
    source: Json
    line: int
    original: str
    file: str = ""
    name: str = ""
    topic: str = ""
    tags: tuple[str, ...] = ()
    guesses: tuple[Text, ...] = ()
    losses: tuple[Text, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadFault:
    """A part of a file that is meant as a question and cannot be read, and what to do about it."""

    line: int
    message: Text
    original: str = ""
    file: str = ""


Read = ReadQuestion | ReadFault

ORIGINAL_LENGTH = 4_000
"""Characters of a question's own part of a file that are kept to be shown beside it."""


class Reader(ABC):
    """Reads one format. Stateless."""

    key: ClassVar[str]
    """Name on the command line and in addresses: "gift"."""

    endings: ClassVar[tuple[str, ...]]
    """How names of such files end, with the dot, lower case."""

    sign: ClassVar[bytes] = b""
    """What a file has once for each question, for `least`; empty: there is no such sign."""

    @property
    @abstractmethod
    def label(self) -> str:
        """Name shown to people, translated."""

    @abstractmethod
    def recognises(self, data: bytes, name: str) -> bool:
        """Say cheaply whether this looks like the format; called for readers in the register's order."""

    def least(self, data: bytes) -> int:
        """Say cheaply how many questions are in it at least, so that far too many are refused unread.

        What cannot be told without reading is 0; ``data`` has no zeros of UTF-16.
        """
        return data.count(self.sign) if self.sign else 0

    @abstractmethod
    def read(self, data: bytes, name: str) -> Iterator[Read]:
        """Yield what is in the file, in its order; memory stays bounded by the file's size.

        Raises:
            Unreadable: nothing in it can be read, or it goes beyond `quizzes.exchange.limits`.
        """


@dataclass(frozen=True)
class GivenQuestion:
    """One question to be written: no marks of ours in ``source`` but ``{gambar:name|…}``, numbers plain."""

    kind: str
    source: Json
    name: str
    topic: str = ""
    tags: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


class Writer(ABC):
    """Writes one format. Stateless."""

    key: ClassVar[str]
    ending: ClassVar[str]
    media_type: ClassVar[str]

    @property
    @abstractmethod
    def label(self) -> str:
        """Name shown to people, translated."""

    @abstractmethod
    def losses(self, question: GivenQuestion) -> list[Text]:
        """Return what of the question this format cannot hold, a sentence each."""

    @abstractmethod
    def holds(self, question: GivenQuestion) -> bool:
        """Say whether it can be written at all; if not, `losses` says why and `write` leaves it out."""

    @abstractmethod
    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return the questions as one file, in their order; the same questions give the same bytes."""
