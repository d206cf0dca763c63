"""What reports are reckoned from: of each paper handed in, in one row, what every question of it earned."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class PaperTally(Base):
    """One paper as it is marked now; kept in the transaction that changes its result, so it is always true.

    A report on 100,000 papers reads this table alone. Whatever is in it can be worked out anew from marks and
    answers: `quizzes.statistics.tallies`. Walks through a scenario have none.
    """

    __tablename__ = "paper_tally"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "quiz_id", "number"),
        Index("ix_paper_tally_cohort_quiz", "cohort_id", "quiz_id"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    # These five are those of the sitting and never change.
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id"))
    quiz_version_id: Mapped[int] = mapped_column(ForeignKey("quiz_version.id"), index=True)
    number: Mapped[int]
    # As judged, in 10⁻⁷ of a mark, of the questions that count; None: an answer waits for a person.
    earned: Mapped[int | None] = mapped_column(BigInteger)
    possible: Mapped[int] = mapped_column(BigInteger)
    # Of every question a word, in the order of the paper: `quizzes.statistics.cells`.
    cells: Mapped[str] = mapped_column(Text)
