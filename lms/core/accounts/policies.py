"""How long people stay signed in, and who may help whom: pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from lms.core.accounts.models import STAFF, Role

STAFF_IDLE = timedelta(minutes=60)
STAFF_LONGEST = timedelta(days=1)


def idle_limit(role: Role, *, idle_minutes: int) -> timedelta:
    """Return after how long without a request a session ends."""
    limit = timedelta(minutes=idle_minutes)
    return min(limit, STAFF_IDLE) if role in STAFF else limit


def session_end(role: Role, *, now: datetime, days: int) -> datetime:
    """Return when a session that begins now ends at the latest."""
    return now + (STAFF_LONGEST if role in STAFF else timedelta(days=days))


def can_reset_password(actor_role: Role, role: Role) -> bool:
    """Return whether staff may hand out a way to a new password: organisers to trainees, admins to all."""
    return actor_role is Role.ADMIN or (actor_role is Role.ORGANISER and role is Role.TRAINEE)
