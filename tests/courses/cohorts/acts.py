"""What tests of cohorts do again and again, through the services."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts import enrolling, services
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.roster import check_row, read_roster
from lms.core.audit.models import AuditEvent
from tests import factories
from tests.courses.cohorts import files
from tests.courses.cohorts.files import HEADER
from tests.factories import NOW


def count(session: Session, model: type) -> int:
    """Return how many rows there are."""
    return session.scalars(select(func.count()).select_from(model)).one()


def actions(session: Session) -> list[str]:
    """Return what the audit log holds, in its order."""
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def make(session: Session, **values: object) -> Cohort:
    """Set up a cohort."""
    defaults: dict[str, object] = {
        "branch_id": factories.make_branch(session).id,
        "edition_id": factories.make_edition(session).id,
        "name": "Madiun 3",
        "place": "Hotel Contoh",
        "time_zone": "Asia/Jakarta",
        "starts_on": date(2026, 11, 23),
        "ends_on": date(2026, 11, 24),
        "now": NOW,
    }
    cohort = services.create_cohort(session, None, **(defaults | values))  # type: ignore[arg-type]
    session.commit()
    return cohort


def enrol(session: Session, cohort: Cohort, **values: object) -> Enrolment:
    """Put Siti into a cohort."""
    defaults: dict[str, object] = {
        "name": "Siti Aminah",
        "element": "academic",
        "organisation": "SMK Contoh",
        "region_code": "35.77",
        "phone": "+6281234567890",
        "now": NOW,
    }
    enrolment = enrolling.enrol(session, None, cohort_id=cohort.id, **(defaults | values))  # type: ignore[arg-type]
    session.commit()
    return enrolment


def apply(session: Session, cohort: Cohort, *rows: list[str], **decisions: str) -> object:
    """Apply a roster of these rows."""
    checked = [check_row(row) for row in read_roster(files.csv_bytes(HEADER, *rows), "a.csv").rows]
    chosen = {name.replace("_", "-"): value for name, value in decisions.items()}
    plan = enrolling.apply_roster(session, None, cohort_id=cohort.id, rows=checked, decisions=chosen, now=NOW)
    session.commit()
    return plan
