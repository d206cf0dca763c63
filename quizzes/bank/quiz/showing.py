"""What people see of a result, and when: presets, and exceptions of a quiz for each kind. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from quizzes.bank.models import QuizVersion

KINDS = {
    "marks": _l("Marks"),
    "answers": _l("Right answers"),
    "feedback": _l("Reasons and comments"),
    "citations": _l("Articles and what to read again"),
}
"""What of a result is shown or hidden; a quiz names it as ``show_<kind>``."""

WHENS = {
    "after_each": _l("After each question"),
    "after_submit": _l("After handing in"),
    "after_close": _l("When the training has closed"),
    "never": _l("Never"),
}
EXCEPTIONS = ("after_submit", "after_close", "never")
"""What a quiz may say of one kind; after each question is for a preset alone: it is another way to go on."""

PRESETS: Mapping[str, tuple[str, str, str, str]] = {
    "after_submit": ("after_submit", "after_submit", "after_submit", "after_submit"),
    "score_only": ("after_submit", "never", "never", "never"),
    "after_close": ("after_submit", "after_close", "after_close", "after_close"),
    "reasons_only": ("after_submit", "never", "after_submit", "after_submit"),
    "after_each": ("after_each", "after_each", "after_each", "after_each"),
}
"""Preset → when each of :data:`KINDS` is shown."""


def exceptions_of(version: QuizVersion) -> dict[str, str]:
    """Return by kind what a quiz says else than its preset."""
    said = {
        "marks": version.show_marks,
        "answers": version.show_answers,
        "feedback": version.show_feedback,
        "citations": version.show_citations,
    }
    return {kind: when for kind, when in said.items() if when is not None}


def showing_of(version: QuizVersion) -> dict[str, str]:
    """Return by kind when it is shown."""
    return dict(zip(KINDS, PRESETS[version.show_result], strict=True)) | exceptions_of(version)
