"""Pages of corrections: what waits, a new one, one with how the book would read, the export."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.facts import correction_queries as queries
from courses.facts import corrections
from courses.facts.book import FactBook, load_book, shipped_book
from courses.facts.entries import read_day
from courses.facts.exporting import LABELS, PARAMETERS, export_labels, export_parameters
from courses.facts.fact import Fact
from courses.facts.forms import CorrectionForm, RefusalForm
from courses.facts.learned import to_learned
from courses.facts.models import CorrectionKind, CorrectionState, FactCorrection
from courses.facts.readings import find_faults, reading_of
from courses.facts.spans import current, learn
from courses.facts.views import formats, timeline, today
from lms.core.accounts.guard import current_actor
from lms.core.accounts.sign_in import show_form
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.i18n import language
from lms.core.web.arguments import read_id, read_word

KINDS = {
    "nilai": CorrectionKind.SUCCESSOR,
    "perbaikan": CorrectionKind.AMENDMENT,
    "kunci": CorrectionKind.NEW_KEY,
}
"""What an address calls them."""


def index() -> str:
    """List what waits for a second person and what is decided."""
    session, before = db.session(), read_id("sebelum")
    decided = queries.list_decided(session, before=before)
    page = decided[: queries.PAGE_SIZE]
    is_more = len(decided) > queries.PAGE_SIZE
    book = load_book()
    return render_template(
        "corrections/index.html",
        waiting=queries.list_open(session) if before is None else [],
        decided=page,
        is_first=before is None,
        more_url=url_for("corrections.index", sebelum=page[-1].id) if is_more else None,
        has_learned=bool(book.chain),
        has_new_keys=bool(set(book.labels) - set(shipped_book().labels)),
        **_words(book),
    )


def create() -> Response:
    """Propose a value: a new one, another reading of one, or the first of a new key."""
    book, form = load_book(), CorrectionForm()
    form.offer(language())
    kind = KINDS.get(read_word("jenis"), CorrectionKind.SUCCESSOR)
    if kind is not CorrectionKind.NEW_KEY and read_word("kunci") not in book.facts:
        kind = CorrectionKind.NEW_KEY
    key, error = read_word("kunci"), None
    if not form.is_submitted():
        form.begin(kind, key, _find_start(book, kind, key))
    else:
        form.kind.data = kind
        if kind is not CorrectionKind.NEW_KEY:
            form.key.data = key
        if form.validate():
            try:
                return _propose(form, book)
            except (Conflict, Invalid) as refused:
                error = refused
    return show_form("corrections/create.html", form, error, kind=kind, key=key, **_words(book))


def _propose(form: CorrectionForm, book: FactBook) -> Response:
    reading = form.reading()
    faults = find_faults(book, reading)
    if faults:
        form.show_faults(faults[1:])
        raise Invalid(faults[0].message, field=faults[0].field)
    row = corrections.propose(db.session(), current_actor().user_id, reading=reading, now=utc_now())
    made_id = row.id
    db.session.commit()
    flash(_("Proposed. It counts once another admin has confirmed it."), "success")
    return redirect(url_for("corrections.show", correction_id=made_id), 303)


def show(correction_id: int) -> Response:
    """Show a correction with how the values would read, and what can be decided."""
    return _show(correction_id, RefusalForm(formdata=None))


def _show(correction_id: int, form: RefusalForm, error: Conflict | None = None) -> Response:
    if error is not None:
        db.session.rollback()
    row, book = queries.get_correction(db.session(), correction_id), load_book()
    is_open = row.state == CorrectionState.PROPOSED
    faults = find_faults(book, reading_of(row)) if is_open else []
    return show_form(
        "corrections/show.html",
        form,
        error,
        row=row,
        said=to_learned(row).fact,
        label=row.label_en
        if language() == "en" and row.label_en
        else row.label_id or book.label(row.key, language()),
        is_own=row.proposed_by_id == current_actor().user_id,
        is_open=is_open,
        faults=faults,
        before=timeline(book.facts[row.key], today()) if is_open and row.key in book.facts else [],
        after=timeline(_after(book, row), today()) if is_open and not faults else [],
        **_words(book),
    )


def _after(book: FactBook, row: FactCorrection) -> tuple[Fact, ...]:
    """Return the values of a key as they would read."""
    one = to_learned(row, learned_on=today())
    return current(learn(book.entries.get(row.key, ()), one.fact, is_amendment=one.is_amendment))


def confirm(correction_id: int) -> Response:
    """Make a proposal part of the book."""
    try:
        row = corrections.confirm(
            db.session(), current_actor().user_id, correction_id=correction_id, now=utc_now()
        )
    except Conflict as refused:
        return _show(correction_id, RefusalForm(formdata=None), refused)
    key = row.key
    db.session.commit()
    flash(_("Confirmed. What is published stays as it is until somebody publishes it anew."), "success")
    return redirect(url_for("facts.fact", key=key), 303)


def refuse(correction_id: int) -> Response:
    """Turn a proposal down, with the reason."""
    form = RefusalForm()
    queries.get_correction(db.session(), correction_id)
    if not form.submitted():
        return _show(correction_id, form)
    try:
        corrections.refuse(
            db.session(),
            current_actor().user_id,
            correction_id=correction_id,
            reason=form.reason.data or "",
            now=utc_now(),
        )
    except Conflict as refused:
        return _show(correction_id, form, refused)
    db.session.commit()
    flash(_("Refused. Who proposed it sees your reason."), "success")
    return redirect(url_for("corrections.show", correction_id=correction_id), 303)


def withdraw(correction_id: int) -> Response:
    """Take one's own proposal back."""
    try:
        corrections.withdraw(
            db.session(), current_actor().user_id, correction_id=correction_id, now=utc_now()
        )
    except Conflict as refused:
        return _show(correction_id, RefusalForm(formdata=None), refused)
    db.session.commit()
    flash(_("Taken back."), "success")
    return redirect(url_for("corrections.index"), 303)


def download_parameters() -> Response:
    """Send the data file with everything that was confirmed."""
    return _send(PARAMETERS, export_parameters(load_book()))


def download_labels() -> Response:
    """Send the names of keys, with those that were confirmed."""
    return _send(LABELS, export_labels(load_book()))


def _send(name: str, text: str) -> Response:
    response = make_response(text)
    response.headers["Content-Type"] = "application/yaml; charset=utf-8"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _find_start(book: FactBook, kind: CorrectionKind, key: str) -> Fact | None:
    """Return the value an amendment is about, or the last one before a new value."""
    history = book.facts.get(key, ())
    if kind is CorrectionKind.AMENDMENT:
        day = read_day(request.args.get("mulai", ""))
        return next((fact for fact in history if fact.valid_from == day), history[-1] if history else None)
    return history[-1] if history else None


def _words(book: FactBook) -> dict[str, object]:
    return {"book": book, "label_of": lambda key: book.label(key, language()), **formats(book)}
