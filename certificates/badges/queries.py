"""Reads: places in the status lists, which bits of one are set, and what an achievement is."""

from __future__ import annotations

import secrets
from collections.abc import Set

from sqlalchemy import func, literal, select, text, union_all
from sqlalchemy.orm import Session

from certificates.badges.achievements import name_achievement
from certificates.badges.status_lists import LAST_LIST, LIST_BITS
from certificates.models import Certificate
from courses.catalogue.models import Edition
from lms.core.errors import NotFound

CANDIDATES = 16
"""Places drawn for one that is wanted. When none is free the list counts as full, on average at some 60 %:
then the next one begins, so that a million certificates are in about 13 lists, each a crowd."""
LAST = "last"
"""Marks the highest place of all among the rows of a list."""


def draw_status_index(session: Session) -> int:
    """Return a free place in the status lists, drawn at random.

    Two who draw at the same moment draw the same once in a hundred thousand times: the column is unique, so
    the later one fails and is made again.
    """
    return draw_status_indexes(session, count=1)[0]


def draw_status_indexes(session: Session, *, count: int) -> list[int]:
    """Return so many places, each another one, in two queries.

    Raises:
        RuntimeError: every list is full.
    """
    first = (session.scalar(select(func.max(Certificate.status_index))) or 0) // LIST_BITS
    for number in range(first, LAST_LIST):
        wanted = range(CANDIDATES * count)
        drawn = dict.fromkeys(number * LIST_BITS + secrets.randbelow(LIST_BITS) for _ in wanted)
        query = select(Certificate.status_index).where(Certificate.status_index.in_(drawn))
        taken = set(session.scalars(query))
        free = [index for index in drawn if index not in taken]
        if len(free) >= count:
            return free[:count]
    raise RuntimeError("all places in the status lists are taken")


def list_set_places(session: Session, number: int, *, states: Set[str]) -> list[int]:
    """Return the places in a list whose certificates are in one of ``states``, in one query.

    Args:
        number: of the list, from 1.
        states: of certificates that do not stand.

    Raises:
        NotFound: nothing was ever put into this list nor a later one.
    """
    if not 1 <= number <= LAST_LIST:
        raise NotFound
    start = (number - 1) * LIST_BITS
    # Written out, so that both databases take the small index of those that do not stand.
    fallen = (
        select(Certificate.status_index, Certificate.state)
        .where(Certificate.status_index.between(start, start + LIST_BITS - 1))
        .where(text("state <> 'valid'"))
    )
    last = select(func.max(Certificate.status_index), literal(LAST))
    rows = [(index, state) for index, state in session.execute(union_all(fallen, last)) if index is not None]
    if not any(index >= start for index, state in rows if state == LAST):
        raise NotFound
    return [index - start for index, state in rows if state in states]


def find_achievement(session: Session, name: str, *, edition: int) -> Edition | None:
    """Return the published edition that the address of an achievement names, or None."""
    query = (
        select(Edition).where(Edition.number == edition, Edition.status == "published").order_by(Edition.id)
    )
    return next((row for row in session.scalars(query) if name_achievement(row.title) == name), None)
