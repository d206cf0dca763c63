"""Pages of staff: the list, somebody new, one person, and what an admin can do for or against an account."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lms.core.accounts import staff, staff_queries
from lms.core.accounts.forms import StaffForm
from lms.core.accounts.guard import current_actor, require_fresh
from lms.core.accounts.models import User
from lms.core.accounts.queries import list_sessions
from lms.core.accounts.services import RESET_MINUTES
from lms.core.accounts.sign_in import show_form
from lms.core.accounts.staff_queries import PAGE_SIZE, StaffFilter
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict, Invalid, LmsError
from lms.core.forms import EmptyForm
from lms.core.web.arguments import read_id, read_word

RESET = "staff_reset"
"""Where the cookie carries a one-time link to the next page, once: (id of the person, token)."""


@dataclass(frozen=True)
class Step:
    """What a page asks before something is done to an account."""

    title: str
    lines: tuple[str, ...]
    button: str
    icon: str
    is_harsh: bool = False


def index() -> str:
    """List staff by name, narrowed by what the address says."""
    narrowed = StaffFilter(search=read_word("q"), role=read_word("peran"), state=read_word("keadaan"))
    after = read_id("setelah")
    rows = staff_queries.list_staff(db.session(), narrowed=narrowed, after=after)
    page = rows[:PAGE_SIZE]
    return render_template(
        "staff/index.html",
        rows=page,
        narrowed=narrowed,
        is_first=after is None,
        more_url=_more_url(narrowed, page[-1].user.id) if len(rows) > PAGE_SIZE else None,
    )


def _more_url(narrowed: StaffFilter, last_id: int) -> str:
    return url_for(
        "staff.index",
        q=narrowed.search or None,
        peran=narrowed.role or None,
        keadaan=narrowed.state or None,
        setelah=last_id,
    )


def create() -> Response:
    """Add somebody, and go on to the page with the one-time link."""
    require_fresh(current_actor(), now=utc_now())
    database, form, error = db.session(), StaffForm(), None
    branches = staff_queries.list_all_branches(database)
    form.offer(branches)
    if form.submitted():
        try:
            return _create(form)
        except Invalid as refused:
            database.rollback()
            error = refused
    return show_form("staff/create.html", form, error, branch_count=len(branches))


def _create(form: StaffForm) -> Response:
    person, token = staff.add_staff(
        db.session(), current_actor().user_id, values=form.values(), now=utc_now()
    )
    person_id, name = person.id, person.name
    db.session.commit()
    session[RESET] = [person_id, token]
    flash(_("%(name)s is in. Pass the link below on.", name=name), "success")
    return _to_person(person_id)


def person(staff_id: int) -> str:
    """Show somebody: data, sign-in, devices, and what can be done."""
    database, now = db.session(), utc_now()
    row = staff_queries.get_staff(database, staff_id)
    return render_template(
        "staff/person.html",
        row=row,
        user=row.user,
        is_self=staff_id == current_actor().user_id,
        sessions=list_sessions(database, staff_id, now=now),
        reset_url=_handed_out_reset(staff_id),
        reset_minutes=RESET_MINUTES,
    )


def _handed_out_reset(staff_id: int) -> str | None:
    """Return the link that was just made for this person; it is shown once."""
    owner, token = session.pop(RESET, (None, ""))
    if owner != staff_id:
        return None
    return f"{current_app.config['BASE_URL']}{url_for('accounts.open_reset', token=token)}"


def change(staff_id: int) -> Response:
    """Change name, login, role and branch offices."""
    require_fresh(current_actor(), now=utc_now())
    database, error = db.session(), None
    user, form = staff_queries.get_staff(database, staff_id).user, StaffForm()
    if not form.is_submitted():
        form.show(user)
        form.seen.data = staff.mark_of(user)
    branches = staff_queries.list_all_branches(database)
    form.offer(branches)
    if form.submitted():
        try:
            return _change(form, staff_id)
        except (Conflict, Invalid) as refused:
            database.rollback()
            error = refused
    return _show_change(form, staff_id, error)


def _change(form: StaffForm, staff_id: int) -> Response:
    staff.change_staff(
        db.session(),
        current_actor().user_id,
        user_id=staff_id,
        seen=form.seen.data or "",
        values=form.values(),
        now=utc_now(),
    )
    db.session.commit()
    flash(_("Saved."), "success")
    return _to_person(staff_id)


def _show_change(form: StaffForm, staff_id: int, error: LmsError | None) -> Response:
    """Show the form; after a change by somebody else with how things stand, to save over it knowingly."""
    row = staff_queries.get_staff(db.session(), staff_id)
    is_stale = isinstance(error, Conflict)
    if is_stale:
        form.seen.data = staff.mark_of(row.user)
    is_self = staff_id == current_actor().user_id
    return show_form("staff/change.html", form, error, row=row, is_self=is_self, is_stale=is_stale)


def hand_out_reset(staff_id: int) -> Response | str:
    """Make a one-time link with which the person chooses a new password."""
    user = _other(staff_id)
    if not EmptyForm().submitted():
        return _ask(
            user,
            Step(
                _("Make a link for a new password"),
                (
                    _(
                        "You get a link that works once, for %(minutes)s minutes. Pass it on yourself, to "
                        "this person and nobody else: whoever opens it chooses the password.",
                        minutes=RESET_MINUTES,
                    ),
                    _("Earlier links stop working. The password until now works until a new one is chosen."),
                    _("The second factor stays as it is."),
                ),
                _("Make the link"),
                "link",
            ),
        )
    token = staff.hand_out_reset(db.session(), current_actor().user_id, user_id=staff_id, now=utc_now())
    db.session.commit()
    session[RESET] = [staff_id, token]
    return _to_person(staff_id)


def reset_second_factor(staff_id: int) -> Response | str:
    """Take a lost second factor off."""
    user = _other(staff_id)
    if not EmptyForm().submitted():
        return _ask(
            user,
            Step(
                _("Reset the second factor"),
                (
                    _(
                        "For a lost phone. Make sure that it is really this person who asks: call back, or "
                        "meet. A message alone proves nothing."
                    ),
                    _("The app and the recovery codes stop working, and all devices are signed out."),
                    _("At the next sign-in with the password a new app is set up."),
                ),
                _("Reset the second factor"),
                "shield-off",
                is_harsh=True,
            ),
        )
    staff.reset_second_factor(db.session(), current_actor().user_id, user_id=staff_id, now=utc_now())
    db.session.commit()
    flash(_("The second factor is off. The next sign-in asks to set up a new one."), "success")
    return _to_person(staff_id)


def end_sessions(staff_id: int) -> Response | str:
    """Sign somebody out everywhere."""
    user = _other(staff_id)
    if not EmptyForm().submitted():
        return _ask(
            user,
            Step(
                _("Sign out everywhere"),
                (
                    _("All devices of this person are signed out at once; what is not saved there is lost."),
                    _("Signing in again stays possible. To prevent that, block the account instead."),
                ),
                _("Sign out everywhere"),
                "log-out",
            ),
        )
    staff.sign_out_everywhere(db.session(), current_actor().user_id, user_id=staff_id, now=utc_now())
    db.session.commit()
    flash(_("Signed out on all devices."), "success")
    return _to_person(staff_id)


def block(staff_id: int) -> Response | str:
    """Block an account."""
    user = _other(staff_id)
    if not user.is_active:
        return _to_person(staff_id)
    if not EmptyForm().submitted():
        return _ask(
            user,
            Step(
                _("Block the account"),
                (
                    _("All devices are signed out at once, and signing in is not possible any more."),
                    _("Cohorts, questions and the record of what this person did are kept."),
                    _("You can unblock the account at any time."),
                ),
                _("Block the account"),
                "ban",
                is_harsh=True,
            ),
        )
    staff.block(db.session(), current_actor().user_id, user_id=staff_id, now=utc_now())
    db.session.commit()
    flash(_("The account is blocked."), "success")
    return _to_person(staff_id)


def unblock(staff_id: int) -> Response | str:
    """Unblock an account."""
    user = _other(staff_id)
    if user.is_active:
        return _to_person(staff_id)
    if not EmptyForm().submitted():
        return _ask(
            user,
            Step(
                _("Unblock the account"),
                (
                    _("This person can sign in again with the password and second factor from before."),
                    _("Was the password known to others? Then make a link for a new one afterwards."),
                ),
                _("Unblock the account"),
                "circle-check",
            ),
        )
    staff.unblock(db.session(), current_actor().user_id, user_id=staff_id, now=utc_now())
    db.session.commit()
    flash(_("The account works again."), "success")
    return _to_person(staff_id)


def _other(staff_id: int) -> User:
    """Return a member of staff who is not oneself, to somebody who showed the password lately.

    Raises:
        NotFound: there is none of this id.
        StaleSignIn: the sign-in was too long ago.
        Conflict: it is oneself.
    """
    actor = current_actor()
    user = staff_queries.get_staff(db.session(), staff_id).user
    require_fresh(actor, now=utc_now())
    staff.refuse_self(actor.user_id, staff_id)
    return user


def _ask(user: User, step: Step) -> str:
    return render_template("staff/confirm.html", user=user, step=step)


def _to_person(staff_id: int) -> Response:
    return redirect(url_for("staff.person", staff_id=staff_id), 303)
