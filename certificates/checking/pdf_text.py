"""The words on a page of ours, read back from its glyphs: enough to see whether a name stands there.

Runs in the inspection's process. Our pages show text by `Tj` and `TJ` with two-byte glyph numbers, and
each face says by its ToUnicode map which letters they are. Nothing else is understood, and nothing needs be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from certificates.checking.pdf_objects import look

MAX_STREAM_BYTES = 2_000_000
"""Of one page; ours have 20,000."""
MAX_LETTERS = 20_000

_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|\((?:\\.|[^\\()])*\)|/([^\s/<>\[\]()]+)|([A-Za-z'\"*]+)|[^\s]")
_CODES = re.compile(rb"<([0-9A-Fa-f\s]+)>")
_SECTION = re.compile(rb"beginbf(char|range)(.*?)endbf(?:char|range)", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f\s]+)>|\[([^\]]*)\])")
_MAX_SPAN = 256
"""Of one range of a map: its last byte alone may run."""

Letters = Mapping[int, str]


def read_page_text(page: Any) -> str:
    """Return what a page shows, in the order it is drawn; lines in between.

    Args:
        page: page dictionary of pyHanko's reader.
    """
    faces = _faces(page)
    drawn: list[str] = []
    count = 0
    for text in _shown(_content(page), faces):
        drawn.append(text)
        count += len(text)
        if count > MAX_LETTERS:
            break
    return "".join(drawn)


def _content(page: Any) -> bytes:
    contents = look(page, "/Contents", [])
    if isinstance(contents, list):
        parts = [contents[place].data for place in range(len(contents))]
    else:
        parts = [contents.data]
    return b"\n".join(parts)[:MAX_STREAM_BYTES]


def _faces(page: Any) -> dict[bytes, Letters]:
    fonts = look(look(page, "/Resources", {}), "/Font", {})
    found: dict[bytes, Letters] = {}
    for name in fonts:
        map_of_face = look(fonts[name], "/ToUnicode")
        found[str(name)[1:].encode()] = read_letters(map_of_face.data) if map_of_face is not None else {}
    return found


def read_letters(text: bytes) -> dict[int, str]:
    """Return the letters of a face by glyph number, from its ToUnicode map."""
    letters: dict[int, str] = {}
    for kind, body in _SECTION.findall(text[:MAX_STREAM_BYTES]):
        if kind == b"char":
            codes = _CODES.findall(body)
            letters |= {int(a, 16): _letters(b) for a, b in zip(codes[::2], codes[1::2], strict=False)}
        else:
            for first, last, start, listed in _RANGE.findall(body):
                letters |= _range(int(first, 16), int(last, 16), start, _CODES.findall(listed))
    return letters


def _range(first: int, last: int, start: bytes, listed: list[bytes]) -> dict[int, str]:
    last = min(last, first + _MAX_SPAN - 1)
    if listed:
        return {first + place: _letters(code) for place, code in enumerate(listed[: last - first + 1])}
    text = _letters(start)
    if not text:
        return {}
    return {code: text[:-1] + chr(ord(text[-1]) + code - first) for code in range(first, last + 1)}


def _letters(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be", errors="replace")


def _shown(content: bytes, faces: Mapping[bytes, Letters]) -> Iterator[str]:
    letters: Letters = {}
    pending: list[bytes] = []
    name = b""
    for token in _TOKEN.finditer(content):
        code, new_name, operator = token.groups()
        if code is not None:
            pending.append(code)
        elif new_name is not None:
            name = new_name
        elif operator is not None:
            if operator == b"Tf":
                letters = faces.get(name, {})
            elif operator in {b"TJ", b"Tj", b"'", b'"'}:
                yield "".join(_glyphs(b"".join(pending), letters))
            elif operator in {b"Tm", b"Td", b"TD", b"T*"}:
                yield "\n"
            pending.clear()


def _glyphs(codes: bytes, letters: Letters) -> Iterator[str]:
    raw = bytes.fromhex(codes.decode()) if len(codes) % 2 == 0 else b""
    for place in range(0, len(raw) - 1, 2):
        yield letters.get(raw[place] << 8 | raw[place + 1], "")
