"""The bytes of a text file as text, whatever wrote it; what was guessed is told. Pure."""

from __future__ import annotations

import codecs
import re

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import Text, Unreadable
from quizzes.exchange.limits import MAX_BYTES

MAX_LINE = 1_000_000
"""Characters of one line: longer ones are no text somebody wrote."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def decode(data: bytes) -> tuple[str, tuple[Text, ...]]:
    """Return text whose lines end in one sign each, and what was guessed about its letters.

    UTF-8 with and without mark, UTF-16 with mark; all else is read as Windows-1252, and said to be a guess.

    Raises:
        Unreadable: empty, larger than we read, cut off, or no text at all.
    """
    check_size(data)
    for mark, code in _MARKS:
        if data.startswith(mark):
            return _checked(_strictly(data, code)), ()
    try:
        return _checked(data.decode("utf-8")), ()
    except UnicodeDecodeError:
        guess = _l("The letters were read as Windows-1252: look whether é, “ ” and – are right.")
        return _checked(_strictly(data, "cp1252")), (guess,)


def without_zeros(data: bytes) -> bytes:
    """Return bytes in which signs of ASCII can be counted, whether the text is UTF-16 or not."""
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data.replace(b"\0", b"") if is_wide else data


def check_size(data: bytes) -> None:
    """See that there is something, and not too much of it.

    Raises:
        Unreadable: there is nothing, or too much.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable(_l("The file is larger than %(count)s MB. Split it.", count=MAX_BYTES // 1_000_000))
    if not data.strip():
        raise Unreadable(_l("The file is empty."))


def _strictly(data: bytes, code: str) -> str:
    try:
        return data.decode(code)
    except UnicodeDecodeError as error:
        raise Unreadable(
            _l("The letters of this file cannot be read. Save it as plain text in UTF-8 and send that.")
        ) from error


def _checked(text: str) -> str:
    if _CONTROLS.search(text):
        raise Unreadable(_l("This is no text file: it has signs no text has."))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if max(map(len, lines.split("\n"))) > MAX_LINE:
        raise Unreadable(_l("A line has more than %(count)s characters.", count=MAX_LINE))
    return lines
