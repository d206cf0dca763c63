"""Changes: people, their passwords and ways back. Views and commands commit; hash before you call."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.core.accounts import throttle
from lms.core.accounts.logins import fold_login
from lms.core.accounts.models import BranchMembership, PasswordReset, Role, User, UserSession
from lms.core.accounts.policies import can_reset_password
from lms.core.accounts.queries import find_reset_user, get_user, hash_token
from lms.core.accounts.sessions import end_sessions_of
from lms.core.audit.services import record
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Invalid, NotFound

RESET_MINUTES = 30
"""So long a one-time way to set a password works."""


def create_user(
    session: Session,
    *,
    name: str,
    role: Role,
    login: str | None = None,
    password_hash: str | None = None,
    branch_ids: Iterable[int] = (),
    now: datetime,
    phone: str | None = None,
    is_demo: bool = False,
    actor_id: int | None = None,
) -> User:
    """Make a person, with a login or (a trainee with a card) without.

    Raises:
        Invalid: the login is taken, or an organiser or trainer has no branch.
    """
    begin_write(session)
    folded = fold_login(login) if login else None
    _refuse_taken(session, folded)
    branches = sorted(set(branch_ids))
    if role in {Role.ORGANISER, Role.TRAINER} and not branches:
        raise Invalid(_l("An organiser or trainer works at a branch office: name one."), field="branch_ids")
    user = User(
        name=name,
        role=role.value,
        login=folded,
        password_hash=password_hash,
        phone=phone,
        is_demo=is_demo,
        created_at=now,
        memberships=[BranchMembership(branch_id=branch_id) for branch_id in branches],
    )
    session.add(user)
    _flush_login(session)
    record(
        session,
        "user.created",
        at=now,
        actor_id=actor_id,
        object_type="user",
        object_id=user.id,
        role=role.value,
        branches=branches,
    )
    return user


def change_role(
    session: Session,
    actor_id: int | None,
    *,
    user_id: int,
    role: Role,
    branch_ids: Iterable[int],
    now: datetime,
) -> None:
    """Give somebody another role or other branches; every session of theirs ends.

    Raises:
        NotFound: no such person.
    """
    begin_write(session)
    user = get_user(session, user_id)
    user.role = role.value
    branches = sorted(set(branch_ids))
    user.memberships = [BranchMembership(branch_id=branch_id) for branch_id in branches]
    end_sessions_of(session, user_id)
    record(
        session,
        "user.role_changed",
        at=now,
        actor_id=actor_id,
        object_type="user",
        object_id=user_id,
        role=role.value,
        branches=branches,
    )
    session.flush()


def set_active(
    session: Session, actor_id: int | None, *, user_id: int, is_active: bool, now: datetime
) -> None:
    """Switch an account off (every session and one-time token ends) or on again.

    Raises:
        NotFound: no such person.
    """
    begin_write(session)
    get_user(session, user_id).is_active = is_active
    if not is_active:
        end_sessions_of(session, user_id)
        _void_resets(session, user_id, now)
    action = "user.switched_on" if is_active else "user.switched_off"
    record(session, action, at=now, actor_id=actor_id, object_type="user", object_id=user_id)
    session.flush()


def change_password(
    session: Session,
    user_id: int,
    *,
    password_hash: str,
    login: str | None = None,
    keep: str = "",
    now: datetime,
) -> None:
    """Set a person's own password, and the login where there was none; all other sessions end.

    Args:
        keep: id of the session that stays.

    Raises:
        Invalid: the login is taken, or missing.
    """
    begin_write(session)
    user = get_user(session, user_id)
    _set_password(session, user, password_hash, login)
    end_sessions_of(session, user_id, but=keep)
    _void_resets(session, user_id, now)
    record(session, "user.password_changed", at=now, actor_id=user_id, object_type="user", object_id=user_id)


def change_login(
    session: Session, user_id: int, *, login: str, now: datetime, actor_id: int | None = None
) -> None:
    """Change what a person signs in with.

    Args:
        login: folded.
        actor_id: the admin who does it; None is the person.

    Raises:
        Invalid: it is taken.
    """
    begin_write(session)
    user = get_user(session, user_id)
    if login != user.login:
        _refuse_taken(session, login)
        user.login = login
        _flush_login(session)
    record(
        session,
        "user.login_changed",
        at=now,
        actor_id=actor_id or user_id,
        object_type="user",
        object_id=user_id,
    )


def change_language(session: Session, user_id: int, *, locale: str, now: datetime) -> None:
    """Set the language that greets a person on every device.

    Args:
        locale: one of :data:`lms.core.config.LANGUAGES`.
    """
    begin_write(session)
    get_user(session, user_id).locale = locale
    record(
        session,
        "user.language_changed",
        at=now,
        actor_id=user_id,
        object_type="user",
        object_id=user_id,
        locale=locale,
    )
    session.flush()


def make_password_reset(session: Session, actor_id: int | None, *, user_id: int, now: datetime) -> str:
    """Return a one-time token with which a person sets a new password within 30 minutes.

    The page is ``accounts.open_reset``. Earlier tokens of this person stop working; the second factor stays.

    Args:
        actor_id: an organiser (for trainees) or admin; None is the command line.

    Raises:
        NotFound: no such person, or not this actor's to help.
    """
    begin_write(session)
    user = get_user(session, user_id)
    if actor_id is not None:
        actor = get_user(session, actor_id)
        if not can_reset_password(Role(actor.role), Role(user.role)):
            raise NotFound
    _void_resets(session, user_id, now)
    token = secrets.token_urlsafe(32)
    expires_at = now + timedelta(minutes=RESET_MINUTES)
    session.add(
        PasswordReset(token_sha256=hash_token(token), user_id=user_id, created_at=now, expires_at=expires_at)
    )
    record(session, "user.reset_handed_out", at=now, actor_id=actor_id, object_type="user", object_id=user_id)
    session.flush()
    return token


def use_password_reset(
    session: Session, token: str, *, password_hash: str, login: str | None = None, now: datetime
) -> User:
    """Set a password with a one-time token: it works once, and every session of the person ends.

    Args:
        login: folded; needed where the person has none yet.

    Raises:
        NotFound: the token is used, too old or made up.
        Invalid: the login is taken, or missing.
    """
    begin_write(session)
    user = find_reset_user(session, token, now=now)
    if user is None:
        raise NotFound
    query = (
        update(PasswordReset)
        .where(PasswordReset.token_sha256 == hash_token(token), PasswordReset.used_at.is_(None))
        .values(used_at=now)
    )
    if changed_rows(session.execute(query)) != 1:
        raise NotFound
    _set_password(session, user, password_hash, login)
    end_sessions_of(session, user.id)
    record(session, "user.password_reset", at=now, actor_id=user.id, object_type="user", object_id=user.id)
    session.flush()
    return user


def renew_own_link(session: Session, user_id: int) -> None:
    """Let the links a person kept until now open nothing; a new one does."""
    begin_write(session)
    generation = User.own_link_generation + 1
    session.execute(update(User).where(User.id == user_id).values(own_link_generation=generation))


def sweep(session: Session, *, now: datetime) -> None:
    """Delete what has run out: sessions, one-time tokens, forgotten failures."""
    begin_write(session)
    session.execute(delete(UserSession).where(UserSession.expires_at <= now))
    session.execute(delete(PasswordReset).where(PasswordReset.expires_at <= now - timedelta(days=1)))
    throttle.sweep(session, now=now)


def _set_password(session: Session, user: User, password_hash: str, login: str | None) -> None:
    if user.login is None:
        if not login:
            raise Invalid(_l("Write an e-mail address or a telephone number to sign in with."), field="login")
        _refuse_taken(session, login)
        user.login = login
    user.password_hash = password_hash
    _flush_login(session)


def _void_resets(session: Session, user_id: int, now: datetime) -> None:
    query = update(PasswordReset).where(PasswordReset.user_id == user_id, PasswordReset.used_at.is_(None))
    session.execute(query.values(used_at=now))


def _refuse_taken(session: Session, login: str | None) -> None:
    if login is not None and session.scalar(select(User.id).where(User.login == login)) is not None:
        raise _taken()


def _flush_login(session: Session) -> None:
    """Write the person now; two people who take one login at the same moment meet here."""
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise _taken() from error


def _taken() -> Invalid:
    return Invalid(_l("Somebody signs in with this already. Use another address or number."), field="login")
