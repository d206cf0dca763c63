"""What keeps a draft of a quiz from being published because no colleague has reviewed it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from quizzes.bank.models import QuestionStatus, QuestionVersion, QuizVersion
from quizzes.bank.quiz.plans import Plan, Problem
from quizzes.bank.resolving import wording_sha256
from quizzes.bank.review.rules import COUNTING, needs_review


def list_review_problems(
    plan: Plan, version: QuizVersion, newest: Mapping[int, QuestionVersion]
) -> list[Problem]:
    """Name the ready questions of a quiz that counts whose wording nobody but its author found right.

    Args:
        plan: says which questions each slot asks.
        version: the draft; one for practice goes without reviews.
        newest: the version that stands, by question.
    """
    if version.purpose not in COUNTING:
        return []
    unreviewed = {key for key, row in newest.items() if _lacks_review(row)}
    return [
        Problem(
            str(_l("“%(question)s” was not reviewed by a colleague.", question=newest[key].summary)), slot.id
        )
        for slot in version.slots
        for key in plan.asked(slot)
        if key in unreviewed
    ]


def _lacks_review(version: QuestionVersion) -> bool:
    """Return whether a question is ready, must be reviewed, and this wording is not."""
    question = version.question
    if question.status != QuestionStatus.READY.value or not needs_review(question.use):
        return False
    return question.reviewed_sha256 != wording_sha256(version.source, kind=version.type)
