"""What tells one version of a quiz from another."""

from __future__ import annotations

from typing import Any

from quizzes.bank.models import QuizSlot, QuizVersion
from quizzes.bank.resolving import fingerprint


def quiz_fingerprint(version: QuizVersion) -> str:
    """Return the sha256 of settings, slots and the question versions they name."""
    slots = [
        [*_rule(slot), sorted(candidate.question_version_id for candidate in slot.candidates)]
        for slot in version.slots
    ]
    return fingerprint([_settings(version), slots])


def draft_fingerprint(version: QuizVersion) -> str:
    """Return the sha256 of settings and slots with their ids: changes with every change of a draft."""
    return fingerprint([_settings(version), [[slot.id, *_rule(slot)] for slot in version.slots]])


def _settings(version: QuizVersion) -> list[Any]:
    return [
        version.title,
        version.purpose,
        version.pass_percent,
        version.attempts_allowed,
        version.counts,
        version.time_limit_minutes,
        version.shuffle_questions,
        version.shuffle_options,
        version.show_result,
        version.as_of.isoformat(),
    ]


def _rule(slot: QuizSlot) -> list[Any]:
    return [slot.draw_topic, slot.draw_count, f"{slot.marks.normalize():f}"]
