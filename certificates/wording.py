"""States, turns, reasons and numbers in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from certificates.checking.verdict import Verdict
from certificates.reasons import Reason, ReinstatementReason, SuspensionReason
from courses.cohorts.modes import mode_text
from lms.core.i18n import show_date, show_number

REASON_LABELS = {
    Reason.WRONG_PERSON: _l("it was issued to the wrong person"),
    Reason.WRONG_FACTS: _l("what it states is wrong"),
    Reason.CHEATING: _l("the result was not honestly earned"),
    Reason.REQUEST: _l("the holder asked for it"),
    Reason.OTHER: _l("a reason the issuing office can tell"),
}
"""Why a certificate was taken back, as staff choose it and strangers read it."""


SUSPENSION_LABELS = {
    SuspensionReason.DOUBT: _l("a doubt somebody reported is being looked into"),
    SuspensionReason.RESULT_IN_QUESTION: _l("the result is being looked into"),
    SuspensionReason.REQUEST: _l("the holder asked for it"),
    SuspensionReason.OTHER: _l("a reason the issuing office can tell"),
}
"""Why one does not count for a while, as staff choose it and strangers read it."""

REINSTATEMENT_LABELS = {
    ReinstatementReason.CLEARED: _l("everything was found to be right"),
    ReinstatementReason.MISTAKE: _l("it was suspended by mistake"),
    ReinstatementReason.REQUEST: _l("the holder asked for it"),
    ReinstatementReason.OTHER: _l("a reason the issuing office can tell"),
}
"""Why one counts again, as staff choose it."""

STANDING_LABELS = {
    Verdict.VALID: _l("Valid"),
    Verdict.SUSPENDED: _l("Suspended"),
    Verdict.REPLACED: _l("Replaced"),
    Verdict.REVOKED: _l("Revoked"),
    Verdict.EXPIRED: _l("Expired"),
}
"""What became of a certificate, for holder and office."""

EVENT_LABELS = {
    "issued": _l("Issued"),
    "signed": _l("Signed"),
    "delivered": _l("Handed out"),
    "corrected": _l("Corrected"),
    "replaced": _l("Replaced by a corrected one"),
    "suspended": _l("Suspended"),
    "reinstated": _l("Counts again"),
    "revoked": _l("Revoked"),
    "expired": _l("Expired"),
}
"""Turns of a life story."""

WAY_LABELS = {
    "qr": _l("by scanning the QR"),
    "code": _l("by typing the code"),
    "link": _l("by your link"),
    "file": _l("by sending the PDF"),
    "photo": _l("by a photo"),
}
"""How strangers looked, as the holder reads it."""

CHANGE_LABELS = {
    "office.code": _l("Code of the office"),
    "office.name": _l("Name of the office"),
    "office.address": _l("Address of the office"),
    "office.city": _l("City"),
    "office.signatory_name": _l("Who signs certificates"),
    "office.signatory_title": _l("Title of the signatory"),
    "office.signatory_mandate": _l("What lets this person sign"),
    "run.name": _l("Name of the cohort"),
    "run.place": _l("Place"),
    "run.time_zone": _l("Time zone"),
    "run.starts_on": _l("First day"),
    "run.ends_on": _l("Last day"),
    "run.mode": _l("How it is held"),
}
"""Facts of office and cohort that can be corrected on all certificates at once."""

_TEXTS = {
    reason.value: label
    for labels in (REASON_LABELS, SUSPENSION_LABELS, REINSTATEMENT_LABELS)
    for reason, label in labels.items()
}


def reason_text(code: str) -> str:
    """Return the reason of a revocation, suspension or reinstatement in words; what has two names has one."""
    return str(_TEXTS[code])


def standing_text(standing: str) -> str:
    """Return in a word what became of a certificate."""
    return str(STANDING_LABELS[Verdict(standing)])


def event_text(kind: str) -> str:
    """Return a turn of a life story in words."""
    return str(EVENT_LABELS[kind])


def way_text(way: str) -> str:
    """Return in words by what way somebody looked."""
    return str(WAY_LABELS[way])


def change_text(place: str, value: str) -> str:
    """Return a fact of office or cohort as it is shown."""
    if place == "run.mode":
        return mode_text(value)
    if place in {"run.starts_on", "run.ends_on"}:
        return show_date(date.fromisoformat(value))
    return value or "–"


def change_label(place: str) -> str:
    """Return what a fact of office or cohort is called."""
    return str(CHANGE_LABELS[place])


def show_score(percent: str) -> str:
    """Return a score of a record as the language writes it, e.g. "86,7"."""
    return show_number(Decimal(percent), 1)
