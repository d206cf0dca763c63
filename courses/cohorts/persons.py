"""Changes to one person of a cohort: data, card, whether they take part, the name on the certificate."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from courses.cohorts.models import Card, Cohort, Enrolment
from courses.cohorts.roster import Person
from lms.core.accounts.sessions import end_sessions_of_card
from lms.core.audit.services import record
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Conflict, NotFound
from lms.core.text import fold


def change_person(
    session: Session, actor_id: int | None, *, enrolment_id: int, person: Person, now: datetime
) -> Enrolment:
    """Correct what the roster says; a confirmed name that was the roster's follows, one of its own stays.

    A certificate that was issued keeps its frozen name: replacing it is the certificates' room's act.

    Raises:
        NotFound: no such enrolment.
    """
    begin_write(session)
    enrolment = _get(session, enrolment_id)
    before = enrolment.name
    if enrolment.certificate_name == before:
        enrolment.certificate_name = person.name
    if enrolment.user.name == before:
        enrolment.user.name = person.name
    enrolment.name, enrolment.name_folded = person.name, fold(person.name)[:200]
    enrolment.element, enrolment.organisation = person.element, person.organisation
    enrolment.region_code = person.region_code
    enrolment.user.phone = person.phone
    _record(session, "enrolment.changed", enrolment, actor_id, now, before=before, name=person.name)
    session.flush()
    return enrolment


def replace_card(
    session: Session, actor_id: int | None, *, enrolment_id: int, generation: int, now: datetime
) -> Card:
    """Make the printed card worthless and give a new token and PIN; sessions it opened end.

    ``generation`` is the one the person saw: a second click on the same page replaces nothing.

    Raises:
        NotFound: no such enrolment, or it has no card.
        Conflict: the card was replaced meanwhile.
    """
    begin_write(session)
    enrolment = _get(session, enrolment_id)
    if enrolment.card is None:
        raise NotFound
    query = (
        update(Card)
        .where(Card.id == enrolment.card.id, Card.generation == generation)
        .values(generation=generation + 1, issued_at=now)
    )
    if not changed_rows(session.execute(query)):
        raise Conflict(_l("This card was replaced a moment ago: the new one is on the page of the person."))
    session.refresh(enrolment.card)
    end_sessions_of_card(session, enrolment.card.id)
    _record(session, "card.replaced", enrolment, actor_id, now, generation=generation + 1)
    session.flush()
    return enrolment.card


def withdraw(session: Session, actor_id: int | None, *, enrolment_id: int, now: datetime) -> None:
    """Take somebody out of the cohort: results stay, the card stops, its sessions end.

    Raises:
        NotFound: no such enrolment.
        Conflict: withdrawn already.
    """
    begin_write(session)
    enrolment = _get(session, enrolment_id)
    _move(session, enrolment, before="active", after="withdrawn")
    if enrolment.card is not None:
        end_sessions_of_card(session, enrolment.card.id)
    _record(session, "enrolment.withdrawn", enrolment, actor_id, now)
    session.flush()


def reinstate(session: Session, actor_id: int | None, *, enrolment_id: int, now: datetime) -> None:
    """Let somebody who was withdrawn take part again, with the same card.

    Raises:
        NotFound: no such enrolment.
        Conflict: taking part already.
    """
    begin_write(session)
    enrolment = _get(session, enrolment_id)
    _move(session, enrolment, before="withdrawn", after="active")
    _record(session, "enrolment.reinstated", enrolment, actor_id, now)
    session.flush()


def resolve_correction(
    session: Session, actor_id: int | None, *, enrolment_id: int, certificate_name: str, now: datetime
) -> None:
    """Set the name for the certificate as the person asked, or as it was, and take the request off the list.

    Raises:
        NotFound: no such enrolment.
        Conflict: nothing was asked for, or somebody else has dealt with it.
    """
    begin_write(session)
    enrolment = _get(session, enrolment_id)
    query = (
        update(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.correction_request.is_not(None))
        .values(certificate_name=certificate_name, correction_request=None)
    )
    before = enrolment.certificate_name
    if not changed_rows(session.execute(query)):
        raise Conflict(_l("Somebody else has dealt with this request."))
    _record(
        session, "enrolment.name_corrected", enrolment, actor_id, now, before=before, after=certificate_name
    )
    session.flush()


def record_card_seen(
    session: Session,
    actor_id: int,
    *,
    enrolments: list[Enrolment],
    cohort: Cohort,
    now: datetime,
) -> None:
    """Write down that somebody saw or printed PINs; for a transaction of its own."""
    begin_write(session)
    record(
        session,
        "card.shown",
        at=now,
        actor_id=actor_id,
        object_type="cohort",
        object_id=cohort.id,
        branch_id=cohort.branch_id,
        enrolments=[enrolment.id for enrolment in enrolments],
    )


def _get(session: Session, enrolment_id: int) -> Enrolment:
    query = (
        select(Enrolment)
        .where(Enrolment.id == enrolment_id)
        .options(
            joinedload(Enrolment.user, innerjoin=True),
            joinedload(Enrolment.card),
            joinedload(Enrolment.cohort, innerjoin=True),
        )
        .execution_options(populate_existing=True)
    )
    enrolment = session.scalar(query)
    if enrolment is None:
        raise NotFound
    return enrolment


def _move(session: Session, enrolment: Enrolment, *, before: str, after: str) -> None:
    query = (
        update(Enrolment).where(Enrolment.id == enrolment.id, Enrolment.status == before).values(status=after)
    )
    if not changed_rows(session.execute(query)):
        raise Conflict


def _record(
    session: Session,
    action: str,
    enrolment: Enrolment,
    actor_id: int | None,
    now: datetime,
    **details: object,
) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor_id,
        object_type="enrolment",
        object_id=enrolment.id,
        branch_id=enrolment.cohort.branch_id,
        **details,
    )
