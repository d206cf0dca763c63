"""Our forms of words (``Kejaksaan*``) as regular expressions of XML Schema, and such expressions as forms."""

from __future__ import annotations

import re

from quizzes.types.patterns import ESCAPED, STAR

_ANY = ".*"
_SPECIAL = set("\\|.?*+(){}-[]^")
_PART = re.compile(r"\.\*|\[(?P<a>.)(?P<b>.)\]|\\(?P<c>[\\|.?*+(){}\-\[\]^])|(?P<d>[^\\|.?*+(){}\[\]])", re.S)


def to_schema(accept: str, *, match_case: bool) -> str:
    """Return a form as a regular expression; a blank beside a star may be missing."""
    pieces = accept.replace(ESCAPED, "\ue000").split(STAR)
    return _ANY.join(
        "".join(_letter(STAR if sign == "\ue000" else sign, match_case=match_case) for sign in piece)
        for piece in pieces
    )


def _letter(sign: str, *, match_case: bool) -> str:
    if sign in _SPECIAL:
        return f"\\{sign}"
    other = sign.swapcase()
    return sign if match_case or other == sign or len(other) > 1 else f"[{sign}{other}]"


def from_schema(pattern: str) -> tuple[str, bool] | None:
    """Return a regular expression as a form and whether capitals matter; None where none says the same."""
    found, place, folds, letters = "", 0, 0, 0
    while place < len(pattern):
        part = _PART.match(pattern, place)
        if part is None:
            return None
        place = part.end()
        if part["a"] is not None and part["a"].swapcase() != part["b"]:
            return None
        sign = part["a"] or part["c"] or part["d"] or ""
        folds += part["a"] is not None
        letters += part["a"] is not None or sign.swapcase() != sign
        found += ESCAPED if sign == STAR else sign or STAR
    return (found, folds < letters or not letters) if folds in (0, letters) else None
