"""Sittings: the frozen paper, every save that ever arrived, what is known now."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Step
from courses.cohorts.models import Enrolment
from lms.core.db import Base
from quizzes.bank.models import QuestionVersion, QuizVersion


class Attempt(Base):
    """One sitting of one person. Paper and deadline are stored when it starts."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        CheckConstraint("state IN ('in_progress', 'submitted')", name="state"),
        Index(
            "uq_attempt_one_open",
            "enrolment_id",
            "quiz_id",
            unique=True,
            sqlite_where=text("state = 'in_progress'"),
            postgresql_where=text("state = 'in_progress'"),
        ),
        Index("ix_attempt_open_deadline", "state", "deadline_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"), index=True)
    # 1 for the first.
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="in_progress")
    started_at: Mapped[datetime]
    # None: no limit.
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    # "person", "deadline" or "organiser"
    submitted_by: Mapped[str | None] = mapped_column(String(20))
    marks_earned: Mapped[Decimal | None]
    marks_possible: Mapped[Decimal]
    # 0–100
    percent: Mapped[Decimal | None]
    has_passed: Mapped[bool | None]

    enrolment: Mapped[Enrolment] = relationship()
    step: Mapped[Step] = relationship()
    quiz_version: Mapped[QuizVersion] = relationship()
    items: Mapped[list[PaperItem]] = relationship(
        back_populates="attempt", order_by="PaperItem.position", cascade="all, delete-orphan"
    )


class PaperItem(Base):
    """One question on one person's paper: version, place, frozen order, and what is known of the answer."""

    __tablename__ = "paper_item"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    # 1 for the first.
    position: Mapped[int]
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), index=True)
    marks: Mapped[Decimal]
    # What the type's prepare() fixed: order of options, variables.
    prepared: Mapped[dict[str, Any]]

    attempt: Mapped[Attempt] = relationship(back_populates="items")
    question_version: Mapped[QuestionVersion] = relationship()
    response: Mapped[Response | None] = relationship(back_populates="item", cascade="all, delete-orphan")


class Response(Base):
    """The answer that stands: the one with the highest sequence that arrived in time."""

    __tablename__ = "response"

    item_id: Mapped[int] = mapped_column(ForeignKey("paper_item.id", ondelete="CASCADE"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    sequence: Mapped[int]
    # Raw form values as sent, e.g. {"choice": ["2"]}; None: emptied again.
    raw: Mapped[dict[str, Any] | None]
    # As parsed by the type; None when empty or unreadable.
    answer: Mapped[dict[str, Any] | None]
    # Why the input could not be read; empty when it could.
    format_error: Mapped[str] = mapped_column(String(300), default="")
    is_flagged: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]

    item: Mapped[PaperItem] = relationship(back_populates="response")


class AnswerEvent(Base):
    """A save as it arrived; kept for ever, applied or not."""

    __tablename__ = "answer_event"
    __table_args__ = (
        UniqueConstraint("attempt_id", "event_id"),
        CheckConstraint("outcome IN ('applied', 'superseded', 'late')", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey("paper_item.id", ondelete="CASCADE"), index=True)
    # Made by the client, unique within the attempt; the same twice changes nothing.
    event_id: Mapped[str] = mapped_column(String(40))
    sequence: Mapped[int]
    raw: Mapped[dict[str, Any] | None]
    is_flagged: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))
