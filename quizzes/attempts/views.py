"""Pages of a trainee at a quiz: what awaits, the paper, check before sending, result."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from courses.cohorts.queries import get_own_enrolment
from courses.learning.outline import Outline
from courses.learning.queries import get_outline
from lms.core.accounts.guard import current_actor, find_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.i18n import show_time
from quizzes.attempts import queries, services
from quizzes.attempts.deadline import has_closed, is_overdue, seconds_left
from quizzes.attempts.models import Attempt
from quizzes.attempts.presentation import (
    ReviewedQuestion,
    count_tries,
    open_question,
    reviewed_question,
)
from quizzes.attempts.saves import read_form, read_json
from quizzes.attempts.services import SaveReply
from quizzes.bank.models import Purpose

bp = Blueprint("attempts", __name__)

MAX_SAVE_BYTES = 16_384
"""Of one answer sent by script; the page's own take less than a kilobyte."""


@bp.before_request
def _refuse_signed_out_scripts() -> tuple[Response, int] | None:
    """Answer the script of the quiz page with 401 instead of a way to the sign-in page."""
    if find_actor() is None and (request.is_json or request.endpoint == "attempts.token"):
        return jsonify({"error": _("Please sign in again.")}), 401
    return None


guard(bp, lambda actor: not actor.is_staff)


def _own(attempt_id: int) -> Attempt:
    return queries.get_own_attempt(db.session(), attempt_id, user_id=current_actor().user_id)


@bp.get("/belajar/<int:enrolment_id>/kuis/<int:step_id>")
def start(enrolment_id: int, step_id: int) -> str:
    """Show what awaits: questions, time, pass mark, tries; and how earlier tries went."""
    now = utc_now()
    enrolment = get_own_enrolment(db.session(), enrolment_id, user_id=current_actor().user_id)
    outline = get_outline(db.session(), enrolment, now=now)
    step = outline.find(step_id)
    if step is None or step.kind != "quiz":
        raise NotFound
    facts = queries.get_quiz_facts(db.session(), enrolment, step_id)
    attempts = queries.list_attempts(db.session(), enrolment.id, quiz_id=facts.version.quiz_id)
    going_on = next((attempt for attempt in attempts if attempt.state == "in_progress"), None)
    return render_template(
        "attempts/start.html",
        enrolment=enrolment,
        step=step,
        quiz=facts.version,
        question_count=facts.question_count,
        finished=[attempt for attempt in attempts if attempt.state == "submitted"],
        going_on=going_on,
        is_overdue=going_on is not None and is_overdue(going_on, now=now),
        tries=count_tries(attempts, facts.version.attempts_allowed),
        closes_on=outline.closes_on,
        has_closed=has_closed(enrolment.cohort, now=now),
        needs_name=facts.version.purpose == Purpose.POSTTEST and enrolment.name_confirmed_at is None,
    )


@bp.post("/belajar/<int:enrolment_id>/kuis/<int:step_id>")
def begin(enrolment_id: int, step_id: int) -> Response:
    """Start a sitting or go on with the open one."""
    now, user_id = utc_now(), current_actor().user_id
    get_own_enrolment(db.session(), enrolment_id, user_id=user_id)
    services.close_overdue(db.session(), now=now, enrolment_id=enrolment_id)
    db.session.commit()
    attempt = services.start_attempt(
        db.session(),
        enrolment=get_own_enrolment(db.session(), enrolment_id, user_id=user_id),
        step_id=step_id,
        now=now,
        rng=secrets.SystemRandom(),
    )
    db.session.commit()
    return redirect(url_for("attempts.show", attempt_id=attempt.id), 303)


@bp.get("/percobaan/<int:attempt_id>")
def show(attempt_id: int) -> str | Response:
    """Show the paper with the answers that stand; after the end, the way to the result."""
    now, attempt = utc_now(), _own(attempt_id)
    if attempt.state == "submitted":
        return redirect(url_for("attempts.result", attempt_id=attempt_id), 303)
    if is_overdue(attempt, now=now):
        return render_template("attempts/overdue.html", attempt=attempt)
    items = queries.list_items(db.session(), attempt_id)
    g.cache_control = "private, no-cache"
    return render_template(
        "attempts/show.html",
        attempt=attempt,
        questions=[open_question(item) for item in items],
        sequence=max((item.response.sequence for item in items if item.response), default=0),
        saved_at=max((item.response.saved_at for item in items if item.response), default=None),
        seconds_left=seconds_left(attempt, now=now) if attempt.quiz_version.time_limit_minutes else None,
        page_id=secrets.token_urlsafe(9),
    )


@bp.get("/percobaan/<int:attempt_id>/token")
def token(attempt_id: int) -> Response:
    """Return a fresh form token: the page of a quiz may be older than the sign-in it is sent with."""
    _own(attempt_id)
    return jsonify({"token": generate_csrf()})


