"""The organiser's pages: who of a cohort has a certificate, its life story, correcting a name.

They belong to the blueprint of `certificates.views`, which lets in organisers only.
"""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from certificates import batches, queries, services
from certificates.checking.verdict import standing_of
from certificates.cohort_list import PAGE_SIZE, CohortRow, count_of_cohort, find_place, list_of_cohort
from certificates.cohort_table import why_none
from certificates.forms import CorrectionForm
from certificates.models import Certificate
from certificates.record import read_record
from certificates.views import bp
from courses.cohorts.queries import get_cohort, get_enrolment
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, NotFound
from lms.core.web.arguments import read_id

ResponseOrPage = Response | str | tuple[str, int]


@bp.get("/angkatan/<int:cohort_id>/sertifikat")
def cohort(cohort_id: int) -> str:
    """Show everybody of a cohort with certificate, or with what is missing for one."""
    session, now = db.session(), utc_now()
    cohort = get_cohort(session, cohort_id, actor=current_actor())
    rows = list_of_cohort(session, cohort, after=_after(cohort_id))
    shown = rows[:PAGE_SIZE]
    return render_template(
        "certificates/cohort.html",
        cohort=cohort,
        rows=shown,
        standings={row.enrolment.id: _standing(row.certificate, now) for row in shown if row.certificate},
        next_url=_next_url(cohort_id, shown) if len(rows) > len(shown) else "",
        counts=count_of_cohort(session, cohort_id),
        batches=batches.list_newest(session, cohort_id),
        why_none=why_none,
    )


@bp.post("/angkatan/<int:cohort_id>/sertifikat")
def repair(cohort_id: int) -> Response:
    """Issue what completed people of a cohort lack."""
    actor = current_actor()
    get_cohort(db.session(), cohort_id, actor=actor)
    count = services.issue_missing(db.session(), actor.user_id, cohort_id=cohort_id, now=utc_now())
    db.session.commit()
    flash(ngettext("%(num)d certificate issued.", "%(num)d certificates issued.", count), "success")
    return redirect(url_for("certificates.cohort", cohort_id=cohort_id), 303)


@bp.get("/angkatan/<int:cohort_id>/peserta/<int:enrolment_id>/sertifikat")
def of_person(cohort_id: int, enrolment_id: int) -> Response:
    """Lead from somebody's page to the story of their certificate, or to what is missing for one."""
    session = db.session()
    get_enrolment(session, enrolment_id, cohort_id=cohort_id, actor=current_actor())
    certificate = queries.find_newest(session, enrolment_id)
    if certificate is not None:
        return redirect(url_for("certificates.story", certificate_id=certificate.id), 303)
    return redirect(url_for("certificates.cohort", cohort_id=cohort_id), 303)


@bp.get("/sertifikat/<int:certificate_id>/riwayat")
def story(certificate_id: int) -> str:
    """Show what became of a certificate, who did it and why, and what can be done."""
    certificate = queries.get_for_staff(db.session(), certificate_id, actor=current_actor())
    return render_template(
        "certificates/story.html",
        certificate=certificate,
        record=read_record(certificate.record),
        standing=_standing(certificate, utc_now()),
        people=queries.list_names(db.session(), [event.actor_id for event in certificate.events]),
        kin=queries.list_kin(db.session(), certificate),
    )


@bp.route("/sertifikat/<int:certificate_id>/koreksi", methods=["GET", "POST"])
def correct(certificate_id: int) -> ResponseOrPage:
    """Correct name or organisation: first shown side by side, then a new certificate replaces the old."""
    certificate = queries.get_for_staff(db.session(), certificate_id, actor=current_actor())
    if certificate.state != "valid":
        raise Conflict(_("Only a certificate that is valid can be corrected. Look at how it stands now."))
    before = read_record(certificate.record)
    form = CorrectionForm(name=before.holder.name, organisation=before.holder.organisation)
    is_right = form.submitted()
    if is_right and request.form.get("confirm") == "1":
        return _reissue(certificate, form)
    page = render_template(
        "certificates/correct.html", certificate=certificate, record=before, form=form, is_preview=is_right
    )
    return (page, 422) if form.errors else page


def _reissue(certificate: Certificate, form: CorrectionForm) -> Response:
    new = services.reissue(
        db.session(),
        current_actor().user_id,
        certificate_id=certificate.id,
        name=form.name.data or "",
        organisation=form.organisation.data or "",
        now=utc_now(),
    )
    new_id = new.id
    db.session.commit()
    flash(_("A corrected certificate has replaced the old one."), "success")
    return redirect(url_for("certificates.story", certificate_id=new_id), 303)


def _standing(certificate: Certificate, now: datetime) -> str:
    return standing_of(certificate, read_record(certificate.record), now=now).value


def _after(cohort_id: int) -> tuple[bool, str, int] | None:
    """Return the place in the list the page goes on from.

    Raises:
        NotFound: the address names a person who is not there.
    """
    if "setelah" not in request.args:
        return None
    enrolment_id = read_id("setelah")
    place = enrolment_id and find_place(db.session(), enrolment_id, cohort_id=cohort_id)
    if not place:
        raise NotFound
    return place


def _next_url(cohort_id: int, rows: list[CohortRow]) -> str:
    return url_for("certificates.cohort", cohort_id=cohort_id, setelah=rows[-1].enrolment.id)
