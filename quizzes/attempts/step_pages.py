"""Pages of a paper whose questions come one at a time: no script, each step goes over the line."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.db import db
from quizzes.attempts import queries, stepping
from quizzes.attempts.deadline import seconds_left, shows_clock
from quizzes.attempts.door import shows_each
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.presentation import ReviewedQuestion, as_typed, open_question, reviewed_question
from quizzes.attempts.saves import Save
from quizzes.attempts.stories import list_stories
from quizzes.bank.models import QuizVersion
from quizzes.bank.quiz.showing import showing_of
from quizzes.grading.worth import Worth
from quizzes.types import get_type


@dataclass(frozen=True)
class Feedback:
    """An answer as practice shows it at once: what of it, and whether it may be tried again."""

    question: ReviewedQuestion
    kinds: frozenset[str]
    can_retry: bool
    cost_percent: int


def step_page(attempt: Attempt, *, now: datetime, refused: Collection[Save] = ()) -> str:
    """Show the question that is open, or the way to hand in after the last.

    Args:
        refused: as :func:`quizzes.attempts.paper_pages.paper_page`.
    """
    typed = {save.position: save for save in refused}
    items = queries.list_items(db.session(), attempt.id, is_reviewed=True)
    item = items[attempt.place - 1] if attempt.place <= len(items) else None
    questions = [as_typed(open_question(one), typed.get(one.position)) for one in items]
    version = attempt.quiz_version
    return render_template(
        "attempts/step.html",
        attempt=attempt,
        item=questions[attempt.place - 1] if item else None,
        count=len(items),
        empty=[one.position for one in questions if not one.is_answered],
        stories=list_stories(db.session(), items),
        is_practice=shows_each(version.purpose, version.show_result),
        feedback=_feedback(item, version) if item and item.is_checked else None,
        seconds_left=seconds_left(attempt, now=now) if shows_clock(attempt, now=now) else None,
        page_id=secrets.token_urlsafe(9),
    )


def take_step(attempt: Attempt, act: str, *, place: int, now: datetime) -> None:
    """Do what the pressed button says, in the transaction of the answer."""
    version, session = attempt.quiz_version, db.session()
    if not shows_each(version.purpose, version.show_result):
        act = "next" if act == "next" else ""
    if act == "next":
        stepping.move_on(session, attempt.id, place=place, now=now)
    elif act == "check" and not stepping.check(session, attempt.id, place=place, now=now):
        flash(_("Answer this question first, then look at it."), "warning")
    elif act == "retry":
        limits = {"retries": version.retries, "cost_percent": version.retry_cost_percent}
        stepping.try_again(session, attempt.id, place=place, **limits, now=now)


def read_place() -> int:
    """Return the place the form speaks of; 0 for none."""
    text = request.form.get("place", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0


def back_to(attempt: Attempt) -> Response:
    """Return the way to the question that is open now."""
    return redirect(url_for("attempts.show", attempt_id=attempt.id), 303)


def _feedback(item: PaperItem, version: QuizVersion) -> Feedback:
    asked, answer = item.question_version, item.response.answer if item.response else None
    grade = get_type(asked.type).grade(asked.content, answer)
    is_right = grade is None or grade.fraction == 1
    kinds = frozenset(kind for kind, when in showing_of(version).items() if when == "after_each")
    return Feedback(
        question=reviewed_question(item, Worth(None if grade is None else grade.fraction)),
        kinds=kinds,
        can_retry=not is_right and item.check_count <= version.retries,
        cost_percent=version.retry_cost_percent,
    )
