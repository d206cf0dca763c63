"""Changes: answers are kept, each with its history; what came before, late or twice is told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lms.core.db import begin_write, connection_of
from lms.core.errors import Invalid, NotFound
from quizzes.attempts.answers import Kept, ParsedSave, Standing, store_events, store_responses
from quizzes.attempts.deadline import Clock
from quizzes.attempts.open_items import OpenItem, list_open_items
from quizzes.attempts.saves import Save, is_too_long, too_long
from quizzes.types import get_type
from quizzes.types.base import FormatError


@dataclass(frozen=True)
class SaveReply:
    """What a device is told of one save; ``time_zone`` is the cohort's."""

    position: int
    # "applied", "superseded" or "late"
    outcome: str
    received_at: datetime
    time_zone: str
    clock: Clock
    standing: Standing
    receipt: str


@dataclass(frozen=True)
class BatchReply:
    """What a device is told of a batch: of each save that was kept, and which ones cannot be kept."""

    replies: list[SaveReply]
    refused: list[Save]


def save_answers(
    session: Session,
    saves: Sequence[Save],
    *,
    attempt_id: int,
    user_id: int | None,
    now: datetime,
    receipt: str = "",
) -> list[SaveReply]:
    """Keep answers, each by its own event id and sequence, in one read and two writing statements.

    Input a type cannot read is kept as it came, with the reason, and stands as a format error. A save
    that comes after the end is kept as late and answered so. There is at most one save for each position.
    ``user_id`` says whose sitting it must be; None for the machine. ``receipt`` is the code that is kept
    with all of them.

    Raises:
        NotFound: the sitting is not this person's, or a position is not on the paper.
        Invalid: an answer is longer than its type takes, or an event id was used before for another question.
    """
    items = _open_items(session, saves, attempt_id=attempt_id, user_id=user_id)
    if not all(_fits(save, items) for save in saves):
        raise too_long()
    return _keep_all(session, saves, items, attempt_id=attempt_id, user_id=user_id, receipt=receipt, now=now)


def save_form(
    session: Session,
    saves: Sequence[Save],
    *,
    attempt_id: int,
    user_id: int | None,
    now: datetime,
    receipt: str = "",
) -> BatchReply:
    """Keep the answers of a form; one that is longer than its type takes keeps no other from being stored.

    A form sends every question it shows: what says the same as what stands is left out. Else as
    :func:`save_answers`.

    Raises:
        NotFound: the sitting is not this person's, or a position is not on the paper.
        Invalid: an event id was used before for another question.
    """
    items = _open_items(session, saves, attempt_id=attempt_id, user_id=user_id)
    told = [save for save in saves if _says_something_new(save, items[save.position].standing)]
    short = [save for save in told if _fits(save, items)]
    replies = _keep_all(
        session, short, items, attempt_id=attempt_id, user_id=user_id, receipt=receipt, now=now
    )
    return BatchReply(replies, [save for save in told if save not in short])


def save_batch(
    session: Session, saves: Sequence[Save], *, attempt_id: int, user_id: int, receipt: str, now: datetime
) -> BatchReply:
    """Keep what can be kept of a batch: one bad save keeps no other from being stored.

    Refused are positions that are not on the paper, answers longer than their type takes, and event ids
    used before for another question; else as :func:`save_answers`.

    Raises:
        NotFound: the sitting is not this person's, or none of the positions is on the paper.
    """
    event_ids = {save.position: save.event_id for save in saves}
    items = list_open_items(session, attempt_id, user_id=user_id, event_ids=event_ids)
    if not items:
        raise NotFound
    known = [save for save in saves if save.position in items and _fits(save, items)]
    kept = _keep(session, known, items, attempt_id=attempt_id, user_id=user_id, receipt=receipt, now=now)
    return BatchReply(kept.replies, [save for save in saves if save not in known] + kept.refused)


def _open_items(
    session: Session, saves: Sequence[Save], *, attempt_id: int, user_id: int | None
) -> dict[int, OpenItem]:
    event_ids = {save.position: save.event_id for save in saves}
    items = list_open_items(session, attempt_id, user_id=user_id, event_ids=event_ids)
    if not items or set(items) != set(event_ids):
        raise NotFound
    return items


