"""An item of QTI 1.2 and what it asks for: Canvas and Blackboard say so, of others its form tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from lms.core.xml_reader import XmlElement
from quizzes.exchange.qti.items import ItemFault
from quizzes.exchange.qti.names import children, text_of
from quizzes.exchange.qti.notes import Fetch, Notes
from quizzes.exchange.qti.qti12_scoring import Qti12Marks
from quizzes.exchange.qti.qti12_texts import html_of, markdown_of

_TYPE_FIELDS = ("question_type", "bbmd_questiontype", "cc_profile", "qmd_itemtype")
_KINDS = {
    "multiple_choice_question": "single", "cc.multiple_choice.v0p1": "single", "multiple choice": "single",
    "either/or": "single", "opinion scale": "single", "opinion scale/likert": "single",
    "multiple_answers_question": "several", "cc.multiple_response.v0p1": "several",
    "multiple answer": "several",
    "true_false_question": "single", "cc.true_false.v0p1": "single", "true/false": "single",
    "short_answer_question": "words", "cc.fib.v0p1": "words", "cc.pattern_match.v0p1": "words",
    "fill in the blank": "words", "quiz bowl": "words",
    "numerical_question": "number", "numeric": "number",
    "essay_question": "essay", "cc.essay.v0p1": "essay", "essay": "essay", "short response": "essay",
    "file_upload_question": "file", "file upload": "file",
    "matching_question": "matching", "matching": "matching",
    "fill_in_multiple_blanks_question": "gaps", "multiple_dropdowns_question": "lists",
    "text_only_question": "text",
    "ordering": "order",
    "calculated_question": "calculated", "calculated": "calculated",
    "hot spot": "hotspot", "jumbled sentence": "jumbled", "fill in the blank plus": "gaps plus",
}  # fmt: skip


@dataclass
class Qti12Item:
    """One item, its texts and scoring at hand."""

    element: XmlElement
    fetch: Fetch
    notes: Notes = field(default_factory=Notes)

    def __post_init__(self) -> None:
        self.marks = Qti12Marks(self.element)
        self.presentation = next(self.find("presentation"), None)

    def find(self, *names: str) -> Iterator[XmlElement]:
        """Yield elements below by name."""
        return (one for one in self.element.elements() if one.name in names)

    def responses(self) -> list[XmlElement]:
        """Return what is to be answered, in its order."""
        return list(self.find("response_lid", "response_str", "response_num"))

    def metadata(self, *labels: str) -> str:
        """Return the first field of these names, Blackboard's elements too; empty where there is none."""
        for element in self.find("qtimetadatafield"):
            said = [text_of(one).strip() for one in children(element, "fieldlabel", "fieldentry")]
            if len(said) == 2 and said[0] in labels:
                return said[1]
        return next((text_of(one).strip() for one in self.find(*labels) if one.name in labels), "")

    @property
    def kind(self) -> str:
        """Return what kind of question it is, in one word; "" where nothing tells."""
        named = self.metadata(*_TYPE_FIELDS).casefold()
        return _KINDS[named] if named in _KINDS else self._by_form()

    def _by_form(self) -> str:
        found = self.responses()
        if len(found) != 1:
            return "" if found else "text"
        if found[0].name == "response_lid":
            is_single = found[0].attributes.get("rcardinality", "Single").casefold() == "single"
            return "single" if is_single else "several"
        has_key = next(self.find("varequal", "vargte"), None) is not None
        is_number = found[0].name == "response_num" or next(self.find("vargte"), None) is not None
        return ("number" if is_number else "words") if has_key else "essay"

    def stem(self) -> str:
        """Return the question itself as Markdown.

        Raises:
            ItemFault: there is none.
        """
        words = self.markdown(html_of(self.presentation)) if self.presentation is not None else ""
        if not words:
            raise ItemFault(_l("The question itself is missing."))
        return words

    def markdown(self, html: str) -> str:
        """Return HTML of this item as Markdown.

        Raises:
            ItemFault: it is too long.
        """
        try:
            return markdown_of(html, self.notes, self.fetch)
        except ValueError as error:
            raise ItemFault(str(error)) from error

    def labels(self, response: XmlElement) -> dict[str, str]:
        """Return what can be chosen, as Markdown by its name."""
        found = [one for one in response.elements() if one.name == "response_label"]
        return {one.attributes.get("ident", ""): self.markdown(html_of(one)) for one in found}

    def feedback(self, *names: str) -> str:
        """Return what is said to an answer, by the names of feedbacks, as Markdown."""
        found = [one for one in self.find("itemfeedback") if one.attributes.get("ident") in names]
        texts = dict.fromkeys(self.markdown(html_of(one)) for one in found)
        return "\\\n".join(text for text in texts if text)

    def accepted(self, identifier: str) -> list[str]:
        """Return every value a condition that scores compares this response with, in their order."""
        found = []
        for condition in self.marks.conditions:
            if any(one.name == "setvar" for one in condition.elements()):
                found += [text_of(one).strip() for one in _positive(condition) if _is_about(one, identifier)]
        return list(dict.fromkeys(text for text in found if text))


def _is_about(test: XmlElement, identifier: str) -> bool:
    return test.name == "varequal" and test.attributes.get("respident", identifier) == identifier


def _positive(element: XmlElement) -> Iterator[XmlElement]:
    """Yield the tests below that are not denied."""
    for part in children(element):
        if part.name != "not":
            yield part
            yield from _positive(part)


Handler = Callable[[Qti12Item], tuple[str, dict[str, object]]]
