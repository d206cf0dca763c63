"""The page before a draft of a quiz is published: what changes, what was looked at, whom it touches.

It stands here and not in the bank, because it tells of people who sit.
"""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.facts.book import load_book
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid, NotFound
from quizzes.attempts.reach import COUNT_CERTIFIED, list_reach
from quizzes.bank import queries
from quizzes.bank.builder.manage import bp
from quizzes.bank.builder.version_page import (
    check_own_draft,
    coverage_of,
    estimate_of,
    find_version,
    to_version,
)
from quizzes.bank.cohorts.comparison import compare
from quizzes.bank.models import QuizVersion
from quizzes.bank.publication.as_published import as_published
from quizzes.bank.publication.publishing import plan_publication, publish
from quizzes.bank.publication.whole_checks import list_checks
from quizzes.bank.quiz import queries as quiz_queries
from quizzes.bank.quiz.draw_rules import words_of_rules
from quizzes.bank.quiz.presets import tell
from quizzes.bank.quiz.setting_words import SETTING_NAMES
from quizzes.bank.quiz.showing import WHENS
from quizzes.bank.rules import COUNTS, PURPOSES, SHOW_RESULT


@bp.get("/<int:quiz_id>/versi/<int:version_id>/terbit")
def before_publishing(quiz_id: int, version_id: int) -> str | Response:
    """Show what publishing a draft means; one that is published shows itself."""
    found, last = quiz_queries.get_version_and_last(
        db.session(), version_id, quiz_id=quiz_id, actor=current_actor()
    )
    if found.status == "published":
        return to_version(found)
    return _page(check_own_draft(found), last)


@bp.post("/<int:quiz_id>/versi/<int:version_id>/terbit")
def publish_version(quiz_id: int, version_id: int) -> Response:
    """Publish a draft."""
    session, actor = db.session(), current_actor()
    found = find_version(quiz_id, version_id)
    if not actor.works_at(found.branch_id):
        raise NotFound
    try:
        publish(
            session,
            actor,
            quiz_id=quiz_id,
            version_id=version_id,
            base=request.form.get("base", ""),
            book=load_book(),
            now=utc_now(),
        )
    except Invalid as error:
        session.rollback()
        flash(str(error.message), "error")
        address = url_for("quizzes.before_publishing", quiz_id=quiz_id, version_id=version_id)
        return redirect(address, 303)
    session.commit()
    flash(_("The version is published. New cohorts run on it; choose below who else does."), "success")
    return to_version(found)


def _page(draft: QuizVersion, before: QuizVersion | None) -> str:
    session = db.session()
    plan = plan_publication(session, draft, book=load_book())
    estimate = estimate_of(draft, plan, measured={})
    after = as_published(draft, plan, now=utc_now())
    slots = [*after.slots, *draft.slots, *(before.slots if before else [])]
    return render_template(
        "quizzes/before_publishing.html",
        version=draft,
        quiz=draft.quiz,
        plan=plan,
        estimate=estimate,
        checks=list_checks(draft, plan, blueprint=coverage_of(draft, plan), estimate=estimate),
        before=before,
        difference=compare(before, after) if before else None,
        meaning=list(tell(draft, purpose=draft.purpose)),
        touched=list_reach(
            session, draft, actor=current_actor(), certified=current_app.extensions[COUNT_CERTIFIED]
        ),
        page_size=queries.PAGE_SIZE,
        purposes=PURPOSES,
        names=SETTING_NAMES,
        labels={"counts": COUNTS, "show_result": SHOW_RESULT},
        whens=WHENS,
        rule_words=words_of_rules(slots),
    )
