"""A paper is sealed: stamp, credential, PDF and signature belong together, and to the row."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import sealing
from certificates.badges.credential import check_credential
from certificates.models import Certificate, CertificateEvent
from certificates.papers import KeysMissing, Sealed, open_paper, seal
from certificates.record import read_record
from certificates.signing.folder import key_folder
from certificates.signing.making import Maker
from certificates.signing.ring import current_ring
from certificates.signing.stamp import facts_of, read_stamp
from lms.core.audit.models import AuditEvent
from lms.core.db import begin_write
from lms.core.errors import NotFound, Unavailable
from tests import factories
from tests.certificates.conftest import BASE_URL, SealedSample
from tests.certificates.signing.conftest import check
from tests.conftest import NOW

Damage = Callable[[Path], object]


@pytest.fixture
def certificate(session: Session) -> Certificate:
    return factories.complete(session, factories.make_enrolment(session, name="Siti Aminah"))


def seal_it(session: Session, certificate: Certificate, **values: int) -> bool:
    is_made = sealing.seal_certificate(session, certificate.id, now=NOW, **values)
    session.commit()
    session.refresh(certificate)
    return is_made


def test_everything_in_the_row_belongs_together(
    app: Flask, session: Session, instance: Path, certificate: Certificate
) -> None:
    assert seal_it(session, certificate)

    ring, record = current_ring(), read_record(certificate.record)
    body = open_paper(certificate, instance=instance)
    assert check(body, ring).bottom_line
    stamp = read_stamp(certificate.code, certificate.stamp or "", ring.stamp_publics)
    assert stamp
    assert stamp.facts == facts_of(record)
    credential = check_credential(certificate.credential or "", ring.badge_publics)
    assert credential.agrees_with(record)
    assert credential.facts
    assert credential.facts.status_index == certificate.status_index
    assert certificate.signer == f"{ring.signers[0].serial_number:x}"
    assert certificate.pdf_sha256 == hashlib.sha256(body).hexdigest()
    unsigned = body[: body.index(b"%%EOF\n", 0) + 6]
    assert certificate.unsigned_sha256 == hashlib.sha256(unsigned).hexdigest()


def test_it_is_made_once_whoever_asks_again(
    app: Flask, session: Session, instance: Path, certificate: Certificate
) -> None:
    staff = factories.make_user(session)
    assert seal_it(session, certificate)
    first = open_paper(certificate, instance=instance)

    assert not seal_it(session, certificate, staff_id=staff.id)

    assert open_paper(certificate, instance=instance) == first
    events = session.scalars(
        select(CertificateEvent.kind).where(CertificateEvent.certificate_id == certificate.id)
    )
    assert list(events) == ["issued", "signed"]
    assert not session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.kept")).all()


def test_staff_who_have_it_made_are_named_in_the_audit(
    app: Flask, session: Session, certificate: Certificate
) -> None:
    staff = factories.make_user(session)

    seal_it(session, certificate, staff_id=staff.id)

    audit = session.scalars(select(AuditEvent).where(AuditEvent.action == "certificate.kept")).one()
    assert (audit.actor_id, audit.object_id) == (staff.id, certificate.id)


@pytest.mark.parametrize(
    "damage",
    [
        shutil.rmtree,
        lambda folder: (folder / "stamp-1.key").unlink(),
        lambda folder: (folder / "badge-2026-1.key").write_bytes(b"x"),
        lambda folder: (folder / "signer-1.key").chmod(0o666),
        lambda folder: shutil.copy(folder / "stamp-1.key", folder / "signer-1.key"),
    ],
)
def test_without_a_key_nothing_is_noted_and_nothing_is_lost(
    app: Flask, session: Session, instance: Path, certificate: Certificate, damage: Damage
) -> None:
    damage(key_folder(instance))

    with pytest.raises(KeysMissing) as caught:
        sealing.seal_certificate(session, certificate.id, now=NOW)

    assert any(word in str(caught.value) for word in ("lms keys", "back", "chmod"))
    assert "menunggu tanda tangan" in str(caught.value.message)
    assert str(instance) not in str(caught.value.message)
    session.rollback()
    session.refresh(certificate)
    assert (certificate.state, certificate.pdf_sha256, certificate.stamp) == ("valid", None, None)
    with pytest.raises(NotFound):
        open_paper(certificate, instance=instance)
    assert not (instance / "files").exists()


def test_papers_of_old_keys_stay_as_they_were_signed(
    app: Flask, session: Session, instance: Path, certificate: Certificate
) -> None:
    seal_it(session, certificate)
    begun = NOW.replace(day=22)
    maker = Maker(instance, base_url=BASE_URL, site="Penggerak", now=begun)
    maker.make_stamp_key()
    maker.make_badge_key()
    maker.renew_issuer()
    other = factories.complete(session, factories.make_enrolment(session))
    seal_it(session, other)

    ring = current_ring()
    assert certificate.signer != other.signer
    for row in (certificate, other):
        assert check(open_paper(row, instance=instance), ring).bottom_line
        assert read_stamp(row.code, row.stamp or "", ring.stamp_publics)
        assert check_credential(row.credential or "", ring.badge_publics).ok


def test_same_record_keys_and_moment_give_the_same_file(tmp_path: Path, sealed_sample: SealedSample) -> None:
    def seal_into(folder: Path) -> Sealed:
        return seal(
            sealed_sample.record,
            ring=sealed_sample.ring,
            status_index=7,
            instance=folder,
            base_url=BASE_URL,
            now=NOW,
        )

    assert seal_into(tmp_path / "one") == seal_into(tmp_path / "two")


def test_a_lost_or_damaged_file_is_told_and_not_made_anew(
    app: Flask, session: Session, instance: Path, certificate: Certificate
) -> None:
    seal_it(session, certificate)
    digest = certificate.pdf_sha256 or ""
    kept = instance / "files" / digest[:2] / digest
    kept.write_bytes(b"damaged")

    for _ in range(2):
        with pytest.raises(Unavailable, match="dari cadangan"):
            open_paper(certificate, instance=instance)
        assert not seal_it(session, certificate)
        kept.unlink(missing_ok=True)
    assert certificate.pdf_sha256 == digest


def test_a_place_in_the_lists_that_was_drawn_twice_is_drawn_again(
    app: Flask, session: Session, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = factories.complete(session, factories.make_enrolment(session))
    begin_write(session)
    session.get_one(Certificate, other.id).status_index = 5
    session.commit()
    drawn = iter([5, 5, 6])
    monkeypatch.setattr(sealing, "draw_status_index", lambda _session: next(drawn))

    assert seal_it(session, certificate)

    assert certificate.status_index == 6
    assert '"statusListIndex":"6"' in (certificate.credential or "")


def test_nobody_else_s_certificate_is_sealed_by_an_unknown_number(app: Flask, session: Session) -> None:
    assert not sealing.seal_certificate(session, 10**9, now=NOW)


def test_keys_are_in_no_log_and_in_no_row(
    app: Flask, session: Session, instance: Path, certificate: Certificate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seal_it(session, certificate)
    (key_folder(instance) / "stamp-1.key").chmod(0o644)
    with pytest.raises(KeysMissing):
        sealing.seal_certificate(
            session, factories.complete(session, factories.make_enrolment(session)).id, now=NOW
        )
    session.rollback()

    rows = [vars(row) for row in session.scalars(select(Certificate))]
    said = caplog.text + str(rows) + repr(current_ring())
    lines = [
        line for path in key_folder(instance).glob("*.key") for line in path.read_text().split("\n")[1:-2]
    ]
    assert len(lines) > 8
    assert not [line for line in lines if line in said]
