"""What a device is told of a batch of saves, as JSON; short, for it goes over weak lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from lms.core.i18n import show_time
from quizzes.attempts.deadline import Clock
from quizzes.attempts.saves import Refusal, Save
from quizzes.attempts.saving import BatchReply, SaveReply


def batch_json(batch: BatchReply, refusals: Sequence[Refusal], now: datetime) -> dict[str, Any]:
    """Return the outcome of each event, the server's time, the seconds left and the code of this request."""
    not_kept = [*refusals, *(_not_kept(save) for save in batch.refused)]
    events = [_reply_json(reply, now) for reply in batch.replies]
    told: dict[str, Any] = {"events": events + [refusal_json(refusal) for refusal in not_kept]}
    if batch.replies:
        last = batch.replies[-1]
        told["time"] = show_time(last.received_at, last.time_zone)
        told |= clock_json(last.clock, now)
        told["receipt"] = last.receipt
    return told | {"now": round(now.timestamp() * 1000)}


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """Return what is told of an event that cannot be kept, now or later."""
    return {
        "position": refusal.position,
        "event": refusal.event_id,
        "outcome": "refused",
        "error": refusal.reason,
    }


def clock_json(clock: Clock, now: datetime) -> dict[str, Any]:
    """Return what a device is told of the time: the seconds left, and whether they stand still."""
    told: dict[str, Any] = {"left": clock.left(now)}
    return told | {"halted": True} if clock.halted_at else told


def _reply_json(reply: SaveReply, now: datetime) -> dict[str, Any]:
    standing = reply.standing
    told: dict[str, Any] = {
        "position": reply.position,
        "outcome": reply.outcome,
        "sequence": standing.sequence,
    }
    if reply.outcome == "superseded":
        told |= {"raw": standing.raw, "flagged": standing.is_flagged}
    if standing.format_error:
        told["error"] = standing.format_error
    if reply.received_at != now:
        told |= {"time": show_time(reply.received_at, reply.time_zone), "receipt": reply.receipt}
    return told


def _not_kept(save: Save) -> Refusal:
    return Refusal(
        position=save.position,
        event_id=save.event_id,
        reason=_("This answer could not be read. Reload the page and try again."),
    )
