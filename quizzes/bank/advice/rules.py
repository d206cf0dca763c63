"""All rules on one question, in the order their advice is read."""

from __future__ import annotations

from quizzes.bank.advice import (
    absolute_words,
    all_or_none,
    grammar_clue,
    hard_to_read,
    key_longest,
    negative_stem,
    no_citation,
    no_feedback,
    overlapping_options,
    two_ideas,
    typed_number,
    unequal_options,
    unknown_abbreviation,
)
from quizzes.bank.advice.base import Rule

RULES: tuple[Rule, ...] = (
    negative_stem.RULE,
    two_ideas.RULE,
    hard_to_read.RULE,
    unknown_abbreviation.RULE,
    typed_number.RULE,
    all_or_none.RULE,
    overlapping_options.RULE,
    unequal_options.RULE,
    key_longest.RULE,
    absolute_words.RULE,
    grammar_clue.RULE,
    no_feedback.RULE,
    no_citation.RULE,
)
