"""The forms of signing in and of a person's own account."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from lms.core.accounts.logins import MAX_LOGIN_LENGTH
from lms.core.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from lms.core.accounts.totp import fold_code, fold_digits
from lms.core.errors import Invalid
from lms.core.forms import BaseForm

PLAIN = {"autocapitalize": "none", "spellcheck": "false"}
"""Phones must not write logins and codes in capitals or correct them."""


def _login_field(autocomplete: str = "username") -> StringField:
    return StringField(
        _l("E-mail or telephone number"),
        validators=[
            InputRequired(_l("Write your e-mail address or telephone number.")),
            Length(max=MAX_LOGIN_LENGTH, message=_l("This is too long for an address.")),
        ],
        render_kw=PLAIN | {"autocomplete": autocomplete, "maxlength": MAX_LOGIN_LENGTH},
    )


def _password_field(label: Any, autocomplete: str, description: Any = "") -> PasswordField:
    return PasswordField(
        label,
        description=description,
        validators=[
            InputRequired(_l("Write the password.")),
            Length(max=MAX_LENGTH, message=_l("Use at most %(max)d characters.")),
        ],
        render_kw=PLAIN | {"autocomplete": autocomplete},
    )


class SignInForm(BaseForm):
    """Login and password."""

    login = _login_field()
    password = _password_field(_l("Password"), "current-password")


class CodeForm(BaseForm):
    """The six digits an app shows."""

    code = StringField(
        _l("Code from the app"),
        validators=[InputRequired(_l("Write the 6 digits the app shows."))],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 12},
    )

    def validate_code(self, field: Field) -> None:
        """Take blanks and dashes out."""
        field.data = fold_digits(field.data or "")
        if len(field.data) != 6:
            raise ValidationError(_l("The code has 6 digits."))


class RecoveryForm(BaseForm):
    """One of the recovery codes."""

    code = StringField(
        _l("Recovery code"),
        validators=[InputRequired(_l("Write one of your recovery codes.")), Length(max=40)],
        render_kw=PLAIN | {"autocomplete": "off", "maxlength": 40},
    )

    def validate_code(self, field: Field) -> None:
        """Take blanks and dashes out."""
        field.data = fold_code(field.data or "")
        if len(field.data) != 12:
            raise ValidationError(_l("A recovery code has 12 letters and digits."))


class EnrolForm(CodeForm):
    """The first code of a newly set up app."""

    sealed = HiddenField()


class NewPasswordForm(BaseForm):
    """A new password, twice."""

    password = _password_field(
        _l("New password"),
        "new-password",
        _l(
            "At least %(count)s characters. Four words that do not belong together are easy to remember.",
            count=MIN_LENGTH,
        ),
    )
    again = _password_field(_l("The new password once more"), "new-password")

    def validate_again(self, field: Field) -> None:
        """Refuse a slip of the finger."""
        if field.data != self.password.data:
            raise ValidationError(_l("The two passwords differ."))


class FirstPasswordForm(NewPasswordForm):
    """For somebody without a login: choose one, too."""

    login = _login_field()


class ChangePasswordForm(NewPasswordForm):
    """The old password, and a new one twice."""

    old = _password_field(_l("Your password until now"), "current-password")


class ChangeLoginForm(BaseForm):
    """A new address or number, confirmed by the password."""

    login = _login_field("email")
    old = _password_field(_l("Your password"), "current-password")


def show_error(form: BaseForm, error: Invalid) -> None:
    """Put what a service refused at the field it belongs to, or above the form."""
    field: Field | None = form._fields.get(error.field)
    if field is None:
        form.form_errors.append(str(error.message))
    else:
        field.errors = [*field.errors, str(error.message)]
