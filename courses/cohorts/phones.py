"""Telephone numbers as rosters write them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lms.core.accounts.logins import fold_phone
from lms.core.errors import Invalid


def read_phone(text: str) -> str | None:
    """Return e.g. "+6281234567890" for 0812-3456-7890 or the 812… a spreadsheet leaves of it; None if empty.

    Raises:
        Invalid: something is there, but no number one can call.
    """
    if not text.strip():
        return None
    phone = fold_phone(text) or fold_phone(f"0{text.strip()}")
    if phone is None:
        raise Invalid(
            _l("“%(text)s” is no telephone number. Write e.g. 0812-3456-7890.", text=text[:40]), field="phone"
        )
    return phone


def show_phone(phone: str | None) -> str:
    """Return a number as people write it, e.g. "0812-3456-7890"; empty for none."""
    if not phone or not phone.startswith("+62"):
        return phone or ""
    digits = phone.removeprefix("+62")
    if not digits.startswith("8"):  # a landline: the area code has two or three digits
        return f"0{digits}"
    return "0" + "-".join([digits[:3], *(digits[i : i + 4] for i in range(3, len(digits), 4))])
