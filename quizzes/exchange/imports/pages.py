"""Questions come in: sent or pasted, looked at, mended, stored as drafts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor, find_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.web.arguments import MAX_ID, read_word
from quizzes.bank import queries as bank_queries
from quizzes.exchange.contract import Unreadable
from quizzes.exchange.imports import jobs, storing
from quizzes.exchange.imports import queries as import_queries
from quizzes.exchange.imports import services as imports
from quizzes.exchange.imports.alike import with_twins
from quizzes.exchange.imports.forms import SendForm
from quizzes.exchange.imports.models import ImportState, QuestionImport
from quizzes.exchange.imports.preparing import prepare
from quizzes.exchange.imports.reading import read_all
from quizzes.exchange.imports.review_screen import show_items
from quizzes.exchange.imports.services import Sent
from quizzes.exchange.limits import MAX_BYTES
from quizzes.exchange.packages import ZIP
from quizzes.exchange.sheets.template import XlsxWriter
from quizzes.exchange.sheets.template_file import FILE_NAME, template_xlsx

AT_ONCE_BYTES, AT_ONCE_PACKED = 300_000, 60_000
"""Files up to here are read while the person waits: in well under a second."""
AT_ONCE = 100
"""So many questions are stored while the person waits."""
LOOK_AGAIN_SECONDS = 3
_WAITING = (ImportState.WAITING, ImportState.STORING)

bp = Blueprint("exchange", __name__, url_prefix="/soal/impor")
guard(bp, lambda actor: actor.is_trainer)


@bp.url_value_preprocessor
def _read_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    actor = find_actor()
    # Nobody else's file is read to its end: this comes before any guard.
    if endpoint == "exchange.send" and actor is not None and actor.is_trainer:
        request.max_content_length = MAX_BYTES + 1_000_000


@bp.route("", methods=["GET", "POST"])
def send() -> str | tuple[str, int] | Response:
    """Send a file or paste questions; then everything is read and shown, and nothing is stored yet."""
    session, actor = db.session(), current_actor()
    form = SendForm()
    form.offer(bank_queries.list_branches(session, actor=actor), is_admin=actor.is_admin)
    if form.submitted():
        try:
            return _read(*form.read())
        except Unreadable as error:
            form.file.errors = [*form.file.errors, str(error.message)]
    if request.method == "GET":
        form.topic.data = read_word("topik")[:80]
    page = render_template(
        "exchange/send.html", form=form, open=import_queries.list_open(session, actor=actor)
    )
    return (page, 422) if form.errors else page


@bp.get("/templat.xlsx")
def template() -> Response:
    """Send the empty spreadsheet to fill, with examples and help."""
    response = make_response(template_xlsx())
    response.headers["Content-Type"] = XlsxWriter.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


@bp.get("/<int:import_id>")
def review(import_id: int) -> Response:
    """Show what was read, question by question; or how far it is."""
    made = import_queries.get_import(db.session(), import_id, actor=current_actor())
    if made.state == ImportState.READ:
        return make_response(show_items(made))
    job = import_queries.find_job(db.session(), made)
    is_stuck = job is not None and job.state == "failed"
    page = make_response(render_template("exchange/progress.html", made=made, job=job, is_stuck=is_stuck))
    if made.state in _WAITING and not is_stuck:
        page.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return page


@bp.post("/<int:import_id>")
def act(import_id: int) -> Response:
    """Keep the ticks of the page, then do what the button says."""
    session, actor, form = db.session(), current_actor(), request.form
    imports.tick(session, actor, import_id=import_id, shown=_ids("tampil"), ticked=_ids("centang"))
    session.commit()
    action, _dash, number = form.get("aksi", "").partition("-")
    if action == "mend" and number.isdecimal() and int(number) <= MAX_ID:
        return redirect(url_for("exchange.mend", import_id=import_id, item_id=int(number)), 303)
    if action == "page" and number.isdecimal():
        return _back(import_id, page=int(number))
    if action in {"all", "none"}:
        imports.tick_all(session, actor, import_id=import_id, is_ticked=action == "all")
        session.commit()
        return _back(import_id)
    if action == "store":
        return _store(import_id)
    raise Invalid(_("Choose one from the list."), field="aksi")


@bp.post("/<int:import_id>/buang")
def drop(import_id: int) -> Response:
    """Throw away what was read; what is stored stays."""
    imports.drop(db.session(), current_actor(), import_id=import_id)
    db.session.commit()
    flash(_("What was read is thrown away. Questions that were stored stay in the bank."), "success")
    return redirect(url_for("exchange.send"), 303)


def _read(sent: Sent, body: bytes) -> Response:
    """Read a file at once or promise to, and lead to what is in it.

    Raises:
        Unreadable: nothing in it can be read.
    """
    session, actor, now = db.session(), current_actor(), utc_now()
    if len(body) > (AT_ONCE_PACKED if body.startswith(ZIP) else AT_ONCE_BYTES):
        made = imports.begin(session, actor, sent, body=body, now=now)
    else:
        read = read_all(body, sent.file_name, key=sent.format)
        found = list(prepare(read.read, topic=sent.topic, book=load_book()))
        told = with_twins(session, found, branch_id=sent.branch_id)
        known = Sent(sent.branch_id, sent.topic, sent.use, read.reader.key, sent.file_name)
        made = imports.keep_found(session, actor, known, found=told, now=now)
    session.commit()
    return redirect(url_for("exchange.review", import_id=made.id), 303)


def _store(import_id: int) -> Response:
    session, actor = db.session(), current_actor()
    made = import_queries.get_import(session, import_id, actor=actor)
    counts = import_queries.count_items(session, import_id)
    if not counts.ticked:
        flash(_("Tick the questions first."), "info")
        return _back(import_id)
    if counts.ticked > AT_ONCE:
        imports.promise_storing(session, actor, import_id=import_id, now=utc_now())
        session.commit()
        return _back(import_id)
    _store_now(made)
    return _back(import_id)


def _store_now(made: QuestionImport) -> None:
    session, actor = db.session(), current_actor()
    try:
        ready = list(jobs.ready_of(session, made))
        count = storing.store_ticked(session, actor, import_id=made.id, ready=ready, now=utc_now())
    except Conflict as error:
        session.rollback()
        flash(str(error.message), "error")
        return
    session.commit()
    said = ngettext(
        "%(num)s question is stored as a draft.", "%(num)s questions are stored as drafts.", count
    )
    flash(said, "success")


def _ids(name: str) -> set[int]:
    return {value for value in request.form.getlist(name, type=int) if 0 < value <= MAX_ID}


def _back(import_id: int, page: int | None = None) -> Response:
    """Return to the page of the list the form was on, or to another."""
    wanted = page if page is not None else request.form.get("halaman", 1, type=int)
    only = request.form.get("hanya", "")
    kept = only if only in {import_queries.FAULTY, import_queries.DOUBLED} else None
    address = url_for(
        "exchange.review", import_id=import_id, halaman=wanted if wanted > 1 else None, hanya=kept
    )
    return redirect(address, 303)
