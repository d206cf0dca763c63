"""Single choice: one option is right."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.option_form import ChoiceForm
from quizzes.types.options import (
    count_correct,
    option_faults,
    order_options,
    positions,
    present_options,
    read_positions,
    resolve_options,
    review_options,
)


class SingleChoice(QuestionType):
    """Radio buttons. Content: ``options``. Answer: ``{"choice": <index of the content>}``."""

    key = "single_choice"
    source_fields = frozenset({"options"})
    edit_form = ChoiceForm

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Single choice"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with the options and the key."""
        faults = option_faults(source)
        if faults:
            return faults
        correct = count_correct(source)
        if correct == 0:
            return [str(_l("No option is marked as right."))]
        if correct > 1:
            return [str(_l("More than one option is marked as right."))]
        return []

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the options with their texts as HTML."""
        return resolve_options(source, resolver)

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return the order of the options."""
        return order_options(content, rng, shuffle=shuffle)

    def present(self, content: Json, prepared: Json) -> Json:
        """Return ``options``: position and html."""
        return present_options(content, prepared)

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:  # noqa: ARG002
        """Return the chosen option, None when none was.

        Raises:
            FormatError: a foreign position, or more than one.
        """
        chosen = read_positions(raw.get("choice", ()), prepared)
        if len(chosen) > 1:
            raise FormatError(_l("Only one option can be chosen here."))
        return {"choice": chosen[0]} if chosen else None

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return 1 for the right option, else 0."""
        is_right = answer is not None and content["options"][answer["choice"]]["correct"]
        return Grade(Decimal(1) if is_right else Decimal(0))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return ``options`` in the order of the paper, with reasons."""
        return review_options(content, prepared, [] if answer is None else [answer["choice"]])

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return the place of the right option."""
        return {"choice": positions(content, prepared, are_right=True)[:1]}

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return the place of the first wrong option."""
        return {"choice": positions(content, prepared, are_right=False)[:1]}

    def examples(self) -> list[Example]:
        """Return a question of plain words, and one with an option that keeps its place."""
        plain = [
            {"text": "Badan hukum publik", "correct": True},
            {"text": "Badan usaha milik negara", "why": "BPJS tidak mengejar laba."},
            {"text": "Dinas daerah"},
        ]
        fixed = [{"text": "JKK"}, {"text": "JKM"}, {"text": "Keduanya", "correct": True, "fixed": True}]
        unreadable: list[Raw] = [
            {"choice": ["0"]},
            {"choice": ["4"]},
            {"choice": ["x"]},
            {"choice": ["1", "2"]},
        ]
        return [
            Example({"options": plain}, {"choice": ["1"]}, {"choice": ["2"]}, unreadable),
            Example({"options": fixed}, {"choice": ["3"]}, {"choice": ["1"]}, unreadable),
        ]
