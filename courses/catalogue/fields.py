"""Fields of a mapping in a course file: none missing, none unknown, each of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask_babel import gettext as _

from courses.facts.documents import Fault, SourceMap

MAX_TEXT = 200


class Kind(Enum):
    """What a field holds."""

    TEXT = "text"
    WHOLE = "whole"
    BOOLEAN = "boolean"
    LIST = "list"


@dataclass(frozen=True)
class FieldReader:
    """Reads one mapping and reports what is wrong with it to a list of faults."""

    faults: list[Fault]
    file: str
    entry: SourceMap

    def read(self, needed: Mapping[str, Kind], optional: Mapping[str, Kind] | None = None) -> dict[str, Any]:
        """Return the fields that are right; the others are reported."""
        kinds = {**needed, **(optional or {})}
        for name in self.entry:
            if name not in kinds:
                self.say(name, _("Unknown field “%(name)s”.", name=name))
        for name in needed:
            if name not in self.entry:
                self.say("", _("The field “%(name)s” is missing.", name=name))
        return {name: self.entry[name] for name, kind in kinds.items() if self._is_right(name, kind)}

    def say(self, name: str, message: str) -> None:
        """Report ``message`` at the line of field ``name``, or of the mapping."""
        self.faults.append(Fault(self.file, self.entry.line_of(name), str(message)))

    def _is_right(self, name: str, kind: Kind) -> bool:
        if name not in self.entry:
            return False
        fault = _fault(self.entry[name], kind, is_long=name == "summary")
        if fault:
            self.say(name, f"{name}: {fault}")
        return not fault


def _fault(value: Any, kind: Kind, *, is_long: bool) -> str:
    if kind is Kind.TEXT:
        if not isinstance(value, str) or not value.strip():
            return str(_("this must be text."))
        is_too_long = len(value) > MAX_TEXT and not is_long
        return str(_("this is longer than %(count)s characters.", count=MAX_TEXT)) if is_too_long else ""
    if kind is Kind.WHOLE:
        is_whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000
        return "" if is_whole else str(_("this must be a whole number from 0 on."))
    if kind is Kind.BOOLEAN:
        return "" if isinstance(value, bool) else str(_("this must be true or false."))
    return "" if isinstance(value, list) and value else str(_("this must be a list, and not an empty one."))
