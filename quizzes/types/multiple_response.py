"""Multiple response: any number of options may be right."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from flask_babel import lazy_gettext as _l

from lms.core.numbers import show as show_number
from quizzes.types.base import Example, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.multiple_response_form import (
    ALL_OR_NOTHING,
    MAX_WEIGHT,
    RIGHT_MINUS_WRONG,
    SCORINGS,
    WEIGHTS,
    MultipleResponseForm,
    read_weight,
)
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
    """Check boxes.

    Content: ``options``, and ``scoring`` where it is not the common rule; by weights, options have one.
    Answer: ``{"choices": [<indexes of the content>]}``.
    """

    key = "multiple_response"
    source_fields = frozenset({"options", "scoring"})
    edit_form = MultipleResponseForm

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Several answers"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with the options, the rule and the key."""
        faults = option_faults(source, further=frozenset({"weight"}))
        if source.get("scoring", RIGHT_MINUS_WRONG) not in SCORINGS:
            faults.append(str(_l("The rule (scoring) is one of: %(names)s.", names=", ".join(SCORINGS))))
        if faults:
            return faults
        if count_correct(source) == 0:
            return [str(_l("No option is marked as right."))]
        return [str(fault) for fault in _faults_of_weights(source)]

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the options with their texts as HTML, and the rule unless it is the common one."""
        content = resolve_options(source, resolver)
        scoring = str(source.get("scoring") or RIGHT_MINUS_WRONG)
        if scoring == WEIGHTS:
            for option, written in zip(content["options"], source["options"], strict=True):
                option["weight"] = f"{read_weight(written):f}"
        return content if scoring == RIGHT_MINUS_WRONG else content | {"scoring": scoring}

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return the order of the options."""
        return order_options(content, rng, shuffle=shuffle)

    def present(self, content: Json, prepared: Json) -> Json:
        """Return ``options`` (position, html) and the name of the rule. How many are right stays hidden."""
        return present_options(content, prepared) | {"scoring": _scoring(content)}

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:  # noqa: ARG002
        """Return the chosen options, None when none was.

        Raises:
            FormatError: a foreign position.
        """
        chosen = read_positions(raw.get("choice", ()), prepared)
        return {"choices": chosen} if chosen else None

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return what the choices earn by the rule of the question, never below 0."""
        key = [option["correct"] for option in content["options"]]
        chosen = [] if answer is None else answer["choices"]
        right_chosen = sum(key[index] for index in chosen)
        wrong_chosen = len(chosen) - right_chosen
        counts = {"right": right_chosen, "all": sum(key), "wrong": wrong_chosen}
        if not any(key):
            return Grade(Decimal(0))
        if _scoring(content) == ALL_OR_NOTHING:
            is_whole = right_chosen == sum(key) and not wrong_chosen
            comment = _l(
                "%(right)s of %(all)s right answers and %(wrong)s wrong ones chosen; only the whole counts.",
                **counts,
            )
            return Grade(Decimal(is_whole), str(comment))
        if _scoring(content) == WEIGHTS:
            return _by_weights(content, chosen)
        comment = _l("%(right)s of %(all)s right answers chosen, %(wrong)s wrong ones.", **counts)
        earned = share(right_chosen, sum(key), wrong_chosen, len(key) - sum(key))
        return Grade(earned, str(comment))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return ``options`` in the order of the paper with reasons, the rule, and a comment on an answer."""
        shown = review_options(content, prepared, [] if answer is None else answer["choices"])
        comment = "" if answer is None else self.grade(content, answer).comment
        return shown | {"scoring": _scoring(content), "comment": comment}

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return the places of all right options."""
        return {"choice": positions(content, prepared, are_right=True)}

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return the places of one right and one wrong option; none when all are right."""
        right, wrong = (positions(content, prepared, are_right=is_right)[:1] for is_right in (True, False))
        return {"choice": [*right, *wrong] if wrong else []}

    def examples(self) -> list[Example]:
        """Return a question with three right and two wrong options."""
        options: list[Json] = [
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
            Example(
                {"options": options, "scoring": ALL_OR_NOTHING},
                {"choice": ["1", "2", "3"]},
                {"choice": ["1", "2"]},
            ),
            Example(
                {"options": _weighed(options, (2, 1, 1, -1, -3)), "scoring": WEIGHTS},
                {"choice": ["1", "2", "3"]},
                {"choice": ["1", "5"]},
                (),
                [({"choice": ["1"]}, Decimal("0.5")), ({"choice": ["1", "2", "4"]}, Decimal("0.5"))],
            ),
        ]


def _weighed(options: list[Json], weights: tuple[int, ...]) -> list[Json]:
    return [option | {"weight": weight} for option, weight in zip(options, weights, strict=True)]


def _scoring(content: Json) -> str:
    return str(content.get("scoring", RIGHT_MINUS_WRONG))


def _by_weights(content: Json, chosen: list[int]) -> Grade:
    """Return the sum of the chosen weights out of all weights of right options, from 0 to 1."""
    weights = [Decimal(option["weight"]) for option in content["options"]]
    most = sum((weight for weight in weights if weight > 0), Decimal(0))
    earned = max(Decimal(0), sum((weights[index] for index in chosen), Decimal(0)))
    comment = _l(
        "Answers weigh differently: %(earned)s of %(most)s points.",
        earned=show_number(earned),
        most=show_number(most),
    )
    return Grade((earned / most).quantize(SMALLEST, ROUND_HALF_UP).normalize() + 0, str(comment))


def _faults_of_weights(source: Json) -> Iterator[object]:
    """Yield weights nobody asks for, that are none, or that let who chooses everything earn everything."""
    options = source["options"]
    if source.get("scoring") != WEIGHTS:
        if any("weight" in option for option in options):
            yield _l("Answers have a weight only where weights are the rule (scoring).")
        return
    weights = [read_weight(option) for option in options]
    if not all(weight.is_finite() and abs(weight) <= MAX_WEIGHT for weight in weights):
        yield _l("A weight is a number from -%(most)s to %(most)s.", most=MAX_WEIGHT)
        return
    for number, (option, weight) in enumerate(zip(options, weights, strict=True), 1):
        if (weight > 0) is not bool(option.get("correct")):
            yield _l("Answer %(number)s: right ones weigh more than 0, wrong ones 0 or less.", number=number)
    if len(weights) > count_correct(source) and not any(weight < 0 for weight in weights):
        yield _l("Who chooses everything earns everything: give a wrong answer a weight below 0.")
