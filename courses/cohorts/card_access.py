"""Whether a card opens the door today, and the session it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from courses.cohorts.days import OPEN_DAYS_AFTER
from courses.cohorts.models import Card, Cohort, Enrolment
from lms.core.accounts.models import Role, User
from lms.core.accounts.sessions import open_session
from lms.core.db import begin_write
from lms.core.errors import NotFound


class CardState(StrEnum):
    """What a genuine card is worth now."""

    GOOD = "good"
    EARLY = "early"
    OVER = "over"
    # The person was taken out of the cohort, switched off, or became staff.
    CLOSED = "closed"


@dataclass(frozen=True)
class HeldCard:
    """A card somebody holds, with what its pages say."""

    card_id: int
    # Eight digits.
    number: str
    generation: int
    user_id: int
    name: str
    cohort_name: str
    zone: str
    # The card is good from … until just before …
    opens_at: datetime
    closes_at: datetime
    is_open_to_person: bool
    has_password: bool

    @property
    def first_day(self) -> date:
        """The first day it is good, in the zone of the cohort."""
        return self.opens_at.date()

    @property
    def last_day(self) -> date:
        """The last day it is good."""
        return self.closes_at.date() - timedelta(days=1)

    def state(self, now: datetime) -> CardState:
        """Return what the card is worth at ``now``."""
        if not self.is_open_to_person:
            return CardState.CLOSED
        if now < self.opens_at:
            return CardState.EARLY
        return CardState.GOOD if now < self.closes_at else CardState.OVER


def find_card(session: Session, card_id: int, *, generation: int) -> HeldCard | None:
    """Return the card of a genuine token, or None if it was replaced or is gone."""
    row = session.execute(_cards().where(Card.id == card_id, Card.generation == generation)).one_or_none()
    return _held(row.Card, row.Enrolment, row.Cohort, row.User) if row else None


def find_card_by_number(session: Session, number: str) -> HeldCard | None:
    """Return the card with this number of eight digits, or None."""
    row = session.execute(_cards().where(Card.number == number)).one_or_none()
    return _held(row.Card, row.Enrolment, row.Cohort, row.User) if row else None


def open_card_session(session: Session, card: HeldCard, *, now: datetime, user_agent: str, days: int) -> str:
    """Open a session for a card that is good, if it was not replaced meanwhile; it ends with the card.

    Args:
        days: so long a session lasts at most.

    Raises:
        NotFound: the card was replaced or its owner withdrawn while the PIN was looked at.
    """
    begin_write(session)
    # Under a lock: whoever replaces the card or withdraws its owner ends sessions before or after us.
    query = (
        select(Card.id)
        .join(Enrolment, Enrolment.id == Card.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .where(Card.id == card.card_id, Card.generation == card.generation)
        .where(Enrolment.status == "active", User.is_active, User.role == Role.TRAINEE.value)
    )
    if session.scalar(query.with_for_update()) is None:
        raise NotFound
    return open_session(
        session,
        card.user_id,
        via="card",
        now=now,
        user_agent=user_agent,
        expires_at=min(now + timedelta(days=days), card.closes_at),
        card_id=card.card_id,
    )


def _cards() -> Select[Card, Enrolment, Cohort, User]:
    return (
        select(Card, Enrolment, Cohort, User)
        .join(Enrolment, Enrolment.id == Card.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .join(User, User.id == Enrolment.user_id)
    )


def _held(card: Card, enrolment: Enrolment, cohort: Cohort, user: User) -> HeldCard:
    zone = ZoneInfo(cohort.time_zone)
    closing_day = cohort.ends_on + timedelta(days=OPEN_DAYS_AFTER + 1)
    return HeldCard(
        card_id=card.id,
        number=card.number,
        generation=card.generation,
        user_id=user.id,
        name=enrolment.name,
        cohort_name=cohort.name,
        zone=cohort.time_zone,
        opens_at=datetime.combine(cohort.starts_on, time(), zone),
        closes_at=datetime.combine(closing_day, time(), zone),
        is_open_to_person=enrolment.status == "active" and user.is_active and user.role == Role.TRAINEE.value,
        has_password=user.password_hash is not None,
    )
