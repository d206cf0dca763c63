"""Rosters between their dry run and the decision. Views and commands commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, delete, or_
from sqlalchemy.orm import Session

from courses.cohorts.models import RosterDraft
from courses.cohorts.roster import Roster
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Conflict

DRAFT_LIFE = timedelta(days=1)
"""A roster nobody applied is forgotten after so long."""


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


def use_draft(session: Session, draft_id: int) -> None:
    """Use a roster up, whoever sent it.

    Raises:
        Conflict: it was used or thrown away.
    """
    begin_write(session)
    if not changed_rows(session.execute(delete(RosterDraft).where(RosterDraft.id == draft_id))):
        raise Conflict(
            _l("This roster was applied already, or thrown away: look at the people of the cohort.")
        )
