"""Passwords: hashing, and which ones are too easy. No database; call outside of transactions.

Source: argon2id with t=2, m=19 MiB, p=1 is a set of OWASP ASVS 5.0 appendix C that lets 50 people sign in
within a minute on two cores; the library's default costs eight times as much.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid
from lms.core.text import fold

MIN_LENGTH = 12
MAX_LENGTH = 200

SITE_WORDS = (
    "penggerak",
    "kaderpenggerak",
    "pelatihan",
    "bpjs",
    "bpjstk",
    "bpjsketenagakerjaan",
    "jamsostek",
)
"""Words anybody would try first here."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# Of a password nobody knows: an unknown login costs as much time as a known one.
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$Z2E3azgeR3p1PiKYakYWmQ$BLnZWNWh+ImfO9ZmTPnkmd4yM0/N4yhjDnGf38nB4AA"
_COMMON = Path(__file__).parent / "data" / "common_passwords.txt"
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+\Z")
_LEET = str.maketrans("013457@$!", "oleastasi")
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``, byte for byte as typed; takes some 30 ms and 19 MiB."""
    return _HASHER.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Return whether ``password`` belongs to ``stored``; None costs the same and is never right."""
    try:
        _HASHER.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Return whether ``stored`` was made with other costs than today's."""
    return _HASHER.check_needs_rehash(stored)


def check_password(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a password that is short, long, common, or built from what is known of the person or the site.

    Args:
        about: name, login and the like of the person.

    Raises:
        Invalid: with the reason, at the field ``password``.
    """
    if len(password) < MIN_LENGTH:
        raise _refuse(_l("Use at least %(count)s characters; four plain words do well.", count=MIN_LENGTH))
    if len(password) > MAX_LENGTH:
        raise _refuse(_l("Use at most %(count)s characters.", count=MAX_LENGTH))
    if _is_common(password) or _is_run(password):
        raise _refuse(_l("This password is among those that are tried first. Choose another one."))
    if _is_about(password, [*SITE_WORDS, *about]):
        raise _refuse(
            _l("This password is built from a name or word that others can guess. Choose another one.")
        )


def _refuse(reason: object) -> Invalid:
    return Invalid(reason, field="password")


@cache
def common_passwords() -> frozenset[str]:
    """Return the shipped list, folded: whole passwords, and words that digits and signs do not make safe."""
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(_plain(line) for line in lines if line and not line.startswith("#"))


def _plain(text: str) -> str:
    return fold(text).replace(" ", "")


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _plain(text))
    return _NOT_LETTERS.sub("", decomposed)


def _is_common(password: str) -> bool:
    plain = _plain(password)
    core = _ENDS.sub("", plain)
    guesses = {plain, _letters(plain), _letters(core.translate(_LEET))}
    return any(guess in common_passwords() or _halved(guess) in common_passwords() for guess in guesses)


def _halved(text: str) -> str:
    """Return the word that ``text`` repeats, or ``text``."""
    at = (text + text).find(text, 1)
    return text[:at] if text else text


def _is_run(password: str) -> bool:
    """Return whether it is one sign, one short piece repeated, or a walk over alphabet or keyboard."""
    plain = _plain(password)
    if len(set(plain)) < 5 or len(_halved(plain)) <= 4:
        return True
    return any(plain in run * 3 or plain in run[::-1] * 3 for run in _RUNS)


def _is_about(password: str, words: Iterable[str]) -> bool:
    """Return whether little remains once known words, digits and signs are taken out."""
    rest = _letters(password)
    pieces = {_letters(piece) for word in words for piece in (word, *re.split(r"[\W_]+", word))}
    known = sorted((piece for piece in pieces if len(piece) >= 4), key=len, reverse=True)
    has_known = any(piece in rest for piece in known)
    for piece in known:
        rest = rest.replace(piece, "")
    return has_known and len(rest) < 5
