"""What publishing would do: it takes the wording stored at the law date, or makes it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import load_book
from lms.core.db import begin_write
from quizzes.bank.models import QuestionVersion, QuizVersion
from quizzes.bank.publication.publishing import plan_publication
from tests.quizzes.bank.folder.test_loading import load
from tests.quizzes.bank.folders import LAW_2016, LAW_2026


@pytest.fixture(autouse=True)
def course(session: Session, tmp_path: Path) -> None:
    for as_of in (LAW_2016, LAW_2026):
        load(session, tmp_path, as_of=as_of)


def _quiz(session: Session, as_of: date) -> QuizVersion:
    return session.scalars(select(QuizVersion).where(QuizVersion.as_of == as_of)).one()


@pytest.mark.parametrize("as_of", [LAW_2016, LAW_2026])
def test_a_wording_stored_at_the_law_date_is_taken(session: Session, as_of: date) -> None:
    plan = plan_publication(session, _quiz(session, as_of), book=load_book())

    dates = select(QuestionVersion.as_of).where(QuestionVersion.id.in_(plan.found.values()))
    assert plan.found.keys() == {key for asked in plan.slots.values() for key in asked}
    assert {key: row.id for key, row in plan.stored.items()} == plan.found
    assert set(session.scalars(dates)) == {as_of}
    assert plan.made == {}


def test_what_no_law_date_has_is_made(session: Session) -> None:
    begin_write(session)
    version = _quiz(session, LAW_2026)
    version.as_of = date(2026, 11, 23)

    plan = plan_publication(session, version, book=load_book())

    assert plan.found == plan.stored == {}
    assert plan.made.keys() == plan.rows.keys() != set()
