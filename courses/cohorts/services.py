"""Changes: cohorts, the people in them, their cards. Views and commands commit."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from courses.catalogue.models import Edition
from courses.cohorts.models import Card, Cohort, Enrolment
from courses.cohorts.queries import list_taken_card_numbers
from courses.cohorts.signals import CohortCreated, send_cohort_created
from lms.core.accounts.models import Branch, Role, User
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.text import fold


@dataclass(frozen=True)
class Person:
    """What the roster says of somebody, checked: element by key, region by official code, phone as +62…."""

    name: str
    element: str
    organisation: str
    region_code: str
    phone: str | None = None


def create_cohort(
    session: Session,
    actor_id: int | None,
    *,
    branch_id: int,
    edition_id: int,
    name: str,
    place: str,
    time_zone: str,
    starts_on: date,
    ends_on: date,
    now: datetime,
    is_demo: bool = False,
) -> Cohort:
    """Set up a cohort on a published edition and tell the floors above.

    Raises:
        Invalid: the branch or a published edition of that number is not there, or the days run backwards.
    """
    begin_write(session)
    _check_branch(session, branch_id)
    _check_edition(session, edition_id)
    _check_days(starts_on, ends_on)
    cohort = Cohort(
        branch_id=branch_id,
        edition_id=edition_id,
        name=name,
        place=place,
        time_zone=time_zone,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=now,
        is_demo=is_demo,
    )
    session.add(cohort)
    session.flush()
    _record(session, "cohort.created", cohort, actor_id=actor_id, now=now, name=name, edition_id=edition_id)
    send_cohort_created(
        session, CohortCreated(cohort_id=cohort.id, edition_id=edition_id, created_at=now, actor_id=actor_id)
    )
    return cohort


def change_cohort(
    session: Session,
    actor_id: int | None,
    *,
    cohort_id: int,
    name: str,
    place: str,
    time_zone: str,
    starts_on: date,
    ends_on: date,
    now: datetime,
) -> Cohort:
    """Change name, place, zone or days; the edition stays, moving to another one is an act of its own.

    Raises:
        NotFound: no such cohort.
        Invalid: the days run backwards.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    _check_days(starts_on, ends_on)
    cohort.name, cohort.place, cohort.time_zone = name, place, time_zone
    cohort.starts_on, cohort.ends_on = starts_on, ends_on
    _record(session, "cohort.changed", cohort, actor_id=actor_id, now=now, name=name)
    session.flush()
    return cohort


