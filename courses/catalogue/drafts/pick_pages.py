"""What can be put into a lesson: questions of use practice, terms, drawings; and files that come in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from courses.catalogue.archives import read_archive
from courses.catalogue.drafts import queries, services
from courses.catalogue.drafts.editor_pages import find_text
from courses.catalogue.drafts.models import DraftFile
from courses.catalogue.drafts.pages import find, workshop
from courses.catalogue.drafts.structure import slug_of
from courses.catalogue.drawings import FOLDER, MAX_BYTES, read_drawing
from courses.catalogue.photos import ENDING, keep_photos, photos_in, read_photo
from courses.catalogue.sources import FolderFaults
from courses.facts.book import load_book
from courses.facts.finding import find_terms
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.forms import EmptyForm
from lms.core.pictures import MAX_SENT_BYTES, read_picture
from lms.core.text import fold
from lms.core.web.arguments import read_word
from lms.core.xml_reader import XmlFault

MAX_SHOWN = 40
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass(frozen=True)
class Pick:
    """A piece that can be put in: its mark, what it is called and what it says."""

    mark: str
    label: str
    about: str


def pick(draft_file_id: int) -> str:
    """Show questions, terms and drawings with the mark that puts each into the lesson."""
    return _pick_page(find_text(draft_file_id))


def add_drawing(draft_file_id: int) -> Response:
    """Take a drawing (SVG) into the module of the lesson, after the same look as a course that is loaded."""
    file, sent = find_text(draft_file_id), request.files.get("drawing")
    is_script = request.accept_mimetypes.best == "application/json"
    try:
        if not EmptyForm().submitted():
            raise Invalid(_("This page was open for too long. Press the button again."))
        name = _keep_drawing(file, sent)
    except (Conflict, Invalid) as refused:
        db.session.rollback()
        told = str(refused.message)
        if is_script:
            return make_response(jsonify(message=told), refused.status)
        return make_response(_pick_page(find_text(draft_file_id), told), refused.status)
    db.session.commit()
    if is_script:
        return make_response(jsonify(mark=_drawing_mark(name)))
    flash(_("The drawing is there: copy its mark into the text."), "success")
    return redirect(url_for("drafts.pick", draft_file_id=draft_file_id, q=name), 303)


def replace(copy_id: int) -> Response:
    """Take the files of a zip in place of those of the working copy: what came out of it goes in again."""
    draft, sent = find(copy_id), request.files.get("file")
    try:
        if not EmptyForm().submitted() or sent is None or not sent.filename:
            raise Invalid(_("Choose the zip file."))
        new = read_archive(sent.read(), sent.filename)
        before = queries.read_files_of(db.session(), copy_id)
        changed: dict[str, bytes | None] = dict.fromkeys(path for path in before if path not in new)
        changed |= {path: body for path, body in new.items() if before.get(path) != body}
        revision = request.form.get("revision", 0, type=int)
        photos, now = photos_in(new), utc_now()
        services.put_files(
            db.session(), current_actor(), draft=draft, revision=revision, files=changed, now=now
        )
        keep_photos(db.session(), photos, now=now)
    except (Conflict, Invalid, FolderFaults) as refused:
        db.session.rollback()
        flash(str(refused.faults[0]) if isinstance(refused, FolderFaults) else str(refused.message), "error")
        return redirect(url_for("drafts.show", copy_id=copy_id), 303)
    db.session.commit()
    flash(_("%(count)s files differ from before and were taken over.", count=len(changed)), "success")
    return redirect(url_for("drafts.show", copy_id=copy_id), 303)


def _keep_drawing(file: DraftFile, sent: FileStorage | None) -> str:
    if sent is None or not sent.filename:
        raise Invalid(_("Choose a drawing."))
    ending, body = _drawn(sent.stream.read(MAX_SENT_BYTES + 1))
    session, now = db.session(), utc_now()
    module, taken = file.path.rpartition("/")[0], queries.read_files_of(session, file.draft_id)
    stem = slug_of(_ENDING.sub("", sent.filename))
    names = (f"{stem}{ending}", *(f"{stem}-{number}{ending}" for number in range(2, 99)))
    name = next(one for one in names if taken.get(f"{module}/{FOLDER}/{one}") in (None, body))
    services.put_files(
        session,
        current_actor(),
        draft=file.draft,
        revision=file.draft.revision,
        files={f"{module}/{FOLDER}/{name}": body},
        now=now,
    )
    if ending == ENDING:
        keep_photos(session, {read_photo(body): body}, now=now)
    return name


def _drawn(sent: bytes) -> tuple[str, bytes]:
    """Return the ending and the body a picture is kept with: a drawing as it is, a photo drawn anew.

    Raises:
        Invalid: it is neither, or cannot be shown.
    """
    if b"<svg" not in sent[:2000]:
        return ENDING, read_picture(sent, kept_as="WEBP").body
    if len(sent) > MAX_BYTES:
        raise Invalid(_("A drawing has 12 KB at most."))
    try:
        read_drawing(sent)
    except XmlFault as fault:
        words = _("Line %(line)s of the drawing: %(fault)s", line=fault.line, fault=str(fault.message))
        raise Invalid(words) from fault
    return ".svg", sent


def _pick_page(file: DraftFile, error: str = "") -> str:
    word = read_word("q")
    return render_template(
        "drafts/pick.html",
        file=file,
        word=word,
        error=error,
        questions=_fitting(_questions(file), word),
        drawings=_fitting(_drawings(file), word),
        terms=_terms(word),
    )


def _questions(file: DraftFile) -> list[Pick]:
    folder = workshop().folder(db.session(), file.draft)
    return [
        Pick(f"::: cek {key}\n:::\n", str(question.data.get("stem", "")), key)
        for key, question in (folder.questions.items() if folder is not None else ())
        if question.data.get("use") == "practice"
    ]


def _drawings(file: DraftFile) -> list[Pick]:
    begin = f"{file.path.rpartition('/')[0]}/{FOLDER}/"
    names = [one.path.removeprefix(begin) for one in queries.list_files(db.session(), file.draft_id)
             if one.path.startswith(begin)]  # fmt: skip
    return [Pick(_drawing_mark(name), name, begin) for name in names]


def _terms(word: str) -> list[Pick]:
    found = find_terms(load_book(), word, language="id")[:MAX_SHOWN]
    return [Pick(f"{{istilah:{term.id}}}", term.term, term.definition) for term in found]


def _drawing_mark(name: str) -> str:
    words = _("What the drawing shows, in a sentence.")
    return f'![{words}]({FOLDER}/{name} "{_("Caption")}")'


def _fitting(picks: list[Pick], word: str) -> list[Pick]:
    parts = fold(word).split()
    found = [one for one in picks if all(part in fold(f"{one.label} {one.about}") for part in parts)]
    return found[:MAX_SHOWN]
