"""Users, roles, branches, sessions, second factors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import NEVER_REUSED, Base


class Role(StrEnum):
    """What somebody is here. Trainers and organisers are bound to branches, an admin to none."""

    ADMIN = "admin"
    ORGANISER = "organiser"
    TRAINER = "trainer"
    TRAINEE = "trainee"


STAFF = frozenset({Role.ADMIN, Role.ORGANISER, Role.TRAINER})


class Branch(Base):
    """Kantor cabang: owns cohorts, organisers and its own questions."""

    __tablename__ = "branch"
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300), default="")
    city: Mapped[str] = mapped_column(String(100), default="")
    time_zone: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")
    # Who signs certificates of this branch, and as what.
    signatory_name: Mapped[str] = mapped_column(String(200), default="")
    signatory_title: Mapped[str] = mapped_column(String(200), default="")
    # What lets this person sign, e.g. a decree's number and date; printed below the title.
    signatory_mandate: Mapped[str] = mapped_column(String(200), default="", server_default="")
    # How its certificates are numbered, see `lms.core.accounts.serial_patterns`; empty: as everywhere.
    serial_pattern: Mapped[str] = mapped_column(String(60), default="", server_default="")
    is_demo: Mapped[bool] = mapped_column(default=False)


class FormerBranchCode(Base):
    """A code a branch office gave up: no other may take it, as certificates carry it in their numbers."""

    __tablename__ = "former_branch_code"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id", ondelete="CASCADE"), index=True)


class User(Base):
    """A person who can sign in. A trainee who only has a card has neither login nor password."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("role IN ('admin', 'organiser', 'trainer', 'trainee')", name="role"),
        CheckConstraint("password_hash IS NULL OR login IS NOT NULL", name="password_needs_login"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    # Folded (NFKC, casefold, trimmed) e-mail or telephone number.
    login: Mapped[str | None] = mapped_column(String(254), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # Few are staff among many trainees: their list must not read everybody.
    role: Mapped[str] = mapped_column(String(20), index=True)
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    locale: Mapped[str | None] = mapped_column(String(5))
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    # Of the link by which a person finds what is theirs without signing in: older ones open nothing.
    own_link_generation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    # Sessions are deleted, this stays; written when one opens and every few minutes of use.
    last_seen_at: Mapped[datetime | None]
    # Encrypted with the instance's vault key; None until enrolled.
    totp_secret: Mapped[str | None] = mapped_column(String(300))
    totp_last_counter: Mapped[int | None]
    totp_enrolled_at: Mapped[datetime | None]

    memberships: Mapped[list[BranchMembership]] = relationship(
        back_populates="user", cascade="all, delete-orphan"
    )


class BranchMembership(Base):
    """A member of staff works at a branch."""

    __tablename__ = "branch_membership"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    branch_id: Mapped[int] = mapped_column(
        ForeignKey("branch.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    user: Mapped[User] = relationship(back_populates="memberships")
    branch: Mapped[Branch] = relationship()


class RecoveryCode(Base):
    """A way in when the second factor is lost; works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("user_id", "code_sha256"),)


class UserSession(Base):
    """One signed-in browser. The cookie holds the token, the table only its hash."""

    __tablename__ = "user_session"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    # When a password, card PIN or code was last shown in this session.
    fresh_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    # "password" or "card"
    via: Mapped[str] = mapped_column(String(20))
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    # The card that opened it: taking the card away ends it.
    card_id: Mapped[int | None] = mapped_column(index=True)


class PasswordReset(Base):
    """A one-time way to set a new password, handed out by staff or by `lms user reset`."""

    __tablename__ = "password_reset"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Base):
    """Failures counted over all processes: `<what>:<hash of whom>`."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
