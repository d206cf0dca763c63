"""The signature in a PDF (PAdES): a certification that allows no change, behind the rendered bytes.

B-B by default, some 5 ms; B-LT where a time-stamp authority is configured. It is invisible: a visible one
breaks PDF/A and PDF/UA. The rendered bytes stay as they were, at the beginning of the signed file.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import threading
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from asn1crypto import crl as asn1_crl
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from flask_babel import lazy_gettext as _l
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.attributes import CMSAttributeProvider, SignedAttributeProviderSpec
from pyhanko.sign.general import SigningError, as_signing_certificate_v2
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from lms.core.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FIELD = "Sertifikat"
"""Name of the signature's field."""
RESERVED = 8192
"""Hexadecimal digits kept free for a B-B signature of our own; DER lengths of ECDSA vary, so no estimate."""
RESERVED_OF_OTHERS = 32768
"""With a time stamp, or a chain of certificates somebody else made."""


class NotSigned(Unavailable):
    """No signature can be made now: people read that the paper waits, whoever runs the machine why."""

    def __init__(self, problem: str) -> None:
        super().__init__(_l("The certificate stands, but it waits for its signature. Try again later."))
        self.problem = problem

    def __str__(self) -> str:
        """For the list of jobs and the command line."""
        return self.problem


class Signer(Protocol):
    """Whoever puts the signature into a PDF: a key of this machine, of a device or of a service."""

    @property
    def serial(self) -> str:
        """Serial number of its X.509 certificate, hexadecimal."""

    def sign(self, pdf: bytes, *, reason: str, location: str, name: str, at: datetime) -> bytes:
        """Return the PDF with a signature behind it.

        Raises:
            NotSigned: key, device or service does not answer.
        """


class Key(Protocol):
    """What a `PadesSigner` signs with."""

    @property
    def certificate(self) -> x509.Certificate:
        """Its certificate; asking may ask a device or a service.

        Raises:
            SigningError: it does not answer.
        """

    def opened(self) -> AbstractAsyncContextManager[signers.Signer]:
        """Open it for one signature."""


@dataclass(frozen=True)
class Trust:
    """What goes into a signature so that others can check it."""

    roots: tuple[x509.Certificate, ...] = ()
    issuers: tuple[x509.Certificate, ...] = ()
    # DER.
    crls: tuple[bytes, ...] = ()
    # Of time-stamp authorities.
    timestamp_roots: tuple[x509.Certificate, ...] = ()

    def chain(self) -> list[asn1_x509.Certificate]:
        """Return roots and issuers as pyHanko wants them."""
        return to_asn1((*self.roots, *self.issuers))

    def store(self) -> SimpleCertificateStore:
        """Return the same as pyHanko keeps them."""
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(self.chain())
        return store


class LocalKey:
    """A key of this machine's own folder."""

    def __init__(self, private: EllipticCurvePrivateKey, certificate: x509.Certificate, trust: Trust) -> None:
        self.certificate = certificate
        (converted,) = to_asn1([certificate])
        # Converting the chain once instead of with every signature halves the work.
        self._signer = _QuickSigner(private, converted, trust.store())

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[signers.Signer]:
        """Give it to pyHanko."""
        yield self._signer


class PadesSigner:
    """Signs PDFs with a key and what belongs to it."""

    def __init__(self, key: Key, trust: Trust, *, timestamp_url: str = "") -> None:
        self._key, self._trust, self._timestamp_url = key, trust, timestamp_url
        # Threads share certificates that are parsed while they are read, and sessions of devices.
        self._lock = threading.Lock()

    @property
    def serial(self) -> str:
        """Serial number of the certificate, hexadecimal."""
        return f"{self._key.certificate.serial_number:x}"

    def sign(self, pdf: bytes, *, reason: str, location: str, name: str, at: datetime) -> bytes:
        """Return the PDF with a signature behind it.

        Raises:
            NotSigned: the certificate has run out, or key, device or service does not answer.
        """
        meta = self._meta(reason=reason, location=location, name=name)
        try:
            with self._lock:
                self._require_in_force(at)
                return asyncio.run(self._sign(pdf, meta, at))
        except (SigningError, TimestampRequestError, ValidationError, OSError) as error:
            raise NotSigned(f"The signature could not be made: {error}") from error

    def _require_in_force(self, at: datetime) -> None:
        certificate = self._key.certificate
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            day = certificate.not_valid_after_utc.date().isoformat()
            raise NotSigned(f"The signer's certificate is in force until {day}: `lms keys rotate signer`")

    async def _sign(self, pdf: bytes, meta: signers.PdfSignatureMetadata, at: datetime) -> bytes:
        async with self._key.opened() as key:
            signer = _DatedPdfSigner(
                meta,
                key,
                timestamper=HTTPTimeStamper(self._timestamp_url) if self._timestamp_url else None,
                new_field_spec=_field(),
            )
            signer.at = at
            is_plain = isinstance(key, _QuickSigner) and not self._timestamp_url
            writer = _SteadyWriter(pdf, at)
            reserved = RESERVED if is_plain else RESERVED_OF_OTHERS
            body = await signer.async_sign_pdf(writer, bytes_reserved=reserved)
            return bytes(body.getvalue())

    def _meta(self, *, reason: str, location: str, name: str) -> signers.PdfSignatureMetadata:
        is_stamped = bool(self._timestamp_url)
        return signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            reason=reason,
            location=location,
            name=name,
            embed_validation_info=is_stamped,
            validation_context=self._validation() if is_stamped else None,
        )

    def _validation(self) -> ValidationContext:
        """Return what B-LT puts into the file: our chain and list, and what the authority names."""
        trust = self._trust
        return ValidationContext(
            trust_roots=to_asn1((*trust.roots, *trust.timestamp_roots)),
            other_certs=to_asn1(trust.issuers),
            crls=[asn1_crl.CertificateList.load(body) for body in trust.crls],
            allow_fetching=True,
            revocation_mode="soft-fail",
        )


