"""The signature in the PDF, as our own library, poppler with NSS and OpenSSL see it."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.signing.making import Maker
from certificates.signing.pades import FIELD, NotSigned
from certificates.signing.ring import KeyRing, read_ring
from tests.certificates.conftest import SealedSample
from tests.certificates.signing.conftest import check
from tests.certificates.signing.strangers import (
    Files,
    look_with_poppler,
    run,
    verify_with_openssl,
    write_root,
)
from tests.conftest import NOW


def write_chain(files: Files, ring: KeyRing) -> tuple[Path, Path, Path, Path]:
    """Write root, issuer, signer and list as PEM and DER."""
    root = write_root(files, ring)
    issuer = files.write("issuer.pem", ring.issuers[0].public_bytes(Encoding.PEM))
    signer = files.write("signer.pem", ring.signers[0].public_bytes(Encoding.PEM))
    return root, issuer, signer, files.write("list.crl", ring.crl)


def test_the_signature_is_whole_trusted_and_allows_nothing(sealed_sample: SealedSample) -> None:
    status = check(sealed_sample.signed, sealed_sample.ring)

    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.docmdp_ok
    assert status.signer_reported_dt == NOW


def test_the_rendered_bytes_stand_before_the_signature_as_they_were(sealed_sample: SealedSample) -> None:
    assert sealed_sample.signed.startswith(sealed_sample.unsigned)
    assert len(sealed_sample.signed) - len(sealed_sample.unsigned) < 14_000


def test_it_says_who_why_where_and_when(sealed_sample: SealedSample) -> None:
    (signature,) = PdfFileReader(io.BytesIO(sealed_sample.signed)).embedded_signatures
    found = signature.sig_object

    assert signature.field_name == FIELD
    assert (found["/Reason"], found["/Location"], found["/Name"]) == ("Sertifikat", "Madiun", "Kantor")
    assert found["/SubFilter"] == "/ETSI.CAdES.detached"
    assert found["/M"] == f"D:{NOW:%Y%m%d%H%M%S}Z"
    assert signature.signer_cert.serial_number == sealed_sample.ring.signers[0].serial_number


def test_the_same_moment_gives_the_same_signature(sealed_sample: SealedSample) -> None:
    """ECDSA by RFC 6979: nothing hangs on this machine's source of chance, a lost file can be made again."""
    ring = sealed_sample.ring
    assert ring.signer
    values = {"reason": "Sertifikat", "location": "Madiun", "name": "Kantor", "at": NOW}

    assert ring.signer.sign(sealed_sample.unsigned, **values) == sealed_sample.signed  # type: ignore[arg-type]


@pytest.mark.parametrize("place", [100, 5000, -9000, -300])
def test_one_changed_byte_breaks_it(sealed_sample: SealedSample, place: int) -> None:
    body = bytearray(sealed_sample.signed)
    body[place] ^= 1
    try:
        status = check(bytes(body), sealed_sample.ring)
    except Exception as error:  # pyHanko has a dozen kinds for a broken file; the upload page counts them all
        assert type(error).__module__.startswith(("pyhanko", "asn1crypto", "builtins"))  # noqa: PT017
    else:
        assert not status.bottom_line


def test_another_installation_s_root_does_not_trust_it(sealed_sample: SealedSample, tmp_path: Path) -> None:
    Maker(tmp_path, base_url="https://lain.example", site="Lain", now=NOW).make_missing()

    status = check(sealed_sample.signed, read_ring(tmp_path))

    assert (status.intact, status.trusted) == (True, False)


def test_openssl_verifies_chain_and_list(files: Files, ring: KeyRing) -> None:
    root, issuer, signer, crl = write_chain(files, ring)

    chain = run(
        "openssl",
        "verify",
        "-x509_strict",
        "-CAfile",
        root,
        "-untrusted",
        issuer,
        "-CRLfile",
        crl,
        "-crl_check",
        signer,
    )
    listed = run("openssl", "crl", "-inform", "DER", "-in", crl, "-CAfile", issuer, "-noout")

    assert (chain.returncode, chain.stdout.strip()) == (0, f"{signer}: OK"), chain.stderr
    assert "verify OK" in listed.stderr


def test_openssl_refuses_a_signer_taken_back(files: Files, tmp_path: Path) -> None:
    maker = Maker(tmp_path, base_url="https://belajar.example.id", site="P", now=NOW - timedelta(days=1))
    maker.make_missing()
    maker.revoke_signer("1", reason="key_compromise")
    root, issuer, signer, crl = write_chain(files, read_ring(tmp_path))

    chain = run(
        "openssl", "verify", "-CAfile", root, "-untrusted", issuer, "-CRLfile", crl, "-crl_check", signer
    )

    assert chain.returncode != 0
    assert "certificate revoked" in chain.stderr


def test_openssl_verifies_the_signature_over_the_signed_bytes(
    files: Files, sealed_sample: SealedSample
) -> None:
    genuine = verify_with_openssl(files, sealed_sample.signed, sealed_sample.ring)
    forged = verify_with_openssl(files, sealed_sample.signed, sealed_sample.ring, added=b" ")

    assert genuine.returncode == 0, genuine.stderr
    assert forged.returncode != 0


def test_poppler_trusts_it_once_the_root_is_imported(files: Files, sealed_sample: SealedSample) -> None:
    stranger, friend = look_with_poppler(files, sealed_sample.signed, sealed_sample.ring)

    assert "Signature is Valid" in stranger
    assert "Certificate is Trusted" not in stranger
    assert "Signature is Valid" in friend
    assert "Certificate is Trusted" in friend
    assert "Total document signed" in friend


def test_a_signer_signs_only_while_its_certificate_is_in_force(
    sealed_sample: SealedSample, ring: KeyRing
) -> None:
    assert ring.signer
    end = ring.signers[0].not_valid_after_utc
    for at in (end + timedelta(seconds=1), datetime(2016, 10, 20, tzinfo=UTC)):
        with pytest.raises(NotSigned, match="in force until"):
            ring.signer.sign(sealed_sample.unsigned, reason="", location="", name="", at=at)


def test_papers_signed_with_an_old_signer_stay_trusted(sealed_sample: SealedSample, tmp_path: Path) -> None:
    maker = Maker(tmp_path, base_url="https://belajar.example.id", site="P", now=NOW - timedelta(days=1))
    maker.make_missing()
    signed = []
    for renew in (maker.make_signer, maker.renew_issuer, maker.make_signer):
        signer = read_ring(tmp_path, now=NOW).signer
        assert signer
        signed.append(signer.sign(sealed_sample.unsigned, reason="x", location="x", name="x", at=NOW))
        renew()

    statuses = [check(pdf, read_ring(tmp_path)) for pdf in signed]

    assert all(status.bottom_line for status in statuses)
    assert len({status.signing_cert.serial_number for status in statuses}) == 3


def test_threads_sign_side_by_side(sealed_sample: SealedSample, template_instance: Path) -> None:
    signer = read_ring(template_instance).signer
    assert signer

    def sign(number: int) -> bytes:
        return signer.sign(sealed_sample.unsigned, reason=str(number), location="x", name="x", at=NOW)

    with ThreadPoolExecutor(6) as pool:
        signed = list(pool.map(sign, range(12)))

    assert all(check(pdf, sealed_sample.ring).bottom_line for pdf in signed)
