"""Reads: cohorts, their timetable, the people in them. Staff see their own branches only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from courses.catalogue.models import Day, Module
from courses.cohorts import models
from courses.cohorts.comparison import KnownPerson
from courses.cohorts.models import Card, Cohort, Enrolment, RosterDraft
from courses.cohorts.policies import can_manage, can_teach
from courses.cohorts.roster import Person
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Branch, Role, User
from lms.core.errors import NotFound
from lms.core.text import fold

PAGE_SIZE = 25
"""Cohorts on one page of the list."""

PEOPLE_PAGE_SIZE = 100
"""People on one page of a cohort; a hall has 25 to 50."""


@dataclass(frozen=True)
class CohortRow:
    """A cohort in the list, with how many people it has."""

    cohort: Cohort
    active_count: int


@dataclass(frozen=True)
class CohortFigures:
    """The head figures of a cohort."""

    active_count: int
    withdrawn_count: int
    # Active people who signed in at least once.
    signed_in_count: int
    # People who wait for a correction of the name on their certificate.
    correction_count: int


def list_cohorts(
    session: Session, *, actor: Actor, before: tuple[date, int] | None = None
) -> list[CohortRow]:
    """Return one page and one more of the cohorts this person runs, the newest first.

    ``before`` is the first day and the id of the last cohort of the page before.
    """
    count = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.cohort_id == Cohort.id, Enrolment.status == "active")
        .scalar_subquery()
    )
    query = (
        select(Cohort, count)
        .where(_is_own(actor))
        .options(joinedload(Cohort.branch, innerjoin=True), joinedload(Cohort.edition, innerjoin=True))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        day, cohort_id = before
        query = query.where(or_(Cohort.starts_on < day, and_(Cohort.starts_on == day, Cohort.id < cohort_id)))
    return [CohortRow(cohort, number) for cohort, number in session.execute(query)]


def get_cohort(session: Session, cohort_id: int, *, actor: Actor) -> Cohort:
    """Return a cohort this person runs, with branch and edition.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    query = (
        select(Cohort)
        .where(Cohort.id == cohort_id)
        .options(joinedload(Cohort.branch, innerjoin=True), joinedload(Cohort.edition, innerjoin=True))
    )
    cohort = session.scalar(query)
    if cohort is None or not can_manage(actor, cohort):
        raise NotFound
    return cohort


