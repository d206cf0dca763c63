"""Spreadsheets as bytes, honest and hostile, for the tests of this room."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

KAHOOT = [
    "",
    "Question - max 120 characters",
    *(f"Answer {n} - max 75 characters" for n in range(1, 5)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
]
QUIZIZZ = [
    "Question Text",
    "Question Type",
    *(f"Option {n}" for n in range(1, 6)),
    "Correct Answer",
    "Time in seconds",
    "Image Link",
    "Answer explanation",
]
QUIZIZZ_HELP = [
    "Text of the question\n(required)",
    "Question Type\n(default is Multiple Choice)",
    "Text for option 1\n(required in all cases except open-ended)",
    "Text for option 2\n(optional)",
    "", "", "",
    "The correct option choice (between 1-5).",
    "Time in seconds\n(optional, default value is 30 seconds)",
    "Link of the image\n(optional)",
    "",
]  # fmt: skip


def book(
    *rows: Sequence[Any],
    above: int = 0,
    formats: Mapping[str, str] | None = None,
    joined: Sequence[str] = (),
    state: str = "visible",
) -> bytes:
    """Return a workbook with rows, ``above`` empty ones before them; number formats by name of the cell."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    for y, row in enumerate(rows, above + 1):
        for x, value in enumerate(row, 1):
            if value not in (None, ""):
                sheet.cell(y, x, value)
    for name, number_format in (formats or {}).items():
        sheet[name].number_format = number_format
    for area in joined:
        sheet.merge_cells(area)
    if state != "visible":
        made.create_sheet("Kosong")
        sheet.sheet_state = state
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text(*rows: Sequence[str], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """Return a CSV file whose cells need no quotes."""
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a zip with parts put in or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in parts:
                new.writestr(entry, old.read(entry))
        for name, body in parts.items():
            new.writestr(name, body)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    """Return a part of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)
