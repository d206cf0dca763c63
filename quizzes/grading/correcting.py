"""Changes: a mark given by hand is corrected; the one before is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict
from quizzes.attempts.results import lock_person_of, settle
from quizzes.grading import queries
from quizzes.grading.models import Mark, MarkKind
from quizzes.grading.scoring import SMALLEST, earn


@dataclass(frozen=True)
class Correction:
    """What became of the sitting: percent 0–100, None while a person must still judge another answer."""

    before: Decimal | None
    after: Decimal | None
    passed_before: bool | None
    passed_after: bool | None

    @property
    def gains(self) -> bool:
        """Whether it passes now and did not before."""
        return bool(self.passed_after) and not self.passed_before

    @property
    def loses(self) -> bool:
        """Whether it passed before and does not now."""
        return bool(self.passed_before) and self.passed_after is False


def correct(
    session: Session,
    actor: Actor,
    *,
    item_id: int,
    fraction: Decimal,
    levels: Sequence[int],
    comment: str,
    reason: str,
    seen: int,
    now: datetime,
) -> Correction:
    """Give an answer that was marked by hand another mark; the result follows in the same transaction.

    The marks before stay as they are, with who gave them. What was done stays done: a step, a completion, a
    certificate.

    Args:
        fraction: 0–1.
        levels: chosen for each criterion, from 0; empty without a rubric.
        reason: why, for those who look at the history.
        seen: number of the newest mark that was shown.

    Raises:
        NotFound: no such answer at the actor's branches.
        Conflict: it has no mark yet, or somebody corrected it meanwhile.
    """
    begin_write(session)
    paper = _lock_paper(session, actor, item_id=item_id)
    last = _last_number(session, item_id, seen=seen)
    before = (paper.attempt.percent, paper.attempt.has_passed)
    mark = Mark(
        item_id=item_id,
        number=last + 1,
        kind=MarkKind.HAND,
        grader="person",
        graded_at=now,
        graded_by_id=actor.user_id,
        comment=comment,
        reason=reason,
        question_version_id=paper.item.question_version_id,
    )
    _add(session, mark, fraction, paper.item.marks)
    settle(session, [paper.attempt], now=now)
    _record(session, mark, levels, branch_id=paper.cohort.branch_id)
    return Correction(before[0], paper.attempt.percent, before[1], paper.attempt.has_passed)


def _lock_paper(session: Session, actor: Actor, *, item_id: int) -> queries.Paper:
    """Return the answer with its sitting, once nobody else changes what that person has."""
    lock_person_of(session, queries.get_paper(session, actor, item_id=item_id).attempt.id)
    session.expire_all()
    return queries.get_paper(session, actor, item_id=item_id)


def _last_number(session: Session, item_id: int, *, seen: int) -> int:
    if queries.is_waiting(session, item_id):
        raise Conflict(_l("This answer has no mark yet: mark it first."))
    last = session.scalar(select(func.max(Mark.number)).where(Mark.item_id == item_id)) or 0
    if last != seen:
        raise Conflict(_l("This mark has changed meanwhile. Look at it once more."))
    return last


def _add(session: Session, mark: Mark, fraction: Decimal, marks: Decimal) -> None:
    mark.fraction = fraction.quantize(SMALLEST, ROUND_HALF_UP)
    mark.marks = earn(mark.fraction, marks)
    session.add(mark)
    session.flush()


def _record(session: Session, mark: Mark, levels: Sequence[int], *, branch_id: int | None) -> None:
    record(
        session,
        "answer.mark_corrected",
        at=mark.graded_at,
        actor_id=mark.graded_by_id,
        object_type="paper_item",
        object_id=mark.item_id,
        branch_id=branch_id,
        fraction=str(mark.fraction),
        levels=list(levels),
        reason=mark.reason,
    )
