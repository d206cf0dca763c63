"""What a trainee has done, and the moment it was enough."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class Progress(Base):
    """A trainee's state on one step. A projection kept in the transaction of whatever changes it."""

    __tablename__ = "progress"

    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True
    )
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), primary_key=True)
    opened_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    # Percent that counts for a quiz step, 0–100; None for a lesson.
    percent: Mapped[Decimal | None]
    attempts_used: Mapped[int] = mapped_column(default=0)


class Completion(Base):
    """Kelulusan: all requirements of the cohort were met, with the evidence."""

    __tablename__ = "completion"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    completed_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]]
