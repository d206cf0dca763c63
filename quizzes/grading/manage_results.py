"""Pages of trainers: how questions went in a cohort, what is reported of them, decisions for everybody."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.cohorts.models import Cohort
from lms.core.accounts.guard import current_actor, guard
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.models import QuestionVersion
from quizzes.grading import queries, question_queries, report_queries
from quizzes.grading.forms import DECIDED, DECISIONS, AnswerForm, DecisionForm, RulingForm
from quizzes.grading.regrading import NO_FIT, foresee_regrade, get_key, list_keys, regrade
from quizzes.grading.reports import answer_report
from quizzes.grading.rulings import Decision, foresee, rule, standing, standing_of

bp = Blueprint("results", __name__, url_prefix="/angkatan/<int:cohort_id>/soal")
guard(bp, lambda actor: actor.is_trainer)


@bp.get("")
def questions(cohort_id: int) -> str:
    """List how the questions went on the papers of a cohort."""
    cohort = _find(cohort_id)
    return render_template(
        "results/questions.html",
        cohort=cohort,
        rows=question_queries.list_question_rows(db.session(), cohort_id),
        page_size=queries.PAGE_SIZE,
    )


@bp.get("/<int:question_id>")
def question(cohort_id: int, question_id: int) -> str:
    """Show how one question went, what is reported of it, and what was decided."""
    return _question_page(_find(cohort_id), question_id, AnswerForm(formdata=None))


@bp.post("/<int:question_id>/laporan/<int:report_id>")
def reply(cohort_id: int, question_id: int, report_id: int) -> Response | tuple[str, int]:
    """Answer a report and close it."""
    session, cohort, form = db.session(), _find(cohort_id), AnswerForm()
    row = report_queries.get_report(session, current_actor(), report_id=report_id)
    if (row.cohort.id, row.question_id) != (cohort_id, question_id):
        raise NotFound
    if not form.submitted():
        return _question_page(cohort, question_id, form, report_id), 422
    try:
        answer_report(
            session, current_actor(), report_id=report_id, answer=form.answer.data or "", now=utc_now()
        )
    except Conflict as error:
        session.rollback()
        flash(str(error.message), "error")
    else:
        session.commit()
        flash(_("Answered. The participant finds it at the result."), "success")
    return redirect(url_for("results.question", cohort_id=cohort_id, question_id=question_id), 303)


@bp.get("/<int:question_id>/keputusan")
def foresight(cohort_id: int, question_id: int) -> str | tuple[str, int]:
    """Show what a decision would bring about; changes nothing."""
    cohort, form = _find(cohort_id), DecisionForm(request.args)
    version = question_queries.get_asked(db.session(), cohort_id, question_id=question_id)
    if not form.validate():
        return _question_page(cohort, question_id, AnswerForm(formdata=None), decision_form=form), 422
    return _foresight_page(cohort, version, form.read(), RulingForm(formdata=None))


@bp.post("/<int:question_id>/keputusan")
def decide(cohort_id: int, question_id: int) -> Response | tuple[str, int]:
    """Decide about a question for everybody."""
    session, cohort = db.session(), _find(cohort_id)
    version = question_queries.get_asked(session, cohort_id, question_id=question_id)
    chosen, form = DecisionForm(request.args), RulingForm()
    if not chosen.validate():
        return _question_page(cohort, question_id, AnswerForm(formdata=None), decision_form=chosen), 422
    if not form.submitted():
        return _foresight_page(cohort, version, chosen.read(), form), 422
    try:
        rule(
            session,
            current_actor(),
            cohort_id=cohort_id,
            question_id=question_id,
            decision=chosen.read(),
            reason=form.reason.data or "",
            mark=form.mark.data or "",
            now=utc_now(),
        )
    except (Conflict, Invalid) as error:
        session.rollback()
        flash(str(error.message), "error")
        return redirect(request.full_path, 303)
    session.commit()
    flash(_("Decided. All results follow from it now."), "success")
    return redirect(url_for("results.question", cohort_id=cohort_id, question_id=question_id), 303)


@bp.get("/<int:question_id>/nilai-ulang/<int:version_id>")
def regrade_foresight(cohort_id: int, question_id: int, version_id: int) -> str:
    """Show what marking by another version would bring about; changes nothing."""
    cohort, key = _find(cohort_id), _key(cohort_id, question_id, version_id)
    return _regrade_page(cohort, key, RulingForm(formdata=None))


@bp.post("/<int:question_id>/nilai-ulang/<int:version_id>")
def regrade_answers(cohort_id: int, question_id: int, version_id: int) -> Response | tuple[str, int]:
    """Mark all answers by another version."""
    session, cohort, form = db.session(), _find(cohort_id), RulingForm()
    key = _key(cohort_id, question_id, version_id)
    if not form.submitted():
        return _regrade_page(cohort, key, form), 422
    try:
        regrade(
            session,
            current_actor(),
            cohort_id=cohort_id,
            question_id=question_id,
            version_id=version_id,
            reason=form.reason.data or "",
            mark=form.mark.data or "",
            now=utc_now(),
        )
    except Conflict as error:
        session.rollback()
        flash(str(error.message), "error")
        return redirect(request.path, 303)
    session.commit()
    flash(_("Marked anew. All results follow from it now."), "success")
    return redirect(url_for("results.question", cohort_id=cohort_id, question_id=question_id), 303)


def _key(cohort_id: int, question_id: int, version_id: int) -> QuestionVersion:
    question_queries.get_asked(db.session(), cohort_id, question_id=question_id)
    return get_key(db.session(), version_id, question_id=question_id)


def _regrade_page(cohort: Cohort, key: QuestionVersion, form: RulingForm) -> str:
    session = db.session()
    seen = foresee_regrade(session, cohort_id=cohort.id, version=key)
    form.mark.data = seen.mark if seen else ""
    return render_template(
        "results/regrade_foresight.html", cohort=cohort, version=key, seen=seen, form=form, no_fit=NO_FIT
    )


def _find(cohort_id: int) -> Cohort:
    return queries.get_cohort(db.session(), cohort_id, actor=current_actor())


def _question_page(
    cohort: Cohort,
    question_id: int,
    form: AnswerForm,
    report_id: int | None = None,
    decision_form: DecisionForm | None = None,
) -> str:
    session, actor = db.session(), current_actor()
    version = question_queries.get_asked(session, cohort.id, question_id=question_id)
    chosen = decision_form or DecisionForm(formdata=None)
    fractions = question_queries.list_fractions(session, cohort.id, question_id=question_id)
    rulings = question_queries.list_rulings(session, cohort.id, question_id=question_id)
    has_ruling = standing_of(rulings) is not None
    chosen.offer(has_ruling=has_ruling)
    return render_template(
        "results/question.html",
        cohort=cohort,
        version=version,
        counts=_counts(fractions),
        reports=report_queries.list_reports(session, actor, cohort_id=cohort.id, question_id=question_id),
        rulings=rulings,
        keys=list_keys(session, version),
        decisions=DECIDED,
        form=form,
        report_id=report_id,
        decision_form=chosen,
    )


def _counts(fractions: list[Any]) -> dict[str, int]:
    """Return how many answers were right, partly right, wrong, left empty or wait."""
    return {
        "papers": len(fractions),
        "right": sum(fraction == 1 for fraction, _is in fractions),
        "partly": sum(fraction is not None and 0 < fraction < 1 for fraction, _is in fractions),
        "wrong": sum(fraction == 0 and answered for fraction, answered in fractions),
        "empty": sum(fraction == 0 and not answered for fraction, answered in fractions),
        "waiting": sum(fraction is None for fraction, _is in fractions),
    }


def _foresight_page(cohort: Cohort, version: QuestionVersion, decision: Decision, form: RulingForm) -> str:
    session = db.session()
    seen = foresee(session, cohort_id=cohort.id, question_id=version.question_id, decision=decision)
    form.mark.data = seen.mark
    return render_template(
        "results/foresight.html",
        cohort=cohort,
        version=version,
        decision=decision,
        decisions=DECISIONS,
        seen=seen,
        form=form,
        has_ruling=standing(session, cohort.id, question_id=version.question_id) is not None,
    )
