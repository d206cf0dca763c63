"""The one reader of XML: no document types, no entities of one's own, nothing fetched, everything limited.

Whoever needs XML reads it here and gets plain elements with the lines they stand on.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from flask_babel import gettext as _

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_ELEMENTS = 20_000

CHUNK = 65_536
"""Bytes that are read at a time where elements are handed out one by one."""

_BETWEEN = " "
"""What the parser puts between namespace and name; neither can hold it."""


class XmlFault(ValueError):
    """A text is no XML we read; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"{line}: {message}")
        self.line = line
        self.message = message


@dataclass(slots=True)
class XmlElement:
    """An element. An attribute with a namespace has it before its name, with a blank between."""

    namespace: str
    name: str
    attributes: dict[str, str]
    line: int
    children: list[XmlElement | str] = field(default_factory=list)

    def elements(self) -> Iterator[XmlElement]:
        """Yield this element and all below it, in the order they are written."""
        yield self
        for child in self.children:
            if isinstance(child, XmlElement):
                yield from child.elements()


def read_xml(
    source: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
    max_elements: int = MAX_ELEMENTS,
    skips_instructions: bool = False,
) -> XmlElement:
    """Return the outermost element of ``source``, which must be UTF-8. Comments are left out.

    With ``skips_instructions`` processing instructions are left out too instead of refused: files of other
    systems name their schema and style sheet so. Nobody follows them.

    Raises:
        XmlFault: it is no XML, is larger, deeper or fuller than allowed, or has a document type, an entity of
            its own or a processing instruction.
    """
    if len(source) > max_bytes:
        raise XmlFault(1, _("This is larger than %(count)s bytes.", count=max_bytes))
    if _least_elements(source) > max_elements:
        raise XmlFault(1, _("There are more than %(count)s elements.", count=max_elements))
    reading = _Reading(max_depth, max_elements)
    if not skips_instructions:
        reading.parser.ProcessingInstructionHandler = reading.refuse_instruction
    try:
        reading.parser.Parse(source.decode("utf-8"), True)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise XmlFault(line, _("This is not UTF-8 text.")) from error
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise XmlFault(error.lineno, _("This is not readable XML: %(reason)s", reason=reason)) from error
    assert reading.root is not None
    return reading.root


def iterate_xml(
    source: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
    max_elements: int = MAX_ELEMENTS,
) -> Iterator[XmlElement]:
    """Yield the outermost element without children when it begins, then each of its children when it ends.

    Nothing is kept of a child that was handed out, so that memory holds one of them at a time. Limits as in
    `read_xml`; a fault comes when it is met, after all that stands before it.

    Raises:
        XmlFault: as in `read_xml`.
    """
    if len(source) > max_bytes:
        raise XmlFault(1, _("This is larger than %(count)s bytes.", count=max_bytes))
    reading = _Reading(max_depth, max_elements, hands_out=True)
    reading.parser.ProcessingInstructionHandler = reading.refuse_instruction
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(source)
    is_begun = False
    for start in range(0, max(len(source), 1), CHUNK):
        is_last = start + CHUNK >= len(source)
        fault = reading.feed(decoder, view[start : start + CHUNK], is_last=is_last)
        if reading.root is not None and not is_begun:
            is_begun = True
            yield XmlElement(*reading.outermost)
        yield from reading.take()
        if fault is not None:
            raise fault


def _least_elements(source: bytes) -> int:
    """Return how many elements begin in a text, seen without parsing it; 0 where that cannot be told so."""
    is_plain = b"<!" not in source
    return source.count(b"<") - source.count(b"</") - source.count(b"<?") if is_plain else 0


class _Reading:
    def __init__(self, max_depth: int, max_elements: int, *, hands_out: bool = False) -> None:
        self.root: XmlElement | None = None
        self._hands_out = hands_out
        self._done: list[XmlElement] = []
        self._open: list[XmlElement] = []
        self._count = 0
        self._max_depth, self._max_elements = max_depth, max_elements
        self.parser = parser = expat.ParserCreate("UTF-8", _BETWEEN)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        parser.EntityDeclHandler = self._refuse_document_type
        parser.ExternalEntityRefHandler = self._refuse_document_type

    @property
    def outermost(self) -> tuple[str, str, dict[str, str], int]:
        """Namespace, name, attributes and line of the outermost element."""
        assert self.root is not None
        return self.root.namespace, self.root.name, self.root.attributes, self.root.line

    def feed(self, decoder: codecs.IncrementalDecoder, part: memoryview, *, is_last: bool) -> XmlFault | None:
        """Read a part of the source; return the fault that was met in it, if any."""
        try:
            self.parser.Parse(decoder.decode(bytes(part), is_last), is_last)
        except UnicodeDecodeError:
            return XmlFault(self.parser.CurrentLineNumber, _("This is not UTF-8 text."))
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            return XmlFault(error.lineno, _("This is not readable XML: %(reason)s", reason=reason))
        except XmlFault as fault:
            return fault
        return None

    def take(self) -> list[XmlElement]:
        """Return the children of the outermost element that have ended since it was last asked."""
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= self._max_depth:
            self._refuse(_("This is nested too deeply."))
        if self._count > self._max_elements:
            self._refuse(_("There are more than %(count)s elements.", count=self._max_elements))
        namespace, _blank, local = name.rpartition(_BETWEEN)
        element = XmlElement(namespace, local, attributes, self.parser.CurrentLineNumber)
        is_handed_out = self._hands_out and len(self._open) == 1
        if self._open and not is_handed_out:
            self._open[-1].children.append(element)
        elif not self._open:
            self.root = element
        self._open.append(element)

    def _end(self, _name: str) -> None:
        ended = self._open.pop()
        if self._hands_out and len(self._open) == 1:
            self._done.append(ended)

    def _text(self, text: str) -> None:
        if not self._hands_out or len(self._open) > 1:
            self._open[-1].children.append(text)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.casefold() != "utf-8":
            self._refuse(_("This is not UTF-8 text."))

    def _refuse_document_type(self, *_said: object) -> NoReturn:
        self._refuse(_("A document type (<!DOCTYPE …>) or entity is not allowed."))

    def refuse_instruction(self, *_said: object) -> NoReturn:
        self._refuse(_("An instruction (<?…?>) is not allowed."))

    def _refuse(self, message: str) -> NoReturn:
        raise XmlFault(self.parser.CurrentLineNumber, message)
