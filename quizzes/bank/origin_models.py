"""Where a question came from that nobody wrote here."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class QuestionOrigin(Base):
    """The file a question was read from. It stays as long as the question does and never changes."""

    __tablename__ = "question_origin"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    # Key of a reader of quizzes.exchange: "gift".
    format: Mapped[str] = mapped_column(String(20))
    # As it was sent; empty for pasted text.
    file_name: Mapped[str] = mapped_column(String(200))
    # Path within a package, empty for a single file.
    place: Mapped[str] = mapped_column(String(400), default="")
    # From 1; 0 where a file has none.
    line: Mapped[int] = mapped_column(default=0)
