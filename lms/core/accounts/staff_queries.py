"""Reads for the admin's pages: staff and branch offices, in pages, with a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload, selectinload

from lms.core.accounts.logins import fold_phone
from lms.core.accounts.models import STAFF, Branch, BranchMembership, User
from lms.core.errors import NotFound
from lms.core.text import fold

Columns = TypeVarTuple("Columns")

PAGE_SIZE = 50
"""Rows on one page of either list."""


@dataclass(frozen=True)
class StaffFilter:
    """What the list of staff is narrowed to; empty means all."""

    search: str = ""
    # A role of staff.
    role: str = ""
    # "active", "waiting" for a first password, or "blocked".
    state: str = ""

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what a row must fulfil."""
        if self.search:
            yield _names(self.search)
        if self.role:
            yield User.role == self.role
        if self.state == "blocked":
            yield User.is_active.is_(False)
        elif self.state:
            yield User.is_active.is_(True)
            yield User.password_hash.is_not(None) if self.state == "active" else User.password_hash.is_(None)


@dataclass(frozen=True)
class StaffRow:
    """A member of staff with branch offices."""

    user: User

    @property
    def state(self) -> str:
        """How the account stands: blocked, waiting for a first password, or active."""
        if not self.user.is_active:
            return "blocked"
        return "active" if self.user.password_hash else "waiting"

    @property
    def has_second_factor(self) -> bool:
        """Whether an app for codes is set up."""
        return self.user.totp_secret is not None

    @property
    def branches(self) -> list[Branch]:
        """The branch offices of this person, by name."""
        return sorted((m.branch for m in self.user.memberships), key=lambda branch: fold(branch.name))


@dataclass(frozen=True)
class BranchRow:
    """A branch office with how many people of staff work there."""

    branch: Branch
    staff_count: int


def list_staff(session: Session, *, narrowed: StaffFilter, after: int | None = None) -> list[StaffRow]:
    """Return one page of staff by name, and one row more if there are others.

    Args:
        after: id of the last person of the page before.
    """
    query = _page(_staff().where(*narrowed.conditions()), User, after)
    return [StaffRow(user) for user in session.scalars(query)]


def get_staff(session: Session, user_id: int) -> StaffRow:
    """Return a member of staff with branch offices.

    Raises:
        NotFound: there is none of this id; a trainee is none.
    """
    user = session.scalar(_staff().where(User.id == user_id))
    if user is None:
        raise NotFound
    return StaffRow(user)


def list_branches(session: Session, *, search: str = "", after: int | None = None) -> list[BranchRow]:
    """Return one page of branch offices by name, and one row more if there are others.

    Args:
        search: part of name, code or city.
        after: id of the last branch office of the page before.
    """
    count = (
        select(func.count())
        .select_from(BranchMembership)
        .where(BranchMembership.branch_id == Branch.id)
        .scalar_subquery()
    )
    query = select(Branch, count)
    if search:
        query = query.where(_branch_names(search))
    return [BranchRow(branch, number) for branch, number in session.execute(_page(query, Branch, after))]


def list_all_branches(session: Session) -> list[Branch]:
    """Return every branch office by name, to choose from; the country has some hundred."""
    return list(session.scalars(select(Branch).order_by(func.lower(Branch.name), Branch.id)))


def get_branch(session: Session, branch_id: int) -> Branch:
    """Return a branch office.

    Raises:
        NotFound: there is none of this id.
    """
    branch = session.get(Branch, branch_id)
    if branch is None:
        raise NotFound
    return branch


def _staff() -> Select[User]:
    return (
        select(User)
        .where(User.role.in_(STAFF))
        .options(selectinload(User.memberships).options(joinedload(BranchMembership.branch)))
    )


def _page(query: Select[*Columns], model: type[User] | type[Branch], after: int | None) -> Select[*Columns]:
    """Order by name and cut one page out, beginning after the row with id ``after``."""
    name = func.lower(model.name)
    if after is not None:
        other = aliased(model)
        place = select(func.lower(other.name)).where(other.id == after).scalar_subquery()
        query = query.where(or_(name > place, and_(name == place, model.id > after)))
    return query.order_by(name, model.id).limit(PAGE_SIZE + 1)


def _names(search: str) -> ColumnElement[bool]:
    """Return whether name, login or a branch office of somebody has ``search`` in it."""
    text = fold(search)
    login = f"+62{text[1:]}" if text[:1] == "0" and text.isdecimal() else fold_phone(text) or text
    works_there = User.memberships.any(BranchMembership.branch.has(_branch_names(search)))
    return or_(_has(User.name, text), User.login.contains(login, autoescape=True), works_there)


def _branch_names(search: str) -> ColumnElement[bool]:
    text = fold(search)
    return or_(_has(Branch.name, text), _has(Branch.code, text), _has(Branch.city, text))


def _has(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    return func.lower(column).contains(text, autoescape=True)
