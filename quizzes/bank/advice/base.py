"""What a rule of item writing is: what it says and why, an example, and what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quizzes.bank.advice.item import Item
from quizzes.types.base import Json

Changes = Mapping[str, Any]
"""Fields of a question that differ from `USUAL`; `type` may be among them."""

USUAL: Json = {
    "type": "single_choice",
    "stem": "Siapa menyetorkan iuran pekerja pabrik?",
    "options": [
        {"text": "Pemberi kerja", "correct": True, "why": "Tepat."},
        {"text": "Ketua serikat", "why": "Serikat mengawasi."},
        {"text": "Kepala desa", "why": "Desa tidak memungut."},
    ],
    "explanation": "Pemberi kerja memungut lalu menyetorkannya.",
    "cite": ["uu-24-2011/19"],
}
"""A question no rule objects to: what the examples of the rules are changes of."""


@dataclass(frozen=True)
class Rule:
    """A rule on one question. Bad and good are words of a course, which are not translated."""

    key: str
    says: object
    reason: object
    bad: str
    good: str
    is_broken_by: Callable[[Item], bool]
    broken_by: tuple[Changes, ...]
    kept_by: tuple[Changes, ...] = field(default=())


def options(*texts: str, right: int = 1) -> Changes:
    """Return the options of an example, the right one by its place from 1."""
    return {
        "options": [{"text": text, "correct": place == right} for place, text in enumerate(texts, 1)],
    }
