"""What somebody is writing and has not saved yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import NEVER_REUSED, Base


class QuestionDraft(Base):
    """A form of a question as it was last seen, of one person; gone once it is saved or thrown away."""

    __tablename__ = "question_draft"
    __table_args__ = (UniqueConstraint("user_id", "slot"), NEVER_REUSED)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    # Made up when the form is opened: two windows never write over one another.
    slot: Mapped[str] = mapped_column(String(40))
    # Key of quizzes.types.
    kind: Mapped[str] = mapped_column(String(40))
    # None: a question that is not there yet.
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    # [[name, value], …] as the form sends them.
    fields: Mapped[list[Any]]
    # Begins with 1; what is sent with another than the last is refused.
    revision: Mapped[int] = mapped_column(default=1)
    # Of the question, as it was typed.
    summary: Mapped[str] = mapped_column(String(120), default="")
    changed_at: Mapped[datetime]
