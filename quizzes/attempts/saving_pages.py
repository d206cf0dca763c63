"""Pages that keep answers: one or many from the script, all from the form; and what the script asks for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.i18n import show_time
from quizzes.attempts import batches, queries, saving
from quizzes.attempts.deadline import clock as clock_of_sitting
from quizzes.attempts.deadline import is_overdue
from quizzes.attempts.models import Attempt
from quizzes.attempts.paper_pages import paper_page
from quizzes.attempts.receipts import new_receipt
from quizzes.attempts.saves import Save, read_batch, read_form, read_json, too_long
from quizzes.attempts.saving import BatchReply, SaveReply
from quizzes.attempts.step_pages import back_to, read_place, step_page, take_step

MAX_SAVE_BYTES = 200_000
"""Of what a script sends at once: a batch of long texts. Answers of most types take half a kilobyte each."""


def token(attempt_id: int) -> Response:
    """Return a fresh form token: the page of a quiz may be older than the sign-in it is sent with."""
    _own(attempt_id)
    return jsonify({"token": generate_csrf()})


def clock(attempt_id: int) -> Response:
    """Return the time that is left: the organiser may have stopped it, or given more."""
    attempt = _own(attempt_id)
    is_over = attempt.state == "submitted"
    return jsonify({"left": 0} if is_over else batches.clock_json(clock_of_sitting(attempt), utc_now()))


def save(attempt_id: int) -> Response | tuple[Response, int] | tuple[str, int]:
    """Keep answers: one or a batch from the script, all of the page from the form."""
    if not request.is_json:
        return _save_form(attempt_id)
    data = _json_body()
    if isinstance(data, dict) and "events" in data:
        return _save_batch(attempt_id, data["events"])
    return _save_one(attempt_id, data)


def go_on(attempt_id: int) -> Response | tuple[str, int]:
    """Keep the answer of the question that is open, and go on as the pressed button says.

    Where another answer stands, this page stays: there is no way back to a question that was left.
    """
    now, attempt, place = utc_now(), _own(attempt_id), read_place()
    # There is no other question whose answer it could take along.
    saves = [save for save in read_form(request.form) if save.position == place]
    kept = _keep_form(attempt_id, saves, now=now) if saves else BatchReply([], [])
    if kept.refused:
        return _point_at(attempt_id, kept.refused, place=place, now=now)
    then = request.form.get("then", "")
    outcomes = {reply.outcome for reply in kept.replies}
    if outcomes <= {"applied"}:
        take_step(attempt, request.form.get("do", ""), place=place, now=now)
    elif "late" in outcomes or attempt.place == place:
        then = ""
        _tell(kept.replies)
    else:
        flash(
            _("Question %(number)s is closed: the answer saved before counts, not this one.", number=place),
            "warning",
        )
    db.session.commit()
    return _to_file(then) or back_to(attempt)


def _save_one(attempt_id: int, data: Any) -> Response | tuple[Response, int]:
    now = utc_now()
    reply = saving.save_answers(
        db.session(),
        [read_json(data)],
        attempt_id=attempt_id,
        user_id=current_actor().user_id,
        now=now,
        receipt=new_receipt(),
    )[0]
    db.session.commit()
    response = jsonify(_reply_json(reply, now))
    return (response, 409) if reply.outcome == "late" else response


def _save_batch(attempt_id: int, events: Any) -> Response | tuple[Response, int]:
    """Answer each event of a batch by itself; 422 when none of them could be kept."""
    now, user_id = utc_now(), current_actor().user_id
    saves, refusals = read_batch(events)
    if not saves:
        _own(attempt_id)
        return jsonify({"events": [batches.refusal_json(refusal) for refusal in refusals]}), 422
    batch = saving.save_batch(
        db.session(), saves, attempt_id=attempt_id, user_id=user_id, receipt=new_receipt(), now=now
    )
    db.session.commit()
    return jsonify(batches.batch_json(batch, refusals, now)), 200 if batch.replies else 422


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
    return {
        "outcome": reply.outcome,
        "time": show_time(reply.received_at, reply.time_zone),
        "sequence": reply.standing.sequence,
        "raw": reply.standing.raw,
        "flagged": reply.standing.is_flagged,
        "error": reply.standing.format_error,
        "receipt": reply.receipt,
        **batches.clock_json(reply.clock, now),
    }


def _save_form(attempt_id: int) -> Response | tuple[str, int]:
    now = utc_now()
    kept = _keep_form(attempt_id, read_form(request.form), now=now)
    db.session.commit()
    if kept.replies or not kept.refused:
        _tell(kept.replies)
    if kept.refused:
        return _point_at(attempt_id, kept.refused, place=0, now=now)
    then = request.form.get("then", "")
    if found := _to_file(then):
        return found
    target = "check" if then == "check" else "show"
    return redirect(url_for(f"attempts.{target}", attempt_id=attempt_id), 303)


def _point_at(
    attempt_id: int, refused: list[Save], *, place: int, now: datetime
) -> Response | tuple[str, int]:
    """Show the page once more with the answers that are too long as typed; the others are saved.

    Args:
        place: the question the page shows; 0 where it shows all.
    """
    attempt = _own(attempt_id)
    if attempt.state == "submitted" or is_overdue(attempt, now=now) or attempt.place != place:
        flash(str(too_long().message), "warning")
        return redirect(url_for("attempts.show", attempt_id=attempt_id), 303)
    page = step_page if place else paper_page
    return page(attempt, now=now, refused=refused), 422


def _keep_form(attempt_id: int, saves: list[Save], *, now: datetime) -> BatchReply:
    user_id, receipt = current_actor().user_id, new_receipt()
    return saving.save_form(
        db.session(), saves, attempt_id=attempt_id, user_id=user_id, now=now, receipt=receipt
    )


def _to_file(then: str) -> Response | None:
    """Return the way to where a file is sent with an answer, if that button was pressed."""
    if then.startswith("file-") and then[5:].isdecimal():
        return redirect(url_for("answer_files.attach", item_id=int(then[5:])), 303)
    return None


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


def _own(attempt_id: int) -> Attempt:
    return queries.get_own_attempt(db.session(), attempt_id, user_id=current_actor().user_id)
