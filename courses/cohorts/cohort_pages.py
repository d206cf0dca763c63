"""Pages of cohorts: the list, setting one up, one with its timetable and people."""

from __future__ import annotations

import re
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from courses.catalogue.queries import list_published_editions
from courses.cohorts import queries, services, timetable
from courses.cohorts.card_sheet import MAX_CARDS
from courses.cohorts.days import group_by_day, today_in
from courses.cohorts.forms import CohortForm, NewCohortForm
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.queries import PAGE_SIZE, PEOPLE_PAGE_SIZE, CohortRow
from lms.core.accounts.guard import current_actor
from lms.core.accounts.sign_in import show_form
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid


def index() -> str:
    """List the cohorts of one's branches, the newest first."""
    rows = queries.list_cohorts(db.session(), actor=current_actor(), before=_before())
    page, now = rows[:PAGE_SIZE], utc_now()
    return render_template(
        "cohorts/index.html",
        rows=page,
        is_first=not request.args.get("sebelum"),
        today_of={row.cohort.id: today_in(row.cohort.time_zone, now) for row in page},
        older_url=_older_url(page[-1]) if len(rows) > PAGE_SIZE else None,
    )


def _older_url(row: CohortRow) -> str:
    return url_for("cohorts.index", sebelum=f"{row.cohort.starts_on.isoformat()}_{row.cohort.id}")


def _before() -> tuple[date, int] | None:
    """Return the place in the list from the address; a mistyped one begins anew."""
    day, _mark, number = request.args.get("sebelum", "").partition("_")
    try:
        return date.fromisoformat(day), _small(number)
    except ValueError:
        return None


def _small(number: str) -> int:
    """Return the number of a row; no database has one longer than nine digits here.

    Raises:
        ValueError: it is none.
    """
    if not re.fullmatch(r"[0-9]{1,9}", number):
        raise ValueError(number)
    return int(number)


def create() -> Response:
    """Set up a cohort."""
    session, form, error = db.session(), NewCohortForm(), None
    branches = queries.list_branches(session, actor=current_actor())
    editions = list_published_editions(session)
    form.offer(editions, branches)
    if branches and editions and form.submitted():
        try:
            return _create(form)
        except Invalid as refused:
            error = refused
    return show_form("cohorts/create.html", form, error, branches=branches, editions=editions)


def _create(form: NewCohortForm) -> Response:
    session, actor_id, now = db.session(), current_actor().user_id, utc_now()
    cohort = services.create_cohort(
        session,
        actor_id,
        branch_id=form.branch_id.data,
        edition_id=form.edition_id.data,
        now=now,
        **form.values(),
    )
    if form.has_draft.data:
        timetable.draft_timetable(session, actor_id, cohort_id=cohort.id, now=now)
    cohort_id = cohort.id
    db.session.commit()
    flash(_("The cohort is there. Next: its participants."), "success")
    return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)


def show(cohort_id: int) -> str:
    """Show a cohort: head figures, timetable, people."""
    session = db.session()
    cohort = queries.get_cohort(session, cohort_id, actor=current_actor())
    rows = queries.list_people(session, cohort_id, after=_after())
    page = rows[:PEOPLE_PAGE_SIZE]
    return render_template(
        "cohorts/show.html",
        cohort=cohort,
        figures=queries.count_people(session, cohort_id),
        days=group_by_day(queries.list_sessions(session, cohort_id), cohort.time_zone),
        people=page,
        is_first=not request.args.get("setelah"),
        cards_per_file=MAX_CARDS,
        more_url=_more_url(cohort, page[-1]) if len(rows) > PEOPLE_PAGE_SIZE else None,
    )


def _more_url(cohort: Cohort, last: Enrolment) -> str:
    mark = f"{last.id}_{last.name_folded}"
    return url_for("cohorts.show", cohort_id=cohort.id, setelah=mark, _anchor="people")


def _after() -> tuple[str, int] | None:
    number, _mark, name = request.args.get("setelah", "").partition("_")
    try:
        return name.replace("\0", "")[:200], _small(number)
    except ValueError:
        return None


def change(cohort_id: int) -> Response:
    """Correct name, place, zone or days."""
    cohort, error = queries.get_cohort(db.session(), cohort_id, actor=current_actor()), None
    form = CohortForm(obj=cohort)
    if form.submitted():
        try:
            services.change_cohort(
                db.session(), current_actor().user_id, cohort_id=cohort_id, now=utc_now(), **form.values()
            )
        except Invalid as refused:
            db.session.rollback()
            error = refused
        else:
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for("cohorts.show", cohort_id=cohort_id), 303)
    return show_form("cohorts/change.html", form, error, cohort=cohort)
