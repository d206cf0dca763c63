"""What lies in a PDF: code, pages, attachments, scripts. Runs in the inspection's process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.checking.pdf_objects import dictionaries, first_page, look, references
from certificates.checking.pdf_pictures import read_codes
from certificates.checking.pdf_reader import QuickReader
from certificates.checking.pdf_text import read_page_text
from certificates.codes import read_code

MAX_PAGES = 20
"""Ours have two, or as many as a very long transcript takes."""
MAX_OBJECTS = 5_000
"""Ours have about 300."""
MAX_ATTACHED_BYTES = 64_000

LIVE_ACTIONS = frozenset(
    f"/{name}"
    for name in (
        "JavaScript",
        "Launch",
        "SubmitForm",
        "ImportData",
        "GoToR",
        "GoToE",
        "Rendition",
        "RichMediaExecute",
        "Movie",
        "Sound",
    )
)
"""Actions that run, open or send something: none of ours has one."""

_CODE = re.compile(r"penggerak:([0-9A-Z]{17})")


class RefusedError(ValueError):
    """It is not read further; the message is the word for why."""


@dataclass(frozen=True)
class Contents:
    """What was found in a file."""

    page_count: int
    # Words on the first page.
    text: str
    # What the QR codes on the first page say.
    qr_codes: tuple[str, ...]
    # Names of all attached files; the text of the credential, where there is one.
    attachments: tuple[str, ...]
    credential: str | None
    # Names of what would run or open something.
    actions: tuple[str, ...]


def open_pdf(body: bytes) -> PdfFileReader:
    """Return a reader of a PDF that unpacks no more than it should.

    Raises:
        RefusedError: ``not_pdf``, ``truncated``, ``damaged``, ``encrypted``, ``bomb``, ``pages`` or
            ``objects``.
    """
    if not body.startswith(b"%PDF-"):
        raise RefusedError("not_pdf")
    try:
        reader = QuickReader(body)
        is_encrypted = reader.encrypted
        page_count = 0 if is_encrypted else int(reader.root["/Pages"]["/Count"])
    except PdfDecodeLimitError as error:
        raise RefusedError("bomb") from error
    except Exception as error:
        is_whole = body.rstrip().endswith(b"%%EOF")
        raise RefusedError("damaged" if is_whole else "truncated") from error
    if is_encrypted:
        raise RefusedError("encrypted")
    if page_count > MAX_PAGES:
        raise RefusedError("pages")
    if len(references(reader)) > MAX_OBJECTS:
        raise RefusedError("objects")
    return reader


def read_contents(reader: PdfFileReader) -> Contents:
    """Return what is in the file.

    Raises:
        RefusedError: ``bomb`` or ``damaged``.
    """
    with _refusing():
        return _read(reader)


def find_code(reader: PdfFileReader) -> str | None:
    """Return the public code in the keywords of a file; None when it holds none.

    Raises:
        RefusedError: ``bomb`` or ``damaged``.
    """
    with _refusing():
        found = _CODE.search(str(look(look(reader.trailer_view, "/Info", {}), "/Keywords", "")))
    return read_code(found[1]) if found else None


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except PdfDecodeLimitError as error:
        raise RefusedError("bomb") from error
    except MemoryError:
        raise
    except Exception as error:  # the file says what it likes, and libraries raise what they like
        raise RefusedError("damaged") from error


def _read(reader: PdfFileReader) -> Contents:
    page = first_page(reader)
    files = list(_filespecs(reader))
    return Contents(
        page_count=int(reader.root["/Pages"]["/Count"]),
        text=read_page_text(page),
        qr_codes=tuple(read_codes(page)),
        attachments=tuple(name for name, _ in files),
        credential=next((_text(file) for name, file in files if name == "kredensial.json"), None),
        actions=tuple(sorted(set(_actions(reader)))),
    )


def _filespecs(reader: PdfFileReader) -> Iterator[tuple[str, Any]]:
    for thing in dictionaries(reader):
        if "/EF" in thing:
            files = thing["/EF"]
            yield str(look(thing, "/UF") or look(thing, "/F", "")), look(files, "/F") or look(files, "/UF")


def _text(file: Any) -> str | None:
    if file is None:
        return None
    body: bytes = file.data
    return body.decode(errors="replace") if len(body) <= MAX_ATTACHED_BYTES else None


def _actions(reader: PdfFileReader) -> Iterator[str]:
    for thing in dictionaries(reader):
        kind = thing.get("/S")
        if isinstance(kind, str) and kind in LIVE_ACTIONS:
            yield kind[1:]
        elif "/JS" in thing or "/JavaScript" in thing:
            yield "JavaScript"
