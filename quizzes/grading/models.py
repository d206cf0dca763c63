"""Marks, one row per judgement; none is overwritten. And what leads to them: markers, rulings, reports."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class MarkKind(StrEnum):
    """Where a mark comes from; `quizzes.grading.worth` says how they act together."""

    AUTOMATIC = "automatic"
    HAND = "hand"
    VOID = "void"
    """The question does not count on this paper."""
    FULL = "full"
    """Whatever was answered earns everything."""
    BONUS = "bonus"
    """Marks on top of what was earned."""
    RESTORED = "restored"
    """What was ruled before holds no more."""


RULINGS = (MarkKind.VOID, MarkKind.FULL, MarkKind.BONUS, MarkKind.RESTORED)
"""What is decided about a question for everybody; says nothing about one answer."""


REGRADED = "regraded"
"""Decision that answers are marked by another version of their question; it leaves rulings as they stand."""


class Mark(Base):
    """What one answer earned in one judgement, or what was decided about its question for everybody."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("grader IN ('machine', 'person')", name="grader"),
        CheckConstraint("kind IN ('automatic', 'hand', 'void', 'full', 'bonus', 'restored')", name="kind"),
        Index(
            "ix_mark_waiting",
            "item_id",
            sqlite_where=text("fraction IS NULL AND kind = 'automatic'"),
            postgresql_where=text("fraction IS NULL AND kind = 'automatic'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("paper_item.id", ondelete="CASCADE"))
    # 1 for the first judgement.
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20), default="automatic", server_default="automatic")
    # 0–1; None: waits for a person, or a ruling that sets none.
    fraction: Mapped[Decimal | None]
    # Earned; of a bonus, what comes on top.
    marks: Mapped[Decimal | None]
    grader: Mapped[str] = mapped_column(String(20), default="machine")
    graded_at: Mapped[datetime]
    graded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # For the person who answered, or the reason of a ruling.
    comment: Mapped[str] = mapped_column(Text, default="")
    # Why a mark given by hand was corrected, for staff; or why answers were marked anew, for everybody.
    reason: Mapped[str] = mapped_column(String(500), default="", server_default="")
    # The wording and key it was judged by; None: that of the paper.
    question_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))
    # The act this is part of, if it was for everybody.
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("ruling.id", ondelete="SET NULL"))


class Judgement(Base):
    """What one marker thinks of one answer; with enough of them in agreement there is a mark."""

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("item_id", "marker_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("paper_item.id", ondelete="CASCADE"))
    marker_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # 0–1
    fraction: Mapped[Decimal]
    # Level chosen for each criterion of the rubric, from 0; empty without one.
    levels: Mapped[list[Any]] = mapped_column(default=list)
    comment: Mapped[str] = mapped_column(Text, default="")
    judged_at: Mapped[datetime]


class Ruling(Base):
    """One decision about a question for everybody in a cohort, with what it brought about."""

    __tablename__ = "ruling"
    __table_args__ = (
        CheckConstraint("decision IN ('void', 'full', 'bonus', 'restored', 'regraded')", name="decision"),
        Index("ix_ruling_cohort_question", "cohort_id", "question_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    decision: Mapped[str] = mapped_column(String(20))
    # By which answers are marked; only of a regrade.
    question_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))
    # Marks on top; only of a bonus.
    bonus: Mapped[Decimal | None]
    reason: Mapped[str] = mapped_column(String(500))
    # One entry for each sitting whose result changed: see `quizzes.grading.rulings.Effect`.
    effects: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class QuestionReport(Base):
    """What a trainee finds wrong with a question on their paper, and what the trainer says to it."""

    __tablename__ = "question_report"
    __table_args__ = (UniqueConstraint("item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("paper_item.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime]
    # None: open.
    answer: Mapped[str | None] = mapped_column(String(1000))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
