"""Keys of one's own to change, and the check of a signature."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from certificates.signing.making import Maker
from certificates.signing.pades import to_asn1
from certificates.signing.ring import KeyRing
from tests.certificates.signing.strangers import Files
from tests.conftest import NOW


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    """All keys in a folder of this test's own."""
    begun = NOW - timedelta(days=1)
    maker = Maker(tmp_path, base_url="https://belajar.example.id", site="Penggerak", now=begun)
    maker.make_missing()
    return maker


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Where other programs find what they are given."""
    return Files(tmp_path / "given")


def check(pdf: bytes, ring: KeyRing, at: datetime | None = None) -> PdfSignatureStatus:
    """Return what pyHanko says of the one signature, without asking the network."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(
        trust_roots=to_asn1((*ring.roots, *ring.timestamp_roots)),
        other_certs=to_asn1(ring.issuers),
        crls=list(ring.crls.values()),
        allow_fetching=False,
        revocation_mode="hard-fail",
        moment=at,
    )
    return validate_pdf_signature(signature, signer_validation_context=context, ts_validation_context=context)
