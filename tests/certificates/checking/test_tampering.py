"""Whatever is done to a signed certificate is found, and told apart in words."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from certificates.badges.credential import write_credential
from certificates.checking.file_verdict import FileFinding, verdict_of
from certificates.checking.inspection import MAX_FILE_BYTES, inspect_file
from certificates.codes import check_character
from certificates.models import Certificate
from certificates.qr import check_address
from certificates.record import digest, write_record
from certificates.signing.making import Maker
from certificates.signing.ring import KeyRing, read_ring
from certificates.signing.stamp import make_stamp
from tests.certificates.checking import tampering
from tests.certificates.checking.judging import LATER, make_row
from tests.certificates.conftest import SealedSample
from tests.conftest import NOW


@pytest.fixture
def row(sealed_sample: SealedSample) -> Certificate:
    """The row of the sample, in no database."""
    return make_row(sealed_sample)


@pytest.fixture
def other(sealed_sample: SealedSample) -> SealedSample:
    """Another certificate by the same keys, on the same pages: what differs is not drawn anew."""
    body = "ZZZZ3JGXVEMDPE7K"
    record = replace(sealed_sample.record, code=body + check_character(body))
    assert sealed_sample.ring.stamp_key
    assert sealed_sample.ring.badge_key
    assert sealed_sample.ring.signer
    stamp = make_stamp(record, sealed_sample.ring.stamp_key)
    credential = write_credential(
        record, status_index=1, key=sealed_sample.ring.badge_key, base_url=sealed_sample.base_url
    )
    signed = sealed_sample.ring.signer.sign(
        sealed_sample.unsigned, reason="Lain", location="", name="", at=NOW
    )
    return replace(sealed_sample, record=record, stamp=stamp, credential=credential, signed=signed)


@pytest.fixture
def strange(tmp_path: Path) -> KeyRing:
    """Keys of somebody else who runs the same programme."""
    return _made_ring(tmp_path / "strange")


def _made_ring(folder: Path) -> KeyRing:
    _maker(folder).make_missing()
    return read_ring(folder, now=NOW)


def _maker(folder: Path) -> Maker:
    return Maker(folder, base_url="https://lain.example", site="Lain", now=NOW - timedelta(days=9))


def _signed(unsigned: bytes, ring: KeyRing) -> bytes:
    assert ring.signer
    return ring.signer.sign(unsigned, reason="", location="", name="", at=NOW)


def _judge(body: bytes, row: Certificate | None, ring: KeyRing) -> FileFinding:
    finding = verdict_of(inspect_file(body, ring=ring), row, ring, LATER)
    assert all(check.detail for check in finding.checks)
    return finding


def _faults(finding: FileFinding) -> dict[str, str]:
    return {check.name: check.word for check in finding.checks if check.ok is False}


def test_the_issued_file_is_valid_and_every_line_says_so(
    sealed_sample: SealedSample, row: Certificate
) -> None:
    finding = _judge(sealed_sample.signed, row, sealed_sample.ring)
    assert finding.verdict == "valid"
    assert [check.name for check in finding.checks if not check.ok] == []
    assert finding.code == sealed_sample.record.code
    assert finding.record == sealed_sample.record


Change = Callable[[bytes], bytes]

CHANGES: list[tuple[Change, dict[str, str]]] = [
    (tampering.turned, {"bytes": "same_pages", "signature": "updated"}),
    (tampering.with_attachment, {"bytes": "same_pages", "signature": "updated", "attachment": "more"}),
    (tampering.scripted, {"bytes": "same_pages", "signature": "updated", "actions": "some"}),
    (tampering.painted_over, {"bytes": "same_pages", "signature": "updated", "page": "empty"}),
    (lambda body: body + b"\n% more", {"bytes": "same_pages", "signature": "appended"}),
    (lambda body: body + b"\n%%EOF\n", {"file": "damaged", "bytes": "other"}),
    (
        lambda body: body.replace(b"/ByteRange [0 ", b"/ByteRange [1 "),
        {"bytes": "same_pages", "signature": "misplaced"},
    ),
    (tampering.flipped, {"signature": "broken", "bytes": "other"}),
    (tampering.rewritten, {"signature": "broken", "bytes": "other"}),
    (tampering.launching, {"signature": "broken", "actions": "some", "bytes": "other"}),
]


@pytest.mark.parametrize(("change", "faults"), CHANGES)
def test_a_change_is_told_apart(
    sealed_sample: SealedSample, row: Certificate, change: Change, faults: dict[str, str]
) -> None:
    finding = _judge(change(sealed_sample.signed), row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == faults


def test_pages_without_the_signature_are_told_apart(sealed_sample: SealedSample, row: Certificate) -> None:
    finding = _judge(sealed_sample.unsigned, row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == {"bytes": "same_pages", "signature": "none"}


def test_the_signature_of_somebody_else_is_told_apart(
    sealed_sample: SealedSample, row: Certificate, strange: KeyRing
) -> None:
    finding = _judge(_signed(sealed_sample.unsigned, strange), row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == {"bytes": "same_pages", "signature": "foreign"}
    assert any("Lain" in check.detail for check in finding.checks)


def test_the_signature_of_another_certificate_is_told_apart(
    sealed_sample: SealedSample, row: Certificate, other: SealedSample
) -> None:
    body = tampering.with_signature_of(sealed_sample.signed, other.signed)
    finding = _judge(body, row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == {"bytes": "same_pages", "signature": "misplaced"}


def test_a_changed_credential_is_told_apart(sealed_sample: SealedSample, row: Certificate) -> None:
    text = sealed_sample.credential.replace("Siti Aminah", "Siti Amanah")
    finding = _judge(tampering.with_credential(sealed_sample.signed, text.encode()), row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == {"bytes": "other", "signature": "broken", "credential": "changed"}


def test_the_credential_of_another_certificate_is_told_apart(
    sealed_sample: SealedSample, row: Certificate, other: SealedSample
) -> None:
    body = tampering.with_credential(sealed_sample.signed, other.credential.encode())
    finding = _judge(body, row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == {"bytes": "other", "signature": "broken", "credential": "other"}


QR_CODES = [
    ("{other}", "other_code"),
    ("https://jahat.example/v/{code}/{stamp}", "elsewhere"),
    ("{base}/v/{code}/{other_stamp}", "forged"),
    ("halo", "elsewhere"),
]


@pytest.mark.parametrize(("payload", "word"), QR_CODES)
def test_a_swapped_qr_is_told_apart(
    sealed_sample: SealedSample, row: Certificate, other: SealedSample, payload: str, word: str
) -> None:
    base_url, record = sealed_sample.base_url, sealed_sample.record
    text = payload.format(
        other=check_address(other.record.code, base_url=base_url, stamp=other.stamp),
        base=base_url,
        code=record.code,
        stamp=sealed_sample.stamp,
        other_stamp=other.stamp,
    )
    finding = _judge(tampering.with_qr(sealed_sample.signed, text), row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == {"bytes": "other", "signature": "broken", "qr": word}


def test_a_stamp_for_another_name_is_told_apart(sealed_sample: SealedSample, row: Certificate) -> None:
    ring, record = sealed_sample.ring, sealed_sample.record
    assert ring.stamp_key
    stamp = make_stamp(replace(record, holder=replace(record.holder, name="Orang Lain")), ring.stamp_key)
    payload = check_address(record.code, base_url=sealed_sample.base_url, stamp=stamp)
    finding = _judge(tampering.with_qr(sealed_sample.signed, payload), row, ring)
    assert _faults(finding) == {"bytes": "other", "signature": "broken", "qr": "other_facts"}


def test_a_name_our_own_key_signed_but_nobody_certified_is_told_apart(
    sealed_sample: SealedSample, row: Certificate
) -> None:
    name = replace(sealed_sample.record.holder, name="Orang Lain")
    row.record = write_record(replace(sealed_sample.record, holder=name))
    row.record_sha256 = digest(row.record)
    row.pdf_sha256 = row.unsigned_sha256 = "0" * 64
    row.credential = "{}"
    finding = _judge(sealed_sample.signed, row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == {
        "bytes": "other",
        "page": "name",
        "qr": "other_facts",
        "credential": "other",
    }


def test_a_credential_that_was_kept_but_does_not_state_the_record_is_told_apart(
    sealed_sample: SealedSample, row: Certificate
) -> None:
    name = replace(sealed_sample.record.run, place="Tempat Lain")
    row.record = write_record(replace(sealed_sample.record, run=name))
    row.record_sha256 = digest(row.record)
    finding = _judge(sealed_sample.signed, row, sealed_sample.ring)
    assert (finding.verdict, _faults(finding)) == ("tampered", {"credential": "other"})


def test_a_changed_record_is_told_apart(sealed_sample: SealedSample, row: Certificate) -> None:
    row.record = row.record.replace("Siti Aminah", "Siti Amanah")
    finding = _judge(sealed_sample.signed, row, sealed_sample.ring)
    assert finding.verdict == "tampered"
    assert _faults(finding) == {"record": "changed"}
    assert finding.record is None


@pytest.mark.parametrize(
    ("cut", "verdict"), [(30, "tampered"), (40_000, "unchecked")], ids=["the end", "most of it"]
)
def test_a_cut_file_is_told_apart(
    sealed_sample: SealedSample, row: Certificate, cut: int, verdict: str
) -> None:
    finding = _judge(sealed_sample.signed[:-cut], row, sealed_sample.ring)
    assert finding.verdict == verdict
    assert _faults(finding)["file"] == "truncated"


UNREADABLE: list[tuple[Change, str]] = [
    (lambda _body: b"halo", "not_pdf"),
    (lambda _body: b"", "not_pdf"),
    (lambda _body: b"%PDF-1.7\n%%EOF", "damaged"),
    (tampering.encrypted, "encrypted"),
    (lambda body: body + bytes(MAX_FILE_BYTES), "too_large"),
    (lambda _body: tampering.many_pages(), "pages"),
    (lambda _body: tampering.bomb(), "bomb"),
    (lambda _body: tampering.nested(), "damaged"),
]


@pytest.mark.parametrize(("change", "word"), UNREADABLE)
def test_what_cannot_be_read_is_told_apart(
    sealed_sample: SealedSample, row: Certificate, change: Change, word: str
) -> None:
    finding = _judge(change(sealed_sample.signed), row, sealed_sample.ring)
    assert finding.verdict == "unchecked"
    assert _faults(finding) == {"file": word}


def test_a_foreign_pdf_and_a_code_of_no_row_are_unknown(sealed_sample: SealedSample) -> None:
    pages = tampering.plain(b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>", zlib.compress(b""))
    assert _judge(pages, None, sealed_sample.ring).verdict == "unknown"
    finding = _judge(sealed_sample.signed, None, sealed_sample.ring)
    assert (finding.verdict, _faults(finding)) == ("unknown", {"record": "none"})


def test_an_earlier_key_of_ours_still_counts_and_is_said(
    sealed_sample: SealedSample, row: Certificate, tmp_path: Path
) -> None:
    first = _made_ring(tmp_path)
    signed = _signed(sealed_sample.unsigned, first)
    replace(_maker(tmp_path), now=NOW).make_signer()
    finding = _judge(signed, row, read_ring(tmp_path, now=NOW))
    words = {check.name: check.word for check in finding.checks}
    assert words["signature"] == "earlier"
    assert words["signer"] == "good"


@pytest.mark.parametrize(
    ("reason", "days", "word"),
    [("key_compromise", -1, "revoked"), ("key_compromise", 1, "doubtful"), ("superseded", 1, "retired")],
)
def test_a_revoked_signer_is_told_apart(
    sealed_sample: SealedSample, row: Certificate, tmp_path: Path, reason: str, days: int, word: str
) -> None:
    row.pdf_sha256 = None  # an older backup was brought back
    signed = _signed(sealed_sample.unsigned, _made_ring(tmp_path))
    at = NOW + timedelta(days=days)
    replace(_maker(tmp_path), now=at).revoke_signer("1", reason=reason)
    ring = replace(
        read_ring(tmp_path, now=at),
        stamp_publics=sealed_sample.ring.stamp_publics,
        badge_publics=sealed_sample.ring.badge_publics,
    )
    finding = _judge(signed, row, ring)
    assert {check.name: check.word for check in finding.checks}["signer"] == word
    assert finding.verdict == ("valid" if word == "retired" else "tampered")
    row.pdf_sha256 = sha256(signed).hexdigest()
    known = _judge(signed, row, ring)
    assert (known.verdict, _faults(known)) == ("valid", {})


def test_without_our_keys_nothing_is_believed_but_the_very_file(
    sealed_sample: SealedSample, row: Certificate
) -> None:
    assert _judge(sealed_sample.signed, row, KeyRing()).verdict == "valid"
    row.pdf_sha256 = None
    assert _judge(sealed_sample.signed, row, KeyRing()).verdict == "tampered"


@pytest.mark.parametrize("state", ["replaced", "suspended", "revoked"])
def test_a_genuine_file_of_a_fallen_certificate_has_fallen(
    sealed_sample: SealedSample, row: Certificate, state: str
) -> None:
    row.state = state
    finding = _judge(sealed_sample.signed, row, sealed_sample.ring)
    assert (finding.verdict, _faults(finding)) == (state, {"state": state})
