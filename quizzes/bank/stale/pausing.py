"""Which question versions come on no new paper for now: a condition, for the queries that draw and count.

A fact of theirs has changed (`quizzes.bank.stale.staleness`), or somebody paused the question. Papers that
are drawn keep them, and no published version changes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, exists, or_
from sqlalchemy.orm import aliased

from quizzes.bank.models import Question, QuestionStatus, QuestionVersion, StaleVersion


def is_paused(*version_ids: Any) -> ColumnElement[bool]:
    """Return the condition that one of these versions is paused: a question, and the story it stands under.

    Args:
        version_ids: columns of the query around it that hold ids of question versions.
    """
    version, question, stale = aliased(QuestionVersion), aliased(Question), aliased(StaleVersion)
    doubted = exists().where(stale.question_version_id.in_(version_ids), stale.is_paused)
    held = exists().where(
        version.id.in_(version_ids),
        version.question_id == question.id,
        question.status == QuestionStatus.PAUSED.value,
    )
    return or_(doubted.correlate_except(stale), held.correlate_except(version, question))
