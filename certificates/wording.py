"""Reasons and numbers in words."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _l

from certificates.services import Reason
from lms.core.i18n import show_number

REASON_LABELS = {
    Reason.WRONG_PERSON: _l("it was issued to the wrong person"),
    Reason.WRONG_FACTS: _l("what it states is wrong"),
    Reason.CHEATING: _l("the result was not honestly earned"),
    Reason.REQUEST: _l("the holder asked for it"),
    Reason.OTHER: _l("a reason the issuing office can tell"),
}
"""Why a certificate was taken back, as staff choose it and strangers read it."""


def reason_text(code: str) -> str:
    """Return a reason of revocation in words."""
    return str(REASON_LABELS[Reason(code)])


def show_score(percent: str) -> str:
    """Return a score of a record as the language writes it, e.g. "86,7"."""
    return show_number(Decimal(percent), 1)
