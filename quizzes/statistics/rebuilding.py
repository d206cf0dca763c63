"""Changes: all papers are tallied anew, after a restore or whenever the tallies are in doubt."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from quizzes.attempts.models import Attempt
from quizzes.attempts.queries import list_worths
from quizzes.statistics.tallies import tally_papers

BATCH = 500
"""Papers of one transaction: others who want to write wait less than a second."""


def tally_all(session: Session) -> Iterator[int]:
    """Tally all papers handed in; yield how many after each batch, for the caller to commit it."""
    last = 0
    while True:
        begin_write(session)
        query = select(Attempt.id).where(Attempt.state == "submitted", Attempt.id > last)
        ids = list(session.scalars(query.order_by(Attempt.id).limit(BATCH)))
        if not ids:
            return
        found = list_worths(session, ids)
        worths = {item.item_id: item.worth for items in found.values() for item in items}
        yield tally_papers(session, ids, worths)
        last = ids[-1]
