"""Words somebody typed against forms an author accepts: `Kejaksaan*`, where a star stands for anything."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product

STAR, ESCAPED = "*", "\\*"
_LITERAL = "\ue000"
"""Stands for an escaped star, which is a star and nothing else."""
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " "})


def fits(text: str, pattern: str, *, match_case: bool, match_accents: bool) -> bool:
    """Return whether ``text`` is a form of ``pattern``.

    Blanks, kinds of quotes and dashes, and a full stop at the end never matter. Time doubles with each star.
    """
    fold = {"match_case": match_case, "match_accents": match_accents}
    folded = _folded(text, **fold)
    for form in _forms(pattern.replace(ESCAPED, _LITERAL)):
        pieces = [piece.replace(_LITERAL, STAR) for piece in _folded(form, **fold).split(STAR)]
        if folded == pieces[0] if len(pieces) == 1 else _holds(folded, pieces):
            return True
    return False


def _forms(pattern: str) -> Iterator[str]:
    """Yield the pattern with each star there or not: a blank beside one that is nothing falls away."""
    first, *pieces = pattern.split(STAR)
    for stars in product((STAR, ""), repeat=len(pieces)):
        yield first + "".join(star + piece for star, piece in zip(stars, pieces, strict=True))


def show(pattern: str) -> str:
    """Return a form as people read it: stars as dots."""
    return pattern.replace(ESCAPED, _LITERAL).replace(STAR, "…").replace(_LITERAL, STAR)


def sample(pattern: str, filling: str = "") -> str:
    """Return a text that fits, with ``filling`` for each star."""
    return pattern.replace(ESCAPED, _LITERAL).replace(STAR, filling).replace(_LITERAL, STAR)


def _holds(text: str, pieces: list[str]) -> bool:
    """Return whether the pieces stand in ``text`` one after the other, from its beginning to its end."""
    first, *middle, last = pieces
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in middle:
        place = text.find(piece, place, end)
        if place < 0:
            return False
        place += len(piece)
    return True


def _folded(text: str, *, match_case: bool, match_accents: bool) -> str:
    plain = " ".join(unicodedata.normalize("NFKC", text.translate(_ALIKE)).split()).rstrip(".")
    if not match_case:
        plain = plain.casefold()
    if match_accents:
        return unicodedata.normalize("NFC", plain)
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
