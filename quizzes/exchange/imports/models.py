"""What somebody has sent in and not stored yet: for a day, of one person."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from lms.core.db import NEVER_REUSED, Base


class ImportState(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"
    """A job reads it."""
    READ = "read"
    """To be looked at, ticked and stored."""
    STORING = "storing"
    """A job stores what is ticked."""
    REFUSED = "refused"
    """It cannot be read; `problem` says why."""


class QuestionImport(Base):
    """A file somebody sent, and where its questions are to go."""

    __tablename__ = "question_import"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'read', 'storing', 'refused')", name="state"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    # None: of the nation.
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"))
    # Of questions whose file names none.
    topic: Mapped[str] = mapped_column(String(80))
    use: Mapped[str] = mapped_column(String(20))
    # Key of a reader: the one asked for, empty to have it recognised; then the one that read it.
    format: Mapped[str] = mapped_column(String(20), default="")
    # Empty for pasted text.
    file_name: Mapped[str] = mapped_column(String(200))
    # Until it is read.
    body: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    state: Mapped[str] = mapped_column(String(20))
    problem: Mapped[str] = mapped_column(String(1000), default="")
    # Questions read so far, while a job reads.
    done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(index=True)


class ImportedQuestion(Base):
    """A question of a file, or a part of it that cannot be read (`kind` is None)."""

    __tablename__ = "imported_question"
    __table_args__ = (UniqueConstraint("import_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("question_import.id", ondelete="CASCADE"))
    # In the file, from 1.
    position: Mapped[int]
    # Key of quizzes.types; None: `problem` says why it is no question.
    kind: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[dict[str, Any]] = mapped_column(default=dict)
    place: Mapped[str] = mapped_column(String(400), default="")
    line: Mapped[int] = mapped_column(default=0)
    original: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    topic: Mapped[str] = mapped_column(String(80))
    tags: Mapped[list[Any]] = mapped_column(default=list)
    # Sentences, in the language of who sent the file.
    guesses: Mapped[list[Any]] = mapped_column(default=list)
    losses: Mapped[list[Any]] = mapped_column(default=list)
    problem: Mapped[str] = mapped_column(Text, default="")
    # Ids of questions of the bank that ask the same.
    twins: Mapped[list[Any]] = mapped_column(default=list)
    # Positions of questions before it that ask the same.
    before: Mapped[list[Any]] = mapped_column(default=list)
    is_ticked: Mapped[bool]
    # What became of it.
    question_id: Mapped[int | None] = mapped_column(
        ForeignKey("question.id", ondelete="SET NULL"), index=True
    )
