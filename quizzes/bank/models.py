"""Questions and quizzes, their immutable versions, and which version of a quiz a cohort runs on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.db import NEVER_REUSED, Base


class QuestionStatus(StrEnum):
    """Where a question stands in its life."""

    DRAFT = "draft"
    READY = "ready"
    RETIRED = "retired"


class Purpose(StrEnum):
    """What a quiz is for; decides feedback and whether it counts."""

    PRACTICE = "practice"
    MODULE = "module"
    PRETEST = "pretest"
    POSTTEST = "posttest"
    REFRESHER = "refresher"


class Question(Base):
    """A bank entry. What it says is in its versions."""

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'ready', 'retired')", name="status"),
        # `use` is what keeps a self-check, whose key is in the page, out of graded quizzes.
        CheckConstraint("use IN ('graded', 'practice')", name="use"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # `<course slug>/<id>` for shipped questions, None for those written in the browser.
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    # None: of the nation, edited by admins only.
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"), index=True)
    # Subject, the file name under questions/: draws go by it.
    topic: Mapped[str] = mapped_column(String(80), index=True)
    use: Mapped[str] = mapped_column(String(20), default="graded")
    status: Mapped[str] = mapped_column(String(20), default="draft")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    versions: Mapped[list[QuestionVersion]] = relationship(
        back_populates="question", order_by="QuestionVersion.number", cascade="all, delete-orphan"
    )


class QuestionVersion(Base):
    """Wording, options and key as of one law date. Never changes once a published quiz names it."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    number: Mapped[int]
    # Key of quizzes.types.
    type: Mapped[str] = mapped_column(String(40))
    # As written, with {fakta:…} and friends: the editor's input.
    source: Mapped[dict[str, Any]]
    # As resolved at `as_of`: the type's Content as JSON, stem and texts as HTML fragments.
    content: Mapped[dict[str, Any]]
    # Rendered at `as_of`, HTML.
    stem_html: Mapped[str] = mapped_column(Text)
    explanation_html: Mapped[str] = mapped_column(Text, default="")
    # [{"ref": "uu-24-2011/10", "label": "Pasal 10 UU 24/2011", "label_en": …, "url": …}, …]
    citations: Mapped[list[Any]] = mapped_column(default=list)
    # Lesson path and anchor where the reader finds it, e.g. `day-1/05-pemasaran/tugas-pemasaran#tugas-utama`.
    read: Mapped[str] = mapped_column(String(300), default="")
    # The stem as plain text, for lists and search.
    summary: Mapped[str] = mapped_column(String(300))
    as_of: Mapped[date]
    facts_known_on: Mapped[date]
    # sha256 of the canonical source and the law date: loading the same again makes no new version.
    source_sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    question: Mapped[Question] = relationship(back_populates="versions")


class Quiz(Base):
    """A quiz over all its versions. A step names it by key."""

    __tablename__ = "quiz"

    id: Mapped[int] = mapped_column(primary_key=True)
    # `<course slug>/<step path>`
    key: Mapped[str] = mapped_column(String(300), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    # None: of the nation.
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"), index=True)

    versions: Mapped[list[QuizVersion]] = relationship(
        back_populates="quiz", order_by="QuizVersion.number", cascade="all, delete-orphan"
    )


class QuizVersion(Base):
    """Settings and slots of a quiz. Published ones never change."""

    __tablename__ = "quiz_version"
    __table_args__ = (
        UniqueConstraint("quiz_id", "number"),
        CheckConstraint("status IN ('draft', 'published')", name="status"),
        CheckConstraint("pass_percent IS NULL OR (pass_percent BETWEEN 0 AND 100)", name="pass_percent"),
        CheckConstraint("counts IN ('best', 'last')", name="counts"),
        CheckConstraint("show_result IN ('after_submit', 'score_only')", name="show_result"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(20), default="draft")
    title: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(20))
    # None: for every cohort; else only cohorts of this branch may run on it. Numbers are shared.
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"), index=True)
    # 0–100, whole; None: nothing to pass.
    pass_percent: Mapped[int | None]
    # 0: as many as wanted.
    attempts_allowed: Mapped[int] = mapped_column(default=0)
    counts: Mapped[str] = mapped_column(String(10), default="best")
    time_limit_minutes: Mapped[int | None]
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    show_result: Mapped[str] = mapped_column(String(20), default="after_submit")
    as_of: Mapped[date]
    # sha256 of settings, slots and the question versions they name.
    source_sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None]

    quiz: Mapped[Quiz] = relationship(back_populates="versions")
    slots: Mapped[list[QuizSlot]] = relationship(
        back_populates="quiz_version", order_by="QuizSlot.position", cascade="all, delete-orphan"
    )


class QuizSlot(Base):
    """A place on the paper: one named question, or `draw_count` at random out of its candidates."""

    __tablename__ = "quiz_slot"
    __table_args__ = (UniqueConstraint("quiz_version_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id", ondelete="CASCADE"))
    position: Mapped[int]
    # Topic the rule draws from; None: the one candidate is named.
    draw_topic: Mapped[str | None] = mapped_column(String(80))
    draw_count: Mapped[int] = mapped_column(default=1)
    marks: Mapped[Decimal] = mapped_column(default=Decimal(1))

    quiz_version: Mapped[QuizVersion] = relationship(back_populates="slots")
    candidates: Mapped[list[SlotCandidate]] = relationship(
        back_populates="slot", cascade="all, delete-orphan"
    )


class SlotCandidate(Base):
    """A question version a slot may put on a paper, pinned when the quiz version was made."""

    __tablename__ = "slot_candidate"

    slot_id: Mapped[int] = mapped_column(ForeignKey("quiz_slot.id", ondelete="CASCADE"), primary_key=True)
    question_version_id: Mapped[int] = mapped_column(
        ForeignKey("question_version.id"), primary_key=True, index=True
    )

    slot: Mapped[QuizSlot] = relationship(back_populates="candidates")
    question_version: Mapped[QuestionVersion] = relationship()


class CohortQuiz(Base):
    """The version of a quiz a cohort runs on; moving it on is an explicit act."""

    __tablename__ = "cohort_quiz"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), primary_key=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"))
    pinned_at: Mapped[datetime]
    pinned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    quiz_version: Mapped[QuizVersion] = relationship()
