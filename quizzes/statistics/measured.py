"""Reads: what the newest people earned of question versions, for whoever builds a quiz of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session, aliased

from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import Purpose, QuizVersion
from quizzes.grading.models import RULINGS, Mark
from quizzes.live.facility import LEAST_PEOPLE

MOST_MEASURED = 60
"""Versions looked at for one page; of the others their authors' marks tell."""
PEOPLE_EACH = 50
"""The newest first sittings with a version: half of all true shares lie within 0.05 of what these say."""


def measure_facility(session: Session, version_ids: Sequence[int]) -> dict[int, Decimal]:
    """Return by version the mean share earned at first sittings, 0–1, to a hundredth, in one query.

    Those fewer than `LEAST_PEOPLE` answered are missing. Practice is left out: its answers are shown. What
    was decided for everybody is left aside: this is about the question.
    """
    if not version_ids:
        return {}
    sat = union_all(*(_newest(version_id) for version_id in version_ids[:MOST_MEASURED])).subquery()
    query = (
        select(sat.c.version_id, func.count(), func.sum(Mark.fraction))
        .join(Mark, (Mark.item_id == sat.c.item_id) & (Mark.number == _last_judgement(sat.c.item_id)))
        .where(Mark.fraction.is_not(None))
        .group_by(sat.c.version_id)
        .having(func.count() >= LEAST_PEOPLE)
    )
    return {
        version_id: (earned / people).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for version_id, people, earned in session.execute(query)
    }


def _newest(version_id: int) -> Any:
    """Return the query for the places a version had on the newest papers."""
    items = (
        select(PaperItem.question_version_id.label("version_id"), PaperItem.id.label("item_id"))
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .where(
            PaperItem.question_version_id == version_id,
            Attempt.state == "submitted",
            Attempt.number == 1,
            QuizVersion.purpose != Purpose.PRACTICE.value,
        )
        .order_by(PaperItem.id.desc())
        .limit(PEOPLE_EACH)
        .subquery()
    )
    return select(items)


def _last_judgement(item_id: Any) -> Any:
    mark = aliased(Mark)
    return (
        select(func.max(mark.number))
        .where(mark.item_id == item_id, mark.kind.not_in(RULINGS))
        .correlate_except(mark)
        .scalar_subquery()
    )
