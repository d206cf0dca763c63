"""One entry of a YAML list changed in place: comments, order, quoting and everything else stay as they are.

Only the values that differ are written anew. What comes out is read again and must say what was wanted, so a
splice that went wrong cannot get out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from courses.facts.documents import read_document


class SpliceError(ValueError):
    """The text cannot be changed in place: it has no such entry, or is laid out in an unusual way."""


@dataclass(frozen=True)
class _Splice:
    """Replace the characters from `start` to `end` by `text`."""

    start: int
    end: int
    text: str


def replace_entry(text: str, entry_id: str, wanted: Mapping[str, Any]) -> str:
    """Return ``text``, a list of maps with an id each, with one of them saying what is ``wanted``.

    Args:
        text: the YAML file.
        entry_id: the value of the field ``id``.
        wanted: all fields of the entry but ``id``.

    Raises:
        SpliceError: there is no such entry, or it cannot be changed in place.
    """
    before = read_document(text, file="")
    entry = _find(text, entry_id)
    splices = sorted(_of_map(text, entry, {"id": entry_id, **wanted}), key=lambda splice: -splice.start)
    for splice in splices:
        text = text[: splice.start] + splice.text + text[splice.end :]
    after = read_document(text, file="")
    expected = [{"id": entry_id, **wanted} if one.get("id") == entry_id else one for one in before]
    if after != expected:
        raise SpliceError(f"{entry_id} cannot be changed in place")
    return text


def _find(text: str, entry_id: str) -> MappingNode:
    document = yaml.compose(text, yaml.CSafeLoader)
    for entry in document.value if isinstance(document, SequenceNode) else ():
        if isinstance(entry, MappingNode):
            for key, value in entry.value:
                if key.value == "id" and value.value == entry_id:
                    return entry
    raise SpliceError(f"there is no entry {entry_id}")


def _of_map(text: str, node: MappingNode, wanted: Mapping[str, Any]) -> Iterator[_Splice]:
    """Yield what makes a map say what is wanted."""
    there = {key.value: (key, value) for key, value in node.value}
    for name, (key, value) in there.items():
        if name not in wanted:
            yield _removal(text, node, key, value)
        else:
            yield from _of_value(text, value, wanted[name])
    added = {name: value for name, value in wanted.items() if name not in there}
    if added:
        yield _addition(text, node, added)


def _of_value(text: str, node: Node, wanted: Any) -> Iterator[_Splice]:
    if _says(node) == wanted:
        return
    if isinstance(node, MappingNode) and isinstance(wanted, Mapping) and wanted:
        yield from _of_map(text, node, wanted)
    elif isinstance(node, SequenceNode) and isinstance(wanted, list) and len(node.value) == len(wanted):
        for item, value in zip(node.value, wanted, strict=True):
            yield from _of_value(text, item, value)
    else:
        yield _Splice(node.start_mark.index, end_of(text, node), _write(wanted))


def _removal(text: str, node: MappingNode, key: Node, value: Node) -> _Splice:
    start, end = key.start_mark.index, end_of(text, value)
    if not node.flow_style:
        start = text.rfind("\n", 0, start) + 1
        return _Splice(start, text.find("\n", end) + 1 or len(text), "")
    comma = text.rfind(",", node.start_mark.index, start)
    if comma >= 0 and not text[comma + 1 : start].strip():
        return _Splice(comma, end, "")
    following = text.find(",", end)
    return _Splice(start, following + 1 + (text[following + 1 : following + 2] == " "), "")


def _addition(text: str, node: MappingNode, added: Mapping[str, Any]) -> _Splice:
    last_key, last_value = node.value[-1]
    end = end_of(text, last_value)
    if node.flow_style:
        return _Splice(end, end, "".join(f", {name}: {_write(value)}" for name, value in added.items()))
    indent = " " * last_key.start_mark.column
    end = text.find("\n", end)
    end = len(text) if end < 0 else end
    return _Splice(end, end, "".join(f"\n{indent}{name}: {_write(value)}" for name, value in added.items()))


def end_of(text: str, node: Node) -> int:
    """Return where a value ends in ``text``; libyaml counts the comments after a block into it."""
    if isinstance(node, CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(text, last[1] if isinstance(node, MappingNode) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


def _says(node: Node) -> Any:
    """Return the value of a node as our reader sees it."""
    if isinstance(node, MappingNode):
        return {key.value: _says(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_says(item) for item in node.value]
    assert isinstance(node, ScalarNode)
    if node.style:
        return node.value
    return read_document(node.value or "null", file="")


def _write(value: Any) -> str:
    """Return a value in one line, so that it fits wherever one stood."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_name(name)}: {_write(part)}" for name, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_write, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _name(name: str) -> str:
    return json.dumps(name) if name in {"true", "false", "null"} else name
