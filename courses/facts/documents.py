"""Strict YAML that remembers lines: for facts, course folders and questions.

Only strings, whole numbers, decimals, true, false and null; no dates, octals or yes/no guesses of YAML 1.1,
no aliases, no tags, no double keys. So a file means what it looks like, and every fault has its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

import yaml
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAX_DEPTH = 12
"""Levels of nesting; a course needs 7."""


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong, and where: file as written below its folder, line from 1 (0: the whole file)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class DocumentFault(ValueError):
    """A file cannot be read; `fault` says where and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class SourceMap(dict[str, Any]):
    """A mapping as written; `line` is where it begins, `lines` where each key stands."""

    line: int
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """Return the line of `key`, or of the mapping where it has none."""
        return self.lines.get(key, self.line)


class SourceList(list[Any]):
    """A sequence as written; `line` is where it begins, `lines` where each item stands."""

    line: int
    lines: list[int]


class _Loader(yaml.CSafeLoader):
    """libyaml's parser with the scalars of YAML 1.2, fewer still."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("null", r"^(?:null|)$", ["n", ""]),
    ("bool", r"^(?:true|false)$", ["t", "f"]),
    ("int", r"^(?:0|-?[1-9][0-9]*)$", list("-0123456789")),
    ("float", r"^-?[0-9]+\.[0-9]+$", list("-0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def read_document(text: str, *, file: str) -> Any:
    """Return what ``text`` holds: maps as :class:`SourceMap`, sequences as :class:`SourceList`.

    Raises:
        DocumentFault: it is no YAML, or uses more of YAML than we allow.
    """
    try:
        _refuse_aliases(text, file)
        node = yaml.compose(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _fault(file, mark.line + 1 if mark else 0, _plain(error)) from error
    except yaml.YAMLError as error:
        raise _fault(file, 0, _("This is not readable YAML: %(reason)s", reason=str(error))) from error
    return _Reader(file).build(node, 0) if node is not None else None


def _refuse_aliases(text: str, file: str) -> None:
    """Refuse what could make a small file large, before anything is built of it."""
    if "*" not in text:
        return
    for found in yaml.parse(text, _Loader):
        if isinstance(found, yaml.AliasEvent):
            line = found.start_mark.line + 1 if found.start_mark else 0
            raise _fault(file, line, _("Aliases (*name) are not allowed: write the text out."))


# Pieces of what the parser says, and what an author can do about it.
_PROBLEMS = (
    ("end of stream", _l("a quotation mark is opened and never closed.")),
    (
        "mapping values",
        _l("a colon too many in this line (put its text in quotation marks), or none in the line before."),
    ),
    (
        "cannot start any token",
        _l("a tab or a special sign stands where a text begins: use blanks or quotation marks."),
    ),
    ("expected alphabetic", _l("a text that begins with * or & belongs in quotation marks.")),
    ("comment or line break", _l("behind | or > nothing may stand in that line.")),
    ("',' or", _l("a bracket is opened and never closed, or a comma is missing.")),
    (
        "did not find expected",
        _l("this line is not indented like its neighbours, or text stands behind a closing quotation mark."),
    ),
)


class _Reader:
    def __init__(self, file: str) -> None:
        self._file = file

    def build(self, node: Node, depth: int) -> Any:
        line = node.start_mark.line + 1
        if depth > MAX_DEPTH:
            raise _fault(self._file, line, _("This is nested too deeply."))
        if isinstance(node, MappingNode):
            return self._map(node, line, depth)
        if isinstance(node, SequenceNode):
            self._check_tag(node, "tag:yaml.org,2002:seq", line)
            return self._list(node, line, depth)
        return self._scalar(cast(ScalarNode, node), line)

    def _map(self, node: MappingNode, line: int, depth: int) -> SourceMap:
        self._check_tag(node, "tag:yaml.org,2002:map", line)
        found = SourceMap()
        found.line, found.lines = line, {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode) or key_node.value == "<<":
                raise _fault(self._file, key_line, _("A name before the colon must be plain text."))
            if key_node.value in found:
                raise _fault(self._file, key_line, _("“%(key)s” is written twice.", key=key_node.value))
            found[key_node.value] = self.build(value_node, depth + 1)
            found.lines[key_node.value] = key_line
        return found

    def _list(self, node: SequenceNode, line: int, depth: int) -> SourceList:
        found = SourceList(self.build(item, depth + 1) for item in node.value)
        found.line, found.lines = line, [item.start_mark.line + 1 for item in node.value]
        return found

    def _scalar(self, node: ScalarNode, line: int) -> str | int | float | bool | None:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        text = cast(str, node.value)
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool":
            return text == "true"
        if kind in {"int", "float"} and len(text) <= 40:
            return int(text) if kind == "int" else float(text)
        raise _fault(self._file, line, _("This value is not allowed here: write it in quotes."))

    def _check_tag(self, node: Node, tag: str, line: int) -> None:
        if node.tag != tag:
            raise _fault(self._file, line, _("Tags (!name) are not allowed: write the value without it."))


def _plain(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.problem or ''} {error.context or ''}".strip()
    reason = next((str(words) for piece, words in _PROBLEMS if piece in said), said)
    return str(_("This is not readable YAML: %(reason)s", reason=reason))


def _fault(file: str, line: int, message: str) -> DocumentFault:
    return DocumentFault(Fault(file, line, message))
