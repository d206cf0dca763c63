"""Changes: answers to one question are marked anew by another version of it, its consequences seen before.

A version fits when its paper offers the same to choose from; then an answer, stored in terms of the content,
means the same. Marks given by hand stay, and so do decisions about the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, exists, func, insert, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from lms.core.accounts.actor import Actor
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.models import PaperItem
from quizzes.attempts.queries import WorthItem
from quizzes.attempts.results import settle
from quizzes.bank.models import QuestionVersion, QuizSlot, QuizVersion, SlotCandidate
from quizzes.grading import queries, question_queries
from quizzes.grading.models import REGRADED, Mark, MarkKind, Ruling
from quizzes.grading.rulings import Foresight, keep, list_sittings, lock_people, tell, weigh
from quizzes.grading.services import Key, automatic_mark, fraction_by, is_same_to_people
from quizzes.grading.worth import Worth
from quizzes.types import get_type

NO_FIT = _l("This version offers other answers than the papers did, so its key does not fit them.")


def list_keys(session: Session, version: QuestionVersion) -> list[QuestionVersion]:
    """Return the versions of a question by which its answers may be marked, the newest first.

    They are those that published quizzes name: such a version never changes any more.

    Args:
        version: what stands on papers; it is among them, so that a regrade can be taken back.
    """
    if get_type(version.type).is_judged:
        return []
    query = (
        select(QuestionVersion)
        .where(QuestionVersion.question_id == version.question_id, QuestionVersion.type == version.type)
        .where(_is_published())
        .order_by(QuestionVersion.number.desc())
        .limit(queries.PAGE_SIZE)
    )
    return list(session.scalars(query))


def get_key(session: Session, version_id: int, *, question_id: int) -> QuestionVersion:
    """Return a version of a question that a published quiz names.

    Raises:
        NotFound: there is none, or it is another question's.
    """
    query = select(QuestionVersion).where(
        QuestionVersion.id == version_id, QuestionVersion.question_id == question_id, _is_published()
    )
    version = session.scalar(query)
    if version is None:
        raise NotFound
    return version


def _is_published() -> ColumnElement[bool]:
    return exists().where(
        SlotCandidate.question_version_id == QuestionVersion.id,
        QuizSlot.id == SlotCandidate.slot_id,
        QuizVersion.id == QuizSlot.quiz_version_id,
        QuizVersion.status == "published",
    )


def foresee_regrade(session: Session, *, cohort_id: int, version: QuestionVersion) -> Foresight | None:
    """Return what marking by this version would do to the papers a cohort handed in; None where it cannot.

    It can when every paper offers the same as one of this version would, and the machine marks it.
    """
    answers = _list_answers(session, cohort_id, version.question_id)
    if not _fits(version, answers):
        return None
    fractions = {item.id: fraction_by(version, item) for item, is_by_hand in answers if not is_by_hand}

    def change(item: WorthItem) -> Worth:
        return item.worth.judged_as(fractions[item.item_id]) if item.item_id in fractions else item.worth

    return weigh(session, cohort_id, version.question_id, change, about=(REGRADED, version.id))


def regrade(
    session: Session,
    actor: Actor,
    *,
    cohort_id: int,
    question_id: int,
    version_id: int,
    reason: str,
    mark: str,
    now: datetime,
) -> Ruling:
    """Mark all answers of a cohort to a question by another version, also those handed in later.

    Marks are added, none is changed. Nobody loses a step done, a completion or a certificate by it.

    Args:
        mark: of the foresight that was seen.

    Raises:
        NotFound: no such question on the papers of a cohort of the actor's, or no such version of it.
        Conflict: the version offers something else to choose from, or results have changed since then.
    """
    begin_write(session)
    cohort = queries.get_cohort(session, cohort_id, actor=actor)
    lock_people(session, cohort_id)
    question_queries.get_asked(session, cohort_id, question_id=question_id)
    version = get_key(session, version_id, question_id=question_id)
    seen = foresee_regrade(session, cohort_id=cohort_id, version=version)
    if seen is None:
        raise Conflict(NO_FIT)
    ruling = Ruling(
        cohort_id=cohort_id,
        question_id=question_id,
        decision=REGRADED,
        question_version_id=version_id,
        reason=reason,
        created_at=now,
        created_by_id=actor.user_id,
    )
    keep(session, ruling, seen, mark=mark)
    _mark_anew(session, Key(version, ruling), now=now)
    tell(session, "question.regraded", ruling, branch_id=cohort.branch_id, question_version_id=version_id)
    return ruling


def _mark_anew(session: Session, key: Key, *, now: datetime) -> None:
    cohort_id, question_id = key.ruling.cohort_id, key.ruling.question_id
    answers = _list_answers(session, cohort_id, question_id)
    items = [item for item, is_by_hand in answers if not is_by_hand]
    last = _last_numbers(session, [item.id for item in items])
    marks = [
        automatic_mark(item, fraction_by(key.version, item), key, number=last[item.id] + 1, now=now)
        for item in items
    ]
    if marks:
        session.execute(insert(Mark), marks)
    found = list_sittings(session, cohort_id, question_id)
    settle(session, [attempt for attempt, *_ in found], now=now)


def _last_numbers(session: Session, item_ids: list[int]) -> dict[int, int]:
    query = select(Mark.item_id, func.max(Mark.number)).where(Mark.item_id.in_(item_ids))
    return dict(session.execute(query.group_by(Mark.item_id)).all())


def _fits(version: QuestionVersion, answers: Sequence[tuple[PaperItem, bool]]) -> bool:
    if get_type(version.type).is_judged:
        return False
    return all(is_same_to_people(item.question_version, version, item.prepared) for item, _hand in answers)


def _list_answers(session: Session, cohort_id: int, question_id: int) -> list[tuple[PaperItem, bool]]:
    """Return a question on the papers a cohort handed in, and whether each has a mark given by hand."""
    by_hand = aliased(Mark)
    is_by_hand = exists().where(by_hand.item_id == PaperItem.id, by_hand.kind == MarkKind.HAND)
    query = (
        question_queries.items_of(cohort_id, PaperItem, is_by_hand)
        .where(QuestionVersion.question_id == question_id)
        .options(contains_eager(PaperItem.question_version), joinedload(PaperItem.response))
        .order_by(PaperItem.id)
    )
    return [(row[0], bool(row[1])) for row in session.execute(query)]
