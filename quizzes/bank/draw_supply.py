"""Reads: which questions a rule draws from, before it is in a quiz and when that is published."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizzes.bank.blueprint_queries import list_used
from quizzes.bank.cases import CASE
from quizzes.bank.draw_rules import DrawRule
from quizzes.bank.models import QuestionStatus, QuestionVersion, QuizVersion
from quizzes.bank.pairs import is_paired


@dataclass(frozen=True)
class Supply:
    """The questions a rule fits: all of them, and how many the quiz asks already."""

    count: int
    taken: int

    def is_enough(self, rule: DrawRule) -> bool:
        """Return whether the rule finds what it wants beside what the quiz asks already."""
        return self.count - self.taken >= rule.count


def find_supply(
    session: Session,
    version: QuizVersion,
    *,
    rule: DrawRule,
    pool: Iterable[QuestionVersion],
    tags: Mapping[int, Collection[str]],
    asked: Collection[int],
) -> Supply:
    """Return what a rule would draw from.

    Args:
        pool: the questions of its topic that stand alone.
        tags: of these questions, folded.
        asked: questions the draft names or may draw already.
    """
    not_in = [] if rule.not_in_id is None else [rule.not_in_id]
    used = list_used(session, not_in, branch_id=version.branch_id).get(rule.not_in_id or 0, set())
    found = {
        row.question_id
        for row in pool
        if is_drawn(row, rule, branch_id=version.branch_id, used=used, tags=tags.get(row.question_id, ()))
    }
    return Supply(len(found), len(found & set(asked)))


def is_drawn(
    row: QuestionVersion,
    rule: DrawRule,
    *,
    branch_id: int | None,
    used: Collection[int],
    tags: Collection[str],
) -> bool:
    """Return whether a rule draws a question, which may be here because the quiz names it elsewhere."""
    question = row.question
    is_theirs = question.branch_id in (None, branch_id)
    is_askable = question.status == QuestionStatus.READY.value and question.use == "graded"
    is_free = not is_paired(row.source) and row.type != CASE
    is_meant = question.topic == rule.topic and rule.fits(row, used, tags)
    return is_theirs and is_askable and is_free and is_meant
