"""The organiser's turns in a certificate's life: suspend, reinstate, revoke, each with a look ahead first.

They belong to the blueprint of `certificates.views`, which lets in organisers only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from certificates import life, queries
from certificates.checking.verdict import Finding, Verdict
from certificates.forms import ReinstateForm, RevokeForm, SuspendForm
from certificates.happenings import STANDING
from certificates.models import Certificate
from certificates.reasons import Reason, ReinstatementReason, SuspensionReason
from certificates.record import read_record
from certificates.views import bp
from lms.core.accounts.guard import current_actor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict

ResponseOrPage = Response | str | tuple[str, int]
AnyForm = RevokeForm | SuspendForm | ReinstateForm


@dataclass(frozen=True)
class Turn:
    """A turn in a certificate's life as its page asks for it."""

    template: str
    # States it can be taken from.
    before: tuple[str, ...]
    form: type[AnyForm]
    # What strangers will read.
    verdict: Verdict
    reason: Callable[[str], Any]
    # The service that does it.
    do: Callable[..., Certificate]


REVOKE = Turn("certificates/revoke.html", STANDING, RevokeForm, Verdict.REVOKED, Reason, life.revoke)
SUSPEND = Turn(
    "certificates/suspend.html", ("valid",), SuspendForm, Verdict.SUSPENDED, SuspensionReason, life.suspend
)
REINSTATE = Turn(
    "certificates/reinstate.html",
    ("suspended",),
    ReinstateForm,
    Verdict.VALID,
    ReinstatementReason,
    life.reinstate,
)


@bp.route("/sertifikat/<int:certificate_id>/cabut", methods=["GET", "POST"])
def revoke(certificate_id: int) -> ResponseOrPage:
    """Take a certificate back for good, with a reason strangers will read."""
    done = _("The certificate is revoked. Its page says so from now on.")
    return _take(REVOKE, certificate_id, done=done)


@bp.route("/sertifikat/<int:certificate_id>/tangguhkan", methods=["GET", "POST"])
def suspend(certificate_id: int) -> ResponseOrPage:
    """Let a certificate not count until something is cleared up, with a reason strangers will read."""
    done = _("The certificate is suspended. Its page says so from now on.")
    return _take(SUSPEND, certificate_id, done=done)


@bp.route("/sertifikat/<int:certificate_id>/pulihkan", methods=["GET", "POST"])
def reinstate(certificate_id: int) -> ResponseOrPage:
    """Let a suspended certificate count again."""
    return _take(REINSTATE, certificate_id, done=_("The certificate counts again."))


def _take(turn: Turn, certificate_id: int, *, done: str) -> ResponseOrPage:
    certificate = queries.get_for_staff(db.session(), certificate_id, actor=current_actor())
    if certificate.state not in turn.before:
        raise Conflict(_("Meanwhile something else became of this certificate. Look at how it stands now."))
    form, now = turn.form(), utc_now()
    is_right = form.submitted()
    if is_right and request.form.get("confirm") == "1":
        return _do(turn, certificate_id, form, now=now, done=done)
    page = render_template(
        turn.template,
        certificate=certificate,
        record=read_record(certificate.record),
        form=form,
        preview=_foresee(turn, certificate, form, now=now) if is_right else None,
    )
    return (page, 422) if form.errors else page


def _do(turn: Turn, certificate_id: int, form: AnyForm, *, now: datetime, done: str) -> Response:
    turn.do(
        db.session(),
        current_actor().user_id,
        certificate_id=certificate_id,
        reason=turn.reason(form.reason.data),
        note=form.note.data or "",
        now=now,
    )
    db.session.commit()
    flash(done, "success")
    return redirect(url_for("certificates.story", certificate_id=certificate_id), 303)


def _foresee(turn: Turn, certificate: Certificate, form: AnyForm, *, now: datetime) -> Finding:
    """Return what strangers will be told."""
    record = read_record(certificate.record)
    return Finding(
        turn.verdict, record=record, changed_at=now, reason=form.reason.data, time_zone=record.run.time_zone
    )
