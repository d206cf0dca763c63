"""The page on which days, modules and steps are moved, renamed, added and removed; one form, many buttons."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.catalogue.drafts import queries, services
from courses.catalogue.drafts import structure as files_with
from courses.catalogue.drafts.models import CourseDraft
from courses.catalogue.drafts.outlines import Place
from courses.catalogue.drafts.pages import find
from courses.catalogue.drafts.reading import DayLines, read_tree
from courses.catalogue.folder import MODULE_KINDS
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.forms import EmptyForm

MAX_NUMBER = 600
_PLACE = re.compile(r"\d{1,3}(?:-\d{1,3}){0,2}")
Files = Mapping[str, bytes]


def structure(copy_id: int) -> Response:
    """Show the structure; do what the pressed button says, and keep the titles that were typed."""
    draft = find(copy_id)
    if request.method == "GET":
        return _page(draft)
    if not EmptyForm().submitted():
        return _page(draft, _("This page was open for too long. Press the button again."), 422)
    try:
        files = queries.read_files_of(db.session(), copy_id)
        changes = _changes(files)
        services.put_files(
            db.session(),
            current_actor(),
            draft=draft,
            revision=request.form.get("revision", 0, type=int),
            files=changes,
            now=utc_now(),
        )
    except (Conflict, Invalid) as refused:
        db.session.rollback()
        return _page(find(copy_id), str(refused.message), refused.status)
    db.session.commit()
    if changes:
        flash(_("Saved."), "success")
    return redirect(url_for("drafts.structure", copy_id=copy_id, _anchor=_anchor()), 303)


def _changes(files: Files) -> files_with.Changes:
    """Return what the form changes: titles first, then what its button says."""
    changes = _renamed(files)
    name, _mark, place = request.form.get("aksi", "").partition(":")
    if name in {"up", "down", "to", "remove", "step", "module", "day"}:
        changes |= _pressed(_after(files, changes), name, place)
    return changes


def _renamed(files: Files) -> files_with.Changes:
    changes: files_with.Changes = {}
    for place, title in _titles(read_tree(files) or ()).items():
        typed = " ".join(request.form.get(f"t-{_written(place)}", title).split())
        if typed != title:
            changes |= files_with.rename(_after(files, changes), place, typed)
    return changes


def _pressed(files: Files, name: str, address: str) -> files_with.Changes:
    if name == "day":
        return files_with.add_day(
            files, title=request.form.get("title", ""), module_title=request.form.get("module_title", "")
        )
    where, _mark, to = address.partition(":")
    place = _place(where)
    if name == "module":
        return files_with.add_module(
            files,
            place[0],
            title=request.form.get("title", ""),
            kind=request.form.get("kind", ""),
            minutes=_number("minutes"),
        )
    if name == "step":
        return files_with.add_step(
            files,
            place,
            kind="quiz" if request.form.get("kind") == "quiz" else "lesson",
            title=request.form.get("title", ""),
            topic=request.form.get("topic", ""),
            count=_number("count"),
        )
    if name == "remove":
        return files_with.remove(files, place)
    target = int(to) if to.isdecimal() and len(to) < 4 else place[-1] + (1 if name == "down" else -1)
    return files_with.move(files, place, target)


def _page(draft: CourseDraft, error: str = "", status: int = 200) -> Response:
    files = queries.read_files_of(db.session(), draft.id)
    tree = read_tree(files) or ()
    titles = {_written(place): title for place, title in _titles(tree).items()}
    asked = request.args.get("hapus", "")
    page = render_template(
        "drafts/structure.html",
        draft=draft,
        tree=tree,
        titles=titles,
        asked=asked if asked in titles else "",
        topics=files_with.list_topics(files),
        kinds=MODULE_KINDS,
        error=error,
    )
    return make_response(page, status)


def _titles(tree: tuple[DayLines, ...]) -> dict[Place, str]:
    """Return what every day, module and step is called, by its place."""
    found: dict[Place, str] = {}
    for day in tree:
        found[day.place,] = day.title
        for module in day.modules:
            found[day.place, module.place] = module.title
            for step in module.steps:
                found[day.place, module.place, step.place] = step.title
    return found


def _place(text: str) -> Place:
    if not _PLACE.fullmatch(text):
        raise Invalid(_("This is not in the course any more."))
    return tuple(map(int, text.split("-")))


def _number(name: str) -> int:
    number = request.form.get(name, type=int)
    if number is None or not 1 <= number <= MAX_NUMBER:
        raise Invalid(_("Type a whole number from 1 to %(most)s.", most=MAX_NUMBER))
    return number


def _after(files: Files, changes: files_with.Changes) -> Files:
    after: dict[str, bytes | None] = {**files, **changes}
    return {path: body for path, body in after.items() if body is not None}


def _written(place: Place) -> str:
    return "-".join(map(str, place))


def _anchor() -> str | None:
    """Return where the page goes on after the button: what was moved, in its new place."""
    name, _mark, address = request.form.get("aksi", "").partition(":")
    where, _mark, to = address.partition(":")
    if name not in {"up", "down", "to"} or not _PLACE.fullmatch(where):
        return None
    place = _place(where)
    step = {"up": -1, "down": 1}.get(name, 0)
    last = int(to) if to.isdecimal() else place[-1] + step
    return f"p-{_written((*place[:-1], last))}"
