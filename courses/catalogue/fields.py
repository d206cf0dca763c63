"""Fields of a mapping in a course file: none missing, none unknown, each of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any

from flask_babel import gettext as _

from courses.facts.documents import Fault, SourceMap

MAX_TEXT = 200


class Kind(Enum):
    """What a field holds."""

    TEXT = "text"
    PROSE = "prose"
    WHOLE = "whole"
    BOOLEAN = "boolean"
    LIST = "list"
    FIELDS = "fields"


def unknown_field(name: str, known: Iterable[str]) -> str:
    """Return what to say of a field nobody knows: the one that was meant, else those there are."""
    names = sorted(known)
    if near := get_close_matches(str(name), names, n=1):
        return str(_("Unknown field “%(name)s”. Do you mean “%(near)s”?", name=name, near=near[0]))
    return str(_("Unknown field “%(name)s”. There are: %(names)s.", name=name, names=", ".join(names)))


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
                self.say(name, unknown_field(name, kinds))
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
    if kind in {Kind.TEXT, Kind.PROSE}:
        if not isinstance(value, str) or not value.strip():
            return str(_("this must be text."))
        is_too_long = kind is Kind.TEXT and len(value) > MAX_TEXT and not is_long
        return str(_("this is longer than %(count)s characters.", count=MAX_TEXT)) if is_too_long else ""
    if kind is Kind.WHOLE:
        is_whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000
        return "" if is_whole else str(_("this must be a whole number from 0 on."))
    if kind is Kind.BOOLEAN:
        return "" if isinstance(value, bool) else str(_("this must be true or false."))
    if kind is Kind.FIELDS:
        return "" if isinstance(value, SourceMap) else str(_("this must have fields."))
    return "" if isinstance(value, list) and value else str(_("this must be a list, and not an empty one."))
