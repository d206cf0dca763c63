"""`lms user`: people and their way back in."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from lms.core.accounts import services
from lms.core.accounts.branches import BranchValues, create_branch, read_code
from lms.core.accounts.logins import fold_login, read_login
from lms.core.accounts.models import Branch, Role, User
from lms.core.accounts.queries import find_user_by_login
from lms.core.accounts.second_factor import remove_second_factor
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import LmsError

user = click.Group("user", help="Add people, and help them back in.")
branch = click.Group("branch", help="Branch offices.")


@branch.command("add")
@click.argument("code")
@click.option("--name", prompt="Name", help="As it stands on certificates.")
@click.option("--city", prompt="City", help="Where certificates are dated.")
@click.option("--address", default="", help="Second line on certificates.")
@click.option("--time-zone", default="Asia/Jakarta", show_default=True, help="Of its cohorts.")
@click.option("--signatory", prompt="Signatory", help="Who signs certificates.")
@click.option("--signatory-title", default="Kepala Kantor Cabang", show_default=True, help="And as what.")
@click.option("--signatory-mandate", default="", help="What lets this person sign; printed below the title.")
@with_appcontext
def add_branch(code: str, signatory: str, **values: str) -> None:
    """Add a branch office with a short CODE, which serial numbers carry."""
    described = BranchValues(code=read_code(code), signatory_name=signatory, **values)
    made = create_branch(db.session(), None, values=described, now=utc_now())
    db.session.commit()
    click.echo(f"Added {made.name} as {made.code}. Its people: `lms user add --branch {made.code}`.")


@user.command()
@click.option("--name", prompt="Name", help="As it is shown.")
@click.option("--login", prompt="E-mail or telephone number", help="What the person signs in with.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), prompt="Role", help="What the person is here."
)
@click.option(
    "--branch", "branches", multiple=True, help="Code of a branch office; may be given more than once."
)
@with_appcontext
def add(name: str, login: str, role: str, branches: tuple[str, ...]) -> None:
    """Add a person and print a link with which they set their password once."""
    session, now = db.session(), utc_now()
    branch_ids = _branch_ids(branches)
    person = services.create_user(
        session, name=name.strip(), role=Role(role), login=read_login(login), branch_ids=branch_ids, now=now
    )
    token = services.make_password_reset(session, None, user_id=person.id, now=now)
    db.session.commit()
    click.echo(f"Added {person.name} ({role}), signs in with {person.login}.")
    _print_link(token)


@user.command()
@click.argument("login")
@click.option("--second-factor", is_flag=True, help="Take the lost second factor off, too.")
@with_appcontext
def reset(login: str, second_factor: bool) -> None:
    """Print a link with which the person who signs in with LOGIN sets a new password once."""
    session, now = db.session(), utc_now()
    person = _find(login)
    token = services.make_password_reset(session, None, user_id=person.id, now=now)
    if second_factor:
        remove_second_factor(session, None, user_id=person.id, now=now)
    db.session.commit()
    if second_factor:
        click.echo("The second factor is off; the next sign-in asks to set up a new one.")
    _print_link(token)


def _find(login: str) -> User:
    found = find_user_by_login(db.session(), fold_login(login))
    if found is None:
        raise LmsError(
            f"Nobody signs in with {login}. People with a card only are helped on the page of their cohort."
        )
    return found


def _branch_ids(codes: tuple[str, ...]) -> list[int]:
    known = {row.code: row.id for row in db.session.execute(select(Branch.code, Branch.id))}
    unknown = [code for code in codes if code not in known]
    if unknown:
        listed = ", ".join(sorted(known)) or "none yet, add one with `lms branch add`"
        raise LmsError(f"No branch office has the code {', '.join(unknown)}. There are: {listed}.")
    return [known[code] for code in codes]


def _print_link(token: str) -> None:
    click.echo(f"Works once within {services.RESET_MINUTES} minutes; hand it over in private:")
    click.echo(f"{current_app.config['BASE_URL']}/sandi/{token}")
