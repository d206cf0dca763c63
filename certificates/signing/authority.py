"""Our own small authority: root, issuer, signer of documents, and the list of signers taken back.

P-256 throughout. Papers are believed by whoever believes the root; it is published, see `views`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
    ObjectIdentifier,
)

from certificates.signing.folder import KeyFault, PrivateKey

ADDRESS = "/sertifikat/kunci"
"""Where root, issuers and their lists are published; written into every certificate."""
CERTIFICATE_NAMES = {"akar": "root", "penerbit": "issuer"}
"""What is published there, by the first part of its name, and its kind in the folder of keys."""
ROOT_YEARS, ISSUER_YEARS, SIGNER_YEARS = 30, 15, 4
CRL_DAYS = 8
"""A list of signers taken back is good for so long; it is dated anew every day."""
BACKDATED = timedelta(hours=1)
"""Other machines' clocks are wrong by less."""
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
MICROSOFT_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.4.1.311.10.3.12")
SIGNER_USES = (DOCUMENT_SIGNING, MICROSOFT_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
"""NSS, and with it poppler's pdfsig, trusts a signer for documents only if it is one for mail too."""
CA_USES = {"key_cert_sign": True, "crl_sign": True}
DOCUMENT_USES = {"digital_signature": True, "content_commitment": True}
YEAR = timedelta(days=365)


class Authority:
    """Makes certificates in the name of one site."""

    def __init__(self, *, site: str, base_url: str, now: datetime) -> None:
        self._site, self._base_url, self._now = site, base_url, now

    def make_root(self, label: str, key: EllipticCurvePrivateKey) -> x509.Certificate:
        """Return a root that signs itself and nothing but issuers."""
        name = self._name(f"Root CA {label}")
        builder = self._begin(name, key.public_key(), years=ROOT_YEARS).issuer_name(name)
        builder = _as_authority(builder, path_length=1)
        return _sign(builder, key)

    def make_issuer(
        self,
        label: str,
        key: EllipticCurvePublicKey,
        root: x509.Certificate,
        root_key: EllipticCurvePrivateKey,
        *,
        root_label: str,
    ) -> x509.Certificate:
        """Return an issuer of signers, signed by the root."""
        builder = self._begin(self._name(f"Issuing CA {label}"), key, years=ISSUER_YEARS, within=root)
        builder = _as_authority(_below(builder, root), path_length=0)
        return _sign(self._reachable(builder, f"akar-{root_label}"), root_key)

    def make_signer(
        self,
        label: str,
        key: EllipticCurvePublicKey,
        issuer: x509.Certificate,
        issuer_key: EllipticCurvePrivateKey,
        *,
        issuer_label: str,
    ) -> x509.Certificate:
        """Return a signer of documents, signed by an issuer."""
        builder = self._begin(self._name(f"Document Signer {label}"), key, years=SIGNER_YEARS, within=issuer)
        builder = _below(builder, issuer)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(DOCUMENT_USES), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage(SIGNER_USES), critical=False)
        address = f"{self._base_url}{ADDRESS}/penerbit-{issuer_label}.crl"
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        return _sign(self._reachable(builder, f"penerbit-{issuer_label}"), issuer_key)

    def _begin(
        self,
        name: x509.Name,
        key: EllipticCurvePublicKey,
        *,
        years: int,
        within: x509.Certificate | None = None,
    ) -> x509.CertificateBuilder:
        """Begin a certificate that does not outlive the one above it."""
        end = self._now + years * YEAR
        if within is not None:
            end = min(end, within.not_valid_after_utc)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now - BACKDATED)
            .not_valid_after(end)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )

    def _reachable(self, builder: x509.CertificateBuilder, above: str) -> x509.CertificateBuilder:
        """Say where the certificate above is to be had."""
        address = x509.UniformResourceIdentifier(f"{self._base_url}{ADDRESS}/{above}.cer")
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, address)
        return builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)

    def _name(self, common: str) -> x509.Name:
        host = urlsplit(self._base_url).hostname or ""
        parts = (
            (NameOID.COUNTRY_NAME, "ID"),
            (NameOID.ORGANIZATION_NAME, self._site),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, host),
            (NameOID.COMMON_NAME, f"{self._site} {common}"),
        )
        return x509.Name([x509.NameAttribute(kind, text[:64]) for kind, text in parts if text])


def make_crl(
    issuer: x509.Certificate,
    key: EllipticCurvePrivateKey,
    *,
    now: datetime,
    revoked: Iterable[x509.RevokedCertificate] = (),
) -> bytes:
    """Return the list of signers an issuer takes back, DER; the same all day long for the same entries."""
    entries = sorted(revoked, key=lambda one: one.revocation_date_utc)
    day = datetime.combine(now.astimezone(UTC).date(), time(), tzinfo=UTC)
    dated = max([day, issuer.not_valid_before_utc, *(one.revocation_date_utc for one in entries)])
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(dated)
        .next_update(dated + timedelta(days=CRL_DAYS))
        .add_extension(x509.CRLNumber(int(dated.timestamp())), critical=False)
        .add_extension(_authority_key(issuer), critical=False)
    )
    for one in entries:
        builder = builder.add_revoked_certificate(one)
    return builder.sign(key, SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.DER)


def renew_crl(
    kept: x509.CertificateRevocationList,
    issuer: x509.Certificate,
    key: PrivateKey | None,
    *,
    now: datetime,
) -> bytes:
    """Return a kept list dated today; as it was kept where the issuer's key is not here.

    Raises:
        KeyFault: the key is not the issuer's.
    """
    if not isinstance(key, EllipticCurvePrivateKey):
        return kept.public_bytes(Encoding.DER)
    if key.public_key() != issuer.public_key():
        raise KeyFault("An issuer's key belongs to another certificate: put the right one back from a backup")
    return make_crl(issuer, key, now=now, revoked=list(kept))


def revocation(serial: int, *, reason: x509.ReasonFlags, at: datetime) -> x509.RevokedCertificate:
    """Return the line of a list that takes a signer back."""
    return (
        x509.RevokedCertificateBuilder()
        .serial_number(serial)
        .revocation_date(at.replace(microsecond=0))
        .add_extension(x509.CRLReason(reason), critical=False)
        .build()
    )


def _as_authority(builder: x509.CertificateBuilder, *, path_length: int) -> x509.CertificateBuilder:
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
    return builder.add_extension(_usage(CA_USES), critical=True)


def _below(builder: x509.CertificateBuilder, above: x509.Certificate) -> x509.CertificateBuilder:
    return builder.issuer_name(above.subject).add_extension(_authority_key(above), critical=False)


def _authority_key(above: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


def _usage(uses: dict[str, bool]) -> x509.KeyUsage:
    none = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**none | uses)


def _sign(builder: x509.CertificateBuilder, key: EllipticCurvePrivateKey) -> x509.Certificate:
    return builder.sign(key, SHA256())
