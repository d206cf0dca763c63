"""Who may enter a room: one check per blueprint, so that a new page is closed by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from lms.core.accounts.actor import Actor
from lms.core.errors import NotFound, SecondFactorMissing


def current_actor() -> Actor:
    """Return who is signed in.

    Raises:
        NotFound: nobody is; pages behind a guard never meet this.
    """
    if not current_user.is_authenticated:
        raise NotFound
    return cast(Actor, current_user._get_current_object())


def find_actor() -> Actor | None:
    """Return who is signed in, or None."""
    return current_actor() if current_user.is_authenticated else None


def guard(blueprint: Blueprint, allows: Callable[[Actor], bool]) -> None:
    """Close ``blueprint`` to everybody but those ``allows`` says yes to.

    Anonymous visitors are sent to sign in and come back; others get 404. Staff who have not enrolled a
    second factor are sent to do so, and those who have not shown it get 403.
    """

    @blueprint.before_request
    def _check() -> Response | None:
        if not current_user.is_authenticated:
            target = request.full_path.rstrip("?") if request.method == "GET" else "/"
            return redirect(url_for("accounts.sign_in", next=target), 303)
        actor = current_actor()
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
