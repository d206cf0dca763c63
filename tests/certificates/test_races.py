"""Many at once: one certificate per enrolment, numbers without gaps or twins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import services
from certificates.models import Certificate
from lms.core.accounts.models import Role
from lms.core.db import db
from lms.core.errors import Conflict
from tests.factories import NOW, complete, make_cohort, make_enrolment, make_user


def at_once(app: Flask, works: list[Callable[[Session], object]]) -> list[object]:
    """Run each in a thread and session of its own; return what they returned or raised."""

    def run(work: Callable[[Session], object]) -> object:
        with app.app_context():
            try:
                result = work(db.session())
                db.session.commit()
            except Conflict as error:
                db.session.rollback()
                return error
            return result

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, works))


def test_twelve_completions_at_once_give_one_certificate(app: Flask, session: Session) -> None:
    enrolment = make_enrolment(session)
    works = [lambda s: services.issue(s, enrolment.id, evidence={}, now=NOW).id for _ in range(12)]
    ids = at_once(app, works)  # type: ignore[arg-type]
    assert len(set(ids)) == 1
    assert len(session.scalars(select(Certificate)).all()) == 1


def test_twelve_people_at_once_get_twelve_numbers_in_a_row(app: Flask, session: Session) -> None:
    cohort = make_cohort(session)
    ids = [make_enrolment(session, cohort=cohort).id for _ in range(12)]
    at_once(app, [lambda s, i=i: services.issue(s, i, evidence={}, now=NOW).id for i in ids])  # type: ignore[misc]
    serials = sorted(session.scalars(select(Certificate.serial)))
    assert [serial[:5] for serial in serials] == [f"{n:05d}" for n in range(1, 13)]


def test_revoking_and_correcting_at_once_lets_one_win(app: Flask, session: Session) -> None:
    staff = make_user(session, Role.ADMIN)
    certificate = complete(session, make_enrolment(session, name="Siti"))

    def revoke(s: Session) -> object:
        reason = services.Reason.OTHER
        return services.revoke(s, staff.id, certificate_id=certificate.id, reason=reason, note="", now=NOW).id

    def correct(s: Session) -> object:
        values = {"name": "Sita", "organisation": "", "now": NOW}
        return services.reissue(s, staff.id, certificate_id=certificate.id, **values).id  # type: ignore[arg-type]

    results = at_once(app, [revoke, correct] * 4)
    assert sum(not isinstance(result, Conflict) for result in results) == 1
