"""All addresses of this room at one glance, and who may enter: closed by default."""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from lms.core.accounts import profile, sign_in
from lms.core.accounts.devices import describe_device
from lms.core.accounts.guard import check_second_factor, find_actor

bp = Blueprint("accounts", __name__)
bp.add_app_template_filter(describe_device, "device")

OPEN = {"sign_in", "sign_out", "forgot_password", "open_reset", "choose_password"}
"""For everybody."""
BEFORE_SECOND_FACTOR = {"enter_code", "enter_recovery_code", "enrol_second_factor"}
"""For whoever showed a password, but not yet a second factor."""

BOTH = ("GET", "POST")
for path, view, methods in (
    ("/masuk", sign_in.sign_in, BOTH),
    ("/masuk/kode", sign_in.enter_code, BOTH),
    ("/masuk/kode-cadangan", sign_in.enter_recovery_code, BOTH),
    ("/keluar", sign_in.sign_out, ("POST",)),
    ("/lupa-sandi", sign_in.forgot_password, ("GET",)),
    ("/sandi/<string(maxlength=100):token>", sign_in.open_reset, ("GET",)),
    ("/sandi", sign_in.choose_password, BOTH),
    ("/akun", profile.profile, ("GET",)),
    ("/akun/bahasa", profile.change_language, ("POST",)),
    ("/akun/sandi", profile.change_password, BOTH),
    ("/akun/alamat", profile.change_login, BOTH),
    ("/akun/kode", profile.enrol_second_factor, BOTH),
    ("/akun/kode-cadangan", profile.recovery_codes, BOTH),
    ("/akun/sesi", profile.end_session, ("POST",)),
    ("/akun/sesi-lain", profile.end_other_sessions, ("POST",)),
):
    bp.add_url_rule(path, view_func=view, methods=methods)


@bp.before_request
def _check() -> Response | None:
    name = (request.endpoint or "").rpartition(".")[2]
    if name in OPEN:
        return None
    actor = find_actor()
    if actor is None:
        target = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(url_for("accounts.sign_in", next=target), 303)
    return None if name in BEFORE_SECOND_FACTOR else check_second_factor(actor)
