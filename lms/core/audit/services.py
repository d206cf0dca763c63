"""Write to the audit log, in the transaction of the change itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from lms.core.audit.models import AuditEvent


def record(
    session: Session,
    action: str,
    *,
    at: datetime,
    actor_id: int | None,
    object_type: str = "",
    object_id: int | None = None,
    branch_id: int | None = None,
    **details: Any,
) -> None:
    """Add one event; ``details`` are JSON and hold no secret, no key, no personal data beyond names."""
    session.add(
        AuditEvent(
            at=at,
            actor_id=actor_id,
            action=action,
            object_type=object_type,
            object_id=object_id,
            branch_id=branch_id,
            details=details,
        )
    )
