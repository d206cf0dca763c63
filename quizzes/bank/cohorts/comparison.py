"""What changes for a cohort that moves from one version of a quiz to another. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from quizzes.bank.models import QuizSlot, QuizVersion
from quizzes.bank.quiz.draw_rules import DrawRule, rule_of
from quizzes.bank.quiz.taking import USUAL

SETTINGS = (
    "title",
    "pass_percent",
    "attempts_allowed",
    "counts",
    "time_limit_minutes",
    "shuffle_questions",
    "shuffle_options",
    "show_result",
    "show_marks",
    "show_answers",
    "show_feedback",
    "show_citations",
    "markers",
    "marking_gap_percent",
    "is_marked_blind",
    *USUAL,
)


@dataclass(frozen=True)
class Difference:
    """Settings that differ (name, before, after) and slots that come, go or are worded anew."""

    settings: list[tuple[str, object, object]] = field(default_factory=list)
    added: list[QuizSlot] = field(default_factory=list)
    removed: list[QuizSlot] = field(default_factory=list)
    reworded: list[QuizSlot] = field(default_factory=list)
    # Slots that earn other marks: the slot as it is, and the marks before.
    revalued: list[tuple[QuizSlot, Decimal]] = field(default_factory=list)
    # Draws by topic whose questions are others: the slot, how many there were, how many there are.
    restocked: list[tuple[QuizSlot, int, int]] = field(default_factory=list)
    # Questions on a paper.
    count_before: int = 0
    count_after: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        lists = (self.settings, self.added, self.removed, self.reworded, self.revalued, self.restocked)
        return not any(lists)


def compare(before: QuizVersion, after: QuizVersion) -> Difference:
    """Return what is different in ``after``; both with slots, candidates and question versions."""
    old, new = ({_identity(slot): slot for slot in version.slots} for version in (before, after))
    both = [(slot, old[key]) for key, slot in new.items() if key in old]
    return Difference(
        settings=[
            (name, getattr(before, name), getattr(after, name))
            for name in SETTINGS
            if getattr(before, name) != getattr(after, name)
        ],
        added=[slot for key, slot in new.items() if key not in old],
        removed=[slot for key, slot in old.items() if key not in new],
        reworded=[slot for slot, before in both if _is_reworded(before, slot)],
        revalued=[(slot, before.marks) for slot, before in both if before.marks != slot.marks],
        restocked=[
            (slot, len(before.candidates), len(slot.candidates))
            for slot, before in both
            if _questions(before) != _questions(slot)
        ],
        count_before=count_questions(before),
        count_after=count_questions(after),
    )


def count_questions(version: QuizVersion) -> int:
    """Return how many questions a paper of a version has."""
    return sum(slot.draw_count for slot in version.slots)


def _identity(slot: QuizSlot) -> tuple[DrawRule | None, frozenset[int]]:
    """Return what makes two slots the same one: the question named, or the rule it draws by."""
    named = (
        frozenset() if slot.draw_topic else frozenset(c.question_version.question_id for c in slot.candidates)
    )
    return rule_of(slot), named


def _is_reworded(before: QuizSlot, after: QuizSlot) -> bool:
    """Return whether a question that was there before has another wording now."""
    old = {c.question_version.question_id: c.question_version_id for c in before.candidates}
    new = {c.question_version.question_id: c.question_version_id for c in after.candidates}
    return any(old[key] != new[key] for key in old.keys() & new.keys())


def _questions(slot: QuizSlot) -> set[int]:
    return {candidate.question_version.question_id for candidate in slot.candidates}
