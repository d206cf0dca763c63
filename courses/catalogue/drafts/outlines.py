"""The lists of a course file changed in place: moved, taken out, put in, renamed. All else stays as it was.

A place is the position of a day, of a module in it, of a step in that, from 0: ``(0, 2, 1)``. Comments go
with the entry below them.
What comes out is read again and must say what was wanted, so a change that went wrong cannot get out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from flask_babel import gettext as _
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from courses.catalogue.folder import COURSE_FILE
from courses.catalogue.splices import end_of
from courses.facts.documents import DocumentFault, read_document
from lms.core.errors import Invalid

_DAY_RULE = re.compile(r"(\bday_begun:\s*)(\d+)\b")
LISTS = ("days", "modules", "steps")
Place = tuple[int, ...]


@dataclass(frozen=True)
class _List:
    """A list in the text: where each entry begins and ends, whole lines, and how far its dashes stand in."""

    spans: tuple[tuple[int, int], ...]
    indent: int


def move_entry(text: str, place: Place, to: int) -> str:
    """Return ``text`` with an entry at position ``to`` of its list.

    Raises:
        Invalid: there is no such entry or position, or the list is laid out in an unusual way.
    """
    found, position = _list_at(text, place), place[-1]
    if not 0 <= to < len(found.spans):
        raise Invalid(_("It cannot go further."))
    entries = [text[start:end] for start, end in found.spans]
    entries.insert(to, entries.pop(position))
    changed = text[: found.spans[0][0]] + "".join(entries) + text[found.spans[-1][1] :]
    wanted = _read(text)
    entries_wanted = _entries(wanted, place)
    entries_wanted.insert(to, entries_wanted.pop(position))
    return _proved(changed, wanted)


def remove_entry(text: str, place: Place) -> str:
    """Return ``text`` without an entry.

    Raises:
        Invalid: there is no such entry, it is the only one, or the list is laid out in an unusual way.
    """
    found, position = _list_at(text, place), place[-1]
    if len(found.spans) == 1:
        raise Invalid(
            _("The last one of a list cannot be removed: remove what it is in, or add another first.")
        )
    start, end = found.spans[position]
    wanted = _read(text)
    del _entries(wanted, place)[position]
    return _proved(text[:start] + text[end:], wanted)


def add_entry(text: str, place: Place, entry: dict[str, Any]) -> str:
    """Return ``text`` with an entry more at the end of a list; ``place`` is that of any entry of the list.

    Raises:
        Invalid: there is no such list, or it is laid out in an unusual way.
    """
    found = _list_at(text, (*place[:-1], 0))
    end = found.spans[-1][1]
    head = text[:end] if text[:end].endswith("\n") else f"{text[:end]}\n"
    wanted = _read(text)
    _entries(wanted, place).append(entry)
    return _proved(head + "\n".join(_write(entry, found.indent)) + "\n" + text[end:], wanted)


def rename_entry(text: str, place: Place, title: str) -> str:
    """Return ``text`` with another title for a day or a module.

    Raises:
        Invalid: there is no such entry, or it has no title.
    """
    entry = _node_at(text, place)
    _key, title_node = _field(entry, "title")
    wanted = _read(text)
    _entries(wanted, place)[place[-1]]["title"] = title
    start, end = title_node.start_mark.index, end_of(text, title_node)
    return _proved(text[:start] + show_text(title) + text[end:], wanted)


def renumber_days(text: str, numbers: Mapping[int, int]) -> str:
    """Return ``text`` with the days that rules wait for called by their new places.

    Args:
        numbers: by place before, from 1, the place now.

    Raises:
        Invalid: a rule is laid out in an unusual way.
    """
    changed = _DAY_RULE.sub(lambda match: f"{match[1]}{numbers.get(int(match[2]), int(match[2]))}", text)
    return _proved(changed, _renumbered(_read(text), numbers))


def _renumbered(value: Any, numbers: Mapping[int, int]) -> Any:
    if isinstance(value, list):
        return [_renumbered(part, numbers) for part in value]
    if not isinstance(value, dict):
        return value
    return {
        name: numbers.get(part, part) if name == "day_begun" else _renumbered(part, numbers)
        for name, part in value.items()
    }


def show_text(value: str) -> str:
    """Return a text as YAML has it: plain where it may be, else in quotation marks."""
    plain = f"title: {value}"
    try:
        is_plain = "\n" not in value and read_document(plain, file="") == {"title": value}
    except DocumentFault:
        is_plain = False
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _list_at(text: str, place: Place) -> _List:
    parent = _node_at(text, place[:-1])
    key, sequence = _field(parent, LISTS[len(place) - 1])
    if not isinstance(sequence, SequenceNode) or sequence.flow_style or place[-1] >= len(sequence.value):
        raise _unusual()
    ends = [_line_end(text, end_of(text, item)) for item in sequence.value]
    begin = sequence.value[0].start_mark.index
    line = _line_start(text, begin)
    dash = text.rfind("-", line, begin) - line
    if text[line : line + dash].strip() or dash < 0:
        raise _unusual()
    starts = [_line_end(text, key.end_mark.index), *ends[:-1]]
    return _List(tuple(zip(starts, ends, strict=True)), dash)


def _node_at(text: str, place: Place) -> Node:
    _read(text)
    node: Node | None = yaml.compose(text, yaml.CSafeLoader)
    for level, position in enumerate(place):
        _key, sequence = _field(node, LISTS[level])
        if not isinstance(sequence, SequenceNode) or not 0 <= position < len(sequence.value):
            raise _unusual()
        node = sequence.value[position]
    if node is None:
        raise _unusual()
    return node


def _field(node: Node | None, name: str) -> tuple[Node, Node]:
    for key, value in node.value if isinstance(node, MappingNode) else ():
        if isinstance(key, ScalarNode) and key.value == name:
            return key, value
    raise _unusual()


def _entries(document: Any, place: Place) -> list[Any]:
    for level, position in enumerate(place):
        entries: list[Any] = document[LISTS[level]]
        if level == len(place) - 1:
            return entries
        document = entries[position]
    raise _unusual()


def _write(entry: dict[str, Any], indent: int) -> Sequence[str]:
    """Return an entry as the house writes it: steps in one line, modules and days in several."""
    if not any(isinstance(value, list) for value in entry.values()):
        inner = ", ".join(f"{name}: {_flow(value)}" for name, value in entry.items())
        return [f"{' ' * indent}- {{{inner}}}"]
    lines: list[str] = []
    for name, value in entry.items():
        lead = " " * indent + ("  " if lines else "- ")
        if isinstance(value, list):
            lines.append(f"{lead}{name}:")
            for one in value:
                lines += _write(one, indent + 4)
        else:
            lines.append(f"{lead}{name}: {value if isinstance(value, int) else show_text(value)}")
    return lines


def _flow(value: Any) -> str:
    return (
        str(value) if isinstance(value, int) or str(value).replace("-", "").isalnum() else json.dumps(value)
    )


def _proved(text: str, wanted: Any) -> str:
    if _read(text) != wanted:
        raise _unusual()
    return text


def _read(text: str) -> Any:
    try:
        return read_document(text, file=COURSE_FILE)
    except DocumentFault as error:
        raise Invalid(_("The course file cannot be read: %(fault)s", fault=str(error.fault))) from error


def _unusual() -> Invalid:
    return Invalid(
        _("This part of course.yaml is laid out in a way only a person can change: edit the file itself.")
    )


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    return text.find("\n", index) + 1 or len(text)
