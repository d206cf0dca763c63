"""The roster of a cohort as a spreadsheet: find the columns, read the rows, check each by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple, dataclass, field
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from courses.cohorts.elements import read_element
from courses.cohorts.phones import read_phone
from courses.cohorts.regions import read_region
from courses.cohorts.sheets import MAX_ROWS, Line, read_sheets
from lms.core.errors import Invalid
from lms.core.text import fold
from lms.core.typeface import missing_characters

MAX_NAME_LENGTH = 200
HEADER_ROWS = 10
"""The header stands within so many rows: offices like a title and a date above it."""

COLUMNS = {
    "name": "nama|nama lengkap|nama peserta|nama lengkap peserta|nama dan gelar|peserta|name|full name",
    "element": "unsur|asal unsur|unsur peserta|kelompok unsur|element|group",
    "organisation": "organisasi|instansi|lembaga|asal instansi|instansi organisasi|organisasi instansi"
    "|unit kerja|nama organisasi|organisation|organization|institution",
    "region_code": "wilayah|kabupaten kota|kab kota|kabupaten|kota|kode wilayah|asal wilayah|daerah"
    "|region|district|region code",
    "phone": "telepon|telpon|tlp|telp|no telepon|nomor telepon|no telp|no tlp|hp|no hp|nomor hp|no handphone"
    "|nomor handphone|wa|no wa|nomor wa|whatsapp|no whatsapp|nomor whatsapp"
    "|phone|phone number|telephone|mobile",
}
"""Field → the headers people write for it, folded, without punctuation."""
REQUIRED = ("name", "element", "organisation", "region_code")
LABELS = {
    "name": _l("Name"),
    "element": _l("Element (unsur)"),
    "organisation": _l("Organisation"),
    "region_code": _l("Region (kabupaten or kota)"),
    "phone": _l("Telephone"),
}

Text = TypeVar("Text", str, str | None)

_FIELDS = {spelling: name for name, spellings in COLUMNS.items() for spelling in spellings.split("|")}
_ASIDE = re.compile(r"\([^)]*\)|\*")
_NO_WORD = re.compile(r"[\W_]+")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Person:
    """What the roster says of somebody, checked: element by key, region by official code, phone as +62…."""

    name: str
    element: str
    organisation: str
    region_code: str
    phone: str | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        """Folded name and organisation, and region: who agrees in all three counts as the same person."""
        return fold(self.name), fold(self.organisation), self.region_code


@dataclass(frozen=True)
class RosterRow:
    """One row as written, with its number in the file."""

    line: int
    name: str
    element: str
    organisation: str
    region_code: str
    phone: str


@dataclass(frozen=True)
class Roster:
    """What a file holds for us, and the headers of columns we left alone."""

    rows: tuple[RosterRow, ...]
    ignored: tuple[str, ...] = ()

    def as_json(self) -> list[list[object]]:
        """Return the rows as lists, to be kept between two pages."""
        return [list(astuple(row)) for row in self.rows]


@dataclass(frozen=True)
class CheckedRow:
    """A row with the person it describes, or with what is wrong: sentences by field."""

    written: RosterRow
    person: Person | None
    faults: dict[str, object] = field(default_factory=dict)

    @property
    def line(self) -> int:
        """The row's number in the file."""
        return self.written.line


def read_roster(body: bytes, filename: str) -> Roster:
    """Return the rows of a roster; columns are found by their headers, in any order.

    Raises:
        Invalid: no spreadsheet, no header, a column missing or there twice, or no rows; field "file".
    """
    for lines in read_sheets(body, filename):
        for position, line in enumerate(lines[:HEADER_ROWS]):
            if _is_header(line):
                return _read_rows(line, lines[position + 1 :])
    raise Invalid(
        _l("No row with the headers Nama, Unsur, Organisasi and Wilayah was found. Take the template file."),
        field="file",
    )


def roster_from_json(rows: list[list[object]]) -> tuple[RosterRow, ...]:
    """Return what :meth:`Roster.as_json` gave."""
    return tuple(RosterRow(int(str(line)), *(str(cell) for cell in cells)) for line, *cells in rows)


