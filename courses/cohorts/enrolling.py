"""People come into a cohort: one by one or a whole roster, each with a card. Views and commands commit."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts.comparison import Plan, compare, plan
from courses.cohorts.models import Card, Cohort, Enrolment
from courses.cohorts.queries import list_known_people, list_taken_card_numbers
from courses.cohorts.roster import CheckedRow, Person
from courses.cohorts.roster_drafts import use_draft
from courses.cohorts.services import lock_cohort
from lms.core.accounts.models import Role, User
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from lms.core.text import fold


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
    """Put people into a locked cohort, each with a card, in a constant number of reads.

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
        record(
            session,
            "enrolment.created",
            at=now,
            actor_id=actor_id,
            object_type="enrolment",
            object_id=enrolment.id,
            branch_id=cohort.branch_id,
            name=enrolment.name,
        )
    session.flush()
    return enrolments


def apply_roster(
    session: Session,
    actor_id: int | None,
    *,
    cohort_id: int,
    rows: Sequence[CheckedRow],
    decisions: Mapping[str, str],
    now: datetime,
    draft_id: int | None = None,
) -> Plan:
    """Enrol a whole roster or nobody: rows are compared again, under the lock, with the people known now.

    ``draft_id`` is the roster's draft, used up by this; None for the command line.

    Raises:
        NotFound: no such cohort.
        Conflict: the draft was applied already.
        Invalid: a row is faulty.
        Undecided: a row waits for a decision, or a person is chosen twice.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    if draft_id is not None:
        use_draft(session, draft_id)
    people = [row.person for row in rows if row.person is not None]
    what = plan(compare(rows, list_known_people(session, cohort, people)), decisions)
    enrol_all(session, actor_id, cohort=cohort, people=what.enrol, now=now)
    for enrolment in session.scalars(select(Enrolment).where(Enrolment.id.in_(what.reinstate))):
        enrolment.status = "active"
    record(
        session,
        "roster.applied",
        at=now,
        actor_id=actor_id,
        object_type="cohort",
        object_id=cohort.id,
        branch_id=cohort.branch_id,
        enrolled=len(what.enrol),
        reinstated=len(what.reinstate),
        unchanged=what.unchanged_count,
    )
    session.flush()
    return what


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
