"""Polls in the hall: a question on the big screen, and what each person's phone answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.cohorts.models import Cohort
from lms.core.db import NEVER_REUSED, Base


class Poll(Base):
    """A question put to a cohort, as it was when it was put; it counts for nothing."""

    __tablename__ = "poll"
    __table_args__ = (
        Index(
            "uq_poll_one_open",
            "cohort_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        # A key is for those who cannot answer any more.
        CheckConstraint("key_at IS NULL OR closed_at IS NOT NULL", name="key"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    # None: thought of in the hall.
    question_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"), index=True)
    # HTML, cleaned when it was kept.
    stem_html: Mapped[str] = mapped_column(Text)
    # [html, …] in the order they are shown.
    options: Mapped[list[Any]]
    # Place of the right option, from 0; None: there is no right or wrong.
    key: Mapped[int | None]
    explanation_html: Mapped[str] = mapped_column(Text, default="")
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    # None: phones may answer.
    closed_at: Mapped[datetime | None]
    # Since when everybody sees how many chose what, and what is right.
    bars_at: Mapped[datetime | None]
    key_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship()


class PollAnswer(Base):
    """What one person answers; it may be changed until the poll is closed."""

    __tablename__ = "poll_answer"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"), primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(
        ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    # Place of the option, from 0.
    choice: Mapped[int]
    # Goes on from what the page was given: the same twice, and what comes late, change nothing.
    sequence: Mapped[int]
    answered_at: Mapped[datetime]
