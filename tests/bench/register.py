"""A register of many years: certificates by the million, in bulk.

They are copies of a signed one, made by the database, with codes, numbers, places in the status lists and
people of their own. Nobody looks at them: they are what those that are looked at are found among.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from certificates.badges.status_lists import LIST_BITS
from certificates.models import Certificate, CertificateEvent
from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.models import User
from lms.core.db import db
from tests.bench.records import Copies, copies_of_people, copy_rows, settle, without_checks
from tests.bench.stage import Stage

_BASE = 1_000_000_000
"""Beyond the ids of all other records."""
_AT_ONCE = 100_000
"""Certificates in one transaction: a million would be a log of gigabytes."""
_MODELS: Sequence[type] = (Cohort, User, Enrolment, Certificate, CertificateEvent)


def fill_register(stage: Stage, count: int) -> None:
    """Let there be so many certificates more; once for a stage."""
    with stage.app.app_context():
        url, options = db.engine.url, stage.app.config["SQLALCHEMY_ENGINE_OPTIONS"]
        copies = _copies(db.session(), stage.certificates.model_id, url.get_backend_name())
        db.session.remove()
        db.engine.dispose()
    engine = create_engine(url, **options)
    for after in range(0, count, _AT_ONCE):
        with engine.connect() as connection:
            without_checks(connection)
            for each in copies:
                copy_rows(connection, each, after, min(after + _AT_ONCE, count))
            connection.commit()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        settle(connection, _MODELS)
    engine.dispose()


def _copies(session: Session, model_id: int, backend: str) -> list[Copies]:
    model = session.get_one(Certificate, model_id)
    people = copies_of_people(
        _BASE,
        cohort_id=model.cohort_id,
        user_id=model.user_id,
        enrolment_id=model.enrolment_id,
        login="register",
    )
    own = f"{_BASE} + n.k"
    changed = {
        "id": own,
        "enrolment_id": own,
        "user_id": own,
        "cohort_id": f"{_BASE} + n.k / 40",
        "code": _code(backend),
        "serial": "n.k || '/' || s.serial",
        # As full as the lists become.
        "status_index": f"{LIST_BITS} + n.k * 5 / 3",
        # Gigabytes that no request here reads.
        "credential": "NULL",
    }
    first = f"(SELECT min(id) FROM certificate_event WHERE certificate_id = {model_id})"
    return [
        *people,
        (Certificate, changed, "certificate AS s", f"s.id = {model_id}"),
        (
            CertificateEvent,
            {"id": own, "certificate_id": own},
            "certificate_event AS s",
            f"s.id = {first}",
        ),
    ]


def _code(backend: str) -> str:
    """Return what makes 17 characters that lie anywhere among all codes."""
    if backend == "postgresql":
        return "upper(substr(md5(CAST(n.k AS text)), 1, 17))"
    return "substr(hex(randomblob(9)), 1, 17)"
