"""Which certificates of a cohort say something else than what is written down of office and cohort now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.freezing import Change, list_changes
from certificates.models import Certificate
from certificates.record import read_record
from courses.cohorts.models import Cohort, Enrolment


@dataclass(frozen=True)
class Outdated:
    """A valid certificate, and what it would say otherwise."""

    certificate_id: int
    name: str
    serial: str
    changes: tuple[Change, ...]


def list_outdated(session: Session, cohort: Cohort) -> list[Outdated]:
    """Return the valid certificates of a cohort that would say something else, by name, in one query.

    Args:
        cohort: with its branch office.
    """
    query = (
        select(Certificate.id, Certificate.serial, Certificate.record)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Certificate.cohort_id == cohort.id, Certificate.state == "valid")
        .order_by(Enrolment.name_folded, Certificate.id)
    )
    found = []
    for certificate_id, serial, text in session.execute(query):
        record = read_record(text)
        changes = tuple(list_changes(record, cohort))
        if changes:
            found.append(Outdated(certificate_id, record.holder.name, serial, changes))
    return found


def gather(outdated: Iterable[Outdated]) -> Sequence[tuple[Change, int]]:
    """Return every change with the number of certificates it is one of, in the order of the record."""
    return list(Counter(change for row in outdated for change in row.changes).items())
