"""What blind guessing earns of a question, as Moodle reckons it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizzes.types.cloze import GAP_TYPES


def guess_score(type_key: str, content: Mapping[str, Any]) -> Fraction | None:
    """Return the share of its marks that guessing earns on average; None where Moodle says none.

    Of one choice the mean of what its answers earn; of true or false half; of matching one by the number of
    answers to choose from; of a text with gaps the mean of its gaps by weight; of what is typed nothing, or
    what the answer "*" earns. Of several choices, order, places on a picture and essays nobody can say.

    Source: docs.moodle.org/dev/Quiz_statistics_calculations, "random guess score".
    """
    if type_key == "single_choice":
        return _of_options(content)
    if type_key == "true_false":
        return Fraction(1, 2)
    if type_key == "matching":
        return Fraction(1, len(content["choices"])) if content["choices"] else None
    if type_key == "cloze":
        return _of_gaps(content)
    if type_key == "short_answer":
        return _of_text(content)
    return Fraction(0) if type_key in {"number", "calculated"} else None


def _of_options(content: Mapping[str, Any]) -> Fraction | None:
    earned = [
        Fraction(1) if option["correct"] else Fraction(str(option.get("share", 0)))
        for option in content["options"]
    ]
    return sum(earned, Fraction(0)) / len(earned) if earned else None


def _of_text(content: Mapping[str, Any]) -> Fraction:
    shares = [answer["share"] for answer in content["answers"] if answer["accept"] == "*"]
    return Fraction(Decimal(str(shares[0]))) if shares else Fraction(0)


def _of_gaps(content: Mapping[str, Any]) -> Fraction | None:
    gaps = content["gaps"]
    weights = [Fraction(str(gap.get("weight", 1))) for gap in gaps]
    found = [guess_score(GAP_TYPES[gap["kind"]].key, gap["content"]) or Fraction(0) for gap in gaps]
    total = sum(weights, Fraction(0))
    return sum((a * b for a, b in zip(found, weights, strict=True)), Fraction(0)) / total if total else None
