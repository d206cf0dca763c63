"""The noticeboard of this room."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(frozen=True)
class CohortMoved:
    """A cohort goes on with another edition; `steps` says by number which step takes the place of which."""

    cohort_id: int
    from_edition_id: int
    edition_id: int
    steps: Mapping[int, int]


cohort_moved = Signal(
    """Sent inside the open write transaction, after progress was carried over and before quizzes are pinned.

    Sender: the SQLAlchemy session. Payload: ``event: CohortMoved``. A receiver that raises Conflict keeps the
    cohort where it is; none may commit.
    """
)


def send_cohort_moved(session: Session, event: CohortMoved) -> None:
    """Tell the floors above."""
    cohort_moved.send(session, event=event)
