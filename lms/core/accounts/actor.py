"""Who acts in this request: a plain value, so that services and policies need no database to ask it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.core.accounts.models import STAFF, Role

FRESH_MINUTES = 10
"""So long after showing a password or code somebody may change what protects the account."""


@dataclass(frozen=True)
class Actor:
    """A signed-in person as read from the session table for this request."""

    user_id: int
    name: str
    role: Role
    branch_ids: frozenset[int]
    locale: str | None
    is_demo: bool
    # sha256 of the session token: names the session without being able to use it.
    session_id: str
    token: str
    fresh_at: datetime
    has_second_factor: bool
    showed_second_factor: bool
    via: str
    card_id: int | None = None

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return self.token

    @property
    def is_staff(self) -> bool:
        """Whether this person needs a second factor."""
        return self.role in STAFF

    @property
    def is_admin(self) -> bool:
        """Whether every branch is open to this person."""
        return self.role is Role.ADMIN

    @property
    def is_organiser(self) -> bool:
        """Whether this person may run cohorts; an admin may too."""
        return self.role in {Role.ADMIN, Role.ORGANISER}

    @property
    def is_trainer(self) -> bool:
        """Whether this person may write questions; an admin may too."""
        return self.role in {Role.ADMIN, Role.TRAINER}

    def works_at(self, branch_id: int | None) -> bool:
        """Return whether things of that branch are this person's to run; the nation's (None) are admins'."""
        return self.is_admin or branch_id in self.branch_ids

    def is_fresh(self, now: datetime) -> bool:
        """Return whether password, PIN or code was shown in the last minutes."""
        return now - self.fresh_at <= timedelta(minutes=FRESH_MINUTES)
