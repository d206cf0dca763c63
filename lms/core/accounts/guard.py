"""Who may enter a room: one check per blueprint, so that a new page is closed by default."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from flask import Blueprint, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core.accounts.actor import Actor
from lms.core.errors import NotFound, SecondFactorMissing, StaleSignIn


def current_actor() -> Actor:
    """Return who is signed in.

    Raises:
        NotFound: nobody is; pages behind a guard never meet this.
    """
    actor = find_actor()
    if actor is None:
        raise NotFound
    return actor


def find_actor() -> Actor | None:
    """Return who is signed in, or None; asked several times a request, so read where Flask-Login keeps it."""
    user = g.get("_login_user") or current_user._get_current_object()
    return cast(Actor, user) if user.is_authenticated else None


def guard(blueprint: Blueprint, allows: Callable[[Actor], bool]) -> None:
    """Close ``blueprint`` to everybody but those ``allows`` says yes to.

    Anonymous visitors are sent to sign in and come back; others get 404. Staff who have not enrolled a
    second factor are sent to do so, and those who have not shown it get 403.
    """

    @blueprint.before_request
    def _check() -> Response | None:
        actor = find_actor()
        if actor is None:
            target = request.full_path.rstrip("?") if request.method == "GET" else "/"
            return redirect(url_for("accounts.sign_in", next=target), 303)
        if not allows(actor):
            raise NotFound
        return check_second_factor(actor)


def check_second_factor(actor: Actor) -> Response | None:
    """Return where a member of staff without a second factor must go first, or None.

    Raises:
        SecondFactorMissing: it is enrolled but was not shown in this session.
    """
    if not actor.is_staff:
        return None
    if not actor.has_second_factor:
        if request.method != "GET":
            raise SecondFactorMissing
        return redirect(url_for("accounts.enrol_second_factor"), 303)
    if not actor.showed_second_factor:
        raise SecondFactorMissing
    return None


def require_fresh(actor: Actor, *, now: datetime) -> None:
    """Let only somebody pass who showed password or card in the last minutes.

    Raises:
        StaleSignIn: the page says how to sign in again and come back.
    """
    if not actor.is_fresh(now):
        raise StaleSignIn(_("Sign in once more, so that we know it is you. Then you come back to this page."))
