"""The noticeboard of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from blinker import Signal
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class FactsChanged:
    """A correction was confirmed: `key` reads otherwise from one day to another, both included."""

    key: str
    valid_from: date
    # None: from then on.
    valid_to: date | None
    # The day we learned it: what was published before has an older one.
    known_on: date
    correction_id: int
    at: datetime
    actor_id: int


facts_changed = Signal(
    """Sent inside the open write transaction when a correction is confirmed; `load_book()` then
    gives the new book.

    Sender: the SQLAlchemy session. Payload: ``event: FactsChanged``. Receivers must be quick and must
    not commit.
    """
)


def send_facts_changed(session: Session, event: FactsChanged) -> None:
    """Tell the floors above."""
    facts_changed.send(session, event=event)
