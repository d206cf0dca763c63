"""Which questions a rule draws from, before it is in a quiz and when that is published. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from quizzes.bank.cases import CASE
from quizzes.bank.models import QuestionStatus, QuestionVersion
from quizzes.bank.quiz.draw_rules import DrawRule
from quizzes.bank.quiz.pairs import is_paired
from quizzes.bank.quiz.plans import Plan


@dataclass(frozen=True)
class Supply:
    """The questions a rule fits: all of them, and how many the quiz asks already."""

    count: int
    taken: int

    def is_enough(self, rule: DrawRule) -> bool:
        """Return whether the rule finds what it wants beside what the quiz asks already."""
        return self.count - self.taken >= rule.count


def find_supply(plan: Plan, rule: DrawRule, *, branch_id: int | None, asked: Collection[int]) -> Supply:
    """Return what a rule would draw from.

    Args:
        plan: made with a look at the rule (`plan_publication`).
        asked: questions the draft names or may draw already.
    """
    found = list_drawn(plan, rule, branch_id=branch_id)
    return Supply(len(found), len({*found} & {*asked}))


def list_drawn(plan: Plan, rule: DrawRule, *, branch_id: int | None) -> list[int]:
    """Return the questions a rule draws from, of those the plan has looked at for it."""
    used = plan.used.get(rule.not_in_id or 0, set())
    return [
        row.question_id
        for row in plan.pool
        if _is_drawn(row, rule, branch_id=branch_id, used=used, tags=plan.tags[row.question_id])
    ]


def _is_drawn(
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
