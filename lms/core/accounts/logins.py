"""What people type as their login: an e-mail address or a telephone number, folded so that twins collide."""

from __future__ import annotations

import re
import unicodedata

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid
from lms.core.text import fold

MAX_LOGIN_LENGTH = 254
"""Longest address that mail knows (RFC 5321)."""

_PHONE_NOISE = str.maketrans("", "", " .-/()")
_HOME_PHONE = re.compile(r"(?:\+?62|0)([1-9][0-9]{6,12})\Z")
_FOREIGN_PHONE = re.compile(r"\+([1-9][0-9]{7,14})\Z")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}\Z")


def fold_phone(text: str) -> str | None:
    """Return a telephone number as ``+62…`` (or ``+…`` abroad), or None if it is none.

    "0812-3456-7890", "+62 812 3456 7890" and "6281234567890" are the same number.
    """
    plain = fold(text).translate(_PHONE_NOISE)
    if home := _HOME_PHONE.match(plain):
        return f"+62{home[1]}"
    if foreign := _FOREIGN_PHONE.match(plain):
        return f"+{foreign[1]}"
    return None


def fold_login(text: str) -> str:
    """Return ``text`` as logins are stored and compared: NFKC, casefolded, nothing blank or invisible."""
    visible = "".join(c for c in fold(text) if not c.isspace() and unicodedata.category(c)[0] != "C")
    return fold_phone(visible) or visible


def read_login(text: str) -> str:
    """Return the folded form of an e-mail address or telephone number.

    Raises:
        Invalid: it is neither.
    """
    login = fold_login(text)
    if len(login) > MAX_LOGIN_LENGTH or not (fold_phone(login) or _EMAIL.match(login)):
        raise Invalid(
            _l("Write an e-mail address such as siti@contoh.id, or a number such as 0812 3456 7890."),
            field="login",
        )
    return login
