"""Reads: by code, by owner, by cohort."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session, selectinload

from certificates.models import Certificate
from courses.catalogue.models import Step
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion, Progress
from lms.core.accounts.actor import Actor
from lms.core.errors import NotFound

OWN_LIMIT = 50
"""More certificates than anybody has."""

PAGE_SIZE = 100
"""People on one page of a cohort's list; a hall has 25 to 50."""
PAPERS_PER_FILE = 30
"""Certificates in one PDF of a cohort: the renderer has 15 seconds, each takes some 0.1."""


_HAS_NONE = ~select(Certificate.id).where(Certificate.enrolment_id == Enrolment.id).exists()
"""Whether somebody never got a certificate."""


def find_by_code(session: Session, code: str) -> Certificate | None:
    """Return the certificate with that code and its life story, or None."""
    query = select(Certificate).where(Certificate.code == code).options(selectinload(Certificate.events))
    return session.scalar(query)


def find_standing(session: Session, enrolment_id: int) -> Certificate | None:
    """Return the certificate of an enrolment that neither was replaced nor revoked, or None."""
    query = select(Certificate).where(Certificate.enrolment_id == enrolment_id, Certificate.state == "valid")
    return session.scalar(query)


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


def list_valid(session: Session, cohort_id: int, *, part: int) -> list[Certificate]:
    """Return the standing certificates of a cohort by name, one file of them; ``part`` 1 is the first."""
    query = (
        select(Certificate)
        .join(Enrolment, Enrolment.id == Certificate.enrolment_id)
        .where(Certificate.cohort_id == cohort_id, Certificate.state == "valid")
        .order_by(Enrolment.name_folded, Certificate.id)
        .limit(PAPERS_PER_FILE)
        .offset((part - 1) * PAPERS_PER_FILE)
    )
    return list(session.scalars(query))


def get_own(session: Session, certificate_id: int, *, user_id: int) -> Certificate:
    """Return a certificate of this person.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    query = select(Certificate).where(Certificate.id == certificate_id, Certificate.user_id == user_id)
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


@dataclass(frozen=True)
class CohortRow:
    """One person of a cohort, the certificate that stands or stood last, and how far the course is done."""

    enrolment: Enrolment
    completed_at: datetime | None
    certificate: Certificate | None
    done_count: int

    @property
    def is_overdue(self) -> bool:
        """Whether the course is complete but no certificate was ever issued: repair issues it."""
        return self.certificate is None and self.completed_at is not None


def list_of_cohort(
    session: Session, cohort_id: int, *, after: tuple[bool, str, int] | None = None
) -> list[CohortRow]:
    """Return one page and one more of the people of a cohort, in a constant number of queries.

    Those with a certificate come first, each half by name. ``after`` is the place of the last person of the
    page before, see :func:`find_place`. Who left the cohort is there only with a certificate.
    """
    query = (
        select(Enrolment, Completion.completed_at)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id)
        .where((Enrolment.status == "active") | Completion.enrolment_id.is_not(None))
        .order_by(_HAS_NONE, Enrolment.name_folded, Enrolment.id)
        .limit(PAGE_SIZE + 1)
    )
    if after is not None:
        query = query.where(tuple_(_HAS_NONE, Enrolment.name_folded, Enrolment.id) > after)
    people = session.execute(query).all()
    ids = [enrolment.id for enrolment, _ in people]
    newest, done = _newest_of(session, ids), _done_counts_of(session, ids)
    return [
        CohortRow(enrolment, completed_at, newest.get(enrolment.id), done.get(enrolment.id, 0))
        for enrolment, completed_at in people
    ]


def find_place(session: Session, enrolment_id: int, *, cohort_id: int) -> tuple[bool, str, int] | None:
    """Return where somebody stands in the list: without a certificate or not, folded name, id; or None."""
    query = select(_HAS_NONE, Enrolment.name_folded).where(
        Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort_id
    )
    place = session.execute(query).one_or_none()
    return None if place is None else (bool(place[0]), place[1], enrolment_id)


@dataclass(frozen=True)
class Counts:
    """What there is to count in a cohort."""

    # People who take part, completed the course and never got a certificate.
    missing: int
    # Certificates that stand.
    valid: int
    # Steps of the edition.
    steps: int

    @property
    def file_count(self) -> int:
        """How many PDFs hold all certificates."""
        return ceil(self.valid / PAPERS_PER_FILE)


def count_of_cohort(session: Session, cohort: Cohort) -> Counts:
    """Count in one query."""
    missing = (
        select(func.count())
        .select_from(Completion)
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.status == "active", _HAS_NONE)
    )
    valid = select(func.count()).where(Certificate.cohort_id == cohort.id, Certificate.state == "valid")
    steps = select(func.count()).where(Step.edition_id == cohort.edition_id)
    row = session.execute(
        select(missing.scalar_subquery(), valid.scalar_subquery(), steps.scalar_subquery())
    ).one()
    return Counts(*row)


def _newest_of(session: Session, enrolment_ids: list[int]) -> dict[int, Certificate]:
    query = select(Certificate).where(Certificate.enrolment_id.in_(enrolment_ids)).order_by(Certificate.id)
    return {row.enrolment_id: row for row in session.scalars(query)}


def _done_counts_of(session: Session, enrolment_ids: list[int]) -> dict[int, int]:
    query = (
        select(Progress.enrolment_id, func.count())
        .where(Progress.enrolment_id.in_(enrolment_ids), Progress.completed_at.is_not(None))
        .group_by(Progress.enrolment_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}
