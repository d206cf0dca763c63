"""Questions whose facts have changed: paused until somebody has looked, and what became of them.

A paused version is on no new paper; papers that are drawn keep it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from courses.facts.book import FactBook
from courses.facts.models import Standing, UseOwner
from courses.facts.radar import Stale, find_stale
from courses.facts.uses import supersede
from lms.core.audit.services import record
from lms.core.db import begin_write
from quizzes.bank.models import QuestionVersion, QuizSlot, SlotCandidate, StaleState, StaleVersion
from quizzes.bank.stale.pausing import is_paused


def pause_stale(session: Session, *, book: FactBook, now: datetime) -> int:
    """Pause every version whose facts have changed, let go those whose facts changed back.

    Again it changes nothing.

    Returns:
        how many questions have to be looked at that had not before.
    """
    begin_write(session)
    stale = _by_version(
        find_stale(
            session,
            book,
            owner_type=UseOwner.QUESTION_VERSION,
            standings=(Standing.LIVE, Standing.SUPERSEDED),
        )
    )
    known = {row.question_version_id: row for row in session.scalars(select(StaleVersion))}
    if not stale and not known:
        return 0
    found = {version.id: version for version in _list_versions(session, stale)}
    newest = _newest_of(session, {version.question_id for version in found.values()})
    fresh: set[int] = set()
    for version_id, version in found.items():
        state = StaleState.OPEN if newest[version.question_id] in stale else StaleState.REPLACED
        if _mark(session, version, known.get(version_id), stale[version_id], state=state, now=now):
            fresh.add(version.question_id)
    _let_go(session, set(known) - set(stale), now=now)
    session.flush()
    return len(fresh)


def count_paused(session: Session, quiz_version_ids: Collection[int]) -> dict[int, int]:
    """Return by quiz version how many of its questions come on no new paper for now."""
    query = (
        select(QuizSlot.quiz_version_id, func.count(SlotCandidate.question_version_id.distinct()))
        .join(SlotCandidate, SlotCandidate.slot_id == QuizSlot.id)
        .where(
            QuizSlot.quiz_version_id.in_(quiz_version_ids),
            is_paused(SlotCandidate.question_version_id, QuizSlot.case_version_id),
        )
        .group_by(QuizSlot.quiz_version_id)
    )
    return dict(session.execute(query).all())


def take_over(session: Session, version_ids: Collection[int], *, now: datetime, actor_id: int | None) -> None:
    """Note that these versions, resolved just now, stand in place of the earlier ones of their questions."""
    begin_write(session)
    newer = aliased(QuestionVersion)
    older = (
        select(QuestionVersion.id)
        .join(newer, newer.question_id == QuestionVersion.question_id)
        .where(
            newer.id.in_(version_ids),
            or_(
                QuestionVersion.as_of < newer.as_of,
                and_(QuestionVersion.as_of == newer.as_of, QuestionVersion.number < newer.number),
            ),
        )
    )
    supersede(session, UseOwner.QUESTION_VERSION, older)
    closed = {"closed_at": now, "closed_by_id": actor_id}
    _close(session, older, closed | {"state": StaleState.REPLACED})
    _close(session, version_ids, closed | {"state": StaleState.RELEASED, "is_paused": False})


def _close(session: Session, version_ids: object, values: dict[str, object]) -> None:
    session.execute(
        update(StaleVersion)
        .where(
            StaleVersion.question_version_id.in_(version_ids),  # type: ignore[arg-type]
            StaleVersion.state == StaleState.OPEN,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _by_version(stale: Iterable[Stale]) -> dict[int, list[Stale]]:
    found: dict[int, list[Stale]] = {}
    for one in stale:
        found.setdefault(one.use.owner_id, []).append(one)
    return found


def _list_versions(session: Session, version_ids: Iterable[int]) -> Iterable[QuestionVersion]:
    query = select(QuestionVersion).where(QuestionVersion.id.in_(list(version_ids)))
    return session.scalars(query)


def _newest_of(session: Session, question_ids: Collection[int]) -> dict[int, int]:
    """Return by question the id of the version that stands: of the newest law date, the last one written."""
    query = (
        select(QuestionVersion.question_id, QuestionVersion.id)
        .where(QuestionVersion.question_id.in_(question_ids))
        .order_by(QuestionVersion.as_of, QuestionVersion.number)
    )
    return dict(session.execute(query).all())


def _mark(
    session: Session,
    version: QuestionVersion,
    row: StaleVersion | None,
    uses: list[Stale],
    *,
    state: StaleState,
    now: datetime,
) -> bool:
    """Keep that a version is stale; return whether it is so anew."""
    pauses = any(use.pauses for use in uses)
    if row is not None and row.state != StaleState.RELEASED:
        row.is_paused = row.is_paused or pauses
        return False
    if row is not None:
        row.state, row.is_paused, row.found_at = state, pauses, now
        row.closed_at, row.closed_by_id, row.reason = None, None, ""
    elif not _add(session, version.id, state=state, is_paused=pauses, now=now):
        return False
    record(
        session,
        "question.paused" if pauses else "question.doubted",
        at=now,
        actor_id=None,
        object_type="question",
        object_id=version.question_id,
        version=version.number,
        facts=sorted({use.use.key for use in uses}),
    )
    return True


def _add(session: Session, version_id: int, *, state: StaleState, is_paused: bool, now: datetime) -> bool:
    """Add a row; return False if another process did so a moment before, when two servers start at once."""
    row = StaleVersion(question_version_id=version_id, state=state, is_paused=is_paused, found_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def _let_go(session: Session, version_ids: Collection[int], *, now: datetime) -> None:
    """Release versions whose facts are again what they saw."""
    query = (
        select(StaleVersion, QuestionVersion.question_id, QuestionVersion.number)
        .join(QuestionVersion, QuestionVersion.id == StaleVersion.question_version_id)
        .where(StaleVersion.question_version_id.in_(version_ids), StaleVersion.state != StaleState.RELEASED)
    )
    for row, question_id, number in session.execute(query).all():
        row.state, row.is_paused, row.closed_at = StaleState.RELEASED, False, now
        record(
            session,
            "question.resumed",
            at=now,
            actor_id=None,
            object_type="question",
            object_id=question_id,
            version=number,
        )
