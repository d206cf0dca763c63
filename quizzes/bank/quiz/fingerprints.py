"""What tells one version of a quiz from another."""

from __future__ import annotations

from typing import Any

from quizzes.bank.models import QuizSlot, QuizVersion
from quizzes.bank.quiz.showing import exceptions_of
from quizzes.bank.quiz.taking import unusual
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
    slots = [[slot.id, *_rule(slot)] for slot in version.slots]
    wanted = [version.blueprint] if version.blueprint else []
    return fingerprint([_settings(version), slots, *wanted])


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
        *_marking(version),
        *_exceptions(version),
        *_taking(version),
    ]


def _marking(version: QuizVersion) -> list[Any]:
    """Return how answers are marked by hand; nothing as long as it is the usual way."""
    marking = [version.markers, version.marking_gap_percent, version.is_marked_blind]
    return [] if marking in ([1, 20, True], [None, None, None]) else marking


def _exceptions(version: QuizVersion) -> list[Any]:
    """Return what is shown else than the preset says; nothing where it says all."""
    said = exceptions_of(version)
    return [said] if said else []


def _taking(version: QuizVersion) -> list[Any]:
    """Return how it is taken else than usual; nothing where all is as usual."""
    said = unusual(version)
    return [said] if said else []


def _rule(slot: QuizSlot) -> list[Any]:
    case = [slot.case_version_id] if slot.case_version_id is not None else []
    narrowing = [slot.draw_level, slot.draw_difficulty, slot.draw_not_in_id]
    narrowed = [narrowing] if any(narrowing) else []
    tagged = [f"#{slot.draw_tag}"] if slot.draw_tag else []
    return [slot.draw_topic, slot.draw_count, f"{slot.marks.normalize():f}", *case, *narrowed, *tagged]
