"""One part of an import is mended: a question in the form of its type, a fault by writing its lines anew."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from courses.catalogue.headings import make_anchor
from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.fields import at_most
from lms.core.forms import BaseForm
from quizzes.bank import cases
from quizzes.bank.form_fields import is_beyond_sense, never_cut
from quizzes.bank.forms import QuestionForm, question_form
from quizzes.bank.pictures.forms import take_picture
from quizzes.bank.pictures.storing import find_missing
from quizzes.bank.pictures.texts import list_pictures
from quizzes.bank.preview.previewing import Preview, preview
from quizzes.bank.resolving import SourceError, resolve
from quizzes.exchange.imports import queries as import_queries
from quizzes.exchange.imports import services as imports
from quizzes.exchange.imports.models import ImportedQuestion, QuestionImport
from quizzes.exchange.imports.pages import bp
from quizzes.exchange.imports.preparing import Prepared
from quizzes.exchange.imports.rereading import read_again
from quizzes.types import get_type
from quizzes.types.base import FormatError, Json

MAX_PART = 20_000
"""Characters of one question, written anew."""
EXAMPLE = """Siapa yang mendaftarkan pekerja?
A. Pemberi kerja
B. Ketua RT
Kunci: A
Pembahasan: Pendaftaran adalah tugas pemberi kerja."""
"""How people write a question; it is content, so it is in the language of the course."""
_LEFT_OUT = ("branch_id", "use", "base", "slot")


class PartForm(BaseForm):
    """The lines of one question."""

    text = TextAreaField(
        _l("The question, written anew"), [InputRequired(_l("Write the question.")), at_most(MAX_PART)]
    )


@bp.route("/<int:import_id>/<int:item_id>", methods=["GET", "POST"])
def mend(import_id: int, item_id: int) -> str | tuple[str, int] | Response:
    """Mend a part of an import, and go back to where it stands."""
    session = db.session()
    made = import_queries.get_import(session, import_id, actor=current_actor())
    item = import_queries.get_item(session, import_id, item_id)
    if item.question_id is not None:
        return redirect(url_for("bank.edit", question_id=item.question_id), 303)
    return _mend_fault(made, item) if item.kind is None else _mend_question(made, item)


def _mend_fault(made: QuestionImport, item: ImportedQuestion) -> str | tuple[str, int] | Response:
    form = PartForm()
    if request.method == "GET":
        form.text.data = item.original
    if form.submitted():
        again = read_again(str(form.text.data), key=made.format, topic=item.topic, book=load_book())
        if again.kind is not None:
            return _keep(made, item, replace(again, line=item.line, place=item.place, original=item.original))
        form.text.errors = [*form.text.errors, again.problem]
    page = render_template("exchange/write_anew.html", form=form, made=made, item=item, example=EXAMPLE)
    return (page, 422) if form.errors else page


def _mend_question(made: QuestionImport, item: ImportedQuestion) -> str | tuple[str, int] | Response:
    form = _open(item)
    action = request.form.get("aksi", "save") if request.method == "POST" else "look"
    if request.method == "POST":
        take_picture(db.session(), current_actor(), form)
    if action.startswith("row-"):
        form.detail.form.act(action.removeprefix("row-"))
    elif action == "save":
        mended = _read(form, item)
        if mended is not None:
            return _keep(made, item, mended)
    look = _look(form, item, cases.Home(None, made.branch_id))
    page = render_template(
        "exchange/mend.html", form=form, made=made, item=item, kind=get_type(form.kind), preview=look
    )
    return (page, 422) if form.errors else page


def _open(item: ImportedQuestion) -> QuestionForm:
    """Return the form of the type; what the import says for all its questions has no field."""
    form = question_form(str(item.kind))()
    never_cut(form)
    for name in _LEFT_OUT:
        del form[name]
    if request.method == "GET":
        for name in ("stem", "explanation", "read", "objective", "difficulty", "level"):
            form[name].data = str(item.source.get(name) or "")
        form.topic.data = item.topic
        form.cite.data = ", ".join(item.source.get("cite") or [])
        form.detail.form.show(item.source)
    return form


def _read(form: QuestionForm, item: ImportedQuestion) -> Prepared | None:
    """Return what the form holds, None when it has faults: they are then at their fields."""
    if is_beyond_sense(form):
        return None
    form.detail.form.tidy()
    if not form.submitted():
        return None
    source, kind, book = form.read_source(item.source), form.kind, load_book()
    if find_missing(db.session(), list_pictures(source)):
        form.form_errors.append(_("Pictures in the texts are not here: put them in again."))
        return None
    faults = get_type(kind).placed_faults(source)
    for place, message in faults:
        form.say(place, message)
    try:
        resolve(source, kind=kind, book=book, as_of=book.as_of)
    except SourceError as error:
        form.say(error.field, error.message)
        return None
    return None if faults else _prepared(form, item, source)


def _prepared(form: QuestionForm, item: ImportedQuestion, source: Json) -> Prepared:
    topic = make_anchor(str(form.topic.data)) or item.topic
    return Prepared(
        form.kind,
        source,
        item.line,
        item.place,
        item.original,
        item.name,
        topic,
        tuple(item.tags),
        tuple(item.guesses),
        tuple(item.losses),
    )


def _look(form: QuestionForm, item: ImportedQuestion, home: cases.Home) -> Preview:
    """Return how the question looks so far, or what of the form cannot be read."""
    try:
        source = form.read_source(item.source)
    except FormatError as error:
        return Preview(fault=str(error))
    return preview(db.session(), source, kind=form.kind, as_of=load_book().as_of, home=home)


def _keep(made: QuestionImport, item: ImportedQuestion, mended: Prepared) -> Response:
    session, position, item_id = db.session(), item.position, item.id
    imports.mend(session, current_actor(), import_id=made.id, item_id=item_id, mended=mended, now=utc_now())
    session.commit()
    flash(_("The question is mended and ticked. It is not stored yet."), "success")
    page = -(-position // import_queries.PAGE_SIZE)
    address = url_for("exchange.review", import_id=made.id, halaman=page if page > 1 else None)
    return redirect(f"{address}#bagian-{item_id}", 303)
