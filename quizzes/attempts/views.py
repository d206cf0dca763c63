"""Pages of a trainee at a quiz: what awaits, the paper, check before sending, receipt."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask import Blueprint, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from jinja2.environment import TemplateModule
from werkzeug.wrappers import Response

from courses.cohorts.queries import get_own_enrolment
from courses.learning.queries import get_outline
from lms.core.accounts.guard import current_actor, find_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, NotFound, TooMany
from lms.core.web.arguments import read_id
from quizzes.attempts import (
    handing_in,
    queries,
    receipt_queries,
    result_pages,
    saving_pages,
    starting,
    together,
)
from quizzes.attempts.deadline import has_closed, is_overdue
from quizzes.attempts.door import get_door
from quizzes.attempts.entrance import count_wrong_code, entrance_of
from quizzes.attempts.models import Attempt
from quizzes.attempts.paper_pages import paper_page
from quizzes.attempts.presentation import (
    count_tries,
    open_question,
)
from quizzes.attempts.receipts import receipt_lines
from quizzes.attempts.review import shown
from quizzes.attempts.step_pages import step_page
from quizzes.attempts.terms import NotYet, WrongCode
from quizzes.bank.models import Purpose

bp = Blueprint("attempts", __name__)

SCRIPTS = frozenset({"attempts.token", "attempts.clock"})
"""What the page asks for by itself."""
MAX_CODE = 40
"""Characters of the code of a hall."""


@bp.before_request
def _refuse_signed_out_scripts() -> tuple[Response, int] | None:
    """Answer the script of the quiz page with 401 instead of a way to the sign-in page."""
    if find_actor() is None and (request.is_json or request.endpoint in SCRIPTS):
        return jsonify({"error": _("Please sign in again.")}), 401
    return None


guard(bp, lambda actor: not actor.is_staff)


@bp.app_template_global()
def type_macros(key: str) -> TemplateModule:
    """Return the macros of a question type; thirty imports, one a question, took a tenth of the page."""
    return current_app.jinja_env.get_template(f"types/{key}.html").module


@bp.after_request
def _ask_again(response: Response) -> Response:
    """Let a waiting page ask again by itself, without a script."""
    if g.get("refresh_seconds"):
        response.headers["Refresh"] = str(g.refresh_seconds)
    return response


def _own(attempt_id: int) -> Attempt:
    return queries.get_own_attempt(db.session(), attempt_id, user_id=current_actor().user_id)


@bp.get("/belajar/<int:enrolment_id>/kuis/<int:step_id>")
def start(enrolment_id: int, step_id: int) -> str:
    """Show what awaits: questions, time, pass mark, tries, rules; and how earlier tries went."""
    return _start_page(enrolment_id, step_id, now=utc_now())


def _start_page(enrolment_id: int, step_id: int, *, now: datetime, error: str = "") -> str:
    enrolment = get_own_enrolment(db.session(), enrolment_id, user_id=current_actor().user_id)
    outline = get_outline(db.session(), enrolment, now=now)
    step = outline.find(step_id)
    if step is None or step.kind != "quiz":
        raise NotFound
    facts = queries.get_quiz_facts(db.session(), enrolment, step_id)
    attempts = queries.list_attempts(db.session(), enrolment.id, quiz_id=facts.version.quiz_id)
    going_on = next((attempt for attempt in attempts if attempt.state == "in_progress"), None)
    place = {"cohort_id": enrolment.cohort_id, "enrolment_id": enrolment.id, "step_id": step_id}
    entrance = entrance_of(get_door(db.session(), **place), enrolment.cohort, enrolment.id, now=now)
    g.refresh_seconds = entrance.again_seconds if step.is_open and not going_on else None
    return render_template(
        "attempts/start.html",
        entrance=entrance,
        wait=None if going_on else entrance.wait,
        error=error,
        enrolment=enrolment,
        step=step,
        quiz=facts.version,
        question_count=facts.question_count,
        left_out=facts.left_out,
        shows_marks=shown(facts.version, enrolment.cohort, now=now).marks,
        finished=[attempt for attempt in attempts if attempt.state == "submitted"],
        going_on=going_on,
        is_overdue=going_on is not None and is_overdue(going_on, now=now),
        tries=count_tries(attempts, entrance.tries),
        closes_on=outline.closes_on,
        has_closed=has_closed(enrolment.cohort, now=now),
        needs_name=facts.version.purpose == Purpose.POSTTEST and enrolment.name_confirmed_at is None,
    )


@bp.post("/belajar/<int:enrolment_id>/kuis/<int:step_id>")
def begin(enrolment_id: int, step_id: int) -> Response | tuple[str, int]:
    """Start a sitting or go on with the open one."""
    now = utc_now()
    try:
        attempt_id = _begin_or_close(enrolment_id, step_id, now)
    except (WrongCode, TooMany) as error:
        return _start_page(enrolment_id, step_id, now=now, error=str(error.message)), error.status
    except NotYet:
        response = redirect(url_for("attempts.start", enrolment_id=enrolment_id, step_id=step_id), 303)
        response.headers["Retry-After"] = str(together.WAIT_SECONDS)
        return response
    return redirect(url_for("attempts.show", attempt_id=attempt_id), 303)


def _begin_or_close(enrolment_id: int, step_id: int, now: datetime) -> int:
    """Begin; a sitting that is over and stands in the way is handed in first."""
    try:
        return _begin(enrolment_id, step_id, now)
    except NotYet:
        raise
    except Conflict:
        closed = handing_in.close_overdue(db.session(), now=now, enrolment_id=enrolment_id)
        db.session.commit()
        if not closed:
            raise
    return _begin(enrolment_id, step_id, now)


def _begin(enrolment_id: int, step_id: int, now: datetime) -> int:
    session, user_id = db.session(), current_actor().user_id
    enrolment = get_own_enrolment(session, enrolment_id, user_id=user_id)
    code = request.form.get("code", "")[:MAX_CODE]
    try:
        attempt = starting.start_attempt(
            session, enrolment=enrolment, step_id=step_id, now=now, rng=secrets.SystemRandom(), code=code
        )
    except WrongCode:
        count_wrong_code(enrolment_id, step_id, now=now)
        raise
    session.commit()
    return attempt.id


@bp.get("/percobaan/<int:attempt_id>")
def show(attempt_id: int) -> str | Response:
    """Show the paper with the answers that stand; after the end, the way to the result."""
    now, attempt = utc_now(), _own(attempt_id)
    if attempt.state == "submitted":
        return redirect(url_for("attempts.result", attempt_id=attempt_id), 303)
    if is_overdue(attempt, now=now):
        return render_template("attempts/overdue.html", attempt=attempt)
    if attempt.place:
        return step_page(attempt, now=now)
    g.cache_control = "private, no-cache"
    return paper_page(attempt, now=now)


@bp.get("/percobaan/<int:attempt_id>/periksa")
def check(attempt_id: int) -> str | Response:
    """Show what is unanswered or flagged before the paper is handed in."""
    attempt = _own(attempt_id)
    if attempt.state == "submitted" or is_overdue(attempt, now=utc_now()) or attempt.place:
        return redirect(url_for("attempts.show", attempt_id=attempt_id), 303)
    questions = [open_question(item) for item in queries.list_items(db.session(), attempt_id)]
    return render_template("attempts/check.html", attempt=attempt, questions=questions)


@bp.post("/percobaan/<int:attempt_id>/kirim")
def submit(attempt_id: int) -> Response:
    """Hand the paper in, once."""
    handing_in.submit_attempt(
        db.session(), attempt_id, by="person", now=utc_now(), user_id=current_actor().user_id
    )
    db.session.commit()
    return redirect(url_for("attempts.result", attempt_id=attempt_id), 303)


@bp.get("/percobaan/<int:attempt_id>/tanda-terima")
def receipt(attempt_id: int) -> str:
    """List every save of one's own sitting with time and receipt code."""
    attempt = _own(attempt_id)
    found = receipt_queries.list_events(db.session(), attempt_id, before=read_id("sebelum"))
    page = found[: receipt_queries.PAGE_SIZE]
    more_url = None
    if len(found) > len(page):
        more_url = url_for("attempts.receipt", attempt_id=attempt_id, sebelum=page[-1][0].id)
    zone = attempt.enrolment.cohort.time_zone
    return render_template(
        "attempts/receipt.html", attempt=attempt, lines=receipt_lines(page, zone), more_url=more_url
    )


for path, view, methods in (
    ("hasil", result_pages.result, ["GET"]),
    ("token", saving_pages.token, ["GET"]),
    ("waktu", saving_pages.clock, ["GET"]),
    ("jawaban", saving_pages.save, ["POST"]),
    ("langkah", saving_pages.go_on, ["POST"]),
):
    bp.add_url_rule(f"/percobaan/<int:attempt_id>/{path}", view_func=view, methods=methods)
