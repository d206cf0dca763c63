"""Questions and quizzes, their immutable versions, and which version of a quiz a cohort runs on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.accounts.models import Branch
from lms.core.db import NEVER_REUSED, Base


class QuestionStatus(StrEnum):
    """Where a question stands in its life."""

    DRAFT = "draft"
    """Being written."""
    REVIEW = "review"
    """Waiting for a colleague."""
    READY = "ready"
    """Quizzes may use it."""
    PAUSED = "paused"
    """On no new paper for now; papers that are begun keep it."""
    RETIRED = "retired"
    """In no new quiz; published ones keep it."""


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
        CheckConstraint("status IN ('draft', 'review', 'ready', 'paused', 'retired')", name="status"),
        # `use` is what keeps a self-check, whose key is in the page, out of graded quizzes.
        CheckConstraint("use IN ('graded', 'practice')", name="use"),
        # Few wait for a colleague among the many that are ready.
        Index(
            "ix_question_waiting",
            "branch_id",
            sqlite_where=text("status = 'review'"),
            postgresql_where=text("status = 'review'"),
        ),
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
    # The wording that others than its author last found right; kept with `question_event`, which says who.
    reviewed_sha256: Mapped[str | None] = mapped_column(String(64))
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


class StaleState(StrEnum):
    """What was done about a version whose facts have changed."""

    OPEN = "open"
    """Nobody has looked at it yet."""
    REPLACED = "replaced"
    """A newer version says what holds now; this one stays off new papers."""
    RELEASED = "released"
    """Somebody found it still right, or the fact went back to what it was."""


class StaleVersion(Base):
    """A question version whose facts have changed since it was made. While paused it is on no new paper."""

    __tablename__ = "stale_version"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'replaced', 'released')", name="state"),
        CheckConstraint("state <> 'released' OR NOT is_paused", name="released"),
    )

    question_version_id: Mapped[int] = mapped_column(
        ForeignKey("question_version.id", ondelete="CASCADE"), primary_key=True
    )
    state: Mapped[str] = mapped_column(String(20), default="open")
    # False: only its feedback speaks of the fact; it is warned of and stays on papers.
    is_paused: Mapped[bool]
    found_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    # None: the machine.
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # Why it is still right.
    reason: Mapped[str] = mapped_column(String(500), default="")

    question_version: Mapped[QuestionVersion] = relationship()


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
        CheckConstraint("counts IN ('best', 'last', 'first', 'average')", name="counts"),
        CheckConstraint(
            "show_result IN ('after_submit', 'score_only', 'after_close', 'reasons_only', 'after_each')",
            name="show_result",
        ),
        CheckConstraint("markers BETWEEN 1 AND 2", name="markers"),
        CheckConstraint("marking_gap_percent BETWEEN 0 AND 100", name="marking_gap_percent"),
        CheckConstraint("retry_cost_percent BETWEEN 0 AND 100", name="retry_cost_percent"),
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
    # When each kind is shown where it is else than the preset says: `quizzes.bank.quiz.showing`.
    show_marks: Mapped[str | None] = mapped_column(String(20))
    show_answers: Mapped[str | None] = mapped_column(String(20))
    show_feedback: Mapped[str | None] = mapped_column(String(20))
    show_citations: Mapped[str | None] = mapped_column(String(20))
    # Of answers a person judges: how many judge each, how far apart two may be, and whether names are hidden.
    markers: Mapped[int] = mapped_column(default=1, server_default="1")
    marking_gap_percent: Mapped[int] = mapped_column(default=20, server_default="20")
    is_marked_blind: Mapped[bool] = mapped_column(default=True, server_default=true())
    # Day of the cohort and time in its zone, as "2 13:00" (`quizzes.bank.quiz.moments`); None: with it.
    opens: Mapped[str | None] = mapped_column(String(10))
    closes: Mapped[str | None] = mapped_column(String(10))
    # Seconds after the shown end in which answers that were on their way still count.
    grace_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    # Whoever begins types the code that the organiser shows in the hall.
    needs_code: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Between handing in and beginning again; 0: none.
    cooldown_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    # One question at a time, and no way back.
    is_sequential: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Where each answer is shown at once: how often one may answer a question again, and what each costs.
    retries: Mapped[int] = mapped_column(default=0, server_default="0")
    retry_cost_percent: Mapped[int] = mapped_column(default=0, server_default="0")
    # What its author wants of each cell: [[module folder, level, count], …] (`quizzes.bank.quiz.blueprints`).
    blueprint: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    as_of: Mapped[date]
    # sha256 of settings, slots and the question versions they name.
    source_sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None]

    quiz: Mapped[Quiz] = relationship(back_populates="versions")
    branch: Mapped[Branch | None] = relationship()
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
    # What narrows the rule further; None: nothing (`quizzes.bank.quiz.draw_rules`).
    draw_level: Mapped[str | None] = mapped_column(String(20))
    draw_difficulty: Mapped[str | None] = mapped_column(String(20))
    # Folded, as in `question_tag`.
    draw_tag: Mapped[str | None] = mapped_column(String(40))
    # Nothing that this quiz asks.
    draw_not_in_id: Mapped[int | None] = mapped_column(ForeignKey("quiz.id"))
    marks: Mapped[Decimal] = mapped_column(default=Decimal(1))
    # The case the question is a part of: slots of one case stand together, and its story above them.
    case_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))

    draw_not_in: Mapped[Quiz | None] = relationship()
    case_version: Mapped[QuestionVersion | None] = relationship()
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


class QuestionPicture(Base):
    """A picture questions name by hash, as it was drawn anew; it never changes."""

    __tablename__ = "question_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Of what was sent.
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int]
    height: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kept_at: Mapped[datetime]


class CohortQuiz(Base):
    """The version of a quiz a cohort runs on, and how it is held there; changed by explicit acts only."""

    __tablename__ = "cohort_quiz"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"), primary_key=True)
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"))
    pinned_at: Mapped[datetime]
    pinned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # Instead of what the version says; None: as it says.
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    # Shown in the hall, typed by who begins; None: none is asked, or none was made yet.
    code: Mapped[str | None] = mapped_column(String(40))
    # The organiser has stopped the time of everybody who sits; None: it runs.
    halted_at: Mapped[datetime | None]
    # Given to everybody who sat at the time, all together.
    extended_minutes: Mapped[int] = mapped_column(default=0, server_default="0")

    quiz_version: Mapped[QuizVersion] = relationship()
