"""The result of a sitting: plain words first, what to read again, and each question as the quiz allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from courses.learning.outline import Outline
from courses.learning.queries import get_outline
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound
from quizzes.attempts import queries
from quizzes.attempts.accommodations import find_allowance
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.presentation import ReviewedQuestion, Tries, count_tries, reviewed_question
from quizzes.attempts.review import shown
from quizzes.attempts.stories import list_stories
from quizzes.bank.quiz.showing import KINDS
from quizzes.grading.worth import Worth


def result(attempt_id: int) -> str | Response:
    """Show how it went in plain words, what to read again, and each question as far as the quiz allows."""
    now = utc_now()
    sittings = queries.list_sittings_with(db.session(), attempt_id, user_id=current_actor().user_id)
    attempt = next((sitting for sitting in sittings if sitting.id == attempt_id), None)
    if attempt is None:
        raise NotFound
    if attempt.state == "in_progress":
        return redirect(url_for("attempts.show", attempt_id=attempt_id), 303)
    return _result_page(attempt, sittings, now=now)


def _result_page(attempt: Attempt, sittings: list[Attempt], *, now: datetime) -> str:
    outline = get_outline(db.session(), attempt.enrolment, now=now)
    marked = queries.list_marked_items(db.session(), attempt.id)
    allowed = shown(attempt.quiz_version, attempt.enrolment.cohort, now=now)
    reviewed = _review(marked)
    counting = [question for question in reviewed if question.verdict != "void"] or reviewed
    return render_template(
        "attempts/result.html",
        attempt=attempt,
        questions=reviewed if allowed.questions else [],
        stories=list_stories(db.session(), [item for item, _worth in marked]) if allowed.questions else {},
        allowed=allowed,
        later=[KINDS[kind] for kind in allowed.later],
        reports=queries.list_reported(db.session(), attempt.id),
        read_again=_read_again(attempt, outline, counting) if allowed.citations and allowed.marks else [],
        **_numbers(reviewed, counting),
        **_standing(attempt, sittings, outline),
    )


def _review(marked: Sequence[tuple[PaperItem, Worth]]) -> list[ReviewedQuestion]:
    judged_by = queries.list_judged_by(db.session(), marked)
    return [reviewed_question(item, worth, judged_by.get(item.id)) for item, worth in marked]


def _numbers(reviewed: list[ReviewedQuestion], counting: list[ReviewedQuestion]) -> dict[str, Any]:
    """Return how the questions went, counted, and about which something was decided."""
    verdicts = Counter(question.verdict for question in counting)
    return {
        "ruled": [question for question in reviewed if question.ruling],
        "regraded": [question for question in reviewed if question.regraded],
        "numbers": [(question.position, question.item_id) for question in reviewed],
        "question_count": len(counting),
        "right_count": verdicts["right"],
        "partly_count": verdicts["partly"],
        "waiting_count": verdicts["waiting"],
    }


def _standing(attempt: Attempt, sittings: list[Attempt], outline: Outline) -> dict[str, Any]:
    """Return where a person stands with this quiz and in the course."""
    return {
        "tries": _tries_of(attempt, sittings),
        "has_open": any(sitting.state == "in_progress" for sitting in sittings),
        "finished_count": sum(sitting.state == "submitted" for sitting in sittings),
        "closes_on": outline.closes_on,
        "outline": outline,
        "step": outline.find(attempt.step.id),
        "missing": outline.missing(attempt.enrolment.cohort.edition.requirements),
    }


def _tries_of(attempt: Attempt, sittings: list[Attempt]) -> Tries:
    """Return the tries of a person; where all seem used, with those that were given."""
    allowed = attempt.quiz_version.attempts_allowed
    tries = count_tries(sittings, allowed)
    if tries.left != 0:
        return tries
    given = find_allowance(db.session(), attempt.enrolment_id, quiz_id=attempt.quiz_id)
    return count_tries(sittings, allowed + given.attempts)


def _read_again(
    attempt: Attempt, outline: Outline, questions: list[ReviewedQuestion]
) -> list[tuple[str, str, str]]:
    """Return where to read what was not right, each place once: title, address, numbers of the questions."""
    numbers: dict[str, list[str]] = {}
    for question in questions:
        if question.read and question.verdict != "right":
            numbers.setdefault(question.read, []).append(str(question.position))
    places = {read: outline.find_path(read.partition("#")[0]) for read in numbers}
    open_steps = {read: step for read, step in places.items() if step is not None and step.is_open}
    headings = queries.list_headings(db.session(), {step.step_id for step in open_steps.values()})
    found = []
    for read, step in open_steps.items():
        anchor = read.partition("#")[2]
        title = headings.get(step.step_id, {}).get(anchor)
        url = url_for(
            "learning.lesson",
            enrolment_id=attempt.enrolment_id,
            step_id=step.step_id,
            _anchor=anchor or None,
        )
        found.append((f"{step.title}: {title}" if title else step.title, url, ", ".join(numbers[read])))
    return found
