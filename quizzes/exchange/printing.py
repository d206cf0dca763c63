"""What the printable formats share: which part is printed, and what paper cannot hold."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quizzes.exchange.contract import GivenQuestion, Text, Writer
from quizzes.exchange.markup import list_pictures
from quizzes.exchange.printed import can_print
from quizzes.types import get_type
from quizzes.types.texts import list_texts

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
            return [_l("“%(kind)s” cannot be printed.", kind=get_type(question.kind).label)]
        texts = [str(text) for _p, text in list_texts(question.source, get_type(question.kind).source_fields)]
        texts += [str(question.source.get(name) or "") for name in ("stem", "explanation")]
        if any(list_pictures(text) for text in texts):
            return [_l("Its pictures become the words that say what they show.")]
        return []

    def holds(self, question: GivenQuestion) -> bool:
        """Say whether paper holds the type."""
        return can_print(question)
