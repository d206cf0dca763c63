"""Multiple response: any number of options may be right."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from random import Random

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Example, Grade, Json, QuestionType, Raw, Resolver
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

SMALLEST = Decimal("1e-7")
"""Fractions are kept to seven digits, as marks are in the database."""


def share(right_chosen: int, right_count: int, wrong_chosen: int, wrong_count: int) -> Decimal:
    """Return the share of right options chosen less the share of wrong options chosen, never below 0.

    Choosing everything therefore earns nothing.
    """
    earned = Decimal(right_chosen) / right_count - (Decimal(wrong_chosen) / wrong_count if wrong_count else 0)
    return max(Decimal(0), earned).quantize(SMALLEST, ROUND_HALF_UP).normalize() + 0


class MultipleResponse(QuestionType):
    """Check boxes. Content: ``options``. Answer: ``{"choices": [<indexes of the content>]}``."""

    key = "multiple_response"
    source_fields = frozenset({"options"})
    edit_form = ChoiceForm

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Several answers"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with the options and the key."""
        faults = option_faults(source)
        if not faults and count_correct(source) == 0:
            return [str(_l("No option is marked as right."))]
        return faults

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the options with their texts as HTML."""
        return resolve_options(source, resolver)

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return the order of the options."""
        return order_options(content, rng, shuffle=shuffle)

    def present(self, content: Json, prepared: Json) -> Json:
        """Return ``options``: position and html. How many are right stays hidden."""
        return present_options(content, prepared)

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:  # noqa: ARG002
        """Return the chosen options, None when none was.

        Raises:
            FormatError: a foreign position.
        """
        chosen = read_positions(raw.get("choice", ()), prepared)
        return {"choices": chosen} if chosen else None

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return the share of right options chosen less the share of wrong ones, never below 0."""
        key = [option["correct"] for option in content["options"]]
        chosen = [] if answer is None else answer["choices"]
        if not any(key):
            return Grade(Decimal(0))
        right_chosen = sum(key[index] for index in chosen)
        return Grade(share(right_chosen, sum(key), len(chosen) - right_chosen, len(key) - sum(key)))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return ``options`` in the order of the paper, with reasons."""
        return review_options(content, prepared, [] if answer is None else answer["choices"])

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return the places of all right options."""
        return {"choice": positions(content, prepared, are_right=True)}

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return the places of one right and one wrong option; none when all are right."""
        right, wrong = (positions(content, prepared, are_right=is_right)[:1] for is_right in (True, False))
        return {"choice": [*right, *wrong] if wrong else []}

    def examples(self) -> list[Example]:
        """Return a question with three right and two wrong options."""
        options = [
            {"text": "Menerima pendaftaran", "correct": True},
            {"text": "Memungut iuran", "correct": True},
            {"text": "Membayarkan manfaat", "correct": True},
            {"text": "Menetapkan upah minimum", "why": "Itu tugas gubernur."},
            {"text": "Menuntut di sidang pidana", "why": "Itu tugas Kejaksaan."},
        ]
        half: list[tuple[Raw, Decimal]] = [
            ({"choice": ["1", "2"]}, Decimal("0.6666667")),
            ({"choice": ["1", "2", "3", "4"]}, Decimal("0.5")),
        ]
        unreadable: list[Raw] = [{"choice": ["0"]}, {"choice": ["1", "6"]}, {"choice": ["x"]}]
        return [
            Example(
                {"options": options}, {"choice": ["1", "2", "3"]}, {"choice": ["4", "5"]}, unreadable, half
            ),
            Example({"options": options}, {"choice": ["3", "2", "1"]}, {"choice": ["1", "2", "3", "4", "5"]}),
        ]
