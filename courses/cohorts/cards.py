"""Signing in with the printed card: by its QR, or by its number and PIN."""

from __future__ import annotations

from flask import Blueprint, current_app, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Field, StringField
from wtforms.validators import InputRequired, ValidationError

from courses.cohorts.card_access import (
    CardState,
    HeldCard,
    find_card,
    find_card_by_number,
    open_card_session,
)
from courses.cohorts.card_codes import PIN_DIGITS, is_card_pin, read_card_token
from lms.core.accounts.guard import find_actor
from lms.core.accounts.login import record_failure, reserve_try, settle_try, user_agent, welcome
from lms.core.accounts.sessions import end_session
from lms.core.accounts.sign_in import show_form
from lms.core.accounts.throttle import Reservation
from lms.core.accounts.totp import fold_digits
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, TooMany
from lms.core.fields import at_most
from lms.core.forms import BaseForm, EmptyForm
from lms.core.web.headers import NO_REFERER
from lms.core.web.preferences import safe_target

bp = Blueprint("cards", __name__)

NUMBER_DIGITS = 8
PIN_LONGEST_WAIT_SECONDS = 3600
"""A PIN is short: after five wrong ones a card waits up to an hour, some 30 tries a day. The QR works on."""


class CardForm(BaseForm):
    """What is printed on the card."""

    number = StringField(
        _l("Card number"),
        validators=[InputRequired(_l("Write the 8 digits of the card number.")), at_most(40)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 20, "class": "digits"},
    )
    pin = StringField(
        _l("PIN"),
        validators=[InputRequired(_l("Write the 6 digits of the PIN.")), at_most(40)],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12, "class": "digits"},
    )

    def validate_number(self, field: Field) -> None:
        """Take blanks and dashes out."""
        digits = fold_digits(field.data or "")
        if len(digits) != NUMBER_DIGITS:
            raise ValidationError(_l("It has 8 digits, for example 1234 5678."))
        field.data = digits

    def validate_pin(self, field: Field) -> None:
        """Take blanks and dashes out."""
        digits = fold_digits(field.data or "")
        if len(digits) != PIN_DIGITS:
            raise ValidationError(_l("It has 6 digits."))
        field.data = digits


@bp.route("/k/<string(maxlength=100):token>", methods=["GET", "POST"])
def confirm(token: str) -> Response:
    """Show whose card this is and one button; the button signs in.

    Tries are not counted: a tag of 144 bits cannot be guessed, and a hall must not be slowed down.
    """
    card = _find_by_token(token)
    now = utc_now()
    if card is not None and card.state(now) is CardState.GOOD and EmptyForm().submitted():
        try:
            response = _sign_in(card, [], "/")
        except NotFound:
            card = None
        else:
            return _without_referer(response)
    return _without_referer(_card_page(card))


def _find_by_token(token: str) -> HeldCard | None:
    named = read_card_token(current_app.config["CARD_KEY"], token)
    if named is None:
        return None
    card_id, generation = named
    return find_card(db.session(), card_id, generation=generation)


def _card_page(card: HeldCard | None) -> Response:
    """Return the page of a card: the button, or why there is none."""
    if card is None:
        return make_response(render_template("cards/unknown.html"), 404)
    state = card.state(utc_now())
    if state is CardState.GOOD:
        return make_response(render_template("cards/confirm.html", card=card))
    return make_response(render_template("cards/closed.html", card=card, state=state.value))


def _without_referer(response: Response) -> Response:
    response.headers["Referrer-Policy"] = NO_REFERER
    return response


@bp.route("/masuk/kartu", methods=["GET", "POST"])
def sign_in() -> Response:
    """Ask for the number and PIN of the card."""
    target = safe_target(request.args.get("next"))
    form, error = CardForm(), None
    if form.submitted():
        try:
            return _try_pin(form.number.data or "", form.pin.data or "", target)
        except (Invalid, TooMany) as refused:
            error = refused
    form.pin.data = ""
    return show_form("cards/sign_in.html", form, error, target=target)


def _try_pin(number: str, pin: str, target: str) -> Response:
    """Sign in with number and PIN, or show why a genuine card opens nothing now.

    Raises:
        Invalid: they do not belong together; one text for unknown numbers and wrong PINs.
        TooMany: this card or address must wait.
    """
    tried = reserve_try("card", number, longest_seconds=PIN_LONGEST_WAIT_SECONDS)
    card = find_card_by_number(db.session(), number)
    card_id, generation = (card.card_id, card.generation) if card else (0, 0)
    is_right = is_card_pin(current_app.config["CARD_KEY"], card_id, generation, pin)
    if card is None or not is_right:
        db.session.rollback()
        record_failure("card", user_id=card.user_id if card else None)
        raise Invalid(_("Number and PIN do not belong together. Look at the card and try again."))
    if card.state(utc_now()) is not CardState.GOOD:
        settle_try(db.session(), tried)
        db.session.commit()
        return _card_page(card)
    try:
        return _sign_in(card, tried, target)
    except NotFound as error:
        raise Invalid(_("This card was replaced. Use the new one.")) from error


def _sign_in(card: HeldCard, tried: list[Reservation], target: str) -> Response:
    database, actor = db.session(), find_actor()
    token = open_card_session(
        database, card, now=utc_now(), user_agent=user_agent(), days=current_app.config["SESSION_DAYS"]
    )
    settle_try(database, tried)
    if actor is not None:
        end_session(database, actor.session_id)
    db.session.commit()
    return welcome(token, target, what="card", whom=card.number)
