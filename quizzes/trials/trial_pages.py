"""Pages of a trial: what awaits, the questions one at a time, the check, the result. Nothing is kept."""

from __future__ import annotations

from collections import Counter
from secrets import randbits
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from quizzes.attempts.door import shows_each
from quizzes.attempts.models import PaperItem
from quizzes.attempts.presentation import open_question, reviewed_question
from quizzes.attempts.review import Shown
from quizzes.attempts.step_pages import Feedback
from quizzes.bank.builder.version_page import find_version
from quizzes.bank.cohorts.comparison import count_questions
from quizzes.bank.models import QuizVersion
from quizzes.bank.quiz.presets import tell
from quizzes.bank.quiz.showing import KINDS, showing_of
from quizzes.trials.papers import (
    Tried,
    draw_items,
    score_of,
    stories_of,
    take_version,
    worth_of_item,
)
from quizzes.trials.state import Trial, check_mark, read_trial, write_trial

bp = Blueprint("trials", __name__, url_prefix="/kuis/<int:quiz_id>/versi/<int:version_id>/coba")
guard(bp, lambda actor: actor.is_trainer)

MAX_VALUES = 60
"""Values of one answer that are read."""


@bp.get("")
def start(quiz_id: int, version_id: int) -> str:
    """Show what awaits, as before a real sitting."""
    found = find_version(quiz_id, version_id)
    tried = take_version(db.session(), found, now=utc_now())
    fault = ""
    try:
        draw_items(tried, _begin(found, tried))
    except Conflict as error:
        fault = str(error.message) if found.slots else _("The quiz has no question yet.")
    return render_template(
        "trials/start.html",
        version=found,
        question_count=count_questions(tried.version),
        problems=tried.problems,
        fault=fault,
        meaning=list(tell(found, purpose=found.purpose)),
    )


@bp.post("")
def begin(quiz_id: int, version_id: int) -> str:
    """Draw a paper and show its first question."""
    found = find_version(quiz_id, version_id)
    tried = take_version(db.session(), found, now=utc_now())
    trial = _begin(found, tried)
    return _paper_page(found, tried, trial, draw_items(tried, trial))


@bp.post("/jawab")
def go_on(quiz_id: int, version_id: int) -> str | Response:
    """Take the answer of a question, and do what the button says."""
    found = find_version(quiz_id, version_id)
    trial = _read(version_id)
    if trial is None:
        flash(_("This trial has lain for too long. Begin it again."), "warning")
        return redirect(url_for("trials.start", quiz_id=quiz_id, version_id=version_id), 303)
    tried = take_version(db.session(), found, now=utc_now())
    check_mark(trial, tried.mark, _("The quiz has changed since this trial began. Begin the trial again."))
    count = len(draw_items(tried, trial))
    trial = _step(found, _take_answer(trial, count), tried, count)
    items = draw_items(tried, trial)
    if request.form.get("do") == "submit":
        return _result_page(found, tried, trial, items)
    return _paper_page(found, tried, trial, items)


def _begin(found: QuizVersion, tried: Tried) -> Trial:
    return Trial(
        user_id=current_actor().user_id,
        version_id=found.id,
        mark=tried.mark,
        seed=randbits(48),
        began=int(utc_now().timestamp()),
    )


def _read(version_id: int) -> Trial | None:
    """Return the trial the form carries, None where it carries none."""
    secret = str(current_app.config["SECRET_KEY"])
    try:
        return read_trial(
            request.form.get("trial", ""),
            secret=secret,
            user_id=current_actor().user_id,
            version_id=version_id,
        )
    except Invalid:
        return None


def _take_answer(trial: Trial, count: int) -> Trial:
    """Put what the form holds of the open question into the trial; what is shown can no longer change."""
    if trial.is_shown or not 1 <= trial.place <= count:
        return trial
    prefix = f"q{trial.place}-"
    names = [name for name in request.form if name.startswith(prefix)][:MAX_VALUES]
    raw = {
        name.removeprefix(prefix): request.form.getlist(name)[:MAX_VALUES]
        for name in names
        if name.removeprefix(prefix) not in {"event", "seq", "flag"}
    }
    return trial.answered(trial.place, raw, is_flagged=f"{prefix}flag" in request.form)