def check_row(row: RosterRow) -> CheckedRow:
    """Return the person a row describes, or everything that is wrong with it."""
    faults: dict[str, object] = {}

    def read(reader: Callable[[str], Text], text: str) -> Text | None:
        try:
            return reader(text)
        except Invalid as error:
            faults[error.field] = error.message
            return None

    name, organisation = read(read_name, row.name), read(read_organisation, row.organisation)
    element, region = read(read_element, row.element), read(read_region, row.region_code)
    phone = read(read_phone, row.phone)
    if faults or name is None or organisation is None or element is None or region is None:
        return CheckedRow(row, None, faults)
    return CheckedRow(row, Person(name, element, organisation, region, phone))


def read_name(text: str) -> str:
    """Return a person's name.

    Raises:
        Invalid: missing, too long, not a name, or with signs that cannot be printed.
    """
    if not text:
        raise Invalid(_l("The name is missing."), field="name")
    if len(text) > MAX_NAME_LENGTH:
        raise Invalid(
            _l("The name is longer than %(count)s characters.", count=MAX_NAME_LENGTH), field="name"
        )
    if len(_LETTERS.findall(text)) < 2 or text.startswith(("=", "+", "-", "@")):
        raise Invalid(_l("“%(text)s” is no name.", text=text[:60]), field="name")
    check_signs(text, "name")
    return text


def read_organisation(text: str) -> str:
    """Return the organisation.

    Raises:
        Invalid: missing, too long, or with signs that cannot be printed.
    """
    if not text:
        raise Invalid(_l("The organisation is missing."), field="organisation")
    if len(text) > MAX_NAME_LENGTH:
        message = _l("The organisation is longer than %(count)s characters.", count=MAX_NAME_LENGTH)
        raise Invalid(message, field="organisation")
    check_signs(text, "organisation")
    return text


def check_signs(text: str, field: str = "") -> None:
    """Refuse signs that card and certificate cannot print, before anybody waits for a paper.

    Raises:
        Invalid: there are some; the message shows them.
    """
    missing = missing_characters(text)
    if missing:
        raise Invalid(
            _l("Card and certificate cannot print %(characters)s.", characters=missing), field=field
        )


def _fold_header(text: str) -> str:
    return _NO_WORD.sub(" ", _ASIDE.sub(" ", fold(text))).strip()


def _fields(line: Line) -> list[str | None]:
    return [_FIELDS.get(_fold_header(cell)) for cell in line.cells]


def _is_header(line: Line) -> bool:
    found = {name for name in _fields(line) if name}
    return "name" in found and len(found) >= 2


def _read_rows(header: Line, lines: list[Line]) -> Roster:
    fields = _fields(header)
    _check_columns(fields)
    places = {name: place for place, name in enumerate(fields) if name}
    rows = tuple(_row(line, places) for line in lines)
    rows = tuple(row for row in rows if any(astuple(row)[1:]))
    if not rows:
        raise Invalid(_l("There is a header, but no row under it."), field="file")
    if len(rows) > MAX_ROWS:
        raise Invalid(_l("More than %(count)s rows. Split the file.", count=MAX_ROWS), field="file")
    ignored = tuple(cell for cell, name in zip(header.cells, fields, strict=True) if cell and name is None)
    return Roster(rows, ignored)


def _check_columns(fields: list[str | None]) -> None:
    counts = Counter(name for name in fields if name)
    missing = [LABELS[name] for name in REQUIRED if name not in counts]
    if missing:
        raise Invalid(
            _l("A column is missing: %(names)s.", names=", ".join(str(label) for label in missing)),
            field="file",
        )
    twice = [LABELS[name] for name, count in counts.items() if count > 1]
    if twice:
        raise Invalid(
            _l("A column is there twice: %(names)s.", names=", ".join(str(label) for label in twice)),
            field="file",
        )


def _row(line: Line, places: dict[str, int]) -> RosterRow:
    cells = {name: line.cells[place] if place < len(line.cells) else "" for name, place in places.items()}
    return RosterRow(
        line=line.number,
        name=cells["name"],
        element=cells["element"],
        organisation=cells["organisation"],
        region_code=cells["region_code"],
        phone=cells.get("phone", ""),
    )
