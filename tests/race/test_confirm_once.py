"""Admins who confirm at the same moment: each proposal counts once, and the numbers have no hole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts import corrections
from courses.facts.book import load_book
from courses.facts.learned import chain_of
from courses.facts.models import CorrectionKind, FactCorrection
from courses.facts.readings import Reading
from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from lms.core.clock import utc_now
from lms.core.db import db
from lms.core.errors import Conflict
from tests import factories
from tests.race.conftest import Crowd

PARALLEL = 12


def propose(session: Session, key: str, unit: str = "IDR") -> int:
    reading = Reading(
        kind=CorrectionKind.SUCCESSOR,
        key=key,
        value="12000000",
        unit=unit,
        valid_from=date(2027, 1, 1),
        valid_to=None,
        citation="PP 82/2019",
        confidence="memory",
    )
    proposer = factories.make_user(session, Role.ADMIN).id
    made = corrections.propose(session, proposer, reading=reading, now=utc_now()).id
    session.commit()
    return made


def confirm(app: Flask, actor_id: int, correction_id: int) -> bool:
    with app.app_context():
        try:
            corrections.confirm(db.session(), actor_id, correction_id=correction_id, now=utc_now())
            db.session.commit()
        except Conflict:
            db.session.rollback()
            return False
        return True


def rush(app: Flask, session: Session, crowd: Crowd, ids: list[int]) -> list[bool]:
    admins = [factories.make_user(session, Role.ADMIN).id for _ in ids]
    session.rollback()
    acts: list[Callable[[], bool]] = [
        partial(confirm, app, admin, one) for admin, one in zip(admins, ids, strict=True)
    ]
    return crowd.rush(acts)


def test_one_proposal_is_confirmed_once(app: Flask, session: Session, crowd: Crowd) -> None:
    made = propose(session, "jkm.benefit.funeral")

    outcomes = rush(app, session, crowd, [made] * PARALLEL)

    session.rollback()
    confirmed = AuditEvent.action == "fact_correction.confirmed"
    assert outcomes.count(True) == 1
    assert len(session.scalars(select(AuditEvent).where(confirmed)).all()) == 1


def test_many_proposals_get_numbers_without_a_hole(app: Flask, session: Session, crowd: Crowd) -> None:
    keys = [key for key, history in load_book().facts.items() if history[-1].unit == "IDR"][:PARALLEL]
    waiting = [propose(session, key) for key in keys if load_book().facts[key][-1].valid_to is None]
    while waiting:
        padded = (waiting * PARALLEL)[:PARALLEL]
        assert any(rush(app, session, crowd, padded))
        session.rollback()
        open_ones = select(FactCorrection.id).where(FactCorrection.state == "proposed")
        waiting = list(session.scalars(open_ones))

    rows = session.scalars(select(FactCorrection).order_by(FactCorrection.revision)).all()
    assert [row.revision for row in rows] == list(range(1, len(rows) + 1))
    chain = ""
    for row in rows:
        assert row.known_on is not None
        chain = chain_of(chain, row, known_on=row.known_on)
        assert row.chain == chain
