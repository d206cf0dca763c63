"""A save as a device sends it: read from a form or from JSON, with every limit checked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid

RawAnswer = dict[str, list[str]]

MAX_RAW_BYTES = 14_000
"""The longest answer of any type as JSON; `is_too_long` knows what each type takes."""

MAX_SEQUENCE = 2**31 - 1
MAX_POSITION = 1000

_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{4,40}\Z")
_FIELD = re.compile(r"q([1-9][0-9]{0,2})-([a-z][a-z0-9_-]{0,29})\Z")
_RESERVED = {"seq", "event", "flag"}

MAX_EVENTS = 20
"""Of one batch; the page sends fifteen."""

ORIGINS = ("page", "queue", "leftover")
"""Where a save comes from, as a script says; the model has the words."""

_CLOCK = range(946_684_800_000, 4_102_444_800_000)
"""Milliseconds of 2000 to 2099: what a device's clock may say to be worth keeping."""


@dataclass(frozen=True)
class Save:
    """One answer on its way: ``raw`` is None when the person emptied it again."""

    position: int
    event_id: str
    sequence: int
    raw: RawAnswer | None
    is_flagged: bool
    client_at: datetime | None = None
    origin: str = "page"


@dataclass(frozen=True)
class Refusal:
    """One event of a batch that cannot be kept, as far as it could be read, and why."""

    position: int | None
    event_id: str | None
    reason: str


class FormData(Protocol):
    """What werkzeug's form values offer."""

    def __iter__(self) -> Iterator[str]:
        """Yield the names of all fields."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of one field."""


def read_json(data: Any) -> Save:
    """Return the save in a JSON request.

    Raises:
        Invalid: not of the agreed shape, or larger than an answer may be.
    """
    if not isinstance(data, dict):
        raise _unreadable()
    raw = data.get("raw")
    if raw is not None and not isinstance(raw, dict):
        raise _unreadable()
    save = _checked(
        position=data.get("position"),
        event_id=data.get("event"),
        sequence=data.get("sequence"),
        raw=raw,
        is_flagged=data.get("flagged", False),
        client_at=_read_clock(data.get("at")),
        origin=data["from"] if data.get("from") in ORIGINS else "page",
    )
    if is_too_long(save.raw, MAX_RAW_BYTES):
        raise too_long()
    return save


def read_batch(events: Any) -> tuple[list[Save], list[Refusal]]:
    """Return the saves in a list of events, at most one for each question, and what cannot be kept.

    Raises:
        Invalid: no list of events, or too many of them.
    """
    if not isinstance(events, list) or not 1 <= len(events) <= MAX_EVENTS:
        raise _unreadable()
    saves: dict[int, Save] = {}
    refusals: list[Refusal] = []
    for event in events:
        try:
            save = read_json(event)
            if saves.setdefault(save.position, save) is not save:
                raise _unreadable()
        except Invalid as error:
            refusals.append(_refusal(event, str(error.message)))
    return list(saves.values()), refusals


def _refusal(event: Any, reason: str) -> Refusal:
    told = event if isinstance(event, dict) else {}
    position, event_id = told.get("position"), told.get("event")
    return Refusal(
        position=position if _is_number(position, MAX_POSITION) else None,
        event_id=event_id if isinstance(event_id, str) and _EVENT_ID.match(event_id) else None,
        reason=reason,
    )


def _read_clock(milliseconds: Any) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int) or milliseconds not in _CLOCK:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def read_form(form: FormData) -> list[Save]:
    """Return a save for every question in a posted form, by position.

    The fields of question 3 are ``q3-event``, ``q3-seq``, ``q3-flag`` and those of its type. The event id
    of a form is completed by a digest of the answer: a form sent twice changes nothing, but another answer
    from the same page is a save of its own. How long an answer may be, its type says when it is kept.

    Raises:
        Invalid: unreadable.
    """
    found: dict[int, dict[str, list[str]]] = {}
    for name in form:
        match = _FIELD.match(name)
        if match:
            found.setdefault(int(match[1]), {})[match[2]] = form.getlist(name)
    return [_from_fields(position, fields) for position, fields in sorted(found.items()) if "seq" in fields]


def _from_fields(position: int, fields: Mapping[str, list[str]]) -> Save:
    answer = {name: values for name, values in fields.items() if name not in _RESERVED}
    is_flagged = "flag" in fields
    digest = hashlib.sha256(json.dumps([answer, is_flagged], sort_keys=True).encode()).hexdigest()[:12]
    event_id = (fields.get("event") or [""])[0]
    sequence = fields["seq"][0]
    return _checked(
        position=position,
        event_id=f"{event_id[:24]}-{digest}",
        sequence=int(sequence) if re.fullmatch(r"[0-9]{1,10}", sequence) else None,
        raw=answer,
        is_flagged=is_flagged,
        origin="form",
    )


def _checked(
    *,
    position: Any,
    event_id: Any,
    sequence: Any,
    raw: Any,
    is_flagged: Any,
    origin: str,
    client_at: datetime | None = None,
) -> Save:
    is_sound = (
        _is_number(position, MAX_POSITION)
        and isinstance(event_id, str)
        and _EVENT_ID.match(event_id)
        and _is_number(sequence, MAX_SEQUENCE)
        and isinstance(is_flagged, bool)
    )
    if not is_sound:
        raise _unreadable()
    return Save(position, event_id, sequence, _normal(raw), is_flagged, client_at, origin)


def _is_number(value: Any, highest: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= highest


def _normal(raw: Any) -> RawAnswer | None:
    """Return the fields that say something, None when nothing was answered."""
    if raw is None:
        return None
    for name, values in raw.items():
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise _unreadable()
        if any(_is_unstorable(text) for text in (name, *values)):
            raise _unreadable()
    said = {name: [v for v in values if v.strip()] for name, values in raw.items()}
    return {name: values for name, values in said.items() if values} or None


def is_too_long(raw: RawAnswer | None, most: int) -> bool:
    """Return whether an answer takes more than ``most`` bytes as JSON."""
    return len(json.dumps(raw or {}, ensure_ascii=False).encode()) > most


def too_long() -> Invalid:
    """Return what to raise for an answer that is longer than its type takes."""
    return Invalid(_l("This answer is too long to be saved. Please write it shorter."))


def _is_unstorable(text: str) -> bool:
    """Return whether a text holds what PostgreSQL cannot store and no keyboard writes."""
    return "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _unreadable() -> Invalid:
    return Invalid(_l("This answer could not be read. Reload the page and try again."))
