"""The forms of signing in, of a person's own account, and of the admin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from lms.core.accounts.branches import MAX_CODE_LENGTH, BranchValues, read_code, values_of
from lms.core.accounts.logins import MAX_LOGIN_LENGTH, read_login
from lms.core.accounts.models import Branch, Role, User
from lms.core.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from lms.core.accounts.serial_patterns import MAX_PATTERN_LENGTH, read_pattern
from lms.core.accounts.staff import StaffValues
from lms.core.accounts.totp import fold_code, fold_digits
from lms.core.errors import Invalid
from lms.core.fields import TIME_ZONES, at_most, check_list, checked, choices, radio, select
from lms.core.forms import BaseForm
from lms.core.i18n import LANGUAGE_NAMES
from lms.core.typeface import missing_characters

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
        validators=[InputRequired(_l("Write one of your recovery codes.")), at_most(40)],
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


ROLES = {
    Role.ADMIN: _l("Admin: everything, of every branch office, and these pages"),
    Role.ORGANISER: _l("Organiser: runs cohorts, prints cards, issues certificates"),
    Role.TRAINER: _l("Trainer: writes questions and quizzes"),
}
"""What each role may do, as it is offered."""


class StaffForm(BaseForm):
    """What an admin writes down of a member of staff."""

    name = StringField(_l("Name"), validators=[InputRequired(_l("The name is missing.")), at_most(200)])
    login = StringField(
        _l("E-mail or telephone number"),
        description=_l("With this the person signs in. No e-mail is sent."),
        validators=[InputRequired(_l("Write an e-mail address or telephone number.")), checked(read_login)],
        render_kw=PLAIN | {"autocomplete": "off", "maxlength": MAX_LOGIN_LENGTH},
    )
    role = radio(
        _l("Role"),
        [(role.value, label) for role, label in ROLES.items()],
        missing=_l("Choose what this person does here."),
    )
    branch_ids = check_list(
        _l("Branch offices"), description=_l("An admin works for all of them, whatever is ticked here.")
    )
    # What the page was made from: somebody else may have saved meanwhile.
    seen = HiddenField(validators=[Optional(), at_most(64)])

    def offer(self, branches: Iterable[Branch]) -> None:
        """Fill the list of branch offices, those that are ticked first."""
        ticked = set(self.branch_ids.data or ())
        rows = sorted(branches, key=lambda branch: branch.id not in ticked)
        self.branch_ids.choices = choices((branch.id, branch.name) for branch in rows)

    def show(self, user: User) -> None:
        """Fill in how an account stands."""
        self.name.data, self.login.data, self.role.data = user.name, user.login, user.role
        self.branch_ids.data = [membership.branch_id for membership in user.memberships]

    def values(self) -> StaffValues:
        """Return what was written; only after the form was found right."""
        return StaffValues(
            name=self.name.data or "",
            login=read_login(self.login.data or ""),
            role=Role(self.role.data),
            branch_ids=frozenset(self.branch_ids.data or ()),
        )


def _refuse_unprintable(_form: Form, field: Field) -> None:
    missing = missing_characters(field.data or "")
    if missing:
        raise ValidationError(_l("Certificates cannot print %(characters)s.", characters=missing))


def _printed(label: Any, missing: Any, limit: int, description: Any = "") -> StringField:
    """Return a field whose words stand on certificates; without ``missing`` it may stay empty."""
    needed = [InputRequired(missing)] if missing else []
    return StringField(
        label, description=description, validators=[*needed, at_most(limit), _refuse_unprintable]
    )


class BranchForm(BaseForm):
    """What is written down of a branch office."""

    name = _printed(_l("Name"), _l("Write the name of the branch office."), 200)
    code = StringField(
        _l("Code"),
        description=_l("Short, in capitals, for example MDN. It stands in the numbers of certificates."),
        validators=[InputRequired(_l("Give the branch office a short code.")), checked(read_code)],
        render_kw=PLAIN | {"autocomplete": "off", "maxlength": MAX_CODE_LENGTH},
    )
    city = _printed(
        _l("City"), _l("Write the city."), 100, _l("Certificates are dated in it: “Madiun, 20 October 2016”.")
    )
    address = _printed(_l("Address"), None, 300)
    time_zone = select(_l("Time zone"), TIME_ZONES.items(), missing=_l("Choose one from the list."))
    signatory_name = _printed(_l("Who signs certificates"), _l("Write who signs certificates."), 200)
    signatory_title = _printed(
        _l("Title of the signatory"),
        _l("Write as what this person signs."),
        200,
        _l("For example: Kepala Kantor Cabang"),
    )
    signatory_mandate = _printed(
        _l("What lets this person sign"),
        None,
        200,
        _l("For example: SK Direksi Nomor 12 Tahun 2026. It stands below the title."),
    )
    serial_pattern = StringField(
        _l("Pattern of the numbers"),
        description=_l(
            "Empty: {nomor}/PK/{kode}/{bulan_romawi}/{tahun}, for example 00001/PK/MDN/X/2026. You may use "
            "{nomor}, {kode}, {bulan}, {bulan_romawi} and {tahun}. A check character is put behind it."
        ),
        validators=[at_most(MAX_PATTERN_LENGTH), checked(read_pattern)],
        render_kw=PLAIN | {"autocomplete": "off"},
    )
    # As in StaffForm.
    seen = HiddenField(validators=[Optional(), at_most(64)])

    def show(self, branch: Branch) -> None:
        """Fill in how a branch office stands."""
        for name, value in asdict(values_of(branch)).items():
            self[name].data = value

    def offer_zone(self, zone: str) -> None:
        """Add a time zone to the list that was set by command."""
        self.time_zone.choices = choices((TIME_ZONES | {zone: TIME_ZONES.get(zone, zone)}).items())

    def values(self) -> BranchValues:
        """Return what was written; only after the form was found right."""
        return BranchValues(
            code=read_code(self.code.data or ""),
            name=self.name.data or "",
            city=self.city.data or "",
            address=self.address.data or "",
            time_zone=self.time_zone.data,
            signatory_name=self.signatory_name.data or "",
            signatory_title=self.signatory_title.data or "",
            signatory_mandate=self.signatory_mandate.data or "",
            serial_pattern=read_pattern(self.serial_pattern.data or ""),
        )


class LanguageForm(BaseForm):
    """The language that greets a person on every device."""

    locale = radio(
        _l("Language of the pages"), LANGUAGE_NAMES.items(), missing=_l("Choose one from the list.")
    )
