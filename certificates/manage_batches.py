"""The organiser's pages for all certificates of a cohort: sign, fetch, print, issue anew; and how far it is.

They belong to the blueprint of `certificates.views`, which lets in organisers only.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import (
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from certificates import batches, queries, renewing
from certificates.batches import Kind
from certificates.cohort_list import list_of_cohort
from certificates.cohort_table import certificate_table
from certificates.forms import RenewalForm
from certificates.models import Certificate, CertificateBatch
from certificates.record import read_record
from certificates.views import bp
from certificates.zips import write_zip
from courses.cohorts.exports import as_csv
from courses.cohorts.queries import get_cohort
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.files import read_file

LOOK_AGAIN_SECONDS = 4
"""How often the page of a batch looks by itself; without scripts, too."""
NAMES_SHOWN = 20
"""People listed by name before all of a cohort are issued anew."""


@bp.post("/angkatan/<int:cohort_id>/sertifikat/pekerjaan")
def start_batch(cohort_id: int) -> BaseResponse:
    """Have all files signed, or one PDF made for the printer."""
    session, actor = db.session(), current_actor()
    get_cohort(session, cohort_id, actor=actor)
    try:
        kind = Kind(request.form.get("kind", ""))
    except ValueError:
        abort(400)
    if kind is Kind.REISSUE:
        abort(400)  # that one has a page of its own, with a look ahead
    ids = queries.list_standing_ids(session, cohort_id, only_unsigned=kind is Kind.PAPERS)
    return _ask(cohort_id, kind, ids)


@bp.get("/angkatan/<int:cohort_id>/sertifikat/pekerjaan/<int:batch_id>")
def batch(cohort_id: int, batch_id: int) -> BaseResponse:
    """Show how far it is; the page looks again by itself as long as something happens."""
    session, actor = db.session(), current_actor()
    cohort = get_cohort(session, cohort_id, actor=actor)
    progress = batches.get_progress(session, batch_id, cohort_id=cohort_id, actor=actor)
    fallen = _fallen(progress.batch, utc_now())
    page = make_response(
        render_template(
            "certificates/batch.html",
            cohort=cohort,
            progress=progress,
            failed=queries.list_failed(session, progress.batch.failed_ids),
            fallen=fallen,
            holders={row.id: read_record(row.record).holder.name for row in fallen},
        )
    )
    if progress.is_under_way:
        page.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return page


@bp.get("/angkatan/<int:cohort_id>/sertifikat/pekerjaan/<int:batch_id>/<int:part>.pdf")
def printed(cohort_id: int, batch_id: int, part: int) -> BaseResponse:
    """Send a PDF for the printer."""
    session, actor = db.session(), current_actor()
    progress = batches.get_progress(session, batch_id, cohort_id=cohort_id, actor=actor)
    files = progress.batch.files
    if not 1 <= part <= len(files):
        raise NotFound
    db.session.remove()
    name = f"sertifikat-angkatan-{cohort_id}" + (f"-{part}" if len(files) > 1 else "") + ".pdf"
    return _attached(read_file(_instance(), files[part - 1]), name, "application/pdf")


@bp.get("/angkatan/<int:cohort_id>/sertifikat.zip")
def cohort_zip(cohort_id: int) -> BaseResponse:
    """Send all signed files of a cohort, with the list of who has none and why."""
    session, now = db.session(), utc_now()
    cohort = get_cohort(session, cohort_id, actor=current_actor())
    papers = queries.list_papers(session, cohort_id)
    table = as_csv(certificate_table(list_of_cohort(session, cohort, limit=None), now=now))
    db.session.remove()  # nothing is held while it is sent
    body = write_zip(papers, table, instance=_instance(), now=now)
    return _attached(body, f"sertifikat-angkatan-{cohort_id}.zip", "application/zip")


@bp.route("/angkatan/<int:cohort_id>/sertifikat/terbit-ulang", methods=["GET", "POST"])
def renew(cohort_id: int) -> BaseResponse | str | tuple[str, int]:
    """Issue anew what says something else than what is written down now: first shown, then done."""
    session = db.session()
    cohort = get_cohort(session, cohort_id, actor=current_actor())
    outdated = renewing.list_outdated(session, cohort)
    form = RenewalForm()
    if outdated and form.submitted():
        return _ask(cohort_id, Kind.REISSUE, [row.certificate_id for row in outdated])
    page = render_template(
        "certificates/renew.html",
        cohort=cohort,
        outdated=outdated,
        changes=renewing.gather(outdated),
        shown=outdated[:NAMES_SHOWN],
        form=form,
    )
    return (page, 422) if form.errors else page


def _fallen(batch: CertificateBatch, now: datetime) -> list[Certificate]:
    """Return what must be taken out of the printed pile: it does not stand any more."""
    if not batch.files:
        return []
    return queries.list_fallen(db.session(), batch.certificate_ids, cohort_id=batch.cohort_id, now=now)


def _ask(cohort_id: int, kind: Kind, certificate_ids: list[int]) -> BaseResponse:
    asked = batches.ask(
        db.session(),
        current_actor().user_id,
        cohort_id=cohort_id,
        kind=kind,
        certificate_ids=certificate_ids,
        now=utc_now(),
    )
    batch_id = asked.id
    db.session.commit()
    flash(_("It is being done. You may leave this page; the work goes on."), "success")
    return redirect(url_for("certificates.batch", cohort_id=cohort_id, batch_id=batch_id), 303)


def _attached(body: object, name: str, content_type: str) -> Response:
    response = Response(body, content_type=content_type)  # type: ignore[arg-type]
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _instance() -> Path:
    return Path(current_app.config["INSTANCE"])
