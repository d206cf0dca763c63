"""What is done to the questions that are ticked in the list, and to the tags of one."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid
from lms.core.text import tidy
from lms.core.web.arguments import MAX_ID
from quizzes.bank import queries, tags
from quizzes.bank.folder import files as question_files
from quizzes.bank.listing import bulk
from quizzes.bank.listing.address import list_arguments
from quizzes.bank.listing.bulk import Outcome
from quizzes.bank.listing.pages import Press, show_list
from quizzes.bank.manage import bp


@bp.post("/banyak")
def change_many() -> Response | tuple[str, int]:
    """Do to the ticked questions what the button says, then show the list as it was."""
    ids = {value for value in request.form.getlist("soal", type=int) if 0 < value <= MAX_ID}
    try:
        return _act(request.form.get("aksi", ""), ids)
    except (Invalid, Conflict) as error:
        db.session().rollback()
        return _refused(ids, error), error.status


def _act(action: str, ids: set[int]) -> Response:
    branch_id = _branch_id()
    if not ids:
        raise Invalid(_("Tick the questions first."), field="soal")
    if action == "export":
        return _export(ids)
    if action == "copy":
        outcome = _copy(ids, branch_id)
    elif action in _ACTS:
        outcome = _ACTS[action](ids)
    else:
        raise Invalid(_("Choose one from the list."), field="aksi")
    db.session().commit()
    _tell(action, outcome)
    return _back()


def _refused(ids: set[int], error: Invalid | Conflict) -> str:
    """Return the list as it was, with what keeps the button from doing it, the ticks and the words."""
    field = error.field if isinstance(error, Invalid) else ""
    return show_list(_kept(), Press(ids, request.form, str(error.message), field))


@bp.post("/<int:question_id>/label")
def set_tags(question_id: int) -> Response:
    """Let a question have the tags of the form."""
    session, actor = db.session(), current_actor()
    labels = [label for label in request.form.get("label", "").split(",") if label.strip()]
    queries.get_question(session, question_id, actor=actor)
    try:
        tags.set_tags(session, actor, question_id=question_id, labels=labels, now=utc_now())
    except Invalid as error:
        session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("bank.question", question_id=question_id), 303)
    session.commit()
    flash(_("The tags are saved."), "success")
    return redirect(url_for("bank.question", question_id=question_id), 303)


def _tag(ids: set[int]) -> Outcome:
    label = _word("label")
    return bulk.tag_questions(db.session(), current_actor(), question_ids=ids, label=label, now=utc_now())


def _untag(ids: set[int]) -> Outcome:
    label = _word("label")
    return bulk.untag_questions(db.session(), current_actor(), question_ids=ids, label=label, now=utc_now())


def _move(ids: set[int]) -> Outcome:
    topic = _word("topik")
    return bulk.move_questions(db.session(), current_actor(), question_ids=ids, topic=topic, now=utc_now())


def _retire(ids: set[int]) -> Outcome:
    reason = _word("alasan")
    return bulk.retire_questions(
        db.session(), current_actor(), question_ids=ids, reason=reason, now=utc_now()
    )


def _copy(ids: set[int], branch_id: int | None) -> Outcome:
    if branch_id is None:
        raise _not_your_branch()
    return bulk.copy_questions(
        db.session(), current_actor(), question_ids=ids, branch_id=branch_id, now=utc_now()
    )


def _branch_id() -> int | None:
    """Return the branch office a form names, whatever its button; None where it names none.

    Raises:
        Invalid: it is not one of theirs.
    """
    if "branch_id" not in request.form:
        return None
    branch_id = request.form.get("branch_id", type=int)
    if branch_id not in {branch.id for branch in queries.list_branches(db.session(), actor=current_actor())}:
        raise _not_your_branch()
    return branch_id


def _not_your_branch() -> Invalid:
    return Invalid(_("Choose one of your branch offices."), field="branch_id")


_ACTS: dict[str, Callable[[set[int]], Outcome]] = {
    "tag": _tag,
    "untag": _untag,
    "move": _move,
    "retire": _retire,
}


def _export(ids: set[int]) -> Response:
    session, actor = db.session(), current_actor()
    found = question_files.list_files(session, actor, question_ids=ids)
    bulk.check_found(ids, found.question_ids)
    body = question_files.zip_files(found.files)
    question_files.note_export(session, actor, question_ids=found.question_ids, now=utc_now())
    session.commit()
    response = make_response(body)
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = 'attachment; filename="soal.zip"'
    return response


def _tell(action: str, outcome: Outcome) -> None:
    done = len(outcome.done)
    said = {
        "tag": ngettext("%(num)s question is tagged.", "%(num)s questions are tagged.", done),
        "untag": ngettext("%(num)s question lost the tag.", "%(num)s questions lost the tag.", done),
        "move": ngettext("%(num)s question is moved.", "%(num)s questions are moved.", done),
        "retire": ngettext("%(num)s question is retired.", "%(num)s questions are retired.", done),
        "copy": ngettext(
            "%(num)s question is copied as a draft.", "%(num)s questions are copied as drafts.", done
        ),
    }
    flash(said[action], "success" if done else "info")
    for reason, ids in outcome.left.items():
        numbers = ", ".join(str(question_id) for question_id in ids)
        flash(_("Left out, because %(reason)s: %(numbers)s", reason=reason, numbers=numbers), "warning")


def _word(name: str) -> str:
    return str(tidy(request.form.get(name, "")))[:600]


def _back() -> Response:
    """Return to the list as the form remembers it."""
    return redirect(url_for("bank.index", **_kept().to_dict()), 303)  # type: ignore[arg-type]


def _kept() -> MultiDict[str, str]:
    said = parse_qsl(request.form.get("kembali", ""))
    return MultiDict(list_arguments(dict(said)))
