"""Changes to branch offices."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid


def create_branch(session: Session, branch: Branch, *, now: datetime) -> Branch:
    """Store a new branch office.

    Raises:
        Conflict: its code is taken.
        Invalid: its time zone does not exist.
    """
    if branch.time_zone not in available_timezones():
        raise Invalid(
            f"There is no time zone {branch.time_zone}. Indonesia has Asia/Jakarta, "
            "Asia/Makassar and Asia/Jayapura.",
            field="time_zone",
        )
    begin_write(session)
    if session.scalar(select(Branch.id).where(Branch.code == branch.code)) is not None:
        raise Conflict(f"The code {branch.code} belongs to another branch office.")
    session.add(branch)
    session.flush()
    record(session, "branch.created", at=now, actor_id=None, object_type="branch", object_id=branch.id)
    return branch
