"""Building a quiz: a new one, its blueprint, and what stands in it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.text import fold
from lms.core.web.arguments import MAX_WORD_LENGTH
from quizzes.bank import queries
from quizzes.bank.builder import new_quizzes
from quizzes.bank.builder import slots as draft_slots
from quizzes.bank.builder.forms import NewQuizForm, SlotForm
from quizzes.bank.builder.manage import bp
from quizzes.bank.builder.slots import MOST_MARKS
from quizzes.bank.builder.version_page import find_own_draft, to_version, version_page
from quizzes.bank.quiz import blueprint_queries, drafts
from quizzes.bank.quiz.blueprints import MAX_WANTED, Cell, read_wanted
from quizzes.bank.quiz.draw_rules import DrawRule
from quizzes.bank.quiz.presets import PRESETS, tell
from quizzes.bank.rules import LEVELS

MANY_MARKS = 500
"""Fields of marks one form may have."""


@bp.route("/baru", methods=["GET", "POST"])
def new() -> str | tuple[str, int] | Response:
    """Begin a new quiz: its title, what it is for, how it is taken."""
    session, actor = db.session(), current_actor()
    form = NewQuizForm()
    form.offer(
        queries.list_branches(session, actor=actor),
        new_quizzes.list_editions(session),
        is_admin=actor.is_admin,
    )
    if request.method == "GET":
        form.purpose.data = "module"
    elif form.submitted():
        draft = new_quizzes.create_quiz(session, actor, wanted=form.read(), now=utc_now())
        session.commit()
        flash(_("The quiz is made. Say what you want of each cell, then put questions in."), "success")
        return to_version(draft)
    page = render_template("quizzes/new.html", form=form, presets=[(p, _meaning(p)) for p in PRESETS])
    return (page, 422) if request.method == "POST" else page


@bp.post("/<int:quiz_id>/versi/<int:version_id>/isi")
def slots(quiz_id: int, version_id: int) -> Response | tuple[str, int]:
    """Add, remove or move a slot of a draft, or say what its questions are worth."""
    session = db.session()
    found = find_own_draft(quiz_id, version_id)
    form = SlotForm()
    try:
        if not form.submitted():
            raise Invalid(_first_error(form))
        _change_slots(form, version_id)
    except Invalid as error:
        session.rollback()
        flash(str(error.message), "error")
        return version_page(find_own_draft(quiz_id, version_id)), 422
    session.commit()
    search = {name: request.form[name][:MAX_WORD_LENGTH] for name in ("q", "topik") if name in request.form}
    return to_version(found, "tambah" if search else "isi", search)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/cetak-biru")
def blueprint(quiz_id: int, version_id: int) -> Response | tuple[str, int]:
    """Say how many questions are wanted of each cell."""
    session, actor = db.session(), current_actor()
    found = find_own_draft(quiz_id, version_id)
    modules = [
        *blueprint_queries.get_course_map(session, found.quiz, actor=actor).modules,
        *(cell.module for cell in read_wanted(found.blueprint)),
    ]
    try:
        wanted = _read_wanted(modules)
    except Invalid as error:
        flash(str(error.message), "error")
        return version_page(found), 422
    base = request.form.get("base", "")
    drafts.set_blueprint(session, actor, version_id=version_id, base=base, wanted=wanted, now=utc_now())
    session.commit()
    return to_version(found, "cetak-biru")


def _meaning(preset: Any) -> list[str]:
    return list(tell(preset.settings, purpose=preset.key))


def _first_error(form: SlotForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _change_slots(form: SlotForm, version_id: int) -> None:
    """Do what the pressed button says."""
    session, actor, now = db.session(), current_actor(), utc_now()
    base = form.base.data or ""
    action, _dash, number = request.form.get("aksi", "").partition("-")
    slot_id = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    place: dict[str, Any] = {"version_id": version_id, "base": base, "now": now}
    actions: dict[str, Callable[[], object]] = {
        "question": lambda: draft_slots.add_question(
            session, actor, question_id=form.question_id.data or 0, **place
        ),
        "draw": lambda: draft_slots.add_draw(session, actor, rule=_rule(form), **place),
        "up": lambda: draft_slots.move_slot(session, actor, slot_id=slot_id, by=-1, **place),
        "down": lambda: draft_slots.move_slot(session, actor, slot_id=slot_id, by=1, **place),
        "delete": lambda: draft_slots.remove_slot(session, actor, slot_id=slot_id, **place),
        "marks": lambda: draft_slots.set_marks(session, actor, marks=_read_marks(), **place),
    }
    if action not in actions:
        raise Invalid(_("Use the buttons of the page."))
    actions[action]()


def _rule(form: SlotForm) -> DrawRule:
    return DrawRule(
        form.topic.data or "",
        form.count.data or 0,
        form.level.data or "",
        form.difficulty.data or "",
        form.not_in.data,
        fold(form.tag.data or ""),
    )


def _read_marks() -> dict[int, Decimal]:
    """Return the marks typed, by slot.

    Raises:
        Invalid: one of them is no number.
    """
    found = {}
    for name in list(request.form)[:MANY_MARKS]:
        slot_id = name.removeprefix("marks-")
        if name != slot_id and slot_id.isascii() and slot_id.isdecimal():
            found[int(slot_id)] = _read_number(request.form[name])
    return found


def _read_number(text: str) -> Decimal:
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise Invalid(_("Type marks as a number, as in 1 or 1,5.")) from None
    if not value.is_finite() or abs(value) > MOST_MARKS * 10 or value != round(value, 1):
        raise Invalid(_("Type marks as a number, as in 1 or 1,5."))
    return value


def _read_wanted(modules: list[str]) -> dict[Cell, int]:
    """Return what is wanted of each cell; inputs are named by the place of the module in the table.

    Raises:
        Invalid: a number is none, or too high.
    """
    wanted: dict[Cell, int] = {}
    sent = dict.fromkeys(request.form.getlist("module"))
    for place, module in enumerate(sent):
        for level in LEVELS if module in modules else ():
            text = request.form.get(f"mau-{place}-{level}", "").strip() or "0"
            if not (text.isascii() and text.isdecimal() and int(text[:6]) <= MAX_WANTED):
                raise Invalid(_("Type a whole number from %(least)s to %(most)s.", least=0, most=MAX_WANTED))
            wanted[Cell(module, level)] = int(text)
    return wanted
