"""Our own sheet, XLSX or CSV: a row a question, for every type that fits one. In and out, the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.exchange.checking import checked, limited
from quizzes.exchange.contract import (
    GivenQuestion,
    Read,
    Reader,
    ReadFault,
    ReadQuestion,
    Text,
    Unreadable,
    Writer,
)
from quizzes.exchange.lines import cut
from quizzes.exchange.markup import list_pictures
from quizzes.exchange.sheets import template_choices as choices
from quizzes.exchange.sheets import template_typed as typed
from quizzes.exchange.sheets.cells import Cell, text_cell
from quizzes.exchange.sheets.header import RowFault, Table, find_table
from quizzes.exchange.sheets.keys import read_signs
from quizzes.exchange.sheets.rows import ENDINGS, TEXT_ENDINGS, Row, Sheet, is_workbook, open_sheets, peek
from quizzes.exchange.sheets.template_rows import Record, read_text, show_text
from quizzes.exchange.sheets.template_words import COLUMNS, HEADERS, KINDS, LETTERS, TRUTHS, find_word
from quizzes.exchange.sheets.writing import as_csv, as_xlsx
from quizzes.types import get_type
from quizzes.types.base import Json
from quizzes.types.texts import list_texts


@dataclass(frozen=True)
class Shape:
    """How a type becomes a source, and how a source becomes cells by field."""

    read: Callable[[Record], Json]
    show: Callable[[Json], dict[str, str]]


SHAPES = {
    "single_choice": Shape(choices.read_single, choices.show_options),
    "multiple_response": Shape(choices.read_several, choices.show_options),
    "true_false": Shape(choices.read_truth, choices.show_truth),
    "matching": Shape(choices.read_matching, choices.show_matching),
    "ordering": Shape(choices.read_ordering, choices.show_ordering),
    "number": Shape(typed.read_number_row, typed.show_number_row),
    "short_answer": Shape(typed.read_words, typed.show_words),
    "cloze": Shape(typed.read_cloze, typed.show_cloze),
    "essay": Shape(typed.read_essay, typed.show_essay),
}
"""The types that fit a row."""
REQUIRED = ("stem", "answer")
MAX_TAGS = 20


class SheetReader(Reader):
    """A header in Indonesian or English, in any order; cells as people type them."""

    key = "xlsx"
    endings = ENDINGS

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_l("Spreadsheet after our template"))

    def recognises(self, data: bytes, name: str) -> bool:
        """Take every workbook, and a text file that ends like one or has our header."""
        if is_workbook(data) or name.casefold().endswith(TEXT_ENDINGS):
            return True
        words = peek(data, ".csv").partition("\n")[0]
        return all(word in words for word in ("soal", "jawaban", "pilihan a"))

    def read(self, data: bytes, name: str) -> Iterator[Read]:  # noqa: ARG002
        """Yield a question for each row with something in it.

        Raises:
            Unreadable: no such sheet, no row under its header, or beyond a limit.
        """
        table = find_table(open_sheets(data), HEADERS, REQUIRED)
        if table is None:
            raise Unreadable(
                _l("No row with the headers “Soal” and “Jawaban” was found. Take the template file.")
            )
        return limited(_some(read_table(table)))


def read_table(table: Table) -> Iterator[Read]:
    """Yield what the rows under a header hold."""
    return (_read(table, row) for row in table.rows() if _is_filled(table, row))


def _some(found: Iterator[Read]) -> Iterator[Read]:
    is_empty = True
    for read in found:
        is_empty = False
        yield read
    if is_empty:
        raise Unreadable(_l("There is a header, but no row under it."))


def _is_filled(table: Table, row: Row) -> bool:
    return any(row.cell(column).text or row.cell(column).fault for column in table.columns.values())


def _read(table: Table, row: Row) -> Read:
    record, original = Record(table, row), cut(row.shown())
    try:
        fault = table.fault(row)
        if fault is not None:
            raise RowFault(fault)
        kind = _kind(record)
        source = {"stem": record.markdown("stem")} | SHAPES[kind].read(record)
    except RowFault as error:
        return ReadFault(row.number, error.message, original)
    explanation = record.markdown("explanation")
    question = ReadQuestion(
        kind=kind,
        source=source | ({"explanation": explanation} if explanation else {}),
        line=row.number,
        original=original,
        name=record.text("name"),
        topic=record.text("topic"),
        tags=_tags(record.text("tags")),
        guesses=(*table.sheet.guesses, *record.guesses),
        losses=tuple(_lost(table, row)),
    )
    return checked(question)


def _kind(record: Record) -> str:
    """Return the type a row names, or what its cells look like.

    Raises:
        RowFault: it names none we have.
    """
    if record.text("kind"):
        return record.word("kind", KINDS)
    kind = _guessed_kind(record)
    record.guesses.append(_l("It names no type: read as “%(kind)s”.", kind=get_type(kind).label))
    return kind


def _guessed_kind(record: Record) -> str:
    texts = [text for text in record.lettered() if text]
    answer = record.text("answer")
    if record.text("text"):
        return "cloze"
    if _looks_true_or_false(answer, len(texts)):
        return "true_false"
    if len(texts) > 1:
        is_matching = not answer and all(choices.ARROW in text for text in texts)
        several = "multiple_response" if len(read_signs(answer)) > 1 else "single_choice"
        return "matching" if is_matching else several
    if answer:
        return _guessed_typed_kind(record)
    # A criterion of an essay has its levels below it; one bare answer is a row that breaks off.
    return "single_choice" if any("\n" not in text for text in texts) else "essay"


def _looks_true_or_false(answer: str, option_count: int) -> bool:
    is_word = find_word(answer, TRUTHS) is not None and not answer.isdigit()
    return is_word and (option_count == 0 or (option_count == 2 and not read_signs(answer)))


def _guessed_typed_kind(record: Record) -> str:
    try:
        typed.read_number_row(record)
    except RowFault:
        return "short_answer"
    return "number"


def _tags(text: str) -> tuple[str, ...]:
    pieces = [" ".join(piece.split()) for piece in text.replace("\n", ",").replace(";", ",").split(",")]
    return tuple({fold(piece): piece for piece in pieces if piece}.values())[:MAX_TAGS]


def _lost(table: Table, row: Row) -> Iterator[Text]:
    """Yield the columns that mean nothing to us and say something in this row."""
    known = set(table.columns.values())
    for place, cell in enumerate(table.header.cells):
        if place not in known and cell.text and row.cell(place).text:
            yield _l("Column “%(name)s” was not read.", name=cell.text[:60])


# Out


class _SheetWriter(Writer):
    """One row a question; only the columns that are used."""

    def losses(self, question: GivenQuestion) -> list[Text]:
        """Return what does not fit a row."""
        if not self.holds(question):
            return [_l("“%(kind)s” does not fit a row.", kind=get_type(question.kind).label)]
        found: list[Text] = []
        own = get_type(question.kind).source_fields | {"stem", "explanation"}
        further = sorted(name for name, value in question.source.items() if value and name not in own)
        if further:
            found.append(_l("These fields are left out: %(names)s.", names=", ".join(further)))
        if any(list_pictures(text) for text in _texts(question)):
            found.append(_l("Its pictures become the words that say what they show."))
        if any(option.get("group") for option in question.source.get("options") or []):
            found.append(_l("Which of its answers stay beside each other is left out."))
        return found or ([] if _comes_back(question) else [_l("Some of its settings do not fit a row.")])

    def holds(self, question: GivenQuestion) -> bool:
        """Say whether its type fits a row, with all its lines."""
        return question.kind in SHAPES and len(question.source.get("answers") or []) <= len(LETTERS)

    def table(self, questions: Sequence[GivenQuestion]) -> list[list[str]]:
        """Return header and rows, as cells that are text."""
        rows = [cells_of(question) for question in questions if self.holds(question)]
        used = [name for name in COLUMNS if name in ALWAYS or any(row.get(name) for row in rows)]
        return [[str(COLUMNS[name]) for name in used]] + [
            [row.get(name, "") for name in used] for row in rows
        ]


ALWAYS = frozenset({"kind", "stem", "answer", "option A", "option B", "explanation"})
"""Columns every sheet has."""


def cells_of(question: GivenQuestion) -> dict[str, str]:
    """Return a question as cells by field."""
    return {
        "kind": str(KINDS[question.kind]),
        "stem": show_text(question.source.get("stem")),
        "explanation": show_text(question.source.get("explanation")),
        "topic": show_text(question.topic),
        "tags": ", ".join(question.tags),
        "name": show_text(question.name),
    } | SHAPES[question.kind].show(question.source)


def _comes_back(question: GivenQuestion) -> bool:
    """Return whether a row holds all there is to say."""
    cells = cells_of(question)
    header = Row(1, tuple(Cell(str(words)) for words in COLUMNS.values()))
    row = Row(2, tuple(text_cell(cells.get(name, "")) for name in COLUMNS))
    table = Table(Sheet("", lambda: iter((header, row))), header, {n: p for p, n in enumerate(COLUMNS)})
    read = _read(table, row)
    return isinstance(read, ReadQuestion) and _worth(read.source) == _worth(question.source)


def _worth(value: object) -> object:
    """Return a source as it compares: numbers by what they are worth, texts as they are typed."""
    if isinstance(value, dict):
        return {name: _worth(part) for name, part in value.items() if part or part == 0}
    if isinstance(value, list):
        return [_worth(part) for part in value]
    if isinstance(value, bool):
        return value
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        return show_text(read_text(show_text(value)))
    if not number.is_finite():  # "NaN" and "inf" are words
        return show_text(read_text(show_text(value)))
    return number.normalize() + 0


def _texts(question: GivenQuestion) -> list[str]:
    own = get_type(question.kind).source_fields
    texts = [str(text) for _path, text in list_texts(question.source, own)]
    return texts + [str(question.source.get(name) or "") for name in ("stem", "explanation")]


class XlsxWriter(_SheetWriter):
    """As an Excel file."""

    key = "xlsx"
    ending = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_l("Spreadsheet (Excel, LibreOffice)"))

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return a workbook with one sheet, all cells text."""
        return as_xlsx({str(_l("Questions")): self.table(questions)})


class CsvWriter(_SheetWriter):
    """As a text file of rows."""

    key = "csv"
    ending = ".csv"
    media_type = "text/csv"

    @property
    def label(self) -> str:
        """Name shown to people."""
        return str(_l("Rows as text (CSV)"))

    def write(self, questions: Sequence[GivenQuestion]) -> bytes:
        """Return rows between semicolons, no cell a formula."""
        return as_csv(self.table(questions))
