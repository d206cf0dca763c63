"""Reads: by code, by owner, by cohort."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, selectinload

from certificates.models import Certificate, CertificateCheck
from certificates.record import read_record
from certificates.zips import ZippedPaper
from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import User
from lms.core.errors import NotFound

OWN_LIMIT = 50
"""More certificates than anybody has."""
CHECKS_SHOWN = 20
"""Looks of strangers that are listed."""


def find_by_code(session: Session, code: str) -> Certificate | None:
    """Return the certificate with that code, with its life story where it no longer stands, or None."""
    certificate = session.scalar(_with_code(), {"code": code})
    if certificate is not None and certificate.state != "valid":
        session.scalar(_with_story(), {"code": code})
    return certificate


@cache
def _with_code() -> Select[Certificate]:
    return select(Certificate).where(Certificate.code == bindparam("code"))


@cache
def _with_story() -> Select[Certificate]:
    return _with_code().options(selectinload(Certificate.events))


def find_standing(session: Session, enrolment_id: int) -> Certificate | None:
    """Return the certificate of an enrolment that neither was replaced nor revoked, or None."""
    query = select(Certificate).where(
        Certificate.enrolment_id == enrolment_id, Certificate.state.in_(("valid", "suspended"))
    )
    return session.scalar(query)


def find_newest(session: Session, enrolment_id: int) -> Certificate | None:
    """Return the newest certificate of an enrolment, whatever became of it, or None."""
    query = select(Certificate).where(Certificate.enrolment_id == enrolment_id)
    return session.scalar(query.order_by(Certificate.id.desc()).limit(1))


def list_own(session: Session, user_id: int) -> list[Certificate]:
    """Return all certificates of a person, the newest first."""
    query = (
        select(Certificate)
        .where(Certificate.user_id == user_id)
        .options(selectinload(Certificate.events))
        .order_by(Certificate.id.desc())
        .limit(OWN_LIMIT)
    )
    return list(session.scalars(query))


def list_without_paper(session: Session, *, cohort_id: int | None) -> list[int]:
    """Return the ids of standing certificates whose PDF was not made yet."""
    query = select(Certificate.id).where(Certificate.state == "valid", Certificate.pdf_sha256.is_(None))
    if cohort_id is not None:
        query = query.where(Certificate.cohort_id == cohort_id)
    return list(session.scalars(query.order_by(Certificate.id)))


def list_standing_ids(session: Session, cohort_id: int, *, only_unsigned: bool = False) -> list[int]:
    """Return the ids of the valid certificates of a cohort by name, or of those without a signed file."""
    query = (
        select(Certificate.id)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Certificate.cohort_id == cohort_id, Certificate.state == "valid")
        .order_by(Enrolment.name_folded, Certificate.id)
    )
    if only_unsigned:
        query = query.where(Certificate.pdf_sha256.is_(None))
    return list(session.scalars(query))


def list_papers(session: Session, cohort_id: int) -> list[ZippedPaper]:
    """Return the signed files of the valid certificates of a cohort, by name."""
    query = (
        select(Certificate.serial, Certificate.record, Certificate.pdf_sha256)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Certificate.cohort_id == cohort_id, Certificate.state == "valid")
        .where(Certificate.pdf_sha256.is_not(None))
        .order_by(Enrolment.name_folded, Certificate.id)
    )
    rows = session.execute(query)
    return [ZippedPaper(serial, read_record(text).holder.name, str(digest)) for serial, text, digest in rows]


def list_failed(session: Session, certificate_ids: Sequence[int]) -> list[Certificate]:
    """Return the certificates a batch could not do, at most a hundred."""
    if not certificate_ids:
        return []
    query = select(Certificate).where(Certificate.id.in_(certificate_ids[:100])).order_by(Certificate.id)
    return list(session.scalars(query))


def list_fallen(
    session: Session, certificate_ids: Sequence[int], *, cohort_id: int, now: datetime
) -> list[Certificate]:
    """Return those of these certificates of a cohort that do not stand any more: what falls out of a pile.

    The few that fell are looked for, not the many that were asked for.
    """
    wanted = frozenset(certificate_ids)
    query = (
        select(Certificate)
        .where(Certificate.cohort_id == cohort_id)
        .where(or_(Certificate.state != "valid", Certificate.expires_at <= now))
        .order_by(Certificate.id)
    )
    return [row for row in session.scalars(query) if row.id in wanted]


def find_link_generation(session: Session, user_id: int) -> int | None:
    """Return of which generation a person's own link is, or None: there is no such person."""
    return session.scalar(select(User.own_link_generation).where(User.id == user_id))


def list_names(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of people by their ids."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(wanted))) if wanted else ()
    return {row[0]: row[1] for row in rows}


def list_checks(session: Session, certificate_id: int) -> list[CertificateCheck]:
    """Return when and by what way strangers looked last."""
    query = select(CertificateCheck).where(CertificateCheck.certificate_id == certificate_id)
    newest = query.order_by(CertificateCheck.at.desc(), CertificateCheck.id.desc())
    return list(session.scalars(newest.limit(CHECKS_SHOWN)))


def count_checks(session: Session, certificate_id: int) -> int:
    """Return how often strangers looked."""
    query = select(func.count()).where(CertificateCheck.certificate_id == certificate_id)
    return session.scalar(query) or 0


def list_kin(session: Session, certificate: Certificate) -> list[Certificate]:
    """Return all certificates of the same enrolment, this one too, the oldest first."""
    query = select(Certificate).where(Certificate.enrolment_id == certificate.enrolment_id)
    return list(session.scalars(query.order_by(Certificate.id)))


def get_own(session: Session, certificate_id: int, *, user_id: int) -> Certificate:
    """Return a certificate of this person.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    query = (
        select(Certificate)
        .where(Certificate.id == certificate_id, Certificate.user_id == user_id)
        .options(selectinload(Certificate.events))
    )
    certificate = session.scalar(query)
    if certificate is None:
        raise NotFound
    return certificate


def get_for_staff(session: Session, certificate_id: int, *, actor: Actor) -> Certificate:
    """Return a certificate of a branch this member of staff works at.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    query = (
        select(Certificate)
        .join(Cohort, Cohort.id == Certificate.cohort_id)
        .where(Certificate.id == certificate_id)
        .options(selectinload(Certificate.events))
    )
    if not actor.is_staff:
        raise NotFound
    if not actor.is_admin:
        query = query.where(Cohort.branch_id.in_(actor.branch_ids))
    certificate = session.scalar(query)
    if certificate is None:
        raise NotFound
    return certificate


def get_visible(session: Session, certificate_id: int, *, actor: Actor) -> Certificate:
    """Return a certificate this person owns or, as staff, looks after.

    Raises:
        NotFound: neither.
    """
    if actor.is_staff:
        try:
            return get_for_staff(session, certificate_id, actor=actor)
        except NotFound:
            pass
    return get_own(session, certificate_id, user_id=actor.user_id)
