"""What changes for a cohort that moves from one version of a quiz to another. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizzes.bank.models import QuizSlot, QuizVersion

SETTINGS = (
    "title",
    "pass_percent",
    "attempts_allowed",
    "counts",
    "time_limit_minutes",
    "shuffle_questions",
    "shuffle_options",
    "show_result",
)


@dataclass(frozen=True)
class Difference:
    """Settings that differ (name, before, after) and slots that come, go or are worded anew."""

    settings: list[tuple[str, object, object]] = field(default_factory=list)
    added: list[QuizSlot] = field(default_factory=list)
    removed: list[QuizSlot] = field(default_factory=list)
    reworded: list[QuizSlot] = field(default_factory=list)
    # Questions on a paper.
    count_before: int = 0
    count_after: int = 0


def compare(before: QuizVersion, after: QuizVersion) -> Difference:
    """Return what is different in ``after``; both with slots, candidates and question versions."""
    old, new = ({_identity(slot): slot for slot in version.slots} for version in (before, after))
    return Difference(
        settings=[
            (name, getattr(before, name), getattr(after, name))
            for name in SETTINGS
            if getattr(before, name) != getattr(after, name)
        ],
        added=[slot for key, slot in new.items() if key not in old],
        removed=[slot for key, slot in old.items() if key not in new],
        reworded=[slot for key, slot in new.items() if key in old and _versions(slot) != _versions(old[key])],
        count_before=count_questions(before),
        count_after=count_questions(after),
    )


def count_questions(version: QuizVersion) -> int:
    """Return how many questions a paper of a version has."""
    return sum(slot.draw_count for slot in version.slots)


def _identity(slot: QuizSlot) -> tuple[str | None, int, frozenset[int]]:
    """Return what makes two slots the same one: the question named, or topic and count of a draw."""
    named = (
        frozenset() if slot.draw_topic else frozenset(c.question_version.question_id for c in slot.candidates)
    )
    return slot.draw_topic, slot.draw_count, named


def _versions(slot: QuizSlot) -> set[int]:
    return {candidate.question_version_id for candidate in slot.candidates}
