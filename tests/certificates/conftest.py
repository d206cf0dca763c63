"""A cohort and its organiser; one signed certificate for all tests of a worker: it takes 0.1 s to make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from certificates.badges.credential import write_credential
from certificates.paper import render_paper
from certificates.record import Record
from certificates.signing.ring import KeyRing, read_ring
from certificates.signing.stamp import make_stamp
from courses.cohorts.models import Cohort
from lms.core import pdf
from lms.core.accounts.models import Role, User
from tests.certificates.samples import make_record
from tests.conftest import NOW
from tests.factories import make_cohort, make_user

BASE_URL = "https://belajar.example.id"
STATUS_INDEX = 4711


@dataclass(frozen=True)
class SealedSample:
    """A record and all that was made of it, by the keys every test's instance has."""

    record: Record
    ring: KeyRing
    stamp: str
    credential: str
    unsigned: bytes
    signed: bytes
    base_url: str = BASE_URL


@pytest.fixture(scope="session")
def ring(template_instance: Path) -> KeyRing:
    """The keys every test's instance has a copy of."""
    return read_ring(template_instance)


@pytest.fixture(scope="session")
def sealed_sample(ring: KeyRing) -> Iterator[SealedSample]:
    """A signed certificate of `samples.make_record`; no row knows it."""
    assert ring.stamp_key
    assert ring.badge_key
    assert ring.signer
    record = make_record()
    stamp = make_stamp(record, ring.stamp_key)
    credential = write_credential(record, status_index=STATUS_INDEX, key=ring.badge_key, base_url=BASE_URL)
    unsigned = render_paper(record, base_url=BASE_URL, stamp=stamp, credential=credential)
    signed = ring.signer.sign(unsigned, reason="Sertifikat", location="Madiun", name="Kantor", at=NOW)
    yield SealedSample(record, ring, stamp, credential, unsigned, signed)
    pdf._close()


@pytest.fixture(scope="module")
def renderer() -> Iterator[None]:
    """The process that renders; it ends with the module."""
    yield
    pdf._close()


@pytest.fixture
def cohort(session: Session) -> Cohort:
    """A cohort nobody is in yet."""
    return make_cohort(session)


@pytest.fixture
def organiser(session: Session, cohort: Cohort) -> User:
    """An organiser of the cohort's branch."""
    return make_user(session, Role.ORGANISER, branch=cohort.branch)