def get_taught_cohort(session: Session, cohort_id: int, *, actor: Actor) -> Cohort:
    """Return a cohort of one of the branches of a member of staff, trainers too, with branch and edition.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    cohort = session.scalar(
        select(Cohort)
        .where(Cohort.id == cohort_id)
        .options(joinedload(Cohort.branch, innerjoin=True), joinedload(Cohort.edition, innerjoin=True))
    )
    if cohort is None or not can_teach(actor, cohort):
        raise NotFound
    return cohort


def get_own_enrolment(session: Session, enrolment_id: int, *, user_id: int) -> Enrolment:
    """Return a person's own active enrolment with cohort, branch and edition.

    Raises:
        NotFound: there is none, it is somebody else's, or the person was withdrawn.
    """
    enrolment = session.scalar(_one_enrolment(), {"enrolment": enrolment_id})
    if enrolment is None or enrolment.user_id != user_id or enrolment.status != "active":
        raise NotFound
    return enrolment


def get_enrolment(session: Session, enrolment_id: int, *, cohort_id: int, actor: Actor) -> Enrolment:
    """Return somebody in a cohort this person runs, with user, card, cohort, branch and edition.

    Raises:
        NotFound: nobody of that number is in that cohort, or it is another branch's.
    """
    query = _enrolments().options(joinedload(Enrolment.user, innerjoin=True), joinedload(Enrolment.card))
    enrolment = session.scalar(query.where(Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort_id))
    if enrolment is None or not can_manage(actor, enrolment.cohort):
        raise NotFound
    return enrolment


def list_enrolments(session: Session, cohort_id: int) -> list[Enrolment]:
    """Return everybody in a cohort by name, with user and card."""
    return list(session.scalars(_people(cohort_id)))


def list_card_holders(session: Session, cohort_id: int, *, part: int, size: int) -> list[Enrolment]:
    """Return who takes part in a cohort, by name, with user and card: the people of one file of cards.

    Args:
        part: 1 for the first ``size`` people.
    """
    query = _people(cohort_id).where(Enrolment.status == "active")
    return list(session.scalars(query.offset((part - 1) * size).limit(size)))


def _people(cohort_id: int) -> Select[Enrolment]:
    return (
        select(Enrolment)
        .where(Enrolment.cohort_id == cohort_id)
        .options(joinedload(Enrolment.user, innerjoin=True), joinedload(Enrolment.card))
        .order_by(Enrolment.name_folded, Enrolment.id)
    )


def list_people(session: Session, cohort_id: int, *, after: tuple[str, int] | None = None) -> list[Enrolment]:
    """Return one page and one more of the people of a cohort by name, with user and card.

    ``after`` is the folded name and the enrolment id of the last person of the page before.
    """
    query = _people(cohort_id).limit(PEOPLE_PAGE_SIZE + 1)
    if after is not None:
        name, enrolment_id = after
        query = query.where(
            or_(
                Enrolment.name_folded > name, and_(Enrolment.name_folded == name, Enrolment.id > enrolment_id)
            )
        )
    return list(session.scalars(query))


def count_people(session: Session, cohort_id: int) -> CohortFigures:
    """Return the head figures of a cohort in one query."""
    is_active = Enrolment.status == "active"
    query = select(
        func.count().filter(is_active),
        func.count().filter(~is_active),
        func.count().filter(is_active, User.last_seen_at.is_not(None)),
        func.count().filter(is_active, Enrolment.correction_request.is_not(None)),
    )
    query = query.join(Enrolment.user).where(Enrolment.cohort_id == cohort_id)
    return CohortFigures(*session.execute(query).one())


def list_sessions(session: Session, cohort_id: int) -> list[models.Session]:
    """Return the timetable in order, with speakers, in two queries."""
    query = (
        select(models.Session)
        .where(models.Session.cohort_id == cohort_id)
        .options(selectinload(models.Session.speakers))
        .order_by(models.Session.starts_at, models.Session.id)
    )
    return list(session.scalars(query))


def list_modules(session: Session, edition_id: int) -> list[Module]:
    """Return the modules of an edition in order, for choosing what a session teaches."""
    query = (
        select(Module)
        .join(Module.day)
        .where(Day.edition_id == edition_id)
        .order_by(Day.position, Module.position)
    )
    return list(session.scalars(query))


def get_session(session: Session, session_id: int, *, cohort_id: int) -> models.Session:
    """Return one slot of a cohort's timetable with its speakers; the caller has checked the cohort.

    Raises:
        NotFound: the cohort has no such slot.
    """
    query = (
        select(models.Session)
        .where(models.Session.id == session_id, models.Session.cohort_id == cohort_id)
        .options(selectinload(models.Session.speakers))
    )
    slot = session.scalar(query)
    if slot is None:
        raise NotFound
    return slot


def list_known_people(session: Session, cohort: Cohort, people: Iterable[Person]) -> list[KnownPerson]:
    """Return trainees of the cohort's branch who share a name or telephone number with ``people``.

    Other branches' people are none of ours to know, and staff are never matched: who is drawn into a
    cohort can be handed a card and a new password by its organiser.
    """
    chosen = list(people)
    names = {fold(person.name)[:200] for person in chosen}
    phones = {person.phone for person in chosen if person.phone}
    here = aliased(Enrolment)
    query = (
        select(Enrolment, User.phone, Cohort.name, here.id, here.status)
        .join(Enrolment.user)
        .join(Enrolment.cohort)
        .outerjoin(here, and_(here.user_id == Enrolment.user_id, here.cohort_id == cohort.id))
        .where(
            Cohort.branch_id == cohort.branch_id,
            User.role == Role.TRAINEE.value,
            User.is_demo == cohort.is_demo,
            or_(Enrolment.name_folded.in_(names), User.phone.in_(phones)),
        )
        .order_by(Enrolment.id)
    )
    return [_known(*row) for row in session.execute(query)]


def find_draft(session: Session, draft_id: int, *, cohort_id: int, user_id: int) -> RosterDraft | None:
    """Return a roster somebody sent for a cohort, or None: applied, thrown away, or another person's."""
    draft = session.get(RosterDraft, draft_id)
    if draft is None or draft.cohort_id != cohort_id or draft.user_id != user_id:
        return None
    return draft


def list_branches(session: Session, *, actor: Actor) -> list[Branch]:
    """Return the branches this person may run cohorts for, by name."""
    query = select(Branch).order_by(Branch.name)
    if not actor.is_admin:
        query = query.where(Branch.id.in_(actor.branch_ids))
    return list(session.scalars(query))


def list_taken_card_numbers(session: Session, numbers: Iterable[str]) -> set[str]:
    """Return which of these card numbers are in use."""
    return set(session.scalars(select(Card.number).where(Card.number.in_(list(numbers)))))


@cache
def _one_enrolment() -> Select[Enrolment]:
    """Return the query of most pages of a trainee, put together once."""
    return _enrolments().where(Enrolment.id == bindparam("enrolment"))


def _enrolments() -> Select[Enrolment]:
    return (
        select(Enrolment)
        .join(Enrolment.cohort)
        .options(
            contains_eager(Enrolment.cohort).options(
                joinedload(Cohort.branch, innerjoin=True), joinedload(Cohort.edition, innerjoin=True)
            )
        )
    )


def _known(
    enrolment: Enrolment, phone: str | None, cohort_name: str, here_id: int | None, here_status: str | None
) -> KnownPerson:
    person = Person(enrolment.name, enrolment.element, enrolment.organisation, enrolment.region_code, phone)
    return KnownPerson(
        user_id=enrolment.user_id,
        person=person,
        cohort_name=cohort_name,
        enrolment_id=here_id,
        is_withdrawn=here_status == "withdrawn",
    )


def _is_own(actor: Actor) -> ColumnElement[bool]:
    return true() if actor.is_admin else Cohort.branch_id.in_(actor.branch_ids)
