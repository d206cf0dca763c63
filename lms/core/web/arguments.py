"""What an address says after its question mark, as it may be looked for in the database."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from lms.core.text import tidy

MAX_ID = 2**31 - 1
MAX_WORD_LENGTH = 200


def read_word(name: str, said: MultiDict[str, str] | None = None) -> str:
    """Return an argument of the address, or of another that ``said``, as one line of text, empty for none."""
    return str(tidy((request.args if said is None else said).get(name, "")))[:MAX_WORD_LENGTH]


def read_id(name: str, said: MultiDict[str, str] | None = None) -> int | None:
    """Return an argument that names a row; None where there is none or it cannot be one."""
    value = (request.args if said is None else said).get(name, type=int)
    return value if value is not None and 0 < value <= MAX_ID else None
