"""Cohorts and the people in them: timetable, enrolments, cards."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Edition
from lms.core.accounts.models import Branch, User
from lms.core.db import NEVER_REUSED, Base


class Element(StrEnum):
    """Unsur: where a trainee comes from."""

    ACADEMIC = "academic"
    UNION = "union"
    COMMUNITY_LEADER = "community_leader"
    SOCIAL_WORKER = "social_worker"
    ENTREPRENEUR = "entrepreneur"
    VILLAGE_OFFICIAL = "village_official"
    FARMER_GROUP = "farmer_group"
    YOUTH_GROUP = "youth_group"
    RELIGIOUS_ORGANISATION = "religious_organisation"
    OTHER = "other"


class Mode(StrEnum):
    """How a cohort meets."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    MIXED = "mixed"


class Cohort(Base):
    """Angkatan: a run of an edition for some 25 people."""

    __tablename__ = "cohort"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("mode IN ('in_person', 'online', 'mixed')", name="mode"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    name: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(300), default="")
    mode: Mapped[str] = mapped_column(String(20), default="in_person", server_default="in_person")
    # IANA name; shown as WIB, WITA or WIT.
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    is_demo: Mapped[bool] = mapped_column(default=False)
    # Numbers of steps it was given beside those of its edition, in this order; those of an edition it was on
    # before are kept and not shown.
    extra_steps: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    created_at: Mapped[datetime]

    branch: Mapped[Branch] = relationship()
    edition: Mapped[Edition] = relationship()
    sessions: Mapped[list[Session]] = relationship(
        back_populates="cohort", order_by="Session.starts_at", cascade="all, delete-orphan"
    )


class Session(Base):
    """A slot of the timetable."""

    __tablename__ = "session"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="times"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    # The module it teaches; None for opening, meals, prayer.
    module_folder: Mapped[str | None] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # Empty: the cohort's place.
    place: Mapped[str] = mapped_column(String(300), default="")

    cohort: Mapped[Cohort] = relationship(back_populates="sessions")
    speakers: Mapped[list[Speaker]] = relationship(back_populates="session", cascade="all, delete-orphan")


class Speaker(Base):
    """Narasumber: who speaks in a session."""

    __tablename__ = "speaker"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200), default="")

    session: Mapped[Session] = relationship(back_populates="speakers")


class Enrolment(Base):
    """Kepesertaan: a person in a cohort."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "user_id"),
        CheckConstraint("status IN ('active', 'withdrawn')", name="status"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    # As written in the roster.
    name: Mapped[str] = mapped_column(String(200))
    # NFKC, casefold, single blanks: twins are found by it.
    name_folded: Mapped[str] = mapped_column(String(200), index=True)
    element: Mapped[str] = mapped_column(String(40))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    # Official code of the kabupaten or kota, e.g. 35.19.
    region_code: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20), default="active")
    created_at: Mapped[datetime]
    # Name and title as they will stand on the certificate, confirmed by the person before the posttest.
    certificate_name: Mapped[str | None] = mapped_column(String(200))
    name_confirmed_at: Mapped[datetime | None]
    # What the person asks to have corrected, shown to the organiser until done.
    correction_request: Mapped[str | None] = mapped_column(String(500))

    cohort: Mapped[Cohort] = relationship()
    user: Mapped[User] = relationship()
    card: Mapped[Card | None] = relationship(back_populates="enrolment", cascade="all, delete-orphan")


class RosterDraft(Base):
    """A roster between its dry run and the decision to apply it; nobody but its sender sees it."""

    __tablename__ = "roster_draft"
    # A number is never used again: an old tab must not apply a newer file.
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    # [[line, name, element, organisation, region, phone], …] as written.
    rows: Mapped[list[Any]]
    # Headers of columns that were left alone.
    ignored: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]


class Card(Base):
    """The printed card of an enrolment. Token and PIN are derived from the instance key, never stored."""

    __tablename__ = "card"
    # Token and PIN come of the number: they must not open somebody else's account one day.
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), unique=True)
    # Eight digits, printed 4-4.
    number: Mapped[str] = mapped_column(String(8), unique=True)
    # Counts replacements: a new generation makes the old token and PIN worthless.
    generation: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship(back_populates="card")
