"""A spreadsheet's bytes as rows of text, whatever program wrote them; hostile files are refused early.

CSV comes with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252. XLSX is a zip: its sizes are
checked before anything is unpacked, a DTD is refused, and reading stops after the rows and columns we take.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import openpyxl
from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid
from lms.core.text import tidy

MAX_ROWS = 2000
"""Rows with something in them; a branch trains so many people in a year."""
MAX_COLUMNS = 60
MAX_CELL_LENGTH = 400
"""Characters kept of one cell; what is longer is cut and fails its own check."""
MAX_SCANNED_ROWS = 20_000
"""Rows looked at, empty ones too: a sheet may claim a million."""
MAX_UNPACKED_BYTES = 20_000_000
MAX_ENTRIES = 1000

_TEXT_NAMES = (".csv", ".tsv", ".txt")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DOCTYPES = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True)
class Line:
    """One row with something in it, and its number in the file, 1 for the first."""

    number: int
    cells: tuple[str, ...]


def read_sheets(body: bytes, filename: str) -> Iterator[list[Line]]:
    """Yield the rows of every sheet of an XLSX file, or of each way to split a CSV file, likeliest first.

    Raises:
        Invalid: no spreadsheet, a damaged or oversized one; the message says what to do.
    """
    name = filename.casefold()
    if not body.strip():
        raise _refused(_l("The file is empty."))
    if body.startswith(_OLE):
        raise _refused(
            _l("This is an old or password-protected Excel file. Save it as .xlsx without a password.")
        )
    if name.endswith(".xlsx"):
        _check_archive(body)
        return _read_workbook(body)
    if name.endswith(_TEXT_NAMES) and not body.startswith(_ZIP):
        return _read_text(body)
    raise _refused(_l("This is neither an Excel file (.xlsx) nor a CSV file (.csv)."))


def _refused(message: object) -> Invalid:
    return Invalid(message, field="file")


def _read_text(body: bytes) -> Iterator[list[Line]]:
    text = _decode(body)
    first, _, _rest = text.partition("\n")
    if first.strip().casefold().startswith("sep="):
        yield _split(text.replace(first, "", 1), first.strip()[4:5] or ",")
        return
    for delimiter in sorted(_DELIMITERS, key=lambda mark: -text.count(mark, 0, 2000)):
        yield _split(text, delimiter)


def _decode(body: bytes) -> str:
    """Return the text, by its mark, else UTF-8, else Windows-1252.

    Raises:
        Invalid: it is none of these: a picture, a program, a damaged file.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        codes = ["utf-16"]
    elif b"\0" in body[1:200:2] and b"\0" not in body[0:200:2]:
        codes = ["utf-16-le"]
    elif b"\0" in body[0:200:2] and b"\0" not in body[1:200:2]:
        codes = ["utf-16-be"]
    else:
        codes = ["utf-8-sig", "cp1252"]
    for code in codes:
        try:
            text = body.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused(_l("The characters of this file cannot be read. Save it as CSV UTF-8 or as .xlsx."))


def _split(text: str, delimiter: str) -> list[Line]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return _keep(enumerate(reader, 1))
    except csv.Error as error:
        raise _refused(_l("This CSV file is damaged: a quotation mark or a cell never ends.")) from error


def _read_workbook(body: bytes) -> Iterator[list[Line]]:
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        for sheet in workbook.worksheets[:10]:
            yield _keep(_cells(sheet))
    except Invalid:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on a damaged file
        raise _damaged() from error


def _check_archive(body: bytes) -> None:
    """Refuse what unpacks to too much, and documents that define entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise _refused(
                    _l("This Excel file holds too much. Copy the table into a new file and send that.")
                )
            for entry in entries:
                _check_part(archive.read(entry))
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        OSError,
        EOFError,
        ValueError,
    ) as error:
        raise _damaged() from error


def _check_part(part: bytes) -> None:
    if any(doctype in part for doctype in _DOCTYPES):
        raise _damaged()


def _damaged() -> Invalid:
    return _refused(_l("This Excel file is damaged. Open it, save it again as .xlsx and send that."))


def _cells(sheet: Any) -> Iterator[tuple[int, Iterable[object]]]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=MAX_SCANNED_ROWS, max_col=MAX_COLUMNS)
    for number, row in enumerate(rows, 1):
        yield number, (None if cell.data_type == "e" else cell.value for cell in row)


def _keep(rows: Iterable[tuple[int, Iterable[object]]]) -> list[Line]:
    """Return the rows with something in them.

    Raises:
        Invalid: there are too many.
    """
    lines: list[Line] = []
    for number, row in rows:
        cells = tuple(_show(value) for value in list(row)[:MAX_COLUMNS])
        if any(cells):
            lines.append(Line(number, cells))
        if len(lines) > MAX_ROWS + 20:  # a few rows may stand above the header
            raise _refused(_l("More than %(count)s rows. Split the file.", count=MAX_ROWS))
    return lines


def _show(value: object) -> str:
    """Return a cell as a person reads it; a telephone number that became a number keeps its digits."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(tidy(str(value)[: MAX_CELL_LENGTH * 2]))[:MAX_CELL_LENGTH]
