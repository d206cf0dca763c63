"""Public codes: 16 random Crockford characters and a check character, printed 4-4-4-5.

Source: design rule 11; alphabet https://www.crockford.com/base32.html; Luhn mod N with N = 32.
"""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32: without I, L, O and U."""
RANDOM_LENGTH = 16
"""80 bits."""
LENGTH = RANDOM_LENGTH + 1
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
"""What people take for one another."""


def new_code() -> str:
    """Return a fresh code without dashes."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return body + check_character(body)


def check_character(body: str) -> str:
    """Return the character that makes ``body`` right: catches every mistyped character, most swaps.

    Raises:
        ValueError: a character is not of the alphabet.
    """
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def read_code(text: str) -> str | None:
    """Return the code a person meant, or None when it cannot be one.

    Blanks, dashes of any kind, case, O for 0 and I or L for 1 are forgiven.
    """
    code = bare_code(text).translate(READ_AS)
    if len(code) != LENGTH or any(c not in ALPHABET for c in code):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def bare_code(text: str) -> str:
    """Return what somebody typed without blanks and dashes, in capitals; cut after 200 characters."""
    return "".join(c for c in unicodedata.normalize("NFKC", text[:200]).upper() if not _is_filler(c))


def show_code(code: str) -> str:
    """Return the code as printed, e.g. ``T3V3-3JGX-VEMD-PE7K2``."""
    return "-".join((code[0:4], code[4:8], code[8:12], code[12:]))


def _is_filler(character: str) -> bool:
    return unicodedata.category(character) in {"Zs", "Cc", "Cf", "Pd"} or character in "_.−"
