"""Rosters as bytes, honest and hostile, for the tests of this room."""

from __future__ import annotations

import io
import zipfile

import openpyxl

HEADER = ["Nama", "Unsur", "Organisasi", "Wilayah", "Telepon"]
SITI = ["Siti Aminah", "Akademisi", "SMK Contoh", "Kota Madiun", "0812-3456-7890"]
BUDI = ["Budi Santoso", "Perangkat Desa", "Desa Contoh", "Kab. Ngawi", ""]


def csv_bytes(*rows: list[str], delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)


def xlsx_bytes(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return _saved(book)


def xlsx_with(extra: dict[str, bytes]) -> bytes:
    """Return an honest workbook with parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(HEADER, SITI))) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            if entry.filename not in extra:
                new.writestr(entry, old.read(entry))
        for name, body in extra.items():
            new.writestr(zipfile.ZipInfo(name), body, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()


def zip_bomb(unpacked_bytes: int = 60_000_000) -> bytes:
    return xlsx_with({"xl/media/huge.xml": b"0" * unpacked_bytes})


def many_entries(count: int = 1500) -> bytes:
    return xlsx_with({f"xl/media/{n}.xml": b"x" for n in range(count)})


def entity_bomb() -> bytes:
    lines = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    body = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">' + lines + b"]><sst>&l9;</sst>"
    return xlsx_with({"xl/sharedStrings.xml": body})


def _saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
