"""Questions in a Word document (DOCX): numbered by Word or by hand, in paragraphs or tables.

Heuristics, so each guess is told: the trainer looks at every question before it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from quizzes.exchange.checking import limited
from quizzes.exchange.contract import Read, Reader, Unreadable
from quizzes.exchange.packages import ZIP
from quizzes.exchange.sheets.cells import text_cell
from quizzes.exchange.sheets.header import find_table
from quizzes.exchange.sheets.rows import OLE, Row, Sheet
from quizzes.exchange.sheets.template import REQUIRED, read_table
from quizzes.exchange.sheets.template_words import HEADERS
from quizzes.exchange.word.document import Document, Grid, read_document
from quizzes.exchange.word.lines import Piece, grid_pieces, list_pieces
from quizzes.exchange.word.questions import Making
from quizzes.exchange.word.splitting import split


class WordReader(Reader):
    """DOCX."""

    key = "docx"
    endings = (".docx", ".docm")

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_l("Word document"))

    def recognises(self, data: bytes, name: str) -> bool:
        """Say whether it is a DOCX file, or an old one that has to be told so."""
        is_old = data.startswith(OLE) and name.casefold().endswith(".doc")
        return is_old or (data.startswith(ZIP) and b"word/document.xml" in data)

    def read(self, data: bytes, name: str) -> Iterator[Read]:  # noqa: ARG002
        """Yield the questions of text and tables, in their order.

        Raises:
            Unreadable: no Word file, a damaged one, beyond a limit, or without a single question.
        """
        if data.startswith(OLE):
            raise Unreadable(_l("This is an old or password-protected Word file. Save it as .docx."))
        return limited(_read(read_document(data)))


def _read(document: Document) -> Iterator[Read]:
    is_empty = True
    for run in _runs(document):
        found = _read_grid(run) if isinstance(run, Grid) else _read_pieces(run, document)
        for read in found:
            is_empty = False
            yield read
    if is_empty:
        raise Unreadable(
            _l("No questions were found: number them, put letters before the answers, and say the key.")
        )


def _runs(document: Document) -> Iterator[Grid | list[Piece]]:
    """Yield tables that have our header, and what stands between them as lines."""
    gathered: list[Piece] = []
    for one in list_pieces(document):
        if not isinstance(one, Grid):
            gathered.append(one)
        elif find_table([_sheet(one)], HEADERS, REQUIRED) is None:
            gathered += grid_pieces(one)
        else:
            yield gathered
            yield one
            gathered = []
    yield gathered


def _read_pieces(pieces: list[Piece], document: Document) -> Iterator[Read]:
    for block in split(pieces):
        yield Making(block, document.pictures).made()


def _read_grid(grid: Grid) -> Iterator[Read]:
    table = find_table([_sheet(grid)], HEADERS, REQUIRED)
    return read_table(table) if table is not None else iter(())


def _sheet(grid: Grid) -> Sheet:
    """Return a table as rows of cells, numbered by the first paragraph in them."""

    def rows() -> Iterator[Row]:
        for row in grid.rows:
            numbers = [paragraph.number for cell in row for paragraph in cell]
            cells = ("\n".join(paragraph.text for paragraph in cell) for cell in row)
            yield Row(numbers[0] if numbers else 0, tuple(text_cell(text) for text in cells))

    return Sheet("", rows)
