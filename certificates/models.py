"""A certificate is a row; its PDF is a view of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import NEVER_REUSED, Base


class Certificate(Base):
    """Facts frozen at issue as canonical JSON, with a life story of events."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("state IN ('valid', 'suspended', 'replaced', 'revoked')", name="state"),
        Index(
            "uq_certificate_one_standing",
            "enrolment_id",
            unique=True,
            sqlite_where=text("state IN ('valid', 'suspended')"),
            postgresql_where=text("state IN ('valid', 'suspended')"),
        ),
        Index(
            "ix_certificate_expires_at",
            "expires_at",
            sqlite_where=text("expires_at IS NOT NULL"),
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
        # For the status lists: few of a million do not stand.
        Index(
            "ix_certificate_status_index",
            "status_index",
            sqlite_where=text("state <> 'valid'"),
            postgresql_where=text("state <> 'valid'"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    # 16 random Crockford characters and a check character, without dashes.
    code: Mapped[str] = mapped_column(String(17), unique=True)
    serial: Mapped[str] = mapped_column(String(60), unique=True)
    # Canonical JSON (RFC 8785) of the facts; never changes.
    record: Mapped[str] = mapped_column(Text)
    record_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default="valid")
    # The record's signature as the QR carries it: key id and base32; None while it waits for keys.
    stamp: Mapped[str | None] = mapped_column(String(120))
    # Its bit in the status lists of the credential, drawn at random; None before it has a credential.
    status_index: Mapped[int | None] = mapped_column(unique=True)
    # The signed Open Badges credential, as it is attached and served.
    credential: Mapped[str | None] = mapped_column(Text)
    # The end of its validity; None: it does not run out.
    expires_at: Mapped[datetime | None]
    is_hidden: Mapped[bool] = mapped_column(default=False)
    # Of the holder's link: one of an older generation shows no more than the code alone.
    link_generation: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    # Set when the PDF was first rendered and signed; the file lies under files/<sha256>.
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
    # Of the rendered bytes the signature was put behind.
    unsigned_sha256: Mapped[str | None] = mapped_column(String(64))
    # Serial number of the signer's X.509 certificate, hexadecimal.
    signer: Mapped[str | None] = mapped_column(String(60))
    renderer: Mapped[str | None] = mapped_column(String(40))

    events: Mapped[list[CertificateEvent]] = relationship(
        back_populates="certificate", order_by="CertificateEvent.id", cascade="all, delete-orphan"
    )


class SerialCounter(Base):
    """The last number a branch gave out in a year; taking the next one locks the row until the commit."""

    __tablename__ = "serial_counter"

    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id", ondelete="CASCADE"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class CertificateEvent(Base):
    """One turn in a certificate's life."""

    __tablename__ = "certificate_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('issued', 'signed', 'delivered', 'corrected', 'replaced', 'suspended', 'reinstated',"
            " 'revoked', 'expired')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # Why, for what staff do: a word of `certificates.reasons`.
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    certificate: Mapped[Certificate] = relationship(back_populates="events")


class CertificateBatch(Base):
    """Work on many certificates of a cohort at once, done bit by bit by jobs: what, how far, for whom."""

    __tablename__ = "certificate_batch"
    __table_args__ = (
        CheckConstraint("kind IN ('papers', 'print', 'reissue')", name="kind"),
        # Asked for twelve times at once, it is done once.
        Index(
            "uq_certificate_batch_one_open",
            "cohort_id",
            "kind",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    # In the order of the work; those that no longer stand when their turn comes are passed over.
    certificate_ids: Mapped[list[Any]]
    done: Mapped[int] = mapped_column(default=0)
    # Of them: what could not be done.
    failed_ids: Mapped[list[Any]]
    # Why, in words of the last one.
    problem: Mapped[str] = mapped_column(String(500), default="")
    # sha256 of the files made, in the order they are printed.
    files: Mapped[list[Any]]
    finished_at: Mapped[datetime | None]


class CertificateCheck(Base):
    """Somebody looked whether a certificate stands: when and by what way, never who."""

    __tablename__ = "certificate_check"
    __table_args__ = (
        CheckConstraint("way IN ('qr', 'code', 'link', 'file', 'photo')", name="way"),
        Index("ix_certificate_check_certificate_id", "certificate_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    way: Mapped[str] = mapped_column(String(10))
    # What they read: the word of the verdict.
    verdict: Mapped[str] = mapped_column(String(20))


class CertificateDoubt(Base):
    """What somebody who checked a certificate holds against it, for the issuing office."""

    __tablename__ = "certificate_doubt"
    __table_args__ = (NEVER_REUSED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    # None: there is no certificate with this code; then admins see it.
    certificate_id: Mapped[int | None] = mapped_column(
        ForeignKey("certificate.id", ondelete="CASCADE"), index=True
    )
    # As it was typed or scanned, without blanks and dashes.
    code: Mapped[str] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(String(1000))
    # How the writer can be reached, if they want an answer.
    contact: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # What the office found out.
    note: Mapped[str] = mapped_column(String(500), default="")
