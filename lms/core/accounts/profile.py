"""Pages of a person's own account: ways to sign in, second factor, open browsers."""

from __future__ import annotations

import segno
from flask import current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from werkzeug.wrappers import Response

from lms.core.accounts import second_factor, services, sessions, totp
from lms.core.accounts.actor import Actor
from lms.core.accounts.forms import (
    ChangeLoginForm,
    ChangePasswordForm,
    EnrolForm,
    FirstPasswordForm,
    LanguageForm,
    NewPasswordForm,
)
from lms.core.accounts.guard import current_actor, require_fresh
from lms.core.accounts.login import record_failure, reserve_try, settle_try
from lms.core.accounts.logins import read_login
from lms.core.accounts.models import User
from lms.core.accounts.passwords import check_password, hash_password, verify_password
from lms.core.accounts.queries import get_account, get_user, list_sessions
from lms.core.accounts.sign_in import chosen_login, show_form, vault
from lms.core.accounts.throttle import Reservation
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid, SecondFactorMissing, TooMany
from lms.core.forms import EmptyForm
from lms.core.i18n import language

ENROL_SECONDS = 3600
"""So long somebody may take to set up an app."""


def profile() -> Response:
    """Show how one signs in, where one is signed in, and the language."""
    return _show_profile(LanguageForm(locale=language()))


def _show_profile(form: LanguageForm) -> Response:
    actor, database = current_actor(), db.session()
    return show_form(
        "accounts/profile.html",
        form,
        account=get_account(database, actor.user_id),
        sessions=list_sessions(database, actor.user_id, now=utc_now()),
    )


def change_language() -> Response:
    """Keep the language with the account; what was chosen for this browser only is forgotten."""
    form = LanguageForm()
    if not form.submitted():
        return _show_profile(form)
    services.change_language(db.session(), current_actor().user_id, locale=form.locale.data, now=utc_now())
    db.session.commit()
    session.pop("locale", None)
    g.account_locale = form.locale.data
    refresh()
    flash(_("From now on this language greets you on every device."), "success")
    return redirect(url_for("accounts.profile"), 303)


def end_session() -> Response:
    """End one of one's own sessions."""
    actor = current_actor()
    sessions.end_session(db.session(), request.form.get("session", ""), user_id=actor.user_id)
    db.session.commit()
    flash(_("That device is signed out."), "success")
    return redirect(url_for("accounts.profile"), 303)


def end_other_sessions() -> Response:
    """End all of one's own sessions but this one."""
    actor = current_actor()
    sessions.end_sessions_of(db.session(), actor.user_id, but=actor.session_id)
    db.session.commit()
    flash(_("All other devices are signed out."), "success")
    return redirect(url_for("accounts.profile"), 303)


def change_password() -> Response:
    """Set a password of one's own; where there is one already, it is asked for."""
    actor = current_actor()
    require_fresh(actor, now=utc_now())
    user = get_user(db.session(), actor.user_id)
    form = _password_form(user)
    error = None
    if form.submitted():
        try:
            return _change_password(form, actor, user)
        except (Invalid, TooMany) as refused:
            error = refused
    return show_form("accounts/change_password.html", form, error, user=user)


def _password_form(user: User) -> NewPasswordForm:
    if user.password_hash is not None:
        return ChangePasswordForm()
    return FirstPasswordForm() if user.login is None else NewPasswordForm()


def _change_password(form: NewPasswordForm, actor: Actor, user: User) -> Response:
    name, stored, login = user.name, user.password_hash, chosen_login(form) or user.login
    db.session.rollback()
    tried: list[Reservation] = []
    if isinstance(form, ChangePasswordForm):
        tried = _prove_old(actor, stored, form.old.data or "")
    password = form.password.data or ""
    check_password(password, about=[name, login or ""])
    password_hash = hash_password(password)
    database = db.session()
    services.change_password(
        database,
        actor.user_id,
        password_hash=password_hash,
        login=login,
        keep=actor.session_id,
        now=utc_now(),
    )
    settle_try(database, tried)
    db.session.commit()
    flash(_("Your password is set. Other devices are signed out."), "success")
    return redirect(url_for("accounts.profile"), 303)


def _prove_old(actor: Actor, stored: str | None, password: str) -> list[Reservation]:
    """Check the password somebody has until now; no transaction is open.

    Raises:
        Invalid: it is not right.
        TooMany: there were too many tries.
    """
    tried = reserve_try("old-password", str(actor.user_id))
    if not verify_password(stored, password):
        record_failure("old-password", user_id=actor.user_id)
        raise Invalid(_("This is not your password until now."), field="old")
    return tried


