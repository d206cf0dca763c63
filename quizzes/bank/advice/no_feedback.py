"""A question from which who errs learns nothing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.base import Rule
from quizzes.bank.advice.item import Item
from quizzes.bank.cases import CASE


def is_silent(item: Item) -> bool:
    """Return whether neither the question nor an answer gives a reason; for a case its questions do."""
    return item.kind != CASE and not item.reasons


RULE = Rule(
    key="no_feedback",
    says=_l("It has no explanation, and no answer has a reason."),
    reason=_l("People learn most from the reason, above all who chose wrongly."),
    bad="Di bank kustodian ✓",
    good="Di bank kustodian ✓ – dana peserta disimpan terpisah dari uang kantor.",
    is_broken_by=is_silent,
    broken_by=({"explanation": "", "options": [{"text": "Ya", "correct": True}, {"text": "Tidak"}]},),
    kept_by=({"explanation": ""}, {"options": [{"text": "Ya", "correct": True}, {"text": "Tidak"}]}),
)
