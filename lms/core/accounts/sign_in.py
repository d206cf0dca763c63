"""Pages of signing in: password, second factor, forgotten password, signing out."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts import services, sessions, totp
from lms.core.accounts.actor import Actor
from lms.core.accounts.forms import (
    CodeForm,
    FirstPasswordForm,
    NewPasswordForm,
    RecoveryForm,
    SignInForm,
    show_error,
)
from lms.core.accounts.guard import current_actor, find_actor
from lms.core.accounts.login import (
    empty_cookie,
    record_failure,
    reserve_try,
    settle_try,
    tidy_up,
    user_agent,
    welcome,
)
from lms.core.accounts.logins import fold_login, read_login
from lms.core.accounts.models import User
from lms.core.accounts.passwords import check_password, hash_password, needs_rehash, verify_password
from lms.core.accounts.policies import session_end
from lms.core.accounts.queries import Credentials, find_credentials, find_reset_user, get_user
from lms.core.accounts.second_factor import accept_code, accept_recovery_code
from lms.core.accounts.throttle import Reservation
from lms.core.accounts.vault import Vault
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, LmsError, NotFound, TooMany
from lms.core.forms import BaseForm
from lms.core.web.preferences import safe_target

RESET = "reset"
"""Where the browser's cookie keeps a one-time token, so that it leaves the address."""


def show_form(template: str, form: BaseForm, error: LmsError | None = None, **values: object) -> Response:
    """Return the page of a form: 200, 409 or 422 with what is wrong, or 429 with how long to wait."""
    if error is not None:
        # A service may have refused inside its write transaction: no page is made under its lock.
        db.session.rollback()
    if isinstance(error, TooMany | Conflict):
        form.form_errors.append(str(error.message))
    elif isinstance(error, Invalid):
        show_error(form, error)
    response = make_response(render_template(template, form=form, **values))
    response.status_code = error.status if error else 422 if form.errors else 200
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def sign_in() -> Response:
    """Ask for login and password, or for the card."""
    target, actor = safe_target(request.args.get("next")), find_actor()
    if request.method == "GET" and actor is not None and (way := _way_on(actor, target)):
        return redirect(way, 303)
    form, error = SignInForm(), None
    if form.submitted():
        try:
            return _sign_in(form, target, actor)
        except (Invalid, TooMany) as refused:
            error = refused
    return show_form("accounts/sign_in.html", form, error, target=target)


def _way_on(actor: Actor, target: str) -> str | None:
    """Return where somebody already signed in goes from here; None stays, to sign in afresh."""
    if actor.is_staff and actor.has_second_factor and not actor.showed_second_factor:
        return code_page(target)
    return "/" if target == "/" else None


def _sign_in(form: SignInForm, target: str, actor: Actor | None) -> Response:
    """Open a session for a right password.

    Raises:
        Invalid: login and password do not belong together; one text for every reason.
        TooMany: this account or address must wait.
    """
    login, password = fold_login(form.login.data or ""), form.password.data or ""
    tried = reserve_try("login", login)
    credentials, new_hash = _prove(login, password)
    token = _open(credentials, new_hash, tried, actor)
    if credentials.is_staff:
        # A few times a day is often enough.
        tidy_up()
    return welcome(token, _first_page(credentials, target), what="login", whom=login)


def _prove(login: str, password: str) -> tuple[Credentials, str | None]:
    """Return the account, and its password hashed anew if that is due; outside of any transaction."""
    credentials = find_credentials(db.session(), login)
    db.session.rollback()
    stored = credentials.password_hash if credentials else None
    if not verify_password(stored, password) or credentials is None or stored is None:
        record_failure("password", user_id=credentials.user_id if credentials else None)
        raise _wrong()
    return credentials, hash_password(password) if needs_rehash(stored) else None


def _wrong() -> Invalid:
    return Invalid(_("E-mail, number or password is not right. Check them and try again."))


def _open(
    credentials: Credentials, new_hash: str | None, tried: list[Reservation], actor: Actor | None
) -> str:
    database, now = db.session(), utc_now()
    days = current_app.config["SESSION_DAYS"]
    try:
        token = sessions.open_password_session(
            database,
            credentials.user_id,
            seen_hash=credentials.password_hash or "",
            new_hash=new_hash,
            now=now,
            user_agent=user_agent(),
            expires_at=session_end(credentials.role, now=now, days=days),
        )
    except Conflict as error:
        raise _wrong() from error
    settle_try(database, tried)
    if actor is not None:
        sessions.end_session(database, actor.session_id)
    db.session.commit()
    return token


def _first_page(credentials: Credentials, target: str) -> str:
    if not credentials.is_staff:
        return target
    if credentials.has_second_factor:
        return code_page(target)
    return url_for("accounts.enrol_second_factor")


def code_page(target: str) -> str:
    """Return where the code of the app is asked for, on the way to ``target``."""
    return url_for("accounts.enter_code", next=None if target == "/" else target)