def change_login() -> Response:
    """Change the address or number one signs in with."""
    actor = current_actor()
    require_fresh(actor, now=utc_now())
    user = get_user(db.session(), actor.user_id)
    if user.password_hash is None:
        return redirect(url_for("accounts.change_password"), 303)
    form, error = ChangeLoginForm(), None
    if form.submitted():
        try:
            return _change_login(form, actor, user.password_hash)
        except (Invalid, TooMany) as refused:
            error = refused
    elif request.method == "GET":
        form.login.data = user.login
    return show_form("accounts/change_login.html", form, error, user=user)


def _change_login(form: ChangeLoginForm, actor: Actor, stored: str) -> Response:
    login = read_login(form.login.data or "")
    db.session.rollback()
    tried = _prove_old(actor, stored, form.old.data or "")
    # A login that is taken stays counted: nobody looks up a list of numbers here.
    services.change_login(db.session(), actor.user_id, login=login, now=utc_now())
    settle_try(db.session(), tried)
    db.session.commit()
    flash(_("From now on you sign in with %(login)s.", login=login), "success")
    return redirect(url_for("accounts.profile"), 303)


def enrol_second_factor() -> Response | str:
    """Set up an app for codes; the new secret travels sealed in the form until its first code is right."""
    actor, now = current_actor(), utc_now()
    if actor.has_second_factor and not actor.showed_second_factor:
        raise SecondFactorMissing
    require_fresh(actor, now=now)
    form, error = EnrolForm(), None
    secret = _sealed_secret(form, actor) or totp.make_secret()
    if form.submitted():
        try:
            return _enrol(form, actor, secret)
        except (Invalid, TooMany) as refused:
            error = refused
    form.sealed.data = vault().seal(f"{actor.user_id} {secret}")
    form.code.data = ""
    uri = totp.enrolment_uri(secret, login=_login_of(actor), issuer=current_app.config["SITE_NAME"])
    qr = segno.make(uri, error="m").svg_data_uri(scale=4, border=4, light="white")
    return show_form("accounts/enrol_second_factor.html", form, error, qr=qr, secret=secret)


def _sealed_secret(form: EnrolForm, actor: Actor) -> str | None:
    """Return the secret this person was shown before, or None."""
    opened = vault().unseal(form.sealed.data or "", max_age_seconds=ENROL_SECONDS) or ""
    owner, _blank, secret = opened.partition(" ")
    return secret if owner == str(actor.user_id) else None


def _login_of(actor: Actor) -> str:
    return get_user(db.session(), actor.user_id).login or actor.name


def _enrol(form: EnrolForm, actor: Actor, secret: str) -> str:
    tried = reserve_try("enrol", str(actor.user_id))
    now = utc_now()
    counter = totp.find_counter(secret, form.code.data or "", now=now)
    if counter is None:
        raise Invalid(
            _("This code is not right. Wait for the next one, and check the clock of the phone."),
            field="code",
        )
    codes = totp.make_recovery_codes()
    digests, sealed = _digests(codes), vault().seal(secret)
    database = db.session()
    second_factor.enrol_second_factor(
        database,
        actor.user_id,
        sealed_secret=sealed,
        counter=counter,
        code_digests=digests,
        now=now,
        session_id=actor.session_id,
    )
    settle_try(database, tried)
    db.session.commit()
    return _show_codes(codes)


def _digests(codes: list[str]) -> list[str]:
    return [vault().digest(totp.fold_code(code)) for code in codes]


def _show_codes(codes: list[str]) -> str:
    """Show codes in the answer to the POST itself: they are kept nowhere, no other page could show them."""
    return render_template("accounts/show_recovery_codes.html", codes=codes)


def recovery_codes() -> Response | str:
    """Make new recovery codes in place of the old ones."""
    actor = current_actor()
    require_fresh(actor, now=utc_now())
    if not actor.has_second_factor:
        return redirect(url_for("accounts.profile"), 303)
    form = EmptyForm()
    if form.submitted():
        codes = totp.make_recovery_codes()
        second_factor.replace_recovery_codes(
            db.session(), actor.user_id, code_digests=_digests(codes), now=utc_now()
        )
        db.session.commit()
        return _show_codes(codes)
    return render_template(
        "accounts/recovery_codes.html", form=form, account=get_account(db.session(), actor.user_id)
    )
