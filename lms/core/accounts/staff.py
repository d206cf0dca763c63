"""Changes by an admin to the accounts of staff: who works here, as what, at which branch offices.

Whoever is changed here is never the admin who does it, and one admin who can act always remains.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts import services, sessions
from lms.core.accounts.models import STAFF, Branch, Role, User
from lms.core.accounts.second_factor import remove_second_factor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True)
class StaffValues:
    """What an admin writes down of a member of staff."""

    name: str
    # Folded.
    login: str
    role: Role
    # Branch offices; an admin is bound to none, whatever stands here.
    branch_ids: frozenset[int]

    @property
    def bound_to(self) -> frozenset[int]:
        """The branch offices that count for this role."""
        return frozenset() if self.role is Role.ADMIN else self.branch_ids


def mark_of(user: User) -> str:
    """Return a short text that changes with everything :func:`change_staff` can change."""
    branches = sorted(membership.branch_id for membership in user.memberships)
    state = json.dumps([user.name, user.login, user.role, branches])
    return sha256(state.encode()).hexdigest()[:32]


def add_staff(
    session: Session, actor_id: int | None, *, values: StaffValues, now: datetime
) -> tuple[User, str]:
    """Make an account and a one-time token with which its owner chooses a password.

    Raises:
        Invalid: the login is taken, the role is none of staff, or a branch office is missing.
    """
    begin_write(session)
    _lock_admins(session, actor_id)
    _check_values(session, values)
    user = services.create_user(
        session,
        name=values.name,
        role=values.role,
        login=values.login,
        branch_ids=values.bound_to,
        now=now,
        actor_id=actor_id,
    )
    return user, services.make_password_reset(session, actor_id, user_id=user.id, now=now)


def change_staff(
    session: Session, actor_id: int | None, *, user_id: int, seen: str, values: StaffValues, now: datetime
) -> None:
    """Change name, login, role and branch offices; with anything but the name every session ends.

    Args:
        seen: :func:`mark_of` the account when the page was made.

    Raises:
        NotFound: nobody of staff has this id.
        Conflict: somebody else changed the account meanwhile, or no admin would remain.
        Invalid: one's own role or login, a login that is taken, or a branch office is missing.
    """
    user = _begin(session, actor_id, user_id)
    if mark_of(user) != seen:
        raise Conflict(
            _l(
                "Somebody else has changed this account meanwhile. Look at how it stands now, "
                "then save again."
            )
        )
    _check_values(session, values)
    if user_id == actor_id:
        _refuse_own(user, values)
    if user.role == Role.ADMIN and values.role is not Role.ADMIN:
        _refuse_last_admin(session, user_id)
    if values.name != user.name:
        user.name = values.name
        record(session, "user.renamed", at=now, actor_id=actor_id, object_type="user", object_id=user_id)
    if values.login != user.login:
        services.change_login(session, user_id, login=values.login, now=now, actor_id=actor_id)
        sessions.end_sessions_of(session, user_id)
    _place(session, actor_id, user, values, now)
    session.flush()


def _place(session: Session, actor_id: int | None, user: User, values: StaffValues, now: datetime) -> None:
    """Set role and branch offices if they differ."""
    held = {membership.branch_id for membership in user.memberships}
    if (user.role, held) == (values.role.value, set(values.bound_to)):
        return
    services.change_role(
        session, actor_id, user_id=user.id, role=values.role, branch_ids=values.bound_to, now=now
    )


def block(session: Session, actor_id: int | None, *, user_id: int, now: datetime) -> None:
    """Switch an account off: it is signed out everywhere and cannot sign in; twice changes nothing.

    Raises:
        NotFound: nobody of staff has this id.
        Conflict: it is one's own, or the last admin's.
    """
    user = _begin(session, actor_id, user_id)
    refuse_self(actor_id, user_id)
    if not user.is_active:
        return
    if user.role == Role.ADMIN:
        _refuse_last_admin(session, user_id)
    services.set_active(session, actor_id, user_id=user_id, is_active=False, now=now)


def unblock(session: Session, actor_id: int | None, *, user_id: int, now: datetime) -> None:
    """Switch an account on again; twice changes nothing.

    Raises:
        NotFound: nobody of staff has this id.
    """
    user = _begin(session, actor_id, user_id)
    if not user.is_active:
        services.set_active(session, actor_id, user_id=user_id, is_active=True, now=now)


def hand_out_reset(session: Session, actor_id: int | None, *, user_id: int, now: datetime) -> str:
    """Return a one-time token with which a member of staff chooses a new password.

    Raises:
        NotFound: nobody of staff has this id.
        Conflict: it is one's own account, or a blocked one.
    """
    user = _begin(session, actor_id, user_id)
    refuse_self(actor_id, user_id)
    if not user.is_active:
        raise Conflict(_l("This account is blocked. Unblock it first, then make a link for a new password."))
    return services.make_password_reset(session, actor_id, user_id=user_id, now=now)


def reset_second_factor(session: Session, actor_id: int | None, *, user_id: int, now: datetime) -> None:
    """Take a lost second factor off; every session ends, the next sign-in asks to set up a new one.

    Raises:
        NotFound: nobody of staff has this id.
        Conflict: it is one's own account.
    """
    user = _begin(session, actor_id, user_id)
    refuse_self(actor_id, user_id)
    if user.totp_secret is not None:
        remove_second_factor(session, actor_id, user_id=user_id, now=now)


def sign_out_everywhere(session: Session, actor_id: int | None, *, user_id: int, now: datetime) -> None:
    """End every session of a member of staff.

    Raises:
        NotFound: nobody of staff has this id.
        Conflict: it is one's own account.
    """
    _begin(session, actor_id, user_id)
    refuse_self(actor_id, user_id)
    sessions.end_sessions_of(session, user_id)
    record(session, "user.signed_out", at=now, actor_id=actor_id, object_type="user", object_id=user_id)
    session.flush()


def refuse_self(actor_id: int | None, user_id: int) -> None:
    """Let an admin do to others only what would shut out or open the own account.

    Raises:
        Conflict: it is one's own account.
    """
    if user_id == actor_id:
        raise Conflict(
            _l(
                "This is your own account. Password, second factor and devices you change on your account "
                "page; blocking it or taking the admin role from it is for another admin."
            )
        )


def _begin(session: Session, actor_id: int | None, user_id: int) -> User:
    """Start to write, and return a member of staff whose row nobody else changes until the end."""
    begin_write(session)
    _lock_admins(session, actor_id)
    query = select(User).where(User.id == user_id, User.role.in_(STAFF)).with_for_update()
    user = session.scalar(query)
    if user is None:
        raise NotFound
    return user


def _lock_admins(session: Session, actor_id: int | None) -> set[int]:
    """Return the admins who can act, locked: two who demote each other at one moment meet here.

    Raises:
        NotFound: the one who acts is none of them any more.
    """
    query = select(User.id).where(User.role == Role.ADMIN.value, User.is_active).order_by(User.id)
    admins = set(session.scalars(query.with_for_update()))
    if actor_id is not None and actor_id not in admins:
        raise NotFound
    return admins


def _refuse_last_admin(session: Session, user_id: int) -> None:
    if not _lock_admins(session, None) - {user_id}:
        raise Conflict(_l("This is the last admin who can sign in. Make somebody else an admin first."))


def _refuse_own(user: User, values: StaffValues) -> None:
    if values.role.value != user.role:
        raise Invalid(
            _l("Nobody takes the admin role from themselves; another admin can do it."), field="role"
        )
    if values.login != user.login:
        raise Invalid(
            _l("What you sign in with yourself you change on your account page, with your password."),
            field="login",
        )


def _check_values(session: Session, values: StaffValues) -> None:
    if values.role not in STAFF:
        raise Invalid(_l("Choose what this person does here."), field="role")
    if values.role is not Role.ADMIN and not values.branch_ids:
        raise Invalid(_l("An organiser or trainer works at a branch office: name one."), field="branch_ids")
    known = set(session.scalars(select(Branch.id).where(Branch.id.in_(values.bound_to))))
    if known != values.bound_to:
        raise Invalid(_l("Choose one from the list."), field="branch_ids")
