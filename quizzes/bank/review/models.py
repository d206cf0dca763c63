"""What became of a question, by whom and why, and what colleagues say about its lines."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.core.accounts.models import User
from lms.core.db import NEVER_REUSED, Base


class EventKind(StrEnum):
    """What changed where a question stands."""

    CHANGED = "changed"
    """Somebody who may edit it decided so."""
    REVIEWED = "reviewed"
    """A colleague reviewed it; `after` is the verdict."""
    EDITED = "edited"
    """An edit put it back to review."""
    SHIPPED = "shipped"
    """It came with a course, whose makers reviewed it."""


class QuestionEvent(Base):
    """One step in the life of a question. Rows are added and never changed."""

    __tablename__ = "question_event"
    __table_args__ = (
        CheckConstraint("kind IN ('changed', 'reviewed', 'edited', 'shipped')", name="kind"),
        Index("ix_question_event_wording", "question_id", "wording_sha256"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    # Of the version that stood then.
    version_number: Mapped[int]
    # What it said then, whatever the law date: `quizzes.bank.resolving.wording_sha256`.
    wording_sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    # Of `QuestionStatus`; before is None for one that is new.
    before: Mapped[str | None] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime]
    # None: the machine, or somebody who is gone.
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    actor: Mapped[User | None] = relationship()

    @property
    def is_approval(self) -> bool:
        """Whether others than its author found this wording right."""
        return self.kind == EventKind.SHIPPED or (self.kind == EventKind.REVIEWED and self.after == "ready")


class QuestionComment(Base):
    """What a colleague says about one line of a question, and what its author answers."""

    __tablename__ = "question_comment"
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    version_number: Mapped[int]
    # Name of the line, e.g. "stem", "options-1-text", "explanation", "cite"; empty: the question as a whole.
    part: Mapped[str] = mapped_column(String(80), default="")
    # What stood there when it was written.
    quote: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # None: it still waits for whoever writes the question.
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(Text, default="")

    author: Mapped[User | None] = relationship(foreign_keys=[author_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
