"""The verdict on an inspection of the sample, whose row is in no database."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from certificates.checking.file_verdict import FileFinding, verdict_of
from certificates.checking.inspection import Inspection
from certificates.models import Certificate
from certificates.record import digest, write_record
from certificates.signing.ring import KeyRing
from tests.certificates.conftest import SealedSample
from tests.conftest import NOW

LATER = NOW + timedelta(days=1)


def make_row(sample: SealedSample) -> Certificate:
    """Return the row of the sample."""
    text = write_record(sample.record)
    return Certificate(
        code=sample.record.code,
        serial=sample.record.serial,
        record=text,
        record_sha256=digest(text),
        state="valid",
        pdf_sha256=sha256(sample.signed).hexdigest(),
        unsigned_sha256=sha256(sample.unsigned).hexdigest(),
        stamp=sample.stamp,
        credential=sample.credential,
        events=[],
    )


def judge(inspection: Inspection, sample: SealedSample, ring: KeyRing) -> FileFinding:
    """Return the verdict by the row of the sample."""
    return verdict_of(inspection, make_row(sample), ring, LATER)


def words(finding: FileFinding) -> dict[str, str]:
    """Return what was found, by what was looked at."""
    return {check.name: check.word for check in finding.checks}
