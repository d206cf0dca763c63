"""A roster waits for the decision of whoever sent it, and is used once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.cohorts import enrolling, queries, roster_drafts
from courses.cohorts.models import RosterDraft
from courses.cohorts.roster import Roster, check_row, read_roster
from lms.core.accounts.models import Role
from lms.core.errors import Conflict
from tests import factories
from tests.courses.cohorts import files
from tests.courses.cohorts.acts import make
from tests.courses.cohorts.files import HEADER, SITI
from tests.factories import NOW


def test_a_draft_is_its_senders_and_is_used_once(session: Session) -> None:
    cohort, sender = make(session), factories.make_user(session, Role.ORGANISER)
    roster = read_roster(files.csv_bytes(HEADER, SITI), "a.csv")
    draft = roster_drafts.store_draft(
        session, sender.id, cohort_id=cohort.id, roster=roster, file_name="a.csv", now=NOW
    )
    draft_id = draft.id
    session.commit()
    rows = [check_row(row) for row in roster.rows]

    assert queries.find_draft(session, draft_id, cohort_id=cohort.id, user_id=sender.id + 1) is None
    assert queries.find_draft(session, draft_id, cohort_id=cohort.id + 1, user_id=sender.id) is None
    enrolling.apply_roster(
        session, sender.id, cohort_id=cohort.id, rows=rows, decisions={}, draft_id=draft_id, now=NOW
    )
    session.commit()
    with pytest.raises(Conflict):
        enrolling.apply_roster(
            session, sender.id, cohort_id=cohort.id, rows=rows, decisions={}, draft_id=draft_id, now=NOW
        )


def test_a_new_draft_throws_away_ones_own_and_what_lay_a_day(session: Session) -> None:
    cohort, one, two = make(session), *(factories.make_user(session, Role.ORGANISER) for _ in range(2))
    roster = Roster(())
    for sender, at in ((one, NOW - timedelta(days=2)), (two, NOW), (two, NOW)):
        roster_drafts.store_draft(
            session, sender.id, cohort_id=cohort.id, roster=roster, file_name="a", now=at
        )
        session.commit()

    assert list(session.scalars(select(RosterDraft.user_id))) == [two.id]


def test_the_number_of_a_draft_is_never_used_again(session: Session) -> None:
    cohort, sender = make(session), factories.make_user(session, Role.ORGANISER)
    numbers = []
    for _ in range(2):
        draft = roster_drafts.store_draft(
            session, sender.id, cohort_id=cohort.id, roster=Roster(()), file_name="a", now=NOW
        )
        numbers.append(draft.id)
        session.commit()

    assert numbers[0] < numbers[1]
