"""Who may change what in the bank: pure."""

from __future__ import annotations

from courses.catalogue.scenarios import FOLDER
from lms.core.accounts.actor import Actor
from quizzes.bank.models import Question, QuizVersion


def can_edit_question(actor: Actor, question: Question) -> bool:
    """Return whether a question is this person's to change; the nation's are admins'.

    What is a scenario is changed in its course's folder alone.
    """
    is_scenario = question.key is not None and f"/{FOLDER}/" in question.key
    return actor.is_trainer and actor.works_at(question.branch_id) and not is_scenario


def can_edit_version(actor: Actor, version: QuizVersion) -> bool:
    """Return whether a version of a quiz is this person's to change while it is a draft."""
    return actor.is_trainer and version.status == "draft" and actor.works_at(version.branch_id)
