"""Runners are killed while they sign all files of a cohort: each certificate gets one (check 9)."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, inspect, select
from sqlalchemy.orm import Session

from certificates import batches, queries
from certificates.batches import Kind
from certificates.codes import new_code
from certificates.models import Certificate, CertificateBatch, CertificateEvent
from certificates.record import digest, read_record, write_record
from courses.cohorts.models import Enrolment
from lms.core.accounts.models import Role, User
from lms.core.clock import utc_now
from lms.core.db import Base, begin_write
from lms.core.files import read_file
from lms.core.jobs.models import Job
from tests.conftest import Tell
from tests.crash.houses import Crew, House, count_begun_again
from tests.crash.slow_runner import sign_papers
from tests.factories import complete, make_enrolment, make_user

PEOPLE = 300
KILLS = 10


def certify(session: Session, count: int) -> Certificate:
    """Let one person complete the course, and copy person and certificate; return the first."""
    first = complete(session, make_enrolment(session), now=utc_now())
    begin_write(session)
    users = copy(session, session.get_one(User, first.user_id), [{} for _ in range(1, count)])
    theirs = [{"user_id": user_id} for user_id in users]
    enrolments = copy(session, session.get_one(Enrolment, first.enrolment_id), theirs)
    record = read_record(first.record)
    rows = []
    for number, own in enumerate(theirs, 2):
        facts = replace(record, code=new_code(), serial=f"{number}/{record.serial}")
        text = write_record(facts)
        stated = {"code": facts.code, "serial": facts.serial, "record": text, "record_sha256": digest(text)}
        rows.append(own | {"enrolment_id": enrolments[number - 2]} | stated)
    copy(session, first, rows)
    session.commit()
    return first


def copy(session: Session, row: Base, changes: list[dict[str, Any]]) -> list[int]:
    """Add copies of a row in one statement, each with changes of its own; return their ids in that order."""
    model = type(row)
    values = {
        name: getattr(row, name)
        for name in (column.key for column in inspect(model).column_attrs)
        if name != "id"
    }
    added = insert(model).returning(inspect(model).c.id, sort_by_parameter_order=True)
    return list(session.scalars(added, [values | own for own in changes]))


def count_signed(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(Certificate.pdf_sha256.is_not(None))) or 0


def test_each_certificate_gets_its_file_once_whatever_is_killed(
    app: Flask, session: Session, house: House, tell: Tell
) -> None:
    staff, cohort_id = make_user(session, Role.ADMIN), certify(session, PEOPLE).cohort_id
    ids = queries.list_standing_ids(session, cohort_id, only_unsigned=True)
    batches.ask(session, staff.id, cohort_id=cohort_id, kind=Kind.PAPERS, certificate_ids=ids, now=utc_now())
    session.commit()
    crew = Crew(house, sign_papers, random.Random(6))

    crew.kill_now_and_then(lambda: count_signed(session), jobs=PEOPLE, kills=KILLS)

    assert count_signed(session) == len(ids) == PEOPLE, house.log
    assert crew.kills == KILLS, f"only {crew.kills} kills: this proves nothing"
    begun_again = count_begun_again(session, batches.JOB)
    assert begun_again >= KILLS // 2, "nobody was killed at work"
    told = select(CertificateEvent.certificate_id).where(CertificateEvent.kind == "signed")
    assert sorted(session.scalars(told)) == sorted(ids), "each is signed once"
    for row in session.scalars(select(Certificate)):
        assert read_file(house.instance, row.pdf_sha256 or "").startswith(b"%PDF-" + row.serial.encode())
    batch = session.scalars(select(CertificateBatch)).one()
    assert (batch.done, batch.failed_ids) == (PEOPLE, [])
    assert set(session.scalars(select(Job.state).where(Job.kind == batches.JOB))) == {"done"}
    places = session.scalars(select(Certificate.status_index)).all()
    assert len(set(places)) == PEOPLE
    tell(f"killed: {crew.kills} runners", jobs=PEOPLE, begun_again=begun_again, files=PEOPLE, lost=0, twice=0)
