"""For trainers: put a question to the hall, close it, show how many chose what, show what is right."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_taught_cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.web.arguments import read_word
from quizzes.live import poll_queries as queries
from quizzes.live import polling
from quizzes.live.fragments import fragment
from quizzes.live.models import Poll
from quizzes.live.poll_forms import FreePollForm
from quizzes.live.polling import Asked

bp = Blueprint("polls", __name__, url_prefix="/angkatan/<int:cohort_id>/jajak")
guard(bp, lambda actor: actor.is_staff)


@bp.get("")
def index(cohort_id: int) -> str:
    """List the polls of a cohort and what may be put to it."""
    return _page(_find(cohort_id), FreePollForm(formdata=None))


@bp.post("")
def ask(cohort_id: int) -> Response | tuple[str, int]:
    """Put a question somebody has just thought of."""
    cohort, form = _find(cohort_id), FreePollForm()
    if not form.submitted():
        return _page(cohort, form), 422
    try:
        asked = polling.ask_freely(form.stem.data or "", form.texts())
    except Invalid as error:
        form[error.field].errors = [str(error.message)]
        return _page(cohort, form), 422
    return _open(cohort, asked)


@bp.post("/soal/<int:version_id>")
def ask_from_bank(cohort_id: int, version_id: int) -> Response:
    """Put a question of the bank."""
    cohort = _find(cohort_id)
    version = queries.get_askable(db.session(), version_id, cohort=cohort)
    # On the screen everybody reads it in the language of the course.
    with force_locale("id"):
        asked = polling.ask_from_bank(version)
    return _open(cohort, asked)


@bp.get("/<int:poll_id>")
def show(cohort_id: int, poll_id: int) -> str:
    """Show how many have answered, and what can be done now."""
    return render_template("polls/show.html", **_shown(cohort_id, poll_id))


@bp.get("/<int:poll_id>/isi")
def count(cohort_id: int, poll_id: int) -> Response:
    """Return the part of the page that changes."""
    return fragment("polls/_count.html", **_shown(cohort_id, poll_id))


@bp.get("/<int:poll_id>/layar")
def screen(cohort_id: int, poll_id: int) -> str:
    """Show the question to the hall, and the bars once they may be seen. Nothing of a person."""
    return render_template("polls/screen.html", **_shown(cohort_id, poll_id))


@bp.get("/<int:poll_id>/layar/isi")
def board(cohort_id: int, poll_id: int) -> Response:
    """Return the part of the big screen that changes."""
    return fragment("polls/_board.html", **_shown(cohort_id, poll_id))


@bp.post("/<int:poll_id>/tutup")
def close(cohort_id: int, poll_id: int) -> Response:
    """Take no more answers."""
    return _do(polling.close_poll, cohort_id, poll_id, _("Phones can no longer answer."))


@bp.post("/<int:poll_id>/batang")
def show_bars(cohort_id: int, poll_id: int) -> Response:
    """Show everybody how many chose what."""
    return _do(polling.show_bars, cohort_id, poll_id, _("The bars are on the screen and on the phones."))


@bp.post("/<int:poll_id>/kunci")
def show_key(cohort_id: int, poll_id: int) -> Response:
    """Show everybody what is right and why; phones can no longer answer."""
    return _do(polling.show_key, cohort_id, poll_id, _("Everybody sees the right answer now."))


def _open(cohort: Cohort, asked: Asked) -> Response:
    cohort_id, actor_id = cohort.id, current_actor().user_id
    try:
        poll = polling.open_poll(db.session(), actor_id, cohort=cohort, asked=asked, now=utc_now())
        db.session.commit()
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "warning")
        poll = queries.list_polls(db.session(), cohort_id)[0]
    return redirect(url_for("polls.show", cohort_id=cohort_id, poll_id=poll.id), 303)


def _do(act: Callable[..., Poll], cohort_id: int, poll_id: int, text: str) -> Response:
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    try:
        act(db.session(), actor_id, poll_id=poll_id, cohort=cohort, now=utc_now())
        db.session.commit()
        flash(text, "success")
    except Conflict as error:
        db.session.rollback()
        flash(str(error.message), "warning")
    return redirect(url_for("polls.show", cohort_id=cohort_id, poll_id=poll_id), 303)


def _find(cohort_id: int) -> Cohort:
    return get_taught_cohort(db.session(), cohort_id, actor=current_actor())


def _page(cohort: Cohort, form: FreePollForm) -> str:
    search = read_word("cari")
    return render_template(
        "polls/index.html",
        cohort=cohort,
        form=form,
        search=search,
        polls=queries.list_polls(db.session(), cohort.id),
        questions=queries.list_askable(db.session(), cohort, search=search),
        listed=queries.LISTED,
    )


def _shown(cohort_id: int, poll_id: int) -> dict[str, object]:
    cohort = _find(cohort_id)
    poll = queries.get_poll(db.session(), poll_id, cohort_id=cohort_id)
    return {
        "cohort": cohort,
        "poll": poll,
        "tally": queries.count_answers(db.session(), poll),
        "now": utc_now(),
        "zone": cohort.time_zone,
        "ids": {"cohort_id": cohort_id, "poll_id": poll_id},
    }
