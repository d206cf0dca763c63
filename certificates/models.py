"""A certificate is a row; its PDF is a view of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import NEVER_REUSED, Base


class Certificate(Base):
    """Facts frozen at issue as canonical JSON, with a life story of events."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("state IN ('valid', 'replaced', 'revoked')", name="state"),
        Index(
            "uq_certificate_one_standing",
            "enrolment_id",
            unique=True,
            sqlite_where=text("state = 'valid'"),
            postgresql_where=text("state = 'valid'"),
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
    is_hidden: Mapped[bool] = mapped_column(default=False)
    issued_at: Mapped[datetime]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    # Set when the PDF was first rendered; the file lies under files/<sha256>.
    pdf_sha256: Mapped[str | None] = mapped_column(String(64))
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
        CheckConstraint("kind IN ('issued', 'delivered', 'corrected', 'replaced', 'revoked')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # For revocations: `wrong_person`, `wrong_facts`, `cheating`, `request`, `other`.
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    certificate: Mapped[Certificate] = relationship(back_populates="events")
