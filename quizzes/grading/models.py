"""Marks, one row per judgement; the newest counts, none is overwritten."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class Mark(Base):
    """What one answer earned in one judgement."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("grader IN ('machine', 'person')", name="grader"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("paper_item.id", ondelete="CASCADE"))
    # 1 for the first judgement.
    number: Mapped[int]
    # 0–1; None: waits for a person.
    fraction: Mapped[Decimal | None]
    marks: Mapped[Decimal | None]
    grader: Mapped[str] = mapped_column(String(20), default="machine")
    graded_at: Mapped[datetime]
    graded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    comment: Mapped[str] = mapped_column(Text, default="")
