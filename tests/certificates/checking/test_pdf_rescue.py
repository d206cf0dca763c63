"""The code in what is left of a PDF."""

from __future__ import annotations

import zlib

from certificates.checking.inspection import inspect_file
from certificates.checking.pdf_rescue import search_code
from certificates.signing.ring import KeyRing
from tests.certificates.checking import tampering


def test_a_packed_bomb_ends_early() -> None:
    bomb = zlib.compress(b"\0" * 50_000_000)
    body = b"%PDF-1.7\n" + b"".join(b"stream\n" + bomb[:400_000] + b"\nendstream\n" for _ in range(10))
    assert search_code(body) is None


def test_a_damaged_stream_does_not_stop_the_search() -> None:
    packed = zlib.compress(b"/Keywords (penggerak:T3V33JGXVEMDPE7K7)")
    body = b"%PDF-1.7\nstream\nnot packed\nendstream\nstream\n" + packed + b"\nendstream"
    assert search_code(body) == "T3V33JGXVEMDPE7K7"


def test_where_the_keywords_cannot_be_read_the_code_is_searched_for_and_the_fault_is_told() -> None:
    pages = b"<< /Type /Pages /Count 1 /Kids [3 0 R] /Lain (penggerak:T3V33JGXVEMDPE7K7) >>"
    whole = tampering.plain(pages, b"")
    found = inspect_file(whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Info 7"), ring=KeyRing())
    assert (found.fault, found.code) == ("damaged", "T3V33JGXVEMDPE7K7")
    assert inspect_file(whole, ring=KeyRing()).code is None, "no code where the keywords are whole"
