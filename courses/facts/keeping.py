"""A text that is right although a fact of it has changed: a trainer says so, with name, time and reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, update
from sqlalchemy.orm import Session

from courses.facts.book import FactBook
from courses.facts.models import FactUse, UseOwner
from courses.facts.radar import Stale, find_stale, mark_of
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict


@dataclass(frozen=True)
class Place:
    """Where one fact stands in one file of an edition, of one kind of use."""

    edition_id: int
    key: str
    kind: str
    file: str


def keep_page(
    session: Session,
    actor: Actor,
    *,
    place: Place,
    mark: str,
    reason: str,
    book: FactBook,
    now: datetime,
) -> None:
    """Note that a file of an edition is right with the fact of now, until that changes again.

    Raises:
        Conflict: nothing is to be decided there any more, or the fact has changed again.
    """
    begin_write(session)
    found = [one for one in _list_stale(session, book, place.edition_id) if _place_of(one) == place]
    if not found:
        raise Conflict(_l("There is nothing to decide about this page any more."))
    if mark_of(found) != mark:
        raise Conflict(_l("The fact has changed meanwhile. Look at it again, then decide."))
    accept(session, found, actor_id=actor.user_id, now=now)
    record(
        session,
        "lesson.kept",
        at=now,
        actor_id=actor.user_id,
        object_type="edition",
        object_id=place.edition_id,
        reason=reason,
        says=[found[0].use.saw, found[0].now],
        **{name: value for name, value in asdict(place).items() if name != "edition_id"},
    )
    session.flush()


def accept(session: Session, stale: Sequence[Stale], *, actor_id: int, now: datetime) -> None:
    """Note on uses that somebody has looked at the value of now, and who and when."""
    begin_write(session)
    values = {one.use.id: one.now or "" for one in stale}
    if not values:
        return
    session.execute(
        update(FactUse)
        .where(FactUse.id.in_(values))
        .values(accepted=case(values, value=FactUse.id), accepted_by_id=actor_id, accepted_at=now)
        .execution_options(synchronize_session=False)
    )


def _list_stale(session: Session, book: FactBook, edition_id: int) -> list[Stale]:
    return find_stale(session, book, owner_type=UseOwner.EDITION, owner_ids=[edition_id])


def _place_of(stale: Stale) -> Place:
    use = stale.use
    return Place(use.owner_id, use.key, use.kind, use.place.rpartition(":")[0])
