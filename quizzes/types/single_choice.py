"""Single choice: one option is right; another one may earn a share."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random

from flask_babel import format_percent
from flask_babel import lazy_gettext as _l

from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
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
from quizzes.types.shares import read_share
from quizzes.types.single_choice_form import SingleChoiceForm


class SingleChoice(QuestionType):
    """Radio buttons.

    Content: ``options``; one that is not right but earns something has a ``share`` (0–1).
    Answer: ``{"choice": <index of the content>}``.
    """

    key = "single_choice"
    source_fields = frozenset({"options"})
    edit_form = SingleChoiceForm

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Single choice"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with the options and the key."""
        faults = option_faults(source, further=frozenset({"share"}))
        faults = faults or [str(fault) for fault in _faults_of_shares(source["options"])]
        if faults:
            return faults
        correct = count_correct(source)
        if correct == 0:
            return [str(_l("No option is marked as right."))]
        if correct > 1:
            return [str(_l("More than one option is marked as right."))]
        return []

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the options with their texts as HTML, and the shares of those that have one."""
        content = resolve_options(source, resolver)
        for option, written in zip(content["options"], source["options"], strict=True):
            if written.get("share"):
                option["share"] = f"{Decimal(str(written['share'])).normalize() + 0:f}"
        return content

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
        """Return 1 for the right option, its share for another one, else 0."""
        if answer is None:
            return Grade(Decimal(0))
        option = content["options"][answer["choice"]]
        earned = _earned(option)
        if option["correct"] or not earned:
            return Grade(earned)
        shown = format_percent(earned, "#,##0.##%")
        return Grade(earned, str(_l("This answer earns %(share)s of the marks.", share=shown)))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return ``options`` in the order of the paper with reasons, and a comment on a share earned."""
        shown = review_options(content, prepared, [] if answer is None else [answer["choice"]])
        return shown | {"comment": self.grade(content, answer).comment}

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return the place of the right option."""
        return {"choice": positions(content, prepared, are_right=True)[:1]}

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return the place of the first option of those that earn least."""
        shares = [_earned(content["options"][index]) for index in prepared["order"]]
        return {"choice": [str(shares.index(min(shares)) + 1)]}

    def examples(self) -> list[Example]:
        """Return a question of plain words, one with an option that keeps its place, one with a share."""
        plain = [
            {"text": "Badan hukum publik", "correct": True},
            {"text": "Badan usaha milik negara", "why": "BPJS tidak mengejar laba."},
            {"text": "Dinas daerah"},
        ]
        fixed = [{"text": "JKK"}, {"text": "JKM"}, {"text": "Keduanya", "correct": True, "fixed": True}]
        shared = [{"text": "1929"}, {"text": "2014", "correct": True}, {"text": "2015", "share": "0.5"}]
        unreadable: list[Raw] = [
            {"choice": ["0"]},
            {"choice": ["4"]},
            {"choice": ["x"]},
            {"choice": ["1", "2"]},
        ]
        return [
            Example({"options": plain}, {"choice": ["1"]}, {"choice": ["2"]}, unreadable),
            Example({"options": fixed}, {"choice": ["3"]}, {"choice": ["1"]}, unreadable),
            Example(
                {"options": shared},
                {"choice": ["2"]},
                {"choice": ["1"]},
                unreadable,
                [({"choice": ["3"]}, Decimal("0.5"))],
            ),
        ]


def _earned(option: Json) -> Decimal:
    return Decimal(1) if option["correct"] else Decimal(option.get("share", "0"))


def _faults_of_shares(options: list[Json]) -> Iterator[object]:
    for number, option in enumerate(options, 1):
        share = read_share(option["share"]) if "share" in option else None
        if "share" in option and (option.get("correct") or not share):
            yield _l(
                "Option %(number)s: what one that is not right earns is a number above 0, up to 1.",
                number=number,
            )
