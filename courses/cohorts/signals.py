"""The noticeboard of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blinker import Signal
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class CohortCreated:
    """A cohort was set up on an edition."""

    cohort_id: int
    edition_id: int
    created_at: datetime
    actor_id: int | None


cohort_created = Signal(
    """Sent inside the open write transaction when a cohort is created or moved to another edition.

    Sender: the SQLAlchemy session. Payload: ``event: CohortCreated``. Receivers must not commit.
    """
)


def send_cohort_created(session: Session, event: CohortCreated) -> None:
    """Tell the floors above."""
    cohort_created.send(session, event=event)
