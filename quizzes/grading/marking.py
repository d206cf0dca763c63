"""Changes: people judge answers that no machine can, and their agreement becomes a mark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict
from quizzes.attempts.models import PaperItem
from quizzes.attempts.results import lock_person_of, settle
from quizzes.grading import queries
from quizzes.grading.agreement import agree
from quizzes.grading.models import Judgement, Mark, MarkKind
from quizzes.grading.queries import Paper
from quizzes.grading.scoring import SMALLEST, earn


def judge(
    session: Session,
    actor: Actor,
    *,
    item_id: int,
    fraction: Decimal,
    levels: Sequence[int],
    comment: str,
    now: datetime,
) -> bool:
    """Keep what a marker thinks of an answer; return whether it has its mark now.

    With the mark the result of the sitting follows in the same transaction, and a completion and certificate
    with it if that was the last thing missing.

    Args:
        fraction: 0–1.
        levels: chosen for each criterion, from 0; empty without a rubric.

    Raises:
        NotFound: no such answer waits at the actor's branches.
        Conflict: it has its mark already, or the actor has judged it.
    """
    begin_write(session)
    attempt_id = queries.get_paper(session, actor, item_id=item_id).attempt.id
    lock_person_of(session, attempt_id)
    # Read again: whoever held the lock before may have judged it.
    session.expire_all()
    paper = queries.get_paper(session, actor, item_id=item_id)
    if not queries.is_waiting(session, item_id):
        raise Conflict(_l("This answer has its mark already."))
    if any(judgement.marker_id == actor.user_id for judgement in paper.judgements):
        raise Conflict(_l("You have judged this answer. It waits for another marker."))
    mine = Judgement(
        item_id=item_id,
        marker_id=actor.user_id,
        fraction=fraction.quantize(SMALLEST, ROUND_HALF_UP),
        levels=list(levels),
        comment=comment,
        judged_at=now,
    )
    session.add(mine)
    record(
        session,
        "answer.judged",
        at=now,
        actor_id=actor.user_id,
        object_type="paper_item",
        object_id=item_id,
        branch_id=paper.cohort.branch_id,
        fraction=str(mine.fraction),
    )
    return _mark_if_agreed(session, paper, [*paper.judgements, mine], now=now)


def _mark_if_agreed(session: Session, paper: Paper, judgements: list[Judgement], *, now: datetime) -> bool:
    fraction = agree(
        [judgement.fraction for judgement in judgements],
        markers=paper.quiz.markers,
        gap_percent=paper.quiz.marking_gap_percent,
    )
    if fraction is None:
        session.flush()
        return False
    session.add(_hand_mark(session, paper.item, fraction, judgements, now=now))
    session.flush()
    settle(session, [paper.attempt], now=now)
    return True


def _hand_mark(
    session: Session, item: PaperItem, fraction: Decimal, judgements: list[Judgement], *, now: datetime
) -> Mark:
    number = session.scalar(select(func.max(Mark.number)).where(Mark.item_id == item.id)) or 0
    comments = dict.fromkeys(judgement.comment for judgement in judgements if judgement.comment)
    return Mark(
        item_id=item.id,
        number=number + 1,
        kind=MarkKind.HAND,
        fraction=fraction,
        marks=earn(fraction, item.marks),
        grader="person",
        graded_at=now,
        graded_by_id=judgements[-1].marker_id,
        comment="\n".join(comments),
        question_version_id=item.question_version_id,
    )