@bp.post("/percobaan/<int:attempt_id>/jawaban")
def save(attempt_id: int) -> Response | tuple[Response, int]:
    """Keep answers: one from the script, all of the page from the form."""
    if request.is_json:
        return _save_one(attempt_id)
    return _save_form(attempt_id)


@bp.get("/percobaan/<int:attempt_id>/periksa")
def check(attempt_id: int) -> str | Response:
    """Show what is unanswered or flagged before the paper is handed in."""
    attempt = _own(attempt_id)
    if attempt.state == "submitted" or is_overdue(attempt, now=utc_now()):
        return redirect(url_for("attempts.show", attempt_id=attempt_id), 303)
    questions = [open_question(item) for item in queries.list_items(db.session(), attempt_id)]
    return render_template("attempts/check.html", attempt=attempt, questions=questions)


@bp.post("/percobaan/<int:attempt_id>/kirim")
def submit(attempt_id: int) -> Response:
    """Hand the paper in, once."""
    services.submit_attempt(
        db.session(), attempt_id, by="person", now=utc_now(), user_id=current_actor().user_id
    )
    db.session.commit()
    return redirect(url_for("attempts.result", attempt_id=attempt_id), 303)


@bp.get("/percobaan/<int:attempt_id>/hasil")
def result(attempt_id: int) -> str | Response:
    """Show how it went in plain words, what to read again, and each question as far as the quiz allows."""
    now = utc_now()
    sittings = queries.list_sittings_with(db.session(), attempt_id, user_id=current_actor().user_id)
    attempt = next((sitting for sitting in sittings if sitting.id == attempt_id), None)
    if attempt is None:
        raise NotFound
    if attempt.state == "in_progress":
        return redirect(url_for("attempts.show", attempt_id=attempt_id), 303)
    outline = get_outline(db.session(), attempt.enrolment, now=now)
    marked = queries.list_marked_items(db.session(), attempt_id)
    reviewed = [reviewed_question(item, mark) for item, mark in marked]
    shows_key = attempt.quiz_version.show_result == "after_submit"
    return render_template(
        "attempts/result.html",
        attempt=attempt,
        questions=reviewed if shows_key else [],
        question_count=len(reviewed),
        right_count=sum(question.verdict == "right" for question in reviewed),
        partly_count=sum(question.verdict == "partly" for question in reviewed),
        read_again=_read_again(attempt, outline, reviewed) if shows_key else [],
        tries=count_tries(sittings, attempt.quiz_version.attempts_allowed),
        has_open=any(sitting.state == "in_progress" for sitting in sittings),
        closes_on=outline.closes_on,
        outline=outline,
        step=outline.find(attempt.step_id),
        missing=outline.missing(attempt.enrolment.cohort.edition.requirements),
    )


def _save_one(attempt_id: int) -> Response | tuple[Response, int]:
    now = utc_now()
    saves = [read_json(_json_body())]
    user_id = current_actor().user_id
    reply = services.save_answers(db.session(), saves, attempt_id=attempt_id, user_id=user_id, now=now)[0]
    db.session.commit()
    response = jsonify(_reply_json(reply, now))
    return (response, 409) if reply.outcome == "late" else response


def _json_body() -> Any:
    """Return what a script sent, None for what is no JSON.

    Raises:
        RequestEntityTooLarge: more than any answer takes.
    """
    if (request.content_length or 0) > MAX_SAVE_BYTES:
        raise RequestEntityTooLarge
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _reply_json(reply: SaveReply, now: datetime) -> dict[str, Any]:
    left = None if reply.deadline_at is None else max(0, int((reply.deadline_at - now).total_seconds()))
    return {
        "outcome": reply.outcome,
        "time": show_time(reply.received_at, reply.time_zone),
        "sequence": reply.standing.sequence,
        "raw": reply.standing.raw,
        "flagged": reply.standing.is_flagged,
        "error": reply.standing.format_error,
        "left": left,
    }


def _save_form(attempt_id: int) -> Response:
    now, actor = utc_now(), current_actor()
    replies = services.save_answers(
        db.session(),
        read_form(request.form),
        attempt_id=attempt_id,
        user_id=actor.user_id,
        now=now,
        is_whole_form=True,
    )
    db.session.commit()
    _tell(replies)
    target = "check" if request.form.get("then") == "check" else "show"
    return redirect(url_for(f"attempts.{target}", attempt_id=attempt_id), 303)


def _tell(replies: list[SaveReply]) -> None:
    """Say what became of the answers of a form."""
    late = [reply for reply in replies if reply.outcome == "late"]
    older = [str(reply.position) for reply in replies if reply.outcome == "superseded"]
    if late:
        flash(_("The time was over: your last answers are kept as late and do not count."), "warning")
    elif older:
        flash(
            _(
                "Newer answers are already saved for these questions, and those count: %(numbers)s. "
                "Look at them once more.",
                numbers=", ".join(older),
            ),
            "warning",
        )
    elif replies:
        at = show_time(replies[0].received_at, replies[0].time_zone)
        flash(_("Saved at %(time)s.", time=at), "success")
    else:
        flash(_("Everything was saved already."), "success")


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
