"""Changes: cohorts, the people in them, their cards. Views and commands commit."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import CursorResult, and_, delete, or_, select
from sqlalchemy.orm import Session, joinedload

from courses.catalogue.models import Edition
from courses.cohorts.comparison import Plan, compare, plan
from courses.cohorts.models import Card, Cohort, Enrolment, RosterDraft
from courses.cohorts.queries import list_known_people, list_sessions, list_taken_card_numbers
from courses.cohorts.roster import CheckedRow, Person, Roster
from courses.cohorts.signals import CohortCreated, send_cohort_created
from lms.core.accounts.models import Branch, Role, User
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from lms.core.text import fold

DRAFT_LIFE = timedelta(days=1)
"""A roster nobody applied is forgotten after so long."""


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
    """Set up a cohort on a published edition and tell the floors above; those of a demo branch are demo.

    Raises:
        Invalid: the branch or a published edition of that number is not there, or the days run backwards.
    """
    begin_write(session)
    branch = _get_branch(session, branch_id)
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
        is_demo=is_demo or branch.is_demo,
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

    The timetable moves along: sessions stay on their day of the training and at their time of day.

    Raises:
        NotFound: no such cohort.
        Invalid: the days run backwards, or would end before the timetable does.
    """
    begin_write(session)
    cohort = lock_cohort(session, cohort_id)
    _check_days(starts_on, ends_on)
    _move_sessions(session, cohort, days=starts_on - cohort.starts_on, time_zone=time_zone, ends_on=ends_on)
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


def store_draft(
    session: Session, actor_id: int, *, cohort_id: int, roster: Roster, file_name: str, now: datetime
) -> RosterDraft:
    """Keep a roster for its dry run; what the same person sent before, and what lay a day, is thrown away."""
    begin_write(session)
    session.execute(
        delete(RosterDraft).where(
            or_(
                and_(RosterDraft.cohort_id == cohort_id, RosterDraft.user_id == actor_id),
                RosterDraft.created_at <= now - DRAFT_LIFE,
            )
        )
    )
    draft = RosterDraft(
        cohort_id=cohort_id,
        user_id=actor_id,
        file_name=file_name[:200],
        rows=roster.as_json(),
        ignored=list(roster.ignored),
        created_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def forget_draft(session: Session, draft_id: int, *, cohort_id: int, user_id: int) -> None:
    """Throw a roster away that one sent oneself; nothing happens if it is gone."""
    begin_write(session)
    session.execute(
        delete(RosterDraft).where(
            RosterDraft.id == draft_id, RosterDraft.cohort_id == cohort_id, RosterDraft.user_id == user_id
        )
    )


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
        _use_draft(session, draft_id)
    people = [row.person for row in rows if row.person is not None]
    what = plan(compare(rows, list_known_people(session, cohort, people)), decisions)
    enrol_all(session, actor_id, cohort=cohort, people=what.enrol, now=now)
    for enrolment in session.scalars(select(Enrolment).where(Enrolment.id.in_(what.reinstate))):
        enrolment.status = "active"
    _record(
        session,
        "roster.applied",
        cohort,
        actor_id=actor_id,
        now=now,
        enrolled=len(what.enrol),
        reinstated=len(what.reinstate),
        unchanged=what.unchanged_count,
    )
    session.flush()
    return what


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


def _move_sessions(
    session: Session, cohort: Cohort, *, days: timedelta, time_zone: str, ends_on: date
) -> None:
    """Move the timetable by so many days and read its times of day in the new zone."""
    old, new = ZoneInfo(cohort.time_zone), ZoneInfo(time_zone)
    for slot in list_sessions(session, cohort.id):
        starts_at = (slot.starts_at.astimezone(old) + days).replace(tzinfo=new)
        if starts_at.date() > ends_on:
            raise Invalid(
                _l("The timetable goes on after this day: remove its last sessions first."), field="ends_on"
            )
        slot.ends_at = starts_at + (slot.ends_at - slot.starts_at)
        slot.starts_at = starts_at


def _use_draft(session: Session, draft_id: int) -> None:
    result = session.execute(delete(RosterDraft).where(RosterDraft.id == draft_id))
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise Conflict(
            _l("This roster was applied already, or thrown away: look at the people of the cohort.")
        )


def _get_branch(session: Session, branch_id: int) -> Branch:
    branch = session.get(Branch, branch_id)
    if branch is None:
        raise Invalid(_l("Choose a branch office from the list."), field="branch_id")
    return branch


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