def _keep_all(
    session: Session,
    saves: Sequence[Save],
    items: dict[int, OpenItem],
    *,
    attempt_id: int,
    user_id: int | None,
    receipt: str,
    now: datetime,
) -> list[SaveReply]:
    """Store what is new, all or nothing."""
    kept = _keep(session, saves, items, attempt_id=attempt_id, user_id=user_id, receipt=receipt, now=now)
    if kept.refused:
        session.rollback()
        raise Invalid(_l("This answer could not be read. Reload the page and try again."))
    return kept.replies


def _keep(
    session: Session,
    saves: Sequence[Save],
    items: dict[int, OpenItem],
    *,
    attempt_id: int,
    user_id: int | None,
    receipt: str,
    now: datetime,
) -> BatchReply:
    """Store what is new.

    A save that finds its event id taken rolls all back: another request brought it in a moment before, and
    its outcome is told; or the id belongs to another question, and the save is refused. The rest is
    stored anew.
    """
    wanted, refused = list(saves), list[Save]()
    while True:
        fresh = [_parse(save, items[save.position]) for save in wanted if not _is_known(save, items)]
        kept = _store(session, fresh, attempt_id=attempt_id, receipt=receipt, now=now)
        if len(kept) == len(fresh):
            break
        session.rollback()
        missed = {save.position for save in fresh if save.item_id not in kept}
        event_ids = {save.position: save.event_id for save in wanted}
        items = list_open_items(session, attempt_id, user_id=user_id, event_ids=event_ids)
        clashes = [save for save in wanted if save.position in missed and not _is_known(save, items)]
        wanted, refused = [save for save in wanted if save not in clashes], refused + clashes
    places = [items[save.position] for save in wanted]
    return BatchReply([_reply(item, kept.get(item.item_id), receipt, now) for item in places], refused)


def _parse(save: Save, item: OpenItem) -> ParsedSave:
    answer, format_error = None, ""
    try:
        answer = get_type(item.type).parse(save.raw or {}, item.content, item.prepared)
    except FormatError as error:
        format_error = str(error.message)[:300]
    return ParsedSave(
        item_id=item.item_id,
        position=save.position,
        event_id=save.event_id,
        sequence=save.sequence,
        raw=save.raw,
        answer=answer,
        format_error=format_error,
        is_flagged=save.is_flagged,
        client_at=save.client_at,
        origin=save.origin,
        may_stand=item.is_open,
    )


def _fits(save: Save, items: dict[int, OpenItem]) -> bool:
    """Return whether an answer is no longer than its type takes."""
    return not is_too_long(save.raw, get_type(items[save.position].type).max_bytes)


def _says_something_new(save: Save, standing: Standing) -> bool:
    return (save.raw, save.is_flagged) != (standing.raw, standing.is_flagged)


def _is_known(save: Save, items: dict[int, OpenItem]) -> bool:
    return items[save.position].known_outcome is not None


def _store(
    session: Session, fresh: Sequence[ParsedSave], *, attempt_id: int, receipt: str, now: datetime
) -> dict[int, Kept]:
    if not fresh:
        return {}
    begin_write(session)
    connection = connection_of(session)
    open_ones = [save for save in fresh if save.may_stand]
    applied = store_responses(connection, attempt_id, open_ones, now=now) if open_ones else set()
    kept = store_events(connection, attempt_id, fresh, applied=applied, receipt=receipt, now=now)
    return {one.item_id: one for one in kept}


def _reply(item: OpenItem, kept: Kept | None, receipt: str, now: datetime) -> SaveReply:
    """Return what to tell the device: of this save, or of the earlier one with the same event id."""
    return SaveReply(
        position=item.position,
        outcome=kept.outcome if kept else item.known_outcome or "",
        received_at=now if kept or item.known_at is None else item.known_at,
        time_zone=item.time_zone,
        clock=item.clock,
        standing=kept.standing if kept else item.standing,
        receipt=receipt if kept else item.known_receipt,
    )