def enrol(
    session: Session,
    actor_id: int | None,
    *,
    cohort_id: int,
    name: str,
    element: str,
    organisation: str,
    region_code: str,
    phone: str | None,
    now: datetime,
    user_id: int | None = None,
) -> Enrolment:
    """Put somebody into a cohort, with a card; a new account is made unless ``user_id`` names a known one.

    Raises:
        NotFound: no such cohort, or ``user_id`` is nobody this branch has trained.
        Conflict: this person is already in the cohort.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    person = Person(name, element, organisation, region_code, phone)
    (enrolment,) = enrol_all(session, actor_id, cohort=cohort, people=[(person, user_id)], now=now)
    return enrolment


def enrol_all(
    session: Session,
    actor_id: int | None,
    *,
    cohort: Cohort,
    people: Iterable[tuple[Person, int | None]],
    now: datetime,
) -> list[Enrolment]:
    """Put people into a locked cohort, each with a card, in a constant number of statements.

    ``people`` come each with the id of a known account, or None for a new one.

    Raises:
        NotFound: an account is nobody this branch has trained.
        Conflict: somebody is already in the cohort, or named twice.
    """
    begin_write(session)
    chosen = list(people)
    known = _known_accounts(session, cohort, [user_id for _, user_id in chosen if user_id is not None])
    numbers = _new_card_numbers(session, len(chosen))
    enrolments = []
    for (person, user_id), number in zip(chosen, numbers, strict=True):
        user = known[user_id] if user_id is not None else _new_account(person, cohort, now)
        user.phone = user.phone or person.phone
        enrolments.append(_new_enrolment(cohort, user, person, number, now))
    session.add_all(enrolments)
    session.flush()
    for enrolment in enrolments:
        _record(
            session,
            "enrolment.created",
            cohort,
            actor_id=actor_id,
            now=now,
            enrolment=enrolment,
            name=enrolment.name,
        )
    session.flush()
    return enrolments


def lock_cohort(session: Session, cohort_id: int) -> Cohort:
    """Return a cohort under a row lock: rosters of one cohort are changed one after another.

    Raises:
        NotFound: no such cohort.
    """
    query = (
        select(Cohort)
        .where(Cohort.id == cohort_id)
        .options(joinedload(Cohort.edition, innerjoin=True))
        .with_for_update(of=Cohort)
        .execution_options(populate_existing=True)
    )
    cohort = session.scalar(query)
    if cohort is None:
        raise NotFound
    return cohort


def _check_branch(session: Session, branch_id: int) -> None:
    if session.get(Branch, branch_id) is None:
        raise Invalid(_l("Choose a branch office from the list."), field="branch_id")


def _check_edition(session: Session, edition_id: int) -> None:
    edition = session.get(Edition, edition_id)
    if edition is None or edition.status != "published":
        raise Invalid(_l("Choose a published edition from the list."), field="edition_id")


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid(_l("The last day lies before the first day."), field="ends_on")


def _known_accounts(session: Session, cohort: Cohort, user_ids: list[int]) -> dict[int, User]:
    """Return trainees this branch has trained before; nobody else's account can be drawn into a cohort."""
    if not user_ids:
        return {}
    if len(set(user_ids)) < len(user_ids):
        raise Conflict(_l("The same person was chosen twice."))
    query = select(User).where(
        User.id.in_(user_ids),
        User.role == Role.TRAINEE.value,
        select(Enrolment.id)
        .join(Enrolment.cohort)
        .where(Enrolment.user_id == User.id, Cohort.branch_id == cohort.branch_id)
        .exists(),
    )
    found = {user.id: user for user in session.scalars(query)}
    if len(found) < len(user_ids):
        raise NotFound
    here = select(Enrolment.id).where(Enrolment.cohort_id == cohort.id, Enrolment.user_id.in_(user_ids))
    if session.scalar(here.limit(1)) is not None:
        raise Conflict(_l("This person is already in the cohort."))
    return found


def _new_account(person: Person, cohort: Cohort, now: datetime) -> User:
    return User(
        name=person.name, role=Role.TRAINEE.value, phone=person.phone, created_at=now, is_demo=cohort.is_demo
    )


def _new_enrolment(cohort: Cohort, user: User, person: Person, number: str, now: datetime) -> Enrolment:
    return Enrolment(
        cohort_id=cohort.id,
        cohort=cohort,
        user=user,
        name=person.name,
        name_folded=fold(person.name)[:200],
        element=person.element,
        organisation=person.organisation,
        region_code=person.region_code,
        created_at=now,
        card=Card(number=number, issued_at=now),
    )


def _new_card_numbers(session: Session, count: int) -> list[str]:
    """Return so many unused random numbers of eight digits."""
    numbers: set[str] = set()
    while len(numbers) < count:
        fresh = {str(10_000_000 + secrets.randbelow(90_000_000)) for _ in range(count - len(numbers))}
        numbers |= fresh - list_taken_card_numbers(session, fresh)
    return list(numbers)


def _record(
    session: Session,
    action: str,
    cohort: Cohort,
    *,
    actor_id: int | None,
    now: datetime,
    enrolment: Enrolment | None = None,
    **details: object,
) -> None:
    """Write one line of the audit log about a cohort, or about somebody in it."""
    record(
        session,
        action,
        at=now,
        actor_id=actor_id,
        object_type="cohort" if enrolment is None else "enrolment",
        object_id=cohort.id if enrolment is None else enrolment.id,
        branch_id=cohort.branch_id,
        **details,
    )
