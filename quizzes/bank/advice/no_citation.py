"""A question that names no source."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.base import Rule
from quizzes.bank.advice.item import Item
from quizzes.bank.cases import CASE


def has_no_source(item: Item) -> bool:
    """Return whether neither an article nor the training is named; for a case its questions do."""
    return item.kind != CASE and not item.source.get("cite")


RULE = Rule(
    key="no_citation",
    says=_l("It cites no article of law."),
    reason=_l(
        "Who doubts the key must be able to read it up. Where the training itself is the source, say so."
    ),
    bad="Siapa yang mengawasi BPJS?",
    good="Siapa yang mengawasi BPJS? – UU 24/2011 Pasal 39",
    is_broken_by=has_no_source,
    broken_by=({"cite": []},),
    kept_by=({"cite": ["pelatihan"]}, {"cite": ["uu-24-2011/39"]}),
)
