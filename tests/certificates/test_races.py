"""Many at once: one certificate per enrolment, numbers without gaps or twins."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import life, sealing, services
from certificates.badges.credential import check_credential
from certificates.handing_out import hand_out
from certificates.models import Certificate, CertificateEvent
from certificates.papers import Sealed, open_paper, seal
from certificates.reasons import Reason
from certificates.record import Record
from certificates.sealing import seal_certificate
from certificates.signing.ring import read_ring
from lms.core.accounts.models import Role
from lms.core.db import db
from lms.core.errors import Conflict
from tests.certificates.signing.conftest import check
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
        reason = Reason.OTHER
        return life.revoke(s, staff.id, certificate_id=certificate.id, reason=reason, note="", now=NOW).id

    def correct(s: Session) -> object:
        values = {"name": "Sita", "organisation": "", "now": NOW}
        return services.reissue(s, staff.id, certificate_id=certificate.id, **values).id  # type: ignore[arg-type]

    results = at_once(app, [revoke, correct] * 4)
    assert sum(not isinstance(result, Conflict) for result in results) == 1


def test_six_who_ask_for_the_paper_at_once_get_the_same_signed_file(app: Flask, session: Session) -> None:
    certificate = complete(session, make_enrolment(session))
    certificate_id = certificate.id
    session.rollback()

    at_once(app, [lambda s: seal_certificate(s, certificate_id, now=NOW)] * 6)

    session.refresh(certificate)
    kinds = session.scalars(
        select(CertificateEvent.kind).where(CertificateEvent.certificate_id == certificate_id)
    )
    assert list(kinds) == ["issued", "signed"]
    body = open_paper(certificate, instance=app.config["INSTANCE"])
    ring = read_ring(app.config["INSTANCE"])
    assert check(body, ring).bottom_line
    found = check_credential(certificate.credential or "", ring.badge_publics).facts
    assert found
    assert found.status_index == certificate.status_index
    assert (certificate.credential or "").encode() in attached(body), "row and file are of the same run"


def test_what_is_revoked_while_it_is_signed_gets_no_paper(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = make_user(session, Role.ADMIN)
    certificate = complete(session, make_enrolment(session))

    def seal_slowly(record: Record, **values: Any) -> Sealed:
        made = seal(record, **values)
        revoking = {"certificate_id": certificate.id, "reason": Reason.OTHER, "note": "", "now": NOW}
        life.revoke(session, staff.id, **revoking)  # type: ignore[arg-type]
        session.commit()
        return made

    monkeypatch.setattr(sealing, "seal", seal_slowly)
    with pytest.raises(Conflict):
        hand_out(certificate, staff_id=None)

    session.rollback()
    session.refresh(certificate)
    assert (certificate.state, certificate.pdf_sha256) == ("revoked", None)
    assert [event.kind for event in certificate.events] == ["issued", "revoked"]


def attached(body: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(body)) as pdf:
        return [file.get_file().read_bytes() for file in pdf.attachments.values()]
