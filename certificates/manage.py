"""The organiser's pages: who of a cohort has a certificate, taking one back, correcting a name.

They belong to the blueprint of `certificates.views`, which lets in organisers only.
"""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from certificates import queries, services
from certificates.forms import CorrectionForm, RevokeForm
from certificates.models import Certificate
from certificates.paper import render_papers
from certificates.record import read_record
from certificates.services import Reason
from certificates.views import bp
from courses.cohorts.queries import get_cohort
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, NotFound
from lms.core.web.arguments import read_id

ResponseOrPage = Response | str | tuple[str, int]


@bp.get("/angkatan/<int:cohort_id>/sertifikat")
def cohort(cohort_id: int) -> str:
    """Show everybody of a cohort with certificate, or with what is missing for one."""
    session = db.session()
    cohort = get_cohort(session, cohort_id, actor=current_actor())
    rows = queries.list_of_cohort(session, cohort_id, after=_after(cohort_id))
    shown = rows[: queries.PAGE_SIZE]
    return render_template(
        "certificates/cohort.html",
        cohort=cohort,
        rows=shown,
        next_url=_next_url(cohort_id, shown) if len(rows) > len(shown) else "",
        counts=queries.count_of_cohort(session, cohort),
    )


@bp.get("/angkatan/<int:cohort_id>/sertifikat.pdf")
def cohort_pdf(cohort_id: int) -> Response:
    """Send all standing certificates of a cohort as one PDF to print, 30 in one file."""
    cohort = get_cohort(db.session(), cohort_id, actor=current_actor())
    part = request.args.get("bagian", 1, type=int)
    rows = queries.list_valid(db.session(), cohort_id, part=part) if part >= 1 else []
    if not rows:
        raise NotFound
    records = [read_record(row.record) for row in rows]
    title = f"Sertifikat – {cohort.name}"
    db.session.remove()  # nothing is held while a PDF is made
    body = render_papers(records, title=title, base_url=current_app.config["BASE_URL"])
    response = make_response(body)
    response.content_type = "application/pdf"
    name = f"sertifikat-angkatan-{cohort_id}-{part}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.post("/angkatan/<int:cohort_id>/sertifikat")
def repair(cohort_id: int) -> Response:
    """Issue what completed people of a cohort lack."""
    actor = current_actor()
    get_cohort(db.session(), cohort_id, actor=actor)
    count = services.issue_missing(db.session(), actor.user_id, cohort_id=cohort_id, now=utc_now())
    db.session.commit()
    flash(ngettext("%(num)d certificate issued.", "%(num)d certificates issued.", count), "success")
    return redirect(url_for("certificates.cohort", cohort_id=cohort_id), 303)


@bp.route("/sertifikat/<int:certificate_id>/cabut", methods=["GET", "POST"])
def revoke(certificate_id: int) -> ResponseOrPage:
    """Take a certificate back, with a reason strangers will read."""
    certificate = _standing(certificate_id)
    form = RevokeForm()
    if form.submitted():
        services.revoke(
            db.session(),
            current_actor().user_id,
            certificate_id=certificate_id,
            reason=Reason(form.reason.data),
            note=form.note.data or "",
            now=utc_now(),
        )
        db.session.commit()
        flash(_("The certificate is revoked. Its page says so from now on."), "success")
        return redirect(url_for("certificates.cohort", cohort_id=certificate.cohort_id), 303)
    record = read_record(certificate.record)
    page = render_template("certificates/revoke.html", certificate=certificate, record=record, form=form)
    return (page, 422) if form.errors else page


@bp.route("/sertifikat/<int:certificate_id>/koreksi", methods=["GET", "POST"])
def correct(certificate_id: int) -> ResponseOrPage:
    """Correct name or organisation: first shown side by side, then a new certificate replaces the old."""
    certificate = _standing(certificate_id)
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
    services.reissue(
        db.session(),
        current_actor().user_id,
        certificate_id=certificate.id,
        name=form.name.data or "",
        organisation=form.organisation.data or "",
        now=utc_now(),
    )
    db.session.commit()
    flash(_("A corrected certificate has replaced the old one."), "success")
    return redirect(url_for("certificates.cohort", cohort_id=certificate.cohort_id), 303)


def _standing(certificate_id: int) -> Certificate:
    certificate = queries.get_for_staff(db.session(), certificate_id, actor=current_actor())
    if certificate.state != "valid":
        raise Conflict(_("This certificate no longer stands: it was replaced or revoked."))
    return certificate


def _after(cohort_id: int) -> tuple[bool, str, int] | None:
    """Return the place in the list the page goes on from.

    Raises:
        NotFound: the address names a person who is not there.
    """
    if "setelah" not in request.args:
        return None
    enrolment_id = read_id("setelah")
    place = enrolment_id and queries.find_place(db.session(), enrolment_id, cohort_id=cohort_id)
    if not place:
        raise NotFound
    return place


def _next_url(cohort_id: int, rows: list[queries.CohortRow]) -> str:
    return url_for("certificates.cohort", cohort_id=cohort_id, setelah=rows[-1].enrolment.id)
