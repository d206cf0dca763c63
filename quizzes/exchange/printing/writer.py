"""What the printable formats share: which part is printed, and what paper cannot hold."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import GivenQuestion, Text, Writer
from quizzes.exchange.printing.figures.fitting import open_picture
from quizzes.exchange.printing.printed import can_print, find_variant, list_names, list_parts
from quizzes.types import get_type

QUESTIONS, BOTH, KEY = "questions", "both", "key"
"""Questions alone, with the key on its last page, or the key alone."""
ENDINGS = {QUESTIONS: "", BOTH: "-key", KEY: "-answers"}
"""What stands behind the name of the format."""


class PrintingWriter(Writer):
    """A paper without key, with it, or the key alone: one writer each."""

    def __init__(self, part: str = QUESTIONS) -> None:
        self.part = part
        self.key = f"{self.ending[1:]}{ENDINGS[part]}"  # type: ignore[misc]

    def losses(self, question: GivenQuestion) -> list[Text]:
        """Return what paper does not hold."""
        if not can_print(question):
            return [_refusal(question)]
        return list(_losses(question))

    def holds(self, question: GivenQuestion) -> bool:
        """Say whether paper holds the question."""
        return can_print(question)


def _refusal(question: GivenQuestion) -> Text:
    if question.kind == "case_set":
        return _l("This case is for the screen: what follows in it depends on the answers.")
    if question.kind == "hotspot":
        return _l("Its picture cannot be read, so there is nothing to print its places on.")
    if question.kind == "calculated":
        return _l("Its numbers cannot be reckoned here, so no variant can be printed.")
    return _l("“%(kind)s” cannot be printed.", kind=get_type(question.kind).label)


def _losses(question: GivenQuestion) -> Iterator[Text]:
    source = question.source
    variant = find_variant(source) if question.kind == "calculated" else None
    if variant:
        yield _l("Of its variants the first is printed: %(values)s.", values=variant.words)
    if question.kind == "hotspot" and any(option.get("area") for option in source["options"]):
        yield _l("Its places, which the screen keeps to itself, stand on the picture with letters.")
    if question.kind == "essay" and source.get("attachment"):
        yield _l("No file can be handed in with it.")
    if any(open_picture(question.files.get(name, b"")) is None for name in list_names(source)):
        yield _l("A picture is missing or cannot be read: the words that say what it shows stand for it.")
    for part in list_parts(question) if question.kind == "case_set" else ():
        yield from _losses(part) if part else ()