def _step(found: QuizVersion, trial: Trial, tried: Tried, count: int) -> Trial:
    """Do what the pressed button says: on, back where that may be, look at the answer, try again."""
    act, _dash, number = request.form.get("do", "next").partition("-")
    is_practice = shows_each(found.purpose, found.show_result)
    may_go_back = not (is_practice or found.is_sequential)
    if act == "next" and trial.place <= count:
        return trial.at(trial.place + 1)
    if act == "back" and may_go_back:
        return trial.at(max(1, trial.place - 1))
    if act == "to" and may_go_back and number.isascii() and number.isdecimal() and len(number) < 5:
        return trial.at(min(max(1, int(number)), count + 1))
    if act == "check" and is_practice and not trial.is_shown and trial.place <= count:
        return _look(trial, tried)
    if act == "retry" and is_practice and trial.is_shown:
        may_retry = trial.looked.get(str(trial.place), 0) <= found.retries
        return trial.again(found.retry_cost_percent) if may_retry else trial
    return trial


def _look(trial: Trial, tried: Tried) -> Trial:
    """Show the answer, if there is one that can be read."""
    response = draw_items(tried, trial)[trial.place - 1].response
    if response is None or response.answer is None:
        flash(_("Answer this question first, then look at it."), "warning")
        return trial
    return trial.shown()


def _paper_page(found: QuizVersion, tried: Tried, trial: Trial, items: list[PaperItem]) -> str:
    questions = [open_question(item) for item in items]
    item = items[trial.place - 1] if trial.place <= len(items) else None
    is_practice = shows_each(found.purpose, found.show_result)
    return render_template(
        "trials/paper.html",
        version=found,
        trial=_signed(trial),
        questions=questions,
        item=questions[trial.place - 1] if item else None,
        stories=stories_of(tried.version, items),
        feedback=_feedback(item, found, trial) if item and trial.is_shown else None,
        is_practice=is_practice,
        may_go_back=not (is_practice or found.is_sequential),
    )


def _signed(trial: Trial) -> str:
    return write_trial(trial, secret=str(current_app.config["SECRET_KEY"]))


def _feedback(item: PaperItem, found: QuizVersion, trial: Trial) -> Feedback:
    worth = worth_of_item(item)
    is_right = worth.fraction is None or worth.fraction == 1
    return Feedback(
        question=reviewed_question(item, worth),
        kinds=frozenset(kind for kind, when in showing_of(found).items() if when == "after_each"),
        can_retry=not is_right and trial.looked.get(str(item.position), 0) <= found.retries,
        cost_percent=found.retry_cost_percent,
    )


def _result_page(found: QuizVersion, tried: Tried, trial: Trial, items: list[PaperItem]) -> str:
    allowed = _shown(found)
    reviewed = [reviewed_question(item, worth_of_item(item)) for item in items]
    verdicts = Counter(question.verdict for question in reviewed)
    seconds = int(utc_now().timestamp()) - trial.began
    context: dict[str, Any] = {
        "score": score_of(found, items),
        "allowed": allowed,
        "later": [KINDS[kind] for kind in allowed.later],
        "questions": reviewed if allowed.questions else [],
        "stories": stories_of(tried.version, items) if allowed.questions else {},
        "question_count": len(reviewed),
        "right_count": verdicts["right"],
        "partly_count": verdicts["partly"],
        "waiting_count": verdicts["waiting"],
        "minutes": max(1, round(seconds / 60)),
    }
    return render_template("trials/result.html", version=found, **context)


def _shown(found: QuizVersion) -> Shown:
    """Return what a person would see at once: the training has not closed."""
    whens = showing_of(found)
    seen = {kind: when in {"after_each", "after_submit"} for kind, when in whens.items()}
    later = tuple(kind for kind, when in whens.items() if when == "after_close")
    return Shown(seen["marks"], seen["answers"], seen["feedback"], seen["citations"], later)
