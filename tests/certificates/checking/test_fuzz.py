"""Bytes changed anywhere in a signed certificate: never valid, never a trace, never beyond the limits."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates.checking.file_verdict import verdict_of
from certificates.checking.inspection import Inspection, inspect_file
from certificates.checking.offline_verdict import verdict_offline
from certificates.checking.trust import Trusted
from certificates.models import Certificate
from tests.certificates.checking.judging import make_row
from tests.certificates.conftest import SealedSample
from tests.conftest import NOW

PATIENT = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CRAMPED = [b"/Length 9999999", b"obj", b"endstream", b"<<", b">>", b"[", b"(", b"\0", b"%%EOF", b"/Kids"]


@pytest.fixture(scope="module")
def row(sealed_sample: SealedSample) -> Certificate:
    return make_row(sealed_sample)


def _never_valid(body: bytes, sample: SealedSample, row: Certificate) -> Inspection:
    inspection = inspect_file(body, ring=sample.ring)
    for certificate in (row, None):
        finding = verdict_of(inspection, certificate, sample.ring, NOW)
        assert finding.verdict in {"tampered", "unknown", "unchecked"}
        assert all(check.detail for check in finding.checks)
    if verdict_offline(inspection, Trusted(sample.ring), NOW).verdict == "valid":
        assert _outside_signature(body) == _outside_signature(sample.signed)
    return inspection


def _outside_signature(body: bytes) -> tuple[bytes, bytes]:
    """Return all but the signature itself, whose wrapping nobody signs: the same one can be written twice."""
    start = body.rindex(b"/Contents <")
    return body[:start], body[body.index(b">", start) :]


@PATIENT
@given(data=st.data())
def test_changed_bytes_are_never_valid(
    data: st.DataObject, sealed_sample: SealedSample, row: Certificate
) -> None:
    body = bytearray(sealed_sample.signed)
    places = st.integers(0, len(body) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=4), label="places"):
        body[place] ^= data.draw(st.integers(1, 255), label="bits")
    if bytes(body) != sealed_sample.signed:
        _never_valid(bytes(body), sealed_sample, row)


@PATIENT
@given(data=st.data())
def test_bytes_put_in_cut_out_or_doubled_are_never_valid(
    data: st.DataObject, sealed_sample: SealedSample, row: Certificate
) -> None:
    body = sealed_sample.signed
    start = data.draw(st.integers(0, len(body) - 1), label="start")
    end = data.draw(st.integers(start, min(len(body), start + 3_000)), label="end")
    put = data.draw(
        st.sampled_from([*CRAMPED, b"", body[start:end] * 2]) | st.binary(max_size=40), label="put"
    )
    changed = body[:start] + put + body[end:]
    if changed != body:
        _never_valid(changed, sealed_sample, row)


@PATIENT
@given(tail=st.binary(max_size=2_000))
def test_any_bytes_behind_the_head_of_a_pdf_are_never_valid(
    tail: bytes, sealed_sample: SealedSample, row: Certificate
) -> None:
    inspection = _never_valid(b"%PDF-1.7\n" + tail, sealed_sample, row)
    assert inspection.fault in {"truncated", "damaged"}