class _QuickSigner(signers.SimpleSigner):
    """Keeps the key open: pyHanko's own loads and tests it anew for every signature."""

    def __init__(
        self,
        private: EllipticCurvePrivateKey,
        certificate: asn1_x509.Certificate,
        store: SimpleCertificateStore,
    ) -> None:
        super().__init__(signing_cert=certificate, signing_key=None, cert_registry=store)
        self._private = private
        self.signed_attr_prov_spec = _KnownCertificate(certificate)

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        assert digest_algorithm == "sha256"
        return self._private.sign(data, ECDSA(SHA256(), deterministic_signing=True))


class _KnownCertificate(SignedAttributeProviderSpec, CMSAttributeProvider):
    """What PAdES wants signed beside the digest: whose certificate it is, encoded once for all signatures.

    Encoding it anew, names and all, took a third of a signature's time.
    """

    attribute_type = "signing_certificate_v2"

    def __init__(self, certificate: asn1_x509.Certificate) -> None:
        self._encoded = as_signing_certificate_v2(certificate).dump()

    def signed_attr_providers(
        self,
        data_digest: bytes,  # noqa: ARG002 - pyHanko hands both in
        digest_algorithm: str,  # noqa: ARG002
    ) -> list[CMSAttributeProvider]:
        return [self]

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:  # noqa: ARG002
        return tsp.SigningCertificateV2.load(self._encoded)


class _DatedPdfSigner(signers.PdfSigner):
    """Writes the moment it is told, in UTC, not this machine's local time."""

    at: datetime

    def init_signing_session(
        self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


class _SteadyWriter(IncrementalPdfFileWriter):
    """Writes the same bytes for the same file and moment, and leaves the dates of the document alone."""

    def __init__(self, pdf: bytes, at: datetime) -> None:
        super().__init__(io.BytesIO(pdf))
        seed = hashlib.sha256(pdf + at.isoformat(timespec="seconds").encode())
        self._document_id[1] = generic.ByteStringObject(seed.digest()[:16])

    def _update_meta(self) -> None:
        """Write no new date: PDF/A wants the one in the metadata and in the document alike."""


def _field() -> fields.SigFieldSpec:
    invisible = fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True)
    return fields.SigFieldSpec(FIELD, invis_sig_settings=invisible)


def require_trusted(
    certificate: asn1_x509.Certificate, others: Iterable[asn1_x509.Certificate], trust: Trust
) -> None:
    """Make sure that a certificate from outside is believed here: nobody would believe its papers otherwise.

    Raises:
        SigningError: no root in the folder of keys leads to it.
    """
    context = ValidationContext(
        trust_roots=to_asn1(trust.roots),
        other_certs=[*to_asn1(trust.issuers), *others],
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    validator = CertificateValidator(certificate, validation_context=context)
    try:
        asyncio.run(validator.async_validate_usage(set()))  # type: ignore[no-untyped-call]
    except ValidationError as error:
        name = certificate.subject.human_friendly
        raise SigningError(
            f"No root here leads to the signer {name!r}: put the root of its authority into the folder "
            f"of keys as root-2.crt ({error})"
        ) from error


def to_asn1(certificates: Iterable[x509.Certificate]) -> list[asn1_x509.Certificate]:
    """Return certificates as pyHanko wants them."""
    return [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in certificates]
