"""Receipts: the code of a request's saves that a person can read out, and every save in plain words."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lms.core.i18n import ZONE_NAMES, language, show_date
from quizzes.attempts.models import AnswerEvent

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter looks like a digit."""

BITS = 5
"""Of each letter."""
HALF = 3

MOST_SAID = 200
"""Letters of an answer in a list of saves: a text is saved again and again while it is written."""

OUTCOMES = {
    "applied": _l("saved"),
    "superseded": _l("a newer answer stood already"),
    "late": _l("late, does not count"),
}
ORIGINS = {
    "page": _l("at once"),
    "queue": _l("had waited on the phone"),
    "leftover": _l("had waited on the phone past the end"),
    "form": _l("with the button Save"),
}


@dataclass(frozen=True)
class ReceiptLine:
    """One save as the receipt page shows it; times to the second, in the zone of the cohort."""

    position: int
    at: str
    # By the device's own clock; empty when it said nothing.
    device_at: str
    code: str
    said: str
    is_flagged: bool
    outcome: str
    outcome_text: str
    origin_text: str


def new_receipt() -> str:
    """Return a code for one request's saves, e.g. "K7Q-2M4"; unique enough within one sitting."""
    number = secrets.randbits(2 * HALF * BITS)
    code = "".join([ALPHABET[(number >> BITS * place) % len(ALPHABET)] for place in range(2 * HALF)])
    return f"{code[:HALF]}-{code[HALF:]}"


def receipt_lines(events: Sequence[tuple[AnswerEvent, int]], zone: str) -> list[ReceiptLine]:
    """Return saves, each with the place of its question, in words."""
    return [_line(event, position, zone) for event, position in events]


def _line(event: AnswerEvent, position: int, zone: str) -> ReceiptLine:
    day = event.received_at.astimezone(ZoneInfo(zone)).date()
    return ReceiptLine(
        position=position,
        at=f"{show_date(day)}, {show_second(event.received_at, zone)}",
        device_at=show_second(event.client_at, zone) if event.client_at else "",
        code=event.receipt,
        said=_said(event.raw),
        is_flagged=event.is_flagged,
        outcome=event.outcome,
        outcome_text=str(OUTCOMES[event.outcome]),
        origin_text=str(ORIGINS[event.origin]),
    )


def show_second(moment: datetime, zone: str) -> str:
    """Return e.g. "08.30.05 WIB", in English "08:30:05 WIB"."""
    pattern = "%H:%M:%S" if language() == "en" else "%H.%M.%S"
    return f"{moment.astimezone(ZoneInfo(zone)).strftime(pattern)} {ZONE_NAMES.get(zone, zone)}"


def _said(raw: dict[str, Any] | None) -> str:
    """Return what was sent, as far as it can be said without the question; of a long text how it begins."""
    if raw is None:
        return str(_("emptied"))
    said = ", ".join(_value_said(name, value) for name in sorted(raw, key=_place_of) for value in raw[name])
    return said if len(said) <= MOST_SAID else f"{said[:MOST_SAID]}…"


def _value_said(name: str, value: str) -> str:
    if name == "file":
        return str(_("with a file"))
    if name != "choice":
        place = _place_of(name)[1]
        return f"{place}: {value}" if place else value
    sides = {"true": _("True"), "false": _("False")}
    return str(sides.get(value) or _("choice %(number)s", number=value))


def _place_of(name: str) -> tuple[str, int]:
    """Return what a field is called and its number among those: ("gap", 10); 0 without one."""
    kind, _dash, number = name.rpartition("-")
    return (kind, int(number)) if number.isascii() and number.isdecimal() else (name, 0)
