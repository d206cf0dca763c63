"""Changes: the browsers people are signed in with. Views and commands commit."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Delete, Update, bindparam, delete, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import User, UserSession
from lms.core.accounts.queries import hash_token
from lms.core.audit.services import record
from lms.core.db import UNSEEN, begin_write, changed_rows
from lms.core.errors import Conflict, NotFound

SEEN_SECONDS = 60
"""A session is written down as used at most so often."""


def open_session(
    session: Session,
    user_id: int,
    *,
    via: str,
    now: datetime,
    user_agent: str,
    expires_at: datetime,
    card_id: int | None = None,
) -> str:
    """Open a session and return its token, which only the browser's cookie will hold."""
    begin_write(session)
    token = secrets.token_urlsafe(32)
    row = UserSession(
        token_sha256=hash_token(token),
        user_id=user_id,
        created_at=now,
        last_seen_at=now,
        fresh_at=now,
        expires_at=expires_at,
        via=via,
        user_agent=user_agent[:200],
        card_id=card_id,
    )
    session.execute(_sweeping(), {"user": user_id, "now": now})
    session.add(row)
    session.execute(_seeing(), {"user": user_id, "now": now})
    record(
        session, "session.opened", at=now, actor_id=user_id, object_type="user", object_id=user_id, via=via
    )
    session.flush()
    return token


@cache
def _sweeping() -> Delete:
    """Return the change that deletes a person's sessions that have run out."""
    whose = UserSession.user_id == bindparam("user")
    query = delete(UserSession).where(whose, UserSession.expires_at <= bindparam("now"))
    return query.execution_options(**UNSEEN)


@cache
def _seeing() -> Update:
    """Return the change that writes down that a person is here."""
    query = update(User).where(User.id == bindparam("user")).values(last_seen_at=bindparam("now"))
    return query.execution_options(**UNSEEN)


def open_password_session(
    session: Session,
    user_id: int,
    *,
    seen_hash: str,
    new_hash: str | None,
    now: datetime,
    user_agent: str,
    expires_at: datetime,
) -> str:
    """Open a session for a password that was found right, unless the account changed meanwhile.

    Args:
        seen_hash: the hash it was checked against.
        new_hash: the same password hashed at today's cost, if that was needed.

    Raises:
        Conflict: password changed or account switched off since.
    """
    begin_write(session)
    values = {"user": user_id, "seen": seen_hash, "new": new_hash or seen_hash}
    if changed_rows(session.execute(_still_right(), values)) != 1:
        raise Conflict
    return open_session(
        session, user_id, via="password", now=now, user_agent=user_agent, expires_at=expires_at
    )


@cache
def _still_right() -> Update:
    """Return the change that meets an account only while its password is the one that was looked at."""
    is_same = User.password_hash == bindparam("seen")
    query = update(User).where(User.id == bindparam("user"), is_same, User.is_active)
    return query.values(password_hash=bindparam("new")).execution_options(**UNSEEN)


def end_session(session: Session, session_id: str, *, user_id: int | None = None) -> None:
    """End one session.

    Args:
        session_id: sha256 of its token.
        user_id: whose it must be, where the id comes from a form.

    Raises:
        NotFound: ``user_id`` has no such session.
    """
    begin_write(session)
    query = delete(UserSession).where(UserSession.token_sha256 == session_id)
    if user_id is not None:
        query = query.where(UserSession.user_id == user_id)
    if changed_rows(session.execute(query)) == 0 and user_id is not None:
        raise NotFound


def end_sessions_of(session: Session, user_id: int, *, but: str = "") -> None:
    """End all sessions of a person but the one whose id (sha256 of the token) is ``but``."""
    begin_write(session)
    session.execute(
        delete(UserSession).where(UserSession.user_id == user_id, UserSession.token_sha256 != but)
    )


def end_sessions_of_card(session: Session, card_id: int) -> None:
    """End the sessions a card opened, in the transaction that replaces it or takes it away."""
    begin_write(session)
    session.execute(delete(UserSession).where(UserSession.card_id == card_id))


def see_session(session: Session, session_id: str, *, now: datetime) -> None:
    """Write down that a session is in use, and that its person is here."""
    begin_write(session)
    user_id = session.scalar(
        update(UserSession)
        .where(
            UserSession.token_sha256 == session_id,
            UserSession.last_seen_at <= now - timedelta(seconds=SEEN_SECONDS),
        )
        .values(last_seen_at=now)
        .returning(UserSession.user_id)
    )
    if user_id is not None:
        session.execute(_seeing(), {"user": user_id, "now": now})
