"""Base58 as Bitcoin writes it, which multibase marks with `z`.

Source: https://www.w3.org/TR/cid-1.0/#multibase-0, https://datatracker.ietf.org/doc/html/draft-msporny-base58
"""

from __future__ import annotations

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MARK = "z"
MAX_LENGTH = 200
"""Characters; the longest of ours, a signature, has 89."""


def write_multibase(body: bytes) -> str:
    """Return bytes as `z…`."""
    number, digits = int.from_bytes(body, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    zeros = len(body) - len(body.lstrip(b"\0"))
    return MARK + ALPHABET[0] * zeros + digits


def read_multibase(text: str) -> bytes:
    """Return the bytes of `z…`.

    Raises:
        ValueError: it is not that, or far too long.
    """
    if not text.startswith(MARK) or len(text) > MAX_LENGTH:
        raise ValueError("not base58 with the mark z")
    digits = text[1:]
    number = 0
    for digit in digits:
        number = number * 58 + ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
