"""An item of QTI 2 or 3 as it is read: its interactions, its variables, its texts, its pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from urllib.parse import unquote

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.contract import Text
from quizzes.exchange.qti.bodies import Replace, html_of, interactions_in
from quizzes.exchange.qti.declarations import Declaration
from quizzes.exchange.qti.marks import Marks
from quizzes.exchange.qti.names import child
from quizzes.exchange.qti.notes import Fetch, Notes
from quizzes.exchange.qti.session import Session
from quizzes.exchange.qti.values import QtiFault, as_json

Parts = Sequence[XmlElement] | Sequence[XmlElement | str]


class ItemFault(ValueError):
    """An item cannot be one of our questions; the message is for people."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))
        self.message = message


UNIT = "data-unit"
"""Attribute of the word behind a number that is its unit, in items of ours."""


@dataclass
class Item:
    """One item: ``session`` has its variables, nothing answered; ``fetch`` its pictures."""

    element: XmlElement
    session: Session
    notes: Notes
    fetch: Fetch

    @cached_property
    def body(self) -> XmlElement:
        """Return the body.

        Raises:
            ItemFault: there is none.
        """
        body = child(self.element, "item-body")
        if body is None:
            raise ItemFault(_l("The item has no body."))
        return body

    @cached_property
    def interactions(self) -> list[XmlElement]:
        """Return what is to be answered, in the order of the body."""
        return interactions_in(self.body)

    @cached_property
    def marks(self) -> Marks:
        """Return what answers earn."""
        return Marks(self.element, self.session)

    def response(self, interaction: XmlElement) -> Declaration:
        """Return the variable an interaction fills.

        Raises:
            ItemFault: it is not declared.
        """
        identifier = interaction.attributes.get("response-identifier", "")
        try:
            return self.session.find(identifier)
        except QtiFault as fault:
            raise ItemFault(_l("The response “%(name)s” is not declared.", name=identifier)) from fault

    def stem(self, interaction: XmlElement, replace: Replace | None = None) -> str:
        """Return the words around an interaction and its prompt, as Markdown.

        ``replace`` says what stands for other interactions; without it they are left out.
        """
        prompt = child(interaction, "prompt")

        def replaced(element: XmlElement) -> str | None:
            if element is interaction:
                return self.html([prompt]) if prompt is not None else ""
            return replace(element) if replace is not None else None

        return self.markdown([self.body], replaced)

    def html(
        self,
        parts: list[XmlElement] | list[XmlElement | str],
        replace: Replace | None = None,
    ) -> str:
        """Return elements as HTML with what templates print; interactions are left out."""

        def replaced(element: XmlElement) -> str | None:
            found = replace(element) if replace is not None else None
            if found is not None:
                return found
            if element.name == "printed-variable":
                return self._printed(element)
            if UNIT in element.attributes:
                return ""
            return "" if element.name.endswith("-interaction") else None

        return html_of(parts, replaced)

    def markdown(
        self,
        parts: list[XmlElement] | list[XmlElement | str],
        replace: Replace | None = None,
    ) -> str:
        """Return elements as Markdown.

        Raises:
            ItemFault: it is too long.
        """
        html = self.html(parts, replace)
        try:
            return self.notes.markdown(html, self._pictures(parts))
        except ValueError as error:
            raise ItemFault(str(error)) from error

    def unit(self, interaction: XmlElement) -> str:
        """Return the unit that stands behind a place to type in, in items of ours; else nothing."""
        for element in self.body.elements():
            parts = [part for part in element.children if not isinstance(part, str) or part.strip()]
            for part, after in pairwise(parts):
                if part is interaction and isinstance(after, XmlElement):
                    return after.attributes.get(UNIT, "")
        return ""

    def inner(self, element: XmlElement) -> str:
        """Return what stands within an element, as Markdown."""
        return self.markdown(element.children)

    def _pictures(self, parts: Parts) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for part in parts:
            for element in part.elements() if isinstance(part, XmlElement) else ():
                source = element.attributes.get("src", element.attributes.get("data", ""))
                body = self.fetch(unquote(source)) if element.name in ("img", "object") and source else None
                if body is not None:
                    found[unquote(source)] = body
        return found

    def _printed(self, element: XmlElement) -> str:
        self.notes.lose(_l("What the item draws at random was drawn once: the question is always the same."))
        try:
            value = as_json(self.session.get(element.attributes.get("identifier", "")))
        except QtiFault:
            return "?"
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        return html_of([shown], lambda _element: None)