def enter_code() -> Response:
    """Ask for the code of the app."""
    actor, target = current_actor(), safe_target(request.args.get("next"))
    if actor.showed_second_factor or not actor.has_second_factor:
        return redirect(target, 303)
    form, error = CodeForm(), None
    if form.submitted():
        try:
            return _accept_code(actor, form.code.data or "", target)
        except (Invalid, TooMany) as refused:
            error = refused
    return show_form("accounts/enter_code.html", form, error, target=target)


def _accept_code(actor: Actor, code: str, target: str) -> Response:
    tried = reserve_try("code", str(actor.user_id))
    now = utc_now()
    counter = totp.find_counter(open_secret(actor.user_id), code, now=now)
    if counter is None:
        record_failure("code", user_id=actor.user_id)
        raise Invalid(
            _("This code is not right. Wait for the next one, and check the clock of the phone."),
            field="code",
        )
    accept_code(db.session(), actor.user_id, counter=counter, session_id=actor.session_id, now=now)
    settle_try(db.session(), tried)
    db.session.commit()
    return redirect(target, 303)


def vault() -> Vault:
    """Return the vault of this installation."""
    return Vault(current_app.config["VAULT_KEY"])


def open_secret(user_id: int) -> str:
    """Return a person's second-factor secret; leaves no transaction open.

    Raises:
        Invalid: it was sealed with another key, for example of another installation.
    """
    sealed = get_user(db.session(), user_id).totp_secret
    db.session.rollback()
    secret = vault().unseal(sealed or "")
    if secret is None:
        raise Invalid(_("The second factor cannot be read on this machine. An admin can reset it."))
    return secret


def enter_recovery_code() -> Response:
    """Ask for a recovery code instead."""
    actor, target = current_actor(), safe_target(request.args.get("next"))
    if actor.showed_second_factor or not actor.has_second_factor:
        return redirect(target, 303)
    form, error = RecoveryForm(), None
    if form.submitted():
        try:
            return _accept_recovery_code(actor, form.code.data or "")
        except (Invalid, TooMany) as refused:
            error = refused
    return show_form("accounts/enter_recovery_code.html", form, error, target=target)


def _accept_recovery_code(actor: Actor, code: str) -> Response:
    tried = reserve_try("recovery", str(actor.user_id))
    digest = vault().digest(code)
    try:
        accept_recovery_code(
            db.session(), actor.user_id, digest=digest, session_id=actor.session_id, now=utc_now()
        )
    except Invalid:
        db.session.rollback()
        record_failure("recovery", user_id=actor.user_id)
        raise
    settle_try(db.session(), tried)
    db.session.commit()
    flash(
        _("That recovery code is used up. If the phone is lost, set up the second factor on another one."),
        "info",
    )
    return redirect(url_for("accounts.profile"), 303)


def sign_out() -> Response:
    """End this session, here and on the server."""
    actor = find_actor()
    if actor is not None:
        sessions.end_session(db.session(), actor.session_id)
        db.session.commit()
    empty_cookie()
    flash(_("You are signed out."), "success")
    response = redirect(url_for("accounts.sign_in"), 303)
    # Never "storage": answers that wait to be sent live there.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def forgot_password() -> str:
    """Say who helps."""
    return render_template("accounts/forgot_password.html")


def open_reset(token: str) -> Response:
    """Take a one-time token out of the address, so that it stays out of history, logs and Referer."""
    session[RESET] = token
    response = redirect(url_for("accounts.choose_password"), 303)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def choose_password() -> Response:
    """Let the holder of a one-time token set a password."""
    token = str(session.get(RESET, ""))
    user = find_reset_user(db.session(), token, now=utc_now())
    if user is None:
        return make_response(render_template("accounts/reset_over.html"), 404)
    form, error = (NewPasswordForm() if user.login else FirstPasswordForm()), None
    if form.submitted():
        try:
            return _reset(form, token, user)
        except (Invalid, NotFound) as refused:
            error = refused
    if isinstance(error, NotFound):
        return make_response(render_template("accounts/reset_over.html"), 404)
    return show_form("accounts/choose_password.html", form, error, user=user)


def _reset(form: NewPasswordForm, token: str, user: User) -> Response:
    login, name = chosen_login(form) or user.login, user.name
    password = form.password.data or ""
    db.session.rollback()
    check_password(password, about=[name, login or ""])
    password_hash = hash_password(password)
    services.use_password_reset(db.session(), token, password_hash=password_hash, login=login, now=utc_now())
    db.session.commit()
    empty_cookie()
    flash(_("Your new password is set. Sign in with it now."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def chosen_login(form: NewPasswordForm) -> str | None:
    """Return the login chosen together with a first password, folded; None where the form asks for none.

    Raises:
        Invalid: it is neither e-mail nor telephone number.
    """
    return read_login(form.login.data or "") if isinstance(form, FirstPasswordForm) else None
