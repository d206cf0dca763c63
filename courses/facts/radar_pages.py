"""The radar as a page of trainers: what says something else than the law says now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from courses.facts.fact_users import EXTENSION, FactUsers
from courses.facts.forms import KeepPageForm
from courses.facts.keeping import Place, keep_page
from courses.facts.models import UseKind, UseOwner
from courses.facts.radar import ChangedFact, Finding, by_fact, scan
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, NotFound
from lms.core.i18n import language
from lms.core.text import fold
from lms.core.web.arguments import read_word

bp = Blueprint("radar", __name__, url_prefix="/radar")
guard(bp, lambda actor: actor.is_trainer)

PAGE_SIZE = 10
"""Facts on one page."""
SHOWN = 40
"""Places named of one fact; it tells how many there are besides."""

KINDS = {
    UseKind.LESSON: _l("Lesson"),
    UseKind.MODULE_PAGE: _l("Page of a module"),
    UseKind.SCENARIO: _l("Field practice"),
    UseKind.CHECKLIST: _l("Checklist"),
    UseKind.STEM: _l("Question"),
    UseKind.OPTION: _l("Option"),
    UseKind.FEEDBACK: _l("Feedback"),
    UseKind.EXPLANATION: _l("Explanation"),
    UseKind.KEY: _l("Key"),
    UseKind.FORMULA: _l("Formula of the variants"),
    UseKind.CONDITION: _l("Condition"),
}
PARTS = {"texts": _l("Lessons and pages"), "questions": _l("Questions"), "feedback": _l("Feedback only")}


@bp.get("")
def index() -> str:
    """List the facts that have changed with everything that uses them, as far as the person sees it."""
    session, actor, book, now = db.session(), current_actor(), load_book(), utc_now()
    users = find_users()
    word, part, after = read_word("q"), read_word("bagian"), read_word("sesudah")
    findings = scan(session, book, users, actor=actor)
    facts = [fact for fact in by_fact(_narrowed(findings, part)) if _is_meant(fact, word)]
    later = [fact for fact in facts if fact.key > after]
    page = later[:PAGE_SIZE]
    return render_template(
        "radar/index.html",
        facts=page,
        count=len(facts),
        has_any=bool(findings),
        word=word,
        part=part,
        parts=PARTS,
        kinds=KINDS,
        book=book,
        shown=SHOWN,
        label=lambda key: book.label(key, language()),
        warned=[row for room in users for row in room.warn(session, actor=actor, today=now.date())],
        next_url=url_for("radar.index", q=word or None, bagian=part or None, sesudah=page[-1].key)
        if len(later) > PAGE_SIZE
        else None,
    )


@bp.post("/masih-benar")
def keep() -> Response:
    """Let a page of an edition go on as it is, with a reason."""
    form = KeepPageForm()
    if not form.submitted():
        return _refused(*form.messages())
    edition = form.edition.data or ""
    if not edition.isdecimal():
        raise NotFound
    place = Place(int(edition[:9]), form.fact.data or "", form.kind.data or "", form.file.data or "")
    try:
        keep_page(
            db.session(),
            current_actor(),
            place=place,
            mark=form.mark.data or "",
            reason=form.reason.data or "",
            book=load_book(),
            now=utc_now(),
        )
    except Conflict as error:
        return _refused(error.message)
    db.session.commit()
    flash(_("Noted: this page is still right. Your name and reason are kept with it."), "success")
    return redirect(url_for("radar.index"), 303)


def _refused(*messages: object) -> Response:
    db.session.rollback()
    for message in messages:
        flash(str(message), "error")
    return redirect(url_for("radar.index"), 303)


def find_users() -> Sequence[FactUsers]:
    """Return the rooms that use facts."""
    return cast(Sequence[FactUsers], current_app.extensions[EXTENSION])


def _narrowed(findings: Sequence[Finding], part: str) -> list[Finding]:
    """Return the findings of one part; an unknown part is all."""
    return [one for one in findings if part not in PARTS or _part_of(one) == part]


def _part_of(finding: Finding) -> str:
    if finding.stale.use.owner_type == UseOwner.EDITION:
        return "texts"
    return "questions" if finding.stale.pauses else "feedback"


def _is_meant(fact: ChangedFact, word: str) -> bool:
    said = [fact.key, load_book().label(fact.key, language())]
    said += [text for one in fact.findings for text in (one.user.title, one.user.name, one.stale.use.place)]
    return fold(word) in fold(" ".join(said))
