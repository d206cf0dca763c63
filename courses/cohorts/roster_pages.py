"""Pages of the roster: send a spreadsheet, look at its dry run, apply it whole or not at all; export it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from courses.cohorts import enrolling, exports, queries, roster_drafts
from courses.cohorts.comparison import DryRun, Plan, Undecided, compare
from courses.cohorts.forms import RosterForm
from courses.cohorts.models import Cohort, RosterDraft
from courses.cohorts.roster import CheckedRow, check_row, read_roster, roster_from_json
from lms.core.accounts.guard import current_actor
from lms.core.accounts.sign_in import show_form
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid
from lms.core.forms import EmptyForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_roster(cohort_id: int) -> Response:
    """Take a spreadsheet and go on to its dry run; nothing is changed yet."""
    cohort, form, error = _cohort(cohort_id), RosterForm(), None
    if form.submitted():
        try:
            return _keep(cohort, form)
        except Invalid as refused:
            error = refused
    return show_form("cohorts/send_roster.html", form, error, cohort=cohort)


def _keep(cohort: Cohort, form: RosterForm) -> Response:
    name = form.file.data.filename or ""
    roster = read_roster(form.file.data.read(), name)
    draft = roster_drafts.store_draft(
        db.session(),
        current_actor().user_id,
        cohort_id=cohort.id,
        roster=roster,
        file_name=name,
        now=utc_now(),
    )
    address = url_for("cohorts.dry_run", cohort_id=cohort.id, draft_id=draft.id)
    db.session.commit()
    return redirect(address, 303)


def dry_run(cohort_id: int, draft_id: int) -> Response:
    """Show every row of a roster as new, known or faulty; the button applies all of them."""
    cohort = _cohort(cohort_id)
    draft = queries.find_draft(db.session(), draft_id, cohort_id=cohort_id, user_id=current_actor().user_id)
    if draft is None:
        flash(_("This roster was applied already, or thrown away. Is somebody missing? Send it again."))
        return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)
    rows = [check_row(row) for row in roster_from_json(draft.rows)]
    error = None
    if EmptyForm().submitted():
        try:
            return _apply(cohort, draft, rows)
        except Invalid as refused:
            db.session.rollback()
            error = refused
    return _dry_run_page(cohort, draft, rows, error)


def _apply(cohort: Cohort, draft: RosterDraft, rows: list[CheckedRow]) -> Response:
    plan = enrolling.apply_roster(
        db.session(),
        current_actor().user_id,
        cohort_id=cohort.id,
        rows=rows,
        decisions=request.form,
        draft_id=draft.id,
        now=utc_now(),
    )
    db.session.commit()
    flash(_done(plan), "success")
    return redirect(url_for("cohorts.show", cohort_id=cohort.id, _anchor="people"), 303)


def _done(plan: Plan) -> str:
    """Return what was done in words, without what was not."""
    new, back, same = len(plan.enrol), len(plan.reinstate), plan.unchanged_count
    parts = [
        ngettext("%(num)d added", "%(num)d added", new) if new else "",
        ngettext("%(num)d back again", "%(num)d back again", back) if back else "",
        ngettext("%(num)d unchanged", "%(num)d unchanged", same) if same else "",
    ]
    return str(_("Done: %(what)s.", what=", ".join(part for part in parts if part)))


def _dry_run_page(
    cohort: Cohort, draft: RosterDraft, rows: list[CheckedRow], error: Invalid | None
) -> Response:
    people = [row.person for row in rows if row.person is not None]
    run: DryRun = compare(rows, queries.list_known_people(db.session(), cohort, people))
    page = render_template(
        "cohorts/dry_run.html",
        cohort=cohort,
        draft=draft,
        run=run,
        error=error,
        wrong_lines=error.lines if isinstance(error, Undecided) else (),
        chosen=request.form,
    )
    return make_response(page, 422 if error else 200)


def throw_away(cohort_id: int, draft_id: int) -> Response:
    """Forget a roster that was sent."""
    _cohort(cohort_id)
    roster_drafts.forget_draft(db.session(), draft_id, cohort_id=cohort_id, user_id=current_actor().user_id)
    db.session.commit()
    flash(_("Thrown away. Nothing was changed."), "success")
    return redirect(url_for("cohorts.send_roster", cohort_id=cohort_id), 303)


def roster_template() -> Response:
    """Hand out the empty roster."""
    return _download(exports.template_xlsx(), "templat-peserta.xlsx", XLSX)


def roster_csv(cohort_id: int) -> Response:
    """Hand out the list of people as CSV."""
    cohort = _cohort(cohort_id)
    table = exports.roster_table(queries.list_enrolments(db.session(), cohort_id))
    return _download(exports.as_csv(table), f"{_file_name(cohort)}.csv", "text/csv; charset=utf-8")


def roster_xlsx(cohort_id: int) -> Response:
    """Hand out the list of people as an Excel file."""
    cohort = _cohort(cohort_id)
    table = exports.roster_table(queries.list_enrolments(db.session(), cohort_id))
    return _download(exports.as_xlsx(table, cohort.name), f"{_file_name(cohort)}.xlsx", XLSX)


def _cohort(cohort_id: int) -> Cohort:
    return queries.get_cohort(db.session(), cohort_id, actor=current_actor())


def _file_name(cohort: Cohort) -> str:
    return f"peserta-angkatan-{cohort.id}"


def _download(body: bytes, name: str, content_type: str) -> Response:
    """Return a file to keep; its name holds nothing a person typed."""
    response = make_response(body)
    response.content_type = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
