"""The lines of a Word document with the sign before each, whether Word counts it or somebody typed it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import Text
from quizzes.exchange.word.document import OBJECT, Document, Grid, Line, Paragraph, Run, words
from quizzes.exchange.word.numbering import BULLET, DECIMAL, LETTER, Label

STAR = re.compile(r"\s*(?:\*+|[>✓✔✅√])\s*(?=\S)")
NUMBERED = re.compile(
    r"\s*(?:(?:soal|no|nomor|pertanyaan)\.?\s*)?(?P<value>[0-9]{1,3})\s*[.)](?![0-9])\s*", re.I
)
LETTERED = re.compile(r"\s*\(?(?P<letter>[A-La-l])\s*[.)](?![A-Za-z][.)])\s*")
DASHED = re.compile(r"\s*[-–•▪○]\s+")
_ON_ONE_LINE = re.compile(r"(?:^|[\t ])\(?([A-La-l])[.)][\t ]+")
_CELL_SIGN = re.compile(r"\(?(?:[0-9]{1,3}|[A-La-l])[.)]?")
TYPED = ":"
"""How the lists are called that somebody typed by hand; the sign behind the number or letter follows."""


@dataclass
class Piece:
    """A line with its sign, if it has one. ``begins`` says that a paragraph or a cell begins with it."""

    paragraph: int
    line: Line
    label: Label | None = None
    heading: int = 0
    is_starred: bool = False
    begins: bool = True
    after_blank: bool = False
    guesses: list[Text] = field(default_factory=list)
    losses: list[Text] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words, without the sign."""
        return " ".join(words(self.line).split())

    @property
    def shown(self) -> str:
        """The line as people see it."""
        text = self.text.replace(OBJECT, "[…]")
        return f"{self.label.shown()} {text}" if self.label else text


def list_pieces(document: Document) -> Iterator[Piece | Grid]:
    """Yield the lines of a document; tables are yielded whole."""
    is_blank = True
    for block in document.blocks:
        if isinstance(block, Grid):
            yield block
            is_blank = True
            continue
        for piece in pieces_of(block):
            piece.after_blank = is_blank and piece.begins
            yield piece
        is_blank = not block.lines


def pieces_of(paragraph: Paragraph) -> Iterator[Piece]:
    """Yield the lines of a paragraph; a sign that was typed is taken off its line."""
    for place, line in enumerate(paragraph.lines):
        first = place == 0
        piece = Piece(paragraph.number, line, heading=paragraph.heading, begins=first)
        if first:
            piece.losses = list(paragraph.losses)
            piece.label = paragraph.label
        star = STAR.match(words(line))
        if star:
            piece.is_starred, piece.line = True, part_of(line, star.end())
        if piece.label is None:
            yield from _signed(piece)
        else:
            yield piece


def grid_pieces(grid: Grid) -> Iterator[Piece]:
    """Yield the lines of a table that only arranges: a sign in a cell belongs to what stands beside it."""
    for row in grid.rows:
        cells = [cell for cell in row if any(paragraph.lines or paragraph.label for paragraph in cell)]
        if len(cells) > 1 and all(_cell_sign(cell) is not None for cell in cells):
            yield _joined(cells, " ")
            continue
        if len(cells) > 1 and not any(_is_question_like(cell) for cell in cells):
            yield replace(_joined(cells, " | "), losses=[_l("A table became lines of text.")])
            continue
        pending: Label | None = None
        for cell in cells:
            sign = _cell_sign(cell)
            if sign is not None:
                pending = sign
                continue
            for number, piece in enumerate(one for paragraph in cell for one in pieces_of(paragraph)):
                piece.label = piece.label or (pending if number == 0 else None)
                yield piece
            pending = None


def part_of(line: Line, start: int, end: int | None = None) -> Line:
    """Return the part of a line between two places of its words."""
    found, place = [], 0
    for run in line:
        text = run.text[max(0, start - place) : None if end is None else max(0, end - place)]
        if text:
            found.append(replace(run, text=text))
        place += len(run.text)
    return found


def _signed(piece: Piece) -> Iterator[Piece]:
    """Yield a line by the sign that was typed before it; several answers on one line are taken apart."""
    text = words(piece.line)
    apart = _apart(text)
    if len(apart) > 1:
        guess = _l("Answers that stood on one line were taken apart.")
        for letter, start, end in apart:
            label = Label(LETTER, ord(letter.upper()) - 64, 0, TYPED)
            part = replace(piece, line=part_of(piece.line, start, end), label=label, guesses=[guess])
            star = STAR.match(words(part.line))
            yield replace(part, is_starred=True, line=part_of(part.line, star.end())) if star else part
        return
    for sign, kind in ((LETTERED, LETTER), (NUMBERED, DECIMAL), (DASHED, BULLET)):
        match = sign.match(text)
        if match:
            list_id = TYPED + (")" if ")" in match[0] else ".")
            label = Label(kind, _value(match, kind), 0, list_id)
            yield replace(piece, line=part_of(piece.line, match.end()), label=label)
            return
    yield piece


def _apart(text: str) -> list[tuple[str, int, int]]:
    """Return letter, start and end of each answer of a line that holds several, from A on."""
    begins = list(_ON_ONE_LINE.finditer(text))
    letters = "".join(match[1].upper() for match in begins)
    if len(begins) < 2 or begins[0].start() != 0 or letters not in "ABCDEFGHIJKL":
        return []
    ends = [match.start() for match in begins[1:]] + [len(text)]
    return [(match[1], match.end(), end) for match, end in zip(begins, ends, strict=True)]


def _value(match: re.Match[str], kind: str) -> int:
    if kind == LETTER:
        return ord(match["letter"].upper()) - 64
    return int(match["value"]) if kind == DECIMAL else 1


def _is_question_like(cell: list[Paragraph]) -> bool:
    """Return whether a cell holds a sign, or begins with one."""
    return _cell_sign(cell) is not None or any(
        piece.label is not None for paragraph in cell for piece in pieces_of(paragraph)
    )


def _cell_sign(cell: list[Paragraph]) -> Label | None:
    """Return the sign that is all of a cell: “1.”, “A”, or what Word counts in an empty paragraph."""
    text = " ".join(paragraph.text for paragraph in cell).strip()
    if not text:
        return next((paragraph.label for paragraph in cell if paragraph.label), None)
    if not _CELL_SIGN.fullmatch(text):
        return None
    sign = text.strip("(). ")
    if sign.isdigit():
        return Label(DECIMAL, int(sign), 0, TYPED)
    return Label(LETTER, ord(sign.upper()) - 64, 0, TYPED)


def _joined(cells: list[list[Paragraph]], between: str) -> Piece:
    """Return a row of a table as one line."""
    line: Line = []
    for cell in cells:
        line += [Run(between)] if line else []
        line += [run for paragraph in cell for part in paragraph.lines for run in part]
    return Piece(cells[0][0].number, line)
