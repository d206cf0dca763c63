"""The list of questions: found by words, narrowed by what they are filed under."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor
from lms.core.db import db
from lms.core.text import fold
from lms.core.web.arguments import read_id, read_word
from quizzes.bank import queries
from quizzes.bank.listing import queries as listing
from quizzes.bank.listing.address import list_arguments
from quizzes.bank.listing.queries import MOST_COUNTED, QuestionFilter
from quizzes.bank.manage import bp
from quizzes.bank.review.queries import count_waiting
from quizzes.bank.rules import DIFFICULTIES, LEVELS, STATUSES, USES
from quizzes.types import TYPES


@dataclass(frozen=True)
class Press:
    """A button below the list that was pressed in vain: what was sent, and why nothing was done."""

    ticked: Collection[int] = ()
    # What stood in the fields beside the buttons, by name.
    written: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    # The field the message belongs to, empty for the whole form.
    place: str = ""


@bp.get("")
def index() -> str:
    """List questions, narrowed by what the address says."""
    return show_list(request.args, Press())


def show_list(said: MultiDict[str, str], press: Press) -> str:
    """Return the page of the list an address ``said``, its boxes and fields as they were sent."""
    session, actor = db.session(), current_actor()
    found = _found(said, press)
    owners = [("nation", _("The nation")), *((branch.id, branch.name) for branch in found["branches"])]
    return render_template(
        "bank/index.html",
        choices=listing.list_choices(session, actor=actor),
        levels=LEVELS,
        difficulties=DIFFICULTIES,
        owners=owners,
        reviews=count_waiting(session, actor=actor),
        **found,
    )


@bp.get("/daftar")
def rows() -> Response:
    """Return the part of the list that changes while somebody types; plain text, as it is no page."""
    return current_app.response_class(
        render_template("bank/_rows.html", **_found(request.args, Press())), mimetype="text/plain"
    )


def read_filter(said: MultiDict[str, str] | None = None) -> QuestionFilter:
    """Return what the address, or another that ``said``, narrows the list to."""
    return QuestionFilter(
        search=read_word("q", said),
        topic=read_word("topik", said),
        tag=fold(read_word("label", said)),
        module=read_word("modul", said),
        level=read_word("tingkat", said),
        difficulty=read_word("sulit", said),
        status=read_word("status", said),
        use=read_word("pakai", said),
        type=read_word("jenis", said),
        owner=read_word("milik", said),
    )


def _found(said: MultiDict[str, str], press: Press) -> dict[str, Any]:
    session, actor, narrowed = db.session(), current_actor(), read_filter(said)
    kept = _kept(said)
    page = listing.list_questions(session, actor=actor, narrowed=narrowed, before=read_id("sebelum", said))
    count = listing.count_questions(session, actor=actor, narrowed=narrowed)
    return {
        "page": page,
        "narrowed": narrowed,
        "said": _said(count),
        "tagged": listing.tags_of(session, [row.question_id for row in page.rows]),
        "branches": queries.list_branches(session, actor=actor),
        "kinds": {kind.key: kind.label for kind in TYPES},
        "statuses": STATUSES,
        "uses": USES,
        "kept": kept,
        "returning": urlencode(list_arguments(said)),
        "list_kept": list_arguments(said),
        "press": press,
        "next_url": url_for("bank.index", **kept, sebelum=page.older) if page.older else None,
    }


def _kept(said: MultiDict[str, str]) -> dict[str, Any]:
    """Return what the address says about the list, but for the place in it."""
    return {name: value for name, value in list_arguments(said).items() if name != "sebelum"}


def _said(count: int) -> str:
    if count > MOST_COUNTED:
        return str(_("More than %(count)s questions fit.", count=MOST_COUNTED))
    return str(ngettext("%(num)s question fits.", "%(num)s questions fit.", count))
