"""All addresses of writing a course in the browser at one glance, and who may enter."""

from __future__ import annotations

from flask import Blueprint, request

from courses.catalogue.drafts import editor_pages, pages, pick_pages, release_pages, structure_pages
from lms.core.accounts.guard import guard

bp = Blueprint("drafts", __name__, url_prefix="/naskah")
guard(bp, lambda actor: actor.is_trainer)

MAX_BYTES = 12_000_000
"""Of one request: who pastes a book is told so on the page, the text still there, instead of by a 413."""

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
COPY = "/<int:copy_id>"
FILE = "/berkas/<int:draft_file_id>"

for path, view, methods in (
    ("", pages.index, GET),
    ("", pages.begin, POST),
    (COPY, pages.show, GET),
    (f"{COPY}/periksa", pages.check, GET),
    (f"{COPY}/berkas.zip", pages.archive, GET),
    (f"{COPY}/buang", pages.discard, POST),
    (f"{COPY}/susunan", structure_pages.structure, BOTH),
    (f"{COPY}/perubahan", release_pages.difference, GET),
    (f"{COPY}/kirim", release_pages.send, POST),
    (f"{COPY}/tinjauan", release_pages.answer, POST),
    (f"{COPY}/terbit", release_pages.publish, POST),
    (f"{COPY}/berkas", pick_pages.replace, POST),
    (FILE, editor_pages.edit, BOTH),
    (f"{FILE}/sisipan", pick_pages.pick, GET),
    (f"{FILE}/gambar", pick_pages.add_drawing, POST),
    (f"{FILE}/pratinjau", editor_pages.preview, POST),
    (f"{FILE}/simpan", editor_pages.autosave, POST),
):
    bp.add_url_rule(path, view_func=view, methods=methods)


@bp.url_value_preprocessor
def _take_long_texts(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    request.max_content_length = request.max_form_memory_size = MAX_BYTES
