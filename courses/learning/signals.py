"""The noticeboard of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from blinker import Signal
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class CourseCompleted:
    """A trainee has met every requirement of the cohort."""

    enrolment_id: int
    completed_at: datetime
    # When it was noticed: later than `completed_at` where a sitting's time ran out with nobody looking.
    told_at: datetime


course_completed = Signal(
    """Sent inside the open write transaction, once per enrolment.

    Sender: the SQLAlchemy session. Payload: ``event: CourseCompleted``. Completion and certificate
    stand or fall together, so receivers must be quick and must not commit.
    """
)


def send_course_completed(session: Session, event: CourseCompleted) -> None:
    """Tell the floors above."""
    course_completed.send(session, event=event)
