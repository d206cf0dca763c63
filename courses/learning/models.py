"""What a trainee has done, and the moment it was enough."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
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
    # When its person reads it: "after_each", "after_submit", "after_close" or "never".
    percent_shown: Mapped[str] = mapped_column(
        String(20), default="after_submit", server_default="after_submit"
    )
    attempts_used: Mapped[int] = mapped_column(default=0)


class Completion(Base):
    """Kelulusan: all requirements of the cohort were met, with the evidence."""

    __tablename__ = "completion"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), primary_key=True)
    completed_at: Mapped[datetime]
    evidence: Mapped[dict[str, Any]]


class ReportOfLesson(Base):
    """What a trainee finds wrong in a lesson, and what a trainer says to it; one for each lesson."""

    __tablename__ = "lesson_report"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "step_id"),
        # Few wait for an answer among all there were.
        Index(
            "ix_lesson_report_open",
            "id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    text: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]
    # None: open.
    answer: Mapped[str | None] = mapped_column(String(1000))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
