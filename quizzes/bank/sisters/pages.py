"""The parallel form of a quiz: made, and held against the first in a table."""

from __future__ import annotations

from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.web.arguments import read_id
from quizzes.bank import queries
from quizzes.bank.builder.manage import bp
from quizzes.bank.builder.version_page import find_version, measure_questions
from quizzes.bank.models import QuizVersion
from quizzes.bank.publication.publishing import plan_publication
from quizzes.bank.quiz import queries as quiz_queries
from quizzes.bank.quiz.blueprint_queries import get_course_map
from quizzes.bank.quiz.estimates import Ask
from quizzes.bank.rules import LEVELS
from quizzes.bank.sisters.drafts import make_sister
from quizzes.bank.sisters.parallel import Equality, compare_forms


@bp.get("/<int:quiz_id>/versi/<int:version_id>/kembar")
def sister(quiz_id: int, version_id: int) -> str:
    """Offer to make a parallel form; hold the one the address names against this version."""
    session, actor = db.session(), current_actor()
    found = find_version(quiz_id, version_id)
    course = get_course_map(session, found.quiz, actor=actor)
    other = _other(found, read_id("kuis"), read_id("dengan"))
    return render_template(
        "quizzes/sister.html",
        version=found,
        other=other,
        equality=_compare(found, other) if other else None,
        modules=course.modules,
        levels=LEVELS,
        siblings=course.quizzes,
        branches=queries.list_branches(session, actor=actor),
    )


@bp.post("/<int:quiz_id>/versi/<int:version_id>/kembar")
def make_sister_form(quiz_id: int, version_id: int) -> Response:
    """Make a parallel form as a draft of another quiz."""
    session, actor = db.session(), current_actor()
    find_version(quiz_id, version_id)
    own = {branch.id for branch in queries.list_branches(session, actor=actor)}
    branch_id = request.form.get("branch_id", type=int)
    if branch_id not in own and not (branch_id is None and actor.is_admin):
        raise Invalid(_("Choose one of your branch offices."), field="branch_id")
    try:
        made = make_sister(
            session,
            actor,
            quiz_id=quiz_id,
            version_id=version_id,
            into_id=request.form.get("into", type=int),
            branch_id=branch_id,
            now=utc_now(),
        )
    except Invalid as error:
        session.rollback()
        flash(str(error.message), "error")
        return redirect(url_for("quizzes.sister", quiz_id=quiz_id, version_id=version_id), 303)
    session.commit()
    _say(len(made.missing))
    address = url_for(
        "quizzes.sister",
        quiz_id=quiz_id,
        version_id=version_id,
        kuis=made.draft.quiz_id,
        dengan=made.draft.id,
    )
    return redirect(address, 303)


def _say(missing: int) -> None:
    if missing:
        text = ngettext(
            "The parallel form is made, but for %(num)s question no counterpart was found.",
            "The parallel form is made, but for %(num)s questions no counterpart was found.",
            missing,
        )
        flash(text, "warning")
    else:
        flash(_("The parallel form is made. Look how equal both are, then go on with it."), "success")


def _other(found: QuizVersion, quiz_id: int | None, version_id: int | None) -> QuizVersion | None:
    if quiz_id is None or version_id is None or version_id == found.id:
        return None
    return quiz_queries.get_version(db.session(), version_id, quiz_id=quiz_id, actor=current_actor())


def _compare(found: QuizVersion, other: QuizVersion) -> Equality:
    one, two = _asks(found), _asks(other)
    measured = measure_questions(version for ask in (*one, *two) for version in ask.versions)
    return compare_forms(one, two, measured=measured)


def _asks(version: QuizVersion) -> list[Ask]:
    """Return what each slot of a version asks: of a draft what it would if it were published now."""
    if version.status == "draft":
        plan = plan_publication(db.session(), version, book=load_book())
        demands = [(demand, slot.marks) for slot in version.slots for demand in plan.demands(slot)]
        return [
            Ask([plan.rows[int(key)] for key in demand.question_ids], demand.count, marks)
            for demand, marks in demands
        ]
    ids = {c.question_version.question_id for slot in version.slots for c in slot.candidates}
    rows = queries.list_newest_versions(db.session(), ids)
    return [
        Ask(
            [rows[key] for c in slot.candidates if (key := c.question_version.question_id) in rows],
            slot.draw_count,
            Decimal(slot.marks),
        )
        for slot in version.slots
    ]
