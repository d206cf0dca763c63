"""Changes to second factors. Secrets come sealed and codes digested (see :mod:`lms.core.accounts.vault`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import RecoveryCode, User, UserSession
from lms.core.accounts.queries import get_user
from lms.core.accounts.sessions import end_sessions_of
from lms.core.audit.services import record
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Invalid


def enrol_second_factor(
    session: Session,
    user_id: int,
    *,
    sealed_secret: str,
    counter: int | None,
    code_digests: Iterable[str],
    now: datetime,
    session_id: str = "",
) -> None:
    """Store a second factor in place of any earlier one; other sessions end, this one has shown it.

    Args:
        counter: period of the code that proved the app works; it is used up. None where nothing was shown.
        code_digests: of the recovery codes.
        session_id: the session that stays.
    """
    begin_write(session)
    user = get_user(session, user_id)
    user.totp_secret = sealed_secret
    user.totp_last_counter = counter
    user.totp_enrolled_at = now
    end_sessions_of(session, user_id, but=session_id)
    _show(session, session_id, now)
    replace_recovery_codes(session, user_id, code_digests=code_digests, now=now)
    record(session, "second_factor.enrolled", at=now, actor_id=user_id, object_type="user", object_id=user_id)
    session.flush()


def accept_code(session: Session, user_id: int, *, counter: int, session_id: str, now: datetime) -> None:
    """Take a right code: it and all earlier ones are used up, and the session has shown the second factor.

    Raises:
        Invalid: this code or a later one was used before.
    """
    begin_write(session)
    query = (
        update(User)
        .where(User.id == user_id, or_(User.totp_last_counter.is_(None), User.totp_last_counter < counter))
        .values(totp_last_counter=counter)
    )
    if changed_rows(session.execute(query)) != 1:
        raise Invalid(_l("This code was used already. Wait for the next one."), field="code")
    _show(session, session_id, now)


def accept_recovery_code(
    session: Session, user_id: int, *, digest: str, session_id: str, now: datetime
) -> None:
    """Use up a recovery code instead.

    Raises:
        Invalid: there is no such code, or it was used.
    """
    begin_write(session)
    query = (
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_sha256 == digest,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    if changed_rows(session.execute(query)) != 1:
        raise Invalid(_l("This code is not right, or was used already."), field="code")
    _show(session, session_id, now)
    record(
        session,
        "second_factor.recovery_used",
        at=now,
        actor_id=user_id,
        object_type="user",
        object_id=user_id,
    )
    session.flush()


def replace_recovery_codes(
    session: Session, user_id: int, *, code_digests: Iterable[str], now: datetime
) -> None:
    """Put new recovery codes in place of the old ones."""
    begin_write(session)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(user_id=user_id, code_sha256=digest) for digest in code_digests)
    record(
        session,
        "second_factor.codes_replaced",
        at=now,
        actor_id=user_id,
        object_type="user",
        object_id=user_id,
    )
    session.flush()


def remove_second_factor(session: Session, actor_id: int | None, *, user_id: int, now: datetime) -> None:
    """Take a lost second factor off an account; every session ends, the next sign-in asks to enrol anew."""
    begin_write(session)
    user = get_user(session, user_id)
    user.totp_secret = user.totp_last_counter = user.totp_enrolled_at = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    end_sessions_of(session, user_id)
    record(session, "second_factor.removed", at=now, actor_id=actor_id, object_type="user", object_id=user_id)
    session.flush()


def _show(session: Session, session_id: str, now: datetime) -> None:
    query = update(UserSession).where(UserSession.token_sha256 == session_id)
    session.execute(query.values(second_factor_at=now))
