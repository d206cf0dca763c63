"""A fact of the shipped book reads otherwise from now on: proposed by one admin, confirmed by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from courses.facts.book import load_book
from courses.facts.corrections import confirm, propose
from courses.facts.models import CorrectionKind
from courses.facts.readings import Reading
from lms.core.accounts.models import Role
from tests.factories import NOW, make_user

LAW_2016 = date(2016, 10, 19)
LAW_2026 = date(2026, 11, 22)


def change(session: Session, key: str, value: str, *, on: date = LAW_2026, now: datetime = NOW) -> None:
    """Let the value of ``key`` that holds on ``on`` be ``value``, as two admins found."""
    _confirm(session, reading_of(key, value, on=on), now)


def succeed(session: Session, key: str, value: str, *, valid_from: date, now: datetime = NOW) -> None:
    """Let another value of ``key`` hold from a day on."""
    reading = reading_of(key, value, on=LAW_2026)
    _confirm(session, replace(reading, kind=CorrectionKind.SUCCESSOR, valid_from=valid_from), now)


def reading_of(key: str, value: str, *, on: date) -> Reading:
    """Return what an admin would type."""
    fact = load_book().get(key, on)
    return Reading(
        kind=CorrectionKind.AMENDMENT,
        key=key,
        value=value,
        unit=fact.unit,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        citation=fact.citation,
        confidence="verified",
        source_label="Naskah contoh",
        source_where="https://contoh.test/naskah",
    )


def _confirm(session: Session, reading: Reading, now: datetime) -> None:
    one, other = (make_user(session, Role.ADMIN) for _ in range(2))
    row = propose(session, one.id, reading=reading, now=now)
    session.commit()
    confirm(session, other.id, correction_id=row.id, now=now)
    session.commit()
