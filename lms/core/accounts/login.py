"""Flask-Login over the table of sessions; what a browser is remembered by."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Flask, current_app, g, redirect, request, session
from flask_login import LoginManager, login_user
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.core.accounts import throttle
from lms.core.accounts.actor import Actor
from lms.core.accounts.guard import find_actor
from lms.core.accounts.queries import find_signed_in
from lms.core.accounts.services import sweep
from lms.core.accounts.sessions import SEEN_SECONDS, see_session
from lms.core.accounts.throttle import Guess, Reservation
from lms.core.audit.services import record
from lms.core.clock import utc_now
from lms.core.db import db, own_transaction

log = logging.getLogger(__name__)
login_manager = LoginManager()

SEEN_SECONDS_OF = {"attempts.save": 240}
"""Answer saves are many and must stay cheap: they write down less often that the session is in use, yet
often enough for somebody at a long quiz to count as being here."""
NOT_PAGES = {"asset_file", "service_worker", "health.healthz"}
PERSON = "X-Person"
"""Says with every page whose it is, 0 for nobody's: a device keeps pages for one person."""
KEPT = ("locale", "theme")
"""What stays in the browser's cookie when somebody signs in or out."""
DEVICE_DAYS = 180
DEVICE_ACCOUNTS = 5
"""Accounts one device is remembered for."""


def init_app(app: Flask) -> None:
    """Read the session cookie before every page."""
    login_manager.init_app(app)
    # Phones change their address between two requests: no session is tied to one, and none is reckoned.
    login_manager.session_protection = None
    login_manager._session_identifier_generator = lambda: None
    login_manager.user_loader(_load)
    # The row says how long a session lasts; sending the cookie again each time would cost 250 bytes a save.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.before_request(_recognise)
    app.after_request(_say_whose)


def _recognise() -> None:
    """Load who is signed in first of all: later, a write transaction of the view could be open."""
    if request.endpoint not in NOT_PAGES:
        find_actor()


def _say_whose(response: Response) -> Response:
    user = g.get("_login_user")
    if user is not None and response.mimetype == "text/html":
        response.headers[PERSON] = str(user.user_id) if user.is_authenticated else "0"
    return response


def _load(token: str) -> Actor | None:
    if g.get("database_is_gone"):
        return None
    now = utc_now()
    try:
        found = find_signed_in(
            db.session(), token=token, now=now, idle_minutes=current_app.config["SESSION_IDLE_MINUTES"]
        )
    except (OperationalError, InterfaceError, PoolTimeout):
        # The error page asks who is signed in, too.
        g.database_is_gone = True
        raise
    if found is None:
        return None
    g.account_locale = found.actor.locale
    pause = SEEN_SECONDS_OF.get(request.endpoint or "", SEEN_SECONDS)
    if (now - found.last_seen_at).total_seconds() >= pause:
        _see(found.actor.session_id, now)
    return found.actor


def _see(session_id: str, now: datetime) -> None:
    try:
        with own_transaction() as own:
            see_session(own, session_id, now=now)
    except OperationalError:
        log.warning("could not write down that a session is in use")


def tidy_up() -> None:
    """Delete sessions, one-time tokens and failures that have run out; a busy database is left alone."""
    try:
        with own_transaction() as own:
            sweep(own, now=utc_now())
    except OperationalError:
        log.warning("could not delete what has run out")


def sign_in_browser(token: str) -> None:
    """Give this browser a committed session; of its old cookie only language and colours stay."""
    empty_cookie()
    session.permanent = True
    found = find_signed_in(
        db.session(), token=token, now=utc_now(), idle_minutes=current_app.config["SESSION_IDLE_MINUTES"]
    )
    if found is not None:
        login_user(found.actor)


def empty_cookie() -> None:
    """Drop what the browser's cookie holds, but language and colours."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)


def user_agent() -> str:
    """Return what the browser calls itself."""
    return request.headers.get("User-Agent", "")[:200]


def reserve_try(what: str, whom: str, **patience: Any) -> list[Reservation]:
    """Count a try to prove to be ``whom`` as failed, in a transaction of its own, until it proves right.

    A device on which this account signed in before is counted by itself: strangers who guess elsewhere, or
    a whole hall behind one address, cannot keep the owner out.

    Raises:
        TooMany: the account or the address must wait first.
    """
    device = _known_device(f"{what} {whom}")
    if device is not None:
        guesses = [Guess(throttle.key_of(f"{what}-device", f"{device} {whom}"), **patience)]
    else:
        guesses = [
            Guess(throttle.key_of(what, whom), **patience),
            throttle.address_guess(request.remote_addr),
        ]
    with own_transaction() as own:
        return throttle.reserve(own, guesses, now=utc_now())


def settle_try(database: Session, reservations: Sequence[Reservation]) -> None:
    """Take a try that was right out of the count and forget the account's earlier failures.

    Part of the transaction that uses what was proved.
    """
    shared = [one for one in reservations if one.key.startswith("address:")]
    throttle.give_back(database, shared)
    for reservation in reservations:
        if reservation not in shared:
            throttle.forget(database, reservation.key)


def record_failure(via: str, *, user_id: int | None) -> None:
    """Leave a trace of a failed try in the audit log, without what was typed."""
    with own_transaction() as own:
        record(
            own, "sign_in.failed", at=utc_now(), actor_id=None, object_type="user", object_id=user_id, via=via
        )


def welcome(token: str, target: str, *, what: str, whom: str) -> Response:
    """Give this browser a committed session, remember the device, and go on to ``target``."""
    sign_in_browser(token)
    return remember_device(redirect(target, 303), what, whom)


def remember_device(response: Response, what: str, whom: str) -> Response:
    """Remember that ``whom`` signed in on this device; the signed cookie opens nothing by itself."""
    device, names = _read_device()
    name = throttle.key_of("", f"{what} {whom}")[1:17]
    names = [name, *(other for other in names if other != name)][:DEVICE_ACCOUNTS]
    response.set_cookie(
        _device_cookie(),
        _serializer().dumps([device, names]),
        max_age=DEVICE_DAYS * 86_400,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _known_device(account: str) -> str | None:
    device, names = _read_device()
    return device if throttle.key_of("", account)[1:17] in names else None


def _read_device() -> tuple[str, list[str]]:
    try:
        device, names = _serializer().loads(request.cookies.get(_device_cookie(), ""))
    except (BadSignature, ValueError, TypeError):
        return secrets.token_urlsafe(12), []
    return str(device), [str(name) for name in names]


def _device_cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="device")
