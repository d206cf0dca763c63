"""The live room: how a quiz goes in the hall, for staff and, without names, for the big screen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_taught_cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict
from quizzes.attempts import hall as hall_services
from quizzes.attempts import holding, together
from quizzes.attempts.deadline import SOON_SECONDS
from quizzes.attempts.hall_forms import ExtendForm
from quizzes.attempts.holding import Hall
from quizzes.live.fragments import fragment
from quizzes.live.seats import HallCount, Seat, count_seats, list_seats, list_sitting
from quizzes.live.words import STATES

bp = Blueprint("live", __name__, url_prefix="/angkatan/<int:cohort_id>/langsung")
guard(bp, lambda actor: actor.is_staff)

SHOWN = 200
"""People listed in a room; all of them are counted."""


@dataclass(frozen=True)
class Room:
    """A quiz in a hall at one moment."""

    cohort: Cohort
    step_id: int
    hall: Hall
    seats: list[Seat]
    now: datetime

    @property
    def count(self) -> HallCount:
        """What may be shown to the whole hall."""
        return count_seats(self.seats)

    @property
    def left_minutes(self) -> int | None:
        """How long most of those who sit still have, in minutes begun; None where no end is near."""
        ends_at = self.count.ends_at
        if ends_at is None or (seconds := (ends_at - self.now).total_seconds()) > SOON_SECONDS:
            return None
        return max(0, math.ceil(seconds / 60))

    @property
    def mark(self) -> str:
        """What the buttons beside the list rest on: changed by a colleague, the page is out of date."""
        held = self.hall.held
        return f"{held.halted_at and held.halted_at.isoformat()} {held.extended_minutes} {held.code}"


@bp.get("")
def index(cohort_id: int) -> str:
    """List the quizzes of a cohort, each with its live room, and what else is done in the hall."""
    cohort = _find(cohort_id)
    starts = together.list_starts(db.session(), cohort)
    sitting = list_sitting(db.session(), cohort_id)
    return render_template("live/index.html", cohort=cohort, starts=starts, sitting=sitting)


@bp.get("/<int:step_id>")
def room(cohort_id: int, step_id: int) -> str:
    """Show who is at work, idle, without a sign of life, done; and hold the hall from here."""
    return _page(_find(cohort_id), step_id)


@bp.get("/<int:step_id>/isi")
def seats(cohort_id: int, step_id: int) -> Response:
    """Return the part of the room that changes."""
    return fragment("live/_seats.html", **_shown(_look(_find(cohort_id), step_id)))


@bp.get("/<int:step_id>/layar")
def screen(cohort_id: int, step_id: int) -> str:
    """Show the hall what everybody may see: counts, clock, code. Nothing of a person."""
    return render_template("live/screen.html", **_shown(_look(_find(cohort_id), step_id)))


@bp.get("/<int:step_id>/layar/isi")
def board(cohort_id: int, step_id: int) -> Response:
    """Return the part of the big screen that changes."""
    return fragment("live/_board.html", **_shown(_look(_find(cohort_id), step_id)))


@bp.post("/<int:step_id>/jeda")
def pause(cohort_id: int, step_id: int) -> Response:
    """Stop the time of everybody who sits."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    count = hall_services.pause(db.session(), actor_id, cohort=cohort, step_id=step_id, now=utc_now())
    db.session.commit()
    text = ngettext(
        "The time of %(num)s person stands still.", "The time of %(num)s people stands still.", count
    )
    return _back(cohort_id, step_id, text)


@bp.post("/<int:step_id>/lanjut")
def resume(cohort_id: int, step_id: int) -> Response:
    """Let the time go on."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    count = hall_services.resume(db.session(), actor_id, cohort=cohort, step_id=step_id, now=utc_now())
    db.session.commit()
    text = ngettext(
        "The time of %(num)s person goes on; nothing of it was lost.",
        "The time of %(num)s people goes on; nothing of it was lost.",
        count,
    )
    return _back(cohort_id, step_id, text)


@bp.post("/<int:step_id>/tambah")
def extend(cohort_id: int, step_id: int) -> Response | tuple[str, int]:
    """Give everybody who sits more time."""
    cohort, form, actor_id = _find(cohort_id), ExtendForm(), current_actor().user_id
    if not form.submitted():
        return _page(cohort, step_id, form), 422
    try:
        count = hall_services.extend(
            db.session(),
            actor_id,
            cohort=cohort,
            step_id=step_id,
            minutes=form.minutes.data or 0,
            seen_minutes=_seen(form),
            now=utc_now(),
        )
    except Conflict as error:
        db.session.rollback()
        return _back(cohort_id, step_id, str(error.message), "warning")
    db.session.commit()
    text = ngettext(
        "%(num)s person has more time. Phones show it at their next save, at the latest in a minute.",
        "%(num)s people have more time. Phones show it at their next save, at the latest in a minute.",
        count,
    )
    return _back(cohort_id, step_id, text)


@bp.post("/<int:step_id>/mulai")
def open_door(cohort_id: int, step_id: int) -> Response:
    """Let everybody begin who waits."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    try:
        together.open_door(db.session(), actor_id, cohort=cohort, step_id=step_id, now=utc_now())
    except Conflict as error:
        db.session.rollback()
        return _back(cohort_id, step_id, str(error.message), "warning")
    db.session.commit()
    return _back(cohort_id, step_id, _("The quiz is open: people are let in within a few seconds."))


@bp.post("/<int:step_id>/kode-baru")
def new_code(cohort_id: int, step_id: int) -> Response:
    """Ask for a code the machine makes; the one before no longer works."""
    cohort, actor_id = _find(cohort_id), current_actor().user_id
    code = holding.make_code()
    holding.set_code(db.session(), actor_id, cohort=cohort, step_id=step_id, code=code, now=utc_now())
    db.session.commit()
    return _back(cohort_id, step_id, _("The code holds from now on."))


def _find(cohort_id: int) -> Cohort:
    return get_taught_cohort(db.session(), cohort_id, actor=current_actor())


def _look(cohort: Cohort, step_id: int) -> Room:
    session, now = db.session(), utc_now()
    hall = holding.get_hall(session, cohort, step_id)
    seats = list_seats(session, cohort.id, quiz_id=hall.held.quiz_id, now=now)
    return Room(cohort, step_id, hall, seats, now)


def _shown(room: Room) -> dict[str, object]:
    ids = {"cohort_id": room.cohort.id, "step_id": room.step_id}
    return {"room": room, "ids": ids, "states": STATES, "shown": SHOWN, "zone": room.cohort.time_zone}


def _page(cohort: Cohort, step_id: int, form: ExtendForm | None = None) -> str:
    room = _look(cohort, step_id)
    seen = str(room.hall.held.extended_minutes)
    form = form or ExtendForm(formdata=None, minutes=10, seen=seen)
    joint = together.find_joint(db.session(), cohort.id, quiz_id=room.hall.held.quiz_id)
    return render_template("live/room.html", extend_form=form, joint=joint, **_shown(room))


def _seen(form: ExtendForm) -> int:
    """Return how many minutes had been given when the page was made."""
    seen = form.seen.data or ""
    return int(seen) if seen.isdecimal() and len(seen) < 8 else 0


def _back(cohort_id: int, step_id: int, text: str, kind: str = "success") -> Response:
    flash(text, kind)
    return redirect(url_for("live.room", cohort_id=cohort_id, step_id=step_id), 303)
