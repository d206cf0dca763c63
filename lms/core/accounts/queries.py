"""Reads: who is signed in, whose login this is, which browsers are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import Dialect, Select, bindparam, func, select
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.accounts.models import (
    STAFF,
    Branch,
    BranchMembership,
    PasswordReset,
    RecoveryCode,
    Role,
    User,
    UserSession,
)
from lms.core.accounts.policies import idle_limit
from lms.core.db import connection_of
from lms.core.errors import NotFound
from lms.core.i18n import HOME_ZONE
from lms.core.statements import Prepared


@dataclass(frozen=True)
class SignedIn:
    """The person behind a session cookie, and when the session was last written down as used."""

    actor: Actor
    last_seen_at: datetime


@dataclass(frozen=True)
class Credentials:
    """What a sign-in needs to know of an account."""

    user_id: int
    role: Role
    password_hash: str | None
    has_second_factor: bool

    @property
    def is_staff(self) -> bool:
        """Whether this account needs a second factor."""
        return self.role in STAFF


@dataclass(frozen=True)
class Account:
    """What a person's own page shows."""

    user: User
    recovery_codes_left: int
    # Of the branch office; of the capital for everybody else.
    time_zone: str


def hash_token(token: str) -> str:
    """Return what the table holds instead of a random token."""
    return sha256(token.encode()).hexdigest()


def find_signed_in(session: Session, *, token: str, now: datetime, idle_minutes: int) -> SignedIn | None:
    """Return who holds this session token, in one query; None if the session is over."""
    values = {"token_sha256": hash_token(token), "now": now}
    connection = connection_of(session)
    rows = _signed_in(connection.dialect).rows(connection, values)
    if not rows:
        return None
    row = rows[0]
    if now - row.last_seen_at > idle_limit(Role(row.role), idle_minutes=idle_minutes):
        return None
    branch_ids = frozenset(each.branch_id for each in rows if each.branch_id is not None)
    return SignedIn(_actor(row, branch_ids, token), row.last_seen_at)


@cache
def _signed_in(dialect: Dialect) -> Prepared:
    """Return the query of every request."""
    browser, user, membership = (model.__table__.c for model in (UserSession, User, BranchMembership))
    query = (
        select(browser.token_sha256, browser.last_seen_at, browser.fresh_at, browser.second_factor_at)
        .add_columns(browser.via, browser.card_id, membership.branch_id)
        .add_columns(user.id, user.name, user.role, user.locale, user.is_demo, user.totp_secret)
        .select_from(UserSession.__table__)
        .join(User.__table__, user.id == browser.user_id)
        .outerjoin(BranchMembership.__table__, membership.user_id == user.id)
        .where(browser.token_sha256 == bindparam("token_sha256"))
        .where(user.is_active, browser.expires_at > bindparam("now"))
    )
    return Prepared(query, dialect)


def _actor(row: Any, branch_ids: frozenset[int], token: str) -> Actor:
    return Actor(
        user_id=row.id,
        name=row.name,
        role=Role(row.role),
        branch_ids=branch_ids,
        locale=row.locale,
        is_demo=row.is_demo,
        session_id=row.token_sha256,
        token=token,
        fresh_at=row.fresh_at,
        has_second_factor=row.totp_secret is not None,
        showed_second_factor=row.second_factor_at is not None,
        via=row.via,
        card_id=row.card_id,
    )


def find_credentials(session: Session, login: str) -> Credentials | None:
    """Return the account with this folded login, or None; switched-off accounts count as none."""
    row = session.execute(_credentials(), {"login": login}).one_or_none()
    if row is None:
        return None
    user_id, role, password_hash, totp_secret = row
    return Credentials(user_id, Role(role), password_hash, totp_secret is not None)


@cache
def _credentials() -> Select[*tuple[Any, ...]]:
    columns = select(User.id, User.role, User.password_hash, User.totp_secret)
    return columns.where(User.login == bindparam("login"), User.is_active)


def get_user(session: Session, user_id: int) -> User:
    """Return a person.

    Raises:
        NotFound: there is none.
    """
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def find_user_by_login(session: Session, login: str) -> User | None:
    """Return the person with this folded login, or None."""
    return session.scalar(select(User).where(User.login == login))


def get_account(session: Session, user_id: int) -> Account:
    """Return a person with the number of recovery codes left and the time zone, in one query.

    Raises:
        NotFound: there is none.
    """
    left = (
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.user_id == User.id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    zone = (
        select(func.min(Branch.time_zone))
        .join(BranchMembership, BranchMembership.branch_id == Branch.id)
        .where(BranchMembership.user_id == User.id)
        .scalar_subquery()
    )
    row = session.execute(select(User, left, zone).where(User.id == user_id)).one_or_none()
    if row is None:
        raise NotFound
    user, count, time_zone = row
    return Account(user, count, time_zone or HOME_ZONE)


def list_sessions(session: Session, user_id: int, *, now: datetime) -> list[UserSession]:
    """Return the browsers a person is signed in with, the last used first; 50 at most."""
    query = (
        select(UserSession)
        .where(UserSession.user_id == user_id, UserSession.expires_at > now)
        .order_by(UserSession.last_seen_at.desc(), UserSession.token_sha256)
        .limit(50)
    )
    return list(session.scalars(query))


def find_reset_user(session: Session, token: str, *, now: datetime) -> User | None:
    """Return whose password this one-time token may set, or None if it is used, too old or made up."""
    query = (
        select(User)
        .join(PasswordReset, PasswordReset.user_id == User.id)
        .where(
            PasswordReset.token_sha256 == hash_token(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
            User.is_active,
        )
    )
    return session.scalar(query)
