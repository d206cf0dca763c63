"""What the editor's page shows: neighbours, form, phone, advice, drafts, and a colleague's text beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _

from courses.catalogue.headings import make_anchor
from lms.core.accounts.guard import current_actor
from lms.core.accounts.models import User
from lms.core.db import db
from quizzes.bank import cases, queries
from quizzes.bank.advice.asking import Advice, advise
from quizzes.bank.advice.item import Item
from quizzes.bank.editor import keeping
from quizzes.bank.editor.models import QuestionDraft
from quizzes.bank.form_fields import is_huge, never_cut, shown_values
from quizzes.bank.forms import QuestionForm, question_form
from quizzes.bank.listing import queries as listing
from quizzes.bank.listing.address import kept_arguments
from quizzes.bank.listing.pages import read_filter
from quizzes.bank.models import QuestionVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.preview.previewing import Preview, preview
from quizzes.bank.versions.differences import Difference, compare
from quizzes.types import TYPES, get_type
from quizzes.types.base import FormatError


@dataclass(frozen=True)
class Clash:
    """A colleague's wording that came first: whose, when, and where it differs."""

    name: str
    at: datetime
    differences: list[Difference]


def show_editor(
    form: QuestionForm,
    *,
    as_of: date,
    version: QuestionVersion | None = None,
    status: int = 200,
    is_outdated: bool = False,
) -> tuple[str, int]:
    """Return the page of the editor."""
    session, actor = db.session(), current_actor()
    never_cut(form)
    topic = make_anchor(form.topic.data or "")
    rows = _beside(topic, version)
    look, advice = _looks(form, rows, as_of, version)
    page = render_template(
        "bank/new.html" if version is None else "bank/edit.html",
        form=form,
        kind=get_type(form.kind),
        kinds=TYPES,
        version=version,
        as_of=as_of,
        topic=topic,
        neighbours=[(row, _address(row)) for row in rows],
        is_narrowed=bool(_kept(version)),
        list_kept=_kept(version),
        is_kind_chosen="jenis" in request.args,
        topics=queries.list_topics(session, actor=actor),
        preview=look,
        advice=advice,
        is_used=version is not None and queries.is_used(session, version.id),
        drafts=_offered(form, version),
        clash=_clash(form, version) if version is not None and is_outdated else None,
        person=actor.user_id,
    )
    return page, status


def home_of(form: QuestionForm, version: QuestionVersion | None) -> cases.Home:
    """Return where the question belongs: its parts, if it is a case, are of there or of the nation."""
    if version is not None:
        return cases.Home(version.question.key, version.question.branch_id)
    chosen = str(form.branch_id.data or "")
    return cases.Home(None, int(chosen) if chosen.isdecimal() else None)


def _beside(topic: str, version: QuestionVersion | None) -> Sequence[QuestionVersion]:
    """Return the list the editor was opened from, of the same topic where there was none."""
    narrowed = read_filter() if _kept(version) else listing.QuestionFilter(topic=topic)
    return listing.list_questions(db.session(), actor=current_actor(), narrowed=narrowed).rows


def _kept(version: QuestionVersion | None) -> dict[str, str]:
    """Return what the address says about the list; of a new question it says what that is about."""
    if version is None:
        return {}
    return kept_arguments()


def _address(row: QuestionVersion) -> str:
    """Return where a neighbour is edited, looked at where it is not this person's."""
    kept: dict[str, Any] = _kept(row)
    endpoint = "bank.edit" if can_edit_question(current_actor(), row.question) else "bank.question"
    return url_for(endpoint, question_id=row.question_id, **kept)


def _looks(
    form: QuestionForm, siblings: Sequence[QuestionVersion], as_of: date, version: QuestionVersion | None
) -> tuple[Preview, list[Advice]]:
    if is_huge(form):
        return Preview(fault=_("This is too long to be shown. Shorten it.")), []
    try:
        source = form.read_source()
    except FormatError as error:
        return Preview(fault=str(error)), []
    others = _others(siblings, version)
    look = preview(db.session(), source, kind=form.kind, as_of=as_of, home=home_of(form, version))
    return look, advise(source, kind=form.kind, others=others)


def _others(rows: Sequence[QuestionVersion], version: QuestionVersion | None) -> dict[str, Item]:
    """Return by their words the questions beside this one."""
    own = version.question_id if version is not None else None
    return {row.summary: Item(row.type, row.source) for row in rows if row.question_id != own}


def _offered(form: QuestionForm, version: QuestionVersion | None) -> list[QuestionDraft]:
    """Return the drafts to go on with: where nothing is typed yet."""
    if request.method != "GET":
        return []
    question_id = version.question_id if version else None
    drafts = keeping.list_drafts(db.session(), current_actor(), question_id=question_id)
    return [draft for draft in drafts if draft.slot != form.slot.data]


def _clash(form: QuestionForm, newest: QuestionVersion) -> Clash:
    """Return what stands beside the text somebody wanted to save."""
    stored = question_form(newest.type)(formdata=None)
    stored.fix_owner()
    stored.show(newest)
    author = db.session().get(User, newest.created_by_id) if newest.created_by_id else None
    name = author.name if author else "–"
    return Clash(name, newest.created_at, compare(shown_values(stored), shown_values(form)))
