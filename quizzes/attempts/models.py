"""Sittings: the frozen paper, every save that ever arrived, what is known now."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Step
from courses.cohorts.models import Enrolment
from lms.core.db import NEVER_REUSED, Base
from quizzes.bank.models import QuestionVersion, QuizVersion


class Attempt(Base):
    """One sitting of one person. Paper and deadline are stored when it starts."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        CheckConstraint("state IN ('drawn', 'in_progress', 'submitted')", name="state"),
        Index(
            "uq_attempt_one_open",
            "enrolment_id",
            "quiz_id",
            unique=True,
            sqlite_where=text("state = 'in_progress'"),
            postgresql_where=text("state = 'in_progress'"),
        ),
        Index("ix_attempt_open_deadline", "state", "deadline_at"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    # None: a walk through a scenario, which is no step of the course.
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), index=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"), index=True)
    # 1 for the first.
    number: Mapped[int]
    # "drawn": ahead of its beginning, for `quizzes.attempts.drawing` alone.
    state: Mapped[str] = mapped_column(String(20), default="in_progress")
    # Of a paper drawn ahead: when it was drawn.
    started_at: Mapped[datetime]
    # When the last answer counts, the grace included; while the organiser has stopped the time, when the
    # training closes. None: a walk through a scenario, which never ends by itself.
    deadline_at: Mapped[datetime | None]
    # Since when the time stands still, and the end it had then.
    halted_at: Mapped[datetime | None]
    held_deadline_at: Mapped[datetime | None]
    # So much of the time until `deadline_at` is shown to nobody: it is for answers that are on their way.
    grace_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    # The question that is open, where they come one at a time; 0: all at once.
    place: Mapped[int] = mapped_column(default=0, server_default="0")
    submitted_at: Mapped[datetime | None]
    # "person", "deadline" or "organiser"
    submitted_by: Mapped[str | None] = mapped_column(String(20))
    # Questions of the quiz that are not on this paper: their facts had changed when it was drawn, or the
    # cohort leaves them out.
    left_out: Mapped[int] = mapped_column(default=0)
    # Questions of the quiz that were paused when the paper was drawn: with others paused it is drawn anew.
    paused_count: Mapped[int] = mapped_column(default=0, server_default="0")
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


class JointStart(Base):
    """A quiz that a cohort begins together: people wait until the organiser opens it."""

    __tablename__ = "joint_start"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"), primary_key=True)
    # None: people wait.
    opened_at: Mapped[datetime | None]
    # Over how many seconds people are let in after that.
    turns: Mapped[int] = mapped_column(default=1)


class Accommodation(Base):
    """What one person is allowed beyond the others, why, and who gave it. Taken back, it stays on record."""

    __tablename__ = "accommodation"
    __table_args__ = (
        CheckConstraint("extra_time_percent BETWEEN 0 AND 300", name="extra_time_percent"),
        CheckConstraint("extra_minutes >= 0 AND extra_attempts >= 0", name="extras"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), index=True)
    # None: for every quiz.
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    # 50: half as much again.
    extra_time_percent: Mapped[int] = mapped_column(default=0)
    extra_minutes: Mapped[int] = mapped_column(default=0)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(500))
    given_at: Mapped[datetime]
    given_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


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
    # The case the question is a part of; its story stands above all of its parts.
    case_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))
    # What the type's prepare() fixed: order of options, variables.
    prepared: Mapped[dict[str, Any]]
    # Where each answer is shown at once: how often that was, and whether it is shown now.
    check_count: Mapped[int] = mapped_column(default=0, server_default="0")
    is_checked: Mapped[bool] = mapped_column(default=False, server_default=false())
    # So much of its marks is lost by answering it again.
    lost_percent: Mapped[int] = mapped_column(default=0, server_default="0")

    attempt: Mapped[Attempt] = relationship(back_populates="items")
    question_version: Mapped[QuestionVersion] = relationship(foreign_keys=[question_version_id])
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
        Index(
            "ix_answer_event_late",
            "attempt_id",
            sqlite_where=text("outcome = 'late'"),
            postgresql_where=text("outcome = 'late'"),
        ),
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
    # By the device's clock; kept for a dispute, never trusted.
    client_at: Mapped[datetime | None]
    # "page", "queue" (waited on the device), "leftover" (waited past the end) or "form" (without script).
    origin: Mapped[str] = mapped_column(String(20), default="page", server_default="page")
    # Short code the device was told, one for all saves of a request.
    receipt: Mapped[str] = mapped_column(String(12), default="", server_default="")
    outcome: Mapped[str] = mapped_column(String(20))


class AnswerFile(Base):
    """A file somebody sent with an answer; the answer names the one that counts by its hash."""

    __tablename__ = "answer_file"
    __table_args__ = (UniqueConstraint("item_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("paper_item.id", ondelete="CASCADE"))
    # sha256 of what `lms.core.files` keeps.
    digest: Mapped[str] = mapped_column(String(64))
    # As its owner called it: shown to them, never a path and never in a header.
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    # Bytes.
    size: Mapped[int]
    uploaded_at: Mapped[datetime]
