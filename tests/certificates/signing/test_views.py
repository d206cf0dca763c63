"""Root, issuers and lists are to be had by anybody, at the addresses that stand in every signature."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID
from flask.testing import FlaskClient

from certificates.signing.folder import key_folder
from certificates.signing.making import Maker
from certificates.signing.ring import KeyRing, read_ring
from tests.conftest import NOW

HOST = "https://belajar.example.id"


def addresses(one: x509.Certificate) -> list[str]:
    """Return what a certificate says where issuer and list are."""
    access = one.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    found = [each.access_location.value for each in access]
    assert all(each.access_method == AuthorityInformationAccessOID.CA_ISSUERS for each in access)
    try:
        points = one.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return found
    return found + [name.value for point in points for name in point.full_name or []]


def test_every_address_in_a_certificate_leads_to_what_it_says(client: FlaskClient, ring: KeyRing) -> None:
    above, listed = (address.removeprefix(HOST) for address in addresses(ring.signers[0]))
    (root,) = (address.removeprefix(HOST) for address in addresses(ring.issuers[0]))

    assert client.get(above).data == ring.issuers[0].public_bytes(Encoding.DER)
    assert client.get(root).data == ring.roots[0].public_bytes(Encoding.DER)
    crl = x509.load_der_x509_crl(client.get(listed).data)
    assert crl.is_signature_valid(ring.issuers[0].public_key())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "content_type", "seconds"),
    [
        ("akar-1.cer", "application/pkix-cert", 86400),
        ("penerbit-1.cer", "application/pkix-cert", 86400),
        ("penerbit-1.crl", "application/pkix-crl", 3600),
    ],
)
def test_they_may_be_kept_for_a_while(
    client: FlaskClient, name: str, content_type: str, seconds: int
) -> None:
    answer = client.get(f"/sertifikat/kunci/{name}")

    assert (answer.status_code, answer.content_type) == (200, content_type)
    assert answer.headers["Cache-Control"] == f"public, max-age={seconds}"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    again = client.get(f"/sertifikat/kunci/{name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "name",
    [
        "akar-2.cer",
        "akar-.cer",
        "penandatangan-1.cer",
        "signer-1.cer",
        "root-1.cer",
        "akar-1.key",
        "stamp-1.key",
        "penerbit-2.crl",
        "..%2Fcard.cer",
        "None-1.cer",
    ],
)
def test_nothing_else_is_to_be_had_there(client: FlaskClient, name: str) -> None:
    assert client.get(f"/sertifikat/kunci/{name}").status_code == 404


def test_a_signer_taken_back_is_on_the_list_at_once(client: FlaskClient, instance: Path) -> None:
    before = client.get("/sertifikat/kunci/penerbit-1.crl")
    Maker(instance, base_url=HOST, site="Penggerak", now=NOW).revoke_signer("1", reason="key_compromise")
    after = client.get("/sertifikat/kunci/penerbit-1.crl", headers={"If-None-Match": before.headers["ETag"]})

    assert len(x509.load_der_x509_crl(before.data)) == 0
    assert (after.status_code, len(x509.load_der_x509_crl(after.data))) == (200, 1)
    first, second = (x509.load_der_x509_crl(answer.data) for answer in (before, after))
    numbers = [
        one.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for one in (first, second)
    ]
    assert numbers[0] <= numbers[1]


def test_the_list_is_dated_anew_every_day_and_by_all_workers_alike(instance: Path) -> None:
    days = [
        read_ring(instance, now=NOW.replace(day=day, hour=hour)).crl
        for day, hour in ((24, 1), (24, 23), (25, 1))
    ]

    assert days[0] == days[1]
    assert days[1] != days[2]


def test_without_the_issuer_s_key_the_list_stays_as_it_was_kept(instance: Path) -> None:
    kept = (key_folder(instance) / "issuer-1.crl").read_bytes()
    (key_folder(instance) / "issuer-1.key").unlink()

    ring = read_ring(instance, now=NOW.replace(day=28))

    assert (ring.crl, ring.problem) == (kept, "")


def test_without_keys_there_is_nothing_and_nothing_breaks(client: FlaskClient, instance: Path) -> None:
    for path in key_folder(instance).iterdir():
        path.unlink()

    assert client.get("/sertifikat/kunci/akar-1.cer").status_code == 404
