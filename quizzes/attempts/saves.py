"""A save as a device sends it: read from a form or from JSON, with every limit checked."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from lms.core.errors import Invalid

RawAnswer = dict[str, list[str]]

MAX_RAW_BYTES = 500
"""One answer as JSON: request and reply of a save stay below 1 KB."""

MAX_SEQUENCE = 2**31 - 1
MAX_POSITION = 1000

_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{4,40}\Z")
_FIELD = re.compile(r"q([1-9][0-9]{0,2})-([a-z][a-z0-9_-]{0,29})\Z")
_RESERVED = {"seq", "event", "flag"}


@dataclass(frozen=True)
class Save:
    """One answer on its way: ``raw`` is None when the person emptied it again."""

    position: int
    event_id: str
    sequence: int
    raw: RawAnswer | None
    is_flagged: bool


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
    return _checked(
        position=data.get("position"),
        event_id=data.get("event"),
        sequence=data.get("sequence"),
        raw=raw,
        is_flagged=data.get("flagged", False),
    )


def read_form(form: FormData) -> list[Save]:
    """Return a save for every question in a posted form, by position.

    The fields of question 3 are ``q3-event``, ``q3-seq``, ``q3-flag`` and those of its type. The event id
    of a form is completed by a digest of the answer: a form sent twice changes nothing, but another answer
    from the same page is a save of its own.

    Raises:
        Invalid: unreadable, or larger than an answer may be.
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
    )


def _checked(*, position: Any, event_id: Any, sequence: Any, raw: Any, is_flagged: Any) -> Save:
    is_sound = (
        _is_number(position, MAX_POSITION)
        and isinstance(event_id, str)
        and _EVENT_ID.match(event_id)
        and _is_number(sequence, MAX_SEQUENCE)
        and isinstance(is_flagged, bool)
    )
    if not is_sound:
        raise _unreadable()
    return Save(position, event_id, sequence, _normal(raw), is_flagged)


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
    said = {name: values for name, values in said.items() if values}
    if len(json.dumps(said, ensure_ascii=False).encode()) > MAX_RAW_BYTES:
        raise Invalid(_l("This answer is too long to be saved. Please write it shorter."))
    return said or None


def _is_unstorable(text: str) -> bool:
    """Return whether a text holds what PostgreSQL cannot store and no keyboard writes."""
    return "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text)


def _unreadable() -> Invalid:
    return Invalid(_l("This answer could not be read. Reload the page and try again."))
