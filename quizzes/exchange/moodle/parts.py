"""An element of Moodle XML, asked by name for what it holds. Pure."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.markup import name_picture
from quizzes.exchange.moodle.text import FORMATS, Refused, Texts

_NO = {"0", "false", "no", ""}


@dataclass(frozen=True)
class Part:
    """An element; one that is missing is empty."""

    element: XmlElement

    @property
    def line(self) -> int:
        """The line it begins on."""
        return self.element.line

    @property
    def words(self) -> str:
        """The words that stand in it itself."""
        return "".join(child for child in self.element.children if isinstance(child, str))

    def all(self, name: str) -> list[Part]:
        """Return the elements of a name within it."""
        children = (child for child in self.element.children if isinstance(child, XmlElement))
        return [Part(child) for child in children if child.name == name]

    def one(self, name: str) -> Part:
        """Return the first element of a name within it, an empty one where there is none."""
        for child in self.element.children:
            if isinstance(child, XmlElement) and child.name == name:
                return Part(child)
        return Part(XmlElement("", name, {}, self.line))

    def has(self, name: str) -> bool:
        """Return whether there is an element of a name within it."""
        children = self.element.children
        return any(isinstance(child, XmlElement) and child.name == name for child in children)

    def value(self, name: str) -> str:
        """Return the words of an element within it, or of its ``text``."""
        part = self.one(name)
        return (part.one("text").words if part.has("text") else part.words).strip()

    def says(self, name: str, *, default: bool = False) -> bool:
        """Return whether an element within it says yes."""
        return self.value(name).casefold() not in _NO if self.has(name) else default

    def attribute(self, name: str) -> str:
        """Return an attribute, empty where there is none."""
        return self.element.attributes.get(name, "")

    @property
    def form(self) -> str:
        """How its text is written, empty where it does not say."""
        form = self.attribute("format").casefold()
        if form and form not in FORMATS:
            raise Refused(
                _l("“%(form)s” is no way a text is written: html, markdown or plain_text.", form=form[:40])
            )
        return FORMATS.get(form, "")

    def read(self, texts: Texts) -> str:
        """Return its text as Markdown, with the pictures that came with it."""
        return texts.read(self.one("text").words, self.form, pictures=self.files(texts))

    def changed(self, change: Callable[[str], str]) -> Part:
        """Return it with all words of its texts changed."""
        return Part(_changed(self.element, change))

    def files(self, texts: Texts) -> Mapping[str, bytes]:
        """Return the files that came with it by name; what is no picture is noted as lost."""
        found: dict[str, bytes] = {}
        for part in self.all("file"):
            name, body = part.attribute("name"), part.body()
            if name_picture(body):
                found[name] = body
            else:
                texts.notes.lose(
                    _l("The file %(name)s is left out: only PNG and JPEG are kept.", name=name[:80])
                )
        return found

    def body(self) -> bytes:
        """Return the bytes of a file; none where they cannot be read."""
        try:
            return base64.b64decode("".join(self.words.split()), validate=True)
        except (binascii.Error, ValueError):
            return b""


def _changed(element: XmlElement, change: Callable[[str], str]) -> XmlElement:
    children: list[XmlElement | str] = [
        child if isinstance(child, str) else _changed(child, change) for child in element.children
    ]
    if element.name == "text":
        children = [change("".join(child for child in children if isinstance(child, str)))]
    return XmlElement(element.namespace, element.name, element.attributes, element.line, children)
