"""Changes: a paper is marked by the machine."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert
from sqlalchemy.orm import Session

from quizzes.attempts.models import PaperItem
from quizzes.grading.models import Mark
from quizzes.grading.scoring import Earned, Score, earn, score
from quizzes.types import get_type


def mark_paper(session: Session, items: list[PaperItem], *, pass_percent: int | None, now: datetime) -> Score:
    """Store the first judgement of every question of a paper and return the result.

    Runs inside the write transaction of the submission; what a type's ``grade`` computes is pure. ``items``
    is the whole paper with question versions and responses loaded; ``pass_percent`` as in :func:`score`.
    """
    fractions = [_fraction(item) for item in items]
    session.execute(
        insert(Mark),
        [
            {
                "item_id": item.id,
                "number": 1,
                "fraction": fraction,
                "marks": None if fraction is None else earn(fraction, item.marks),
                "graded_at": now,
            }
            for item, fraction in zip(items, fractions, strict=True)
        ],
    )
    earned = [Earned(fraction, item.marks) for item, fraction in zip(items, fractions, strict=True)]
    return score(earned, pass_percent=pass_percent)


def _fraction(item: PaperItem) -> Decimal | None:
    version = item.question_version
    answer = item.response.answer if item.response else None
    grade = get_type(version.type).grade(version.content, answer)
    return None if grade is None else grade.fraction
