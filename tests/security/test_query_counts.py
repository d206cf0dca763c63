"""A page asks the database a constant number of questions, however much is in it (design rule 16)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select

from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.models import User
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.bank.models import Question, QuestionVersion
from tests.security.conftest import Stage
from tests.security.world import PEOPLE

PAGE_LIMIT = 8
SAVE_LIMIT = 4
MANY = 1000

NOT_A_QUERY = (
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "PRAGMA",
    "SELECT pg_catalog.version",
    "show ",
)


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().startswith(NOT_A_QUERY):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def counts(stage: Stage, person: str) -> dict[str, list[str]]:
    """Return the statements of every page of a person."""
    stage.browser(person).get("/akun")  # the session is noted as seen, once a minute
    found = {}
    for rule in stage.rules("GET"):
        with counted() as sent:
            stage.browser(person).get(stage.url(rule))
        found[rule.endpoint] = list(sent)
    return found


def explain(pages: dict[str, list[str]], limit: int) -> str:
    """Return the pages above the limit with what they ask."""
    return "\n\n".join(
        f"{name}: {len(sent)}\n  " + "\n  ".join(" ".join(s.split())[:160] for s in sent)
        for name, sent in pages.items()
        if len(sent) > limit
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_no_page_asks_more_than_eight_times(stage: Stage, person: str) -> None:
    pages = counts(stage, person)

    assert not explain(pages, PAGE_LIMIT), explain(pages, PAGE_LIMIT)


@pytest.mark.parametrize("person", ["trainee", "trainer", "organiser", "admin"])
def test_a_thousand_rows_cost_no_question_more(stage: Stage, person: str) -> None:
    _add_rows(10)
    few = {name: len(sent) for name, sent in counts(stage, person).items()}

    _add_rows(MANY)
    many = {name: len(sent) for name, sent in counts(stage, person).items()}

    assert {name: (few[name], n) for name, n in many.items() if n > few[name]} == {}


def test_a_save_asks_four_times_at_most(stage: Stage) -> None:
    rule = next(rule for rule in stage.rules("POST") if rule.endpoint == "attempts.save")
    client, url = stage.browser("trainee"), stage.url(rule)
    # Whoever answers has just opened the paper; that the session is in use is written down then.
    assert client.get("/").status_code == 200
    for number in range(3):
        data = {
            "position": 1,
            "event": f"count-{number}",
            "sequence": 50 + number,
            "raw": {"choice": ["1"]},
            "flagged": False,
        }
        with counted() as sent:
            assert client.post(url, json=data).status_code == 200
        assert len(sent) <= SAVE_LIMIT, "\n".join(sent)


def test_a_save_is_less_than_a_kilobyte_each_way(stage: Stage) -> None:
    rule = next(rule for rule in stage.rules("POST") if rule.endpoint == "attempts.save")
    data = {
        "position": 10,
        "event": "e" * 40,
        "sequence": 2**31 - 1,
        "raw": {"choice": ["1"]},
        "flagged": False,
    }
    client = stage.browser("trainee")
    data["position"] = 1

    response = client.post(stage.url(rule), json=data)

    head = sum(len(name) + len(value) + 4 for name, value in response.headers)
    assert response.status_code == 200
    assert head + len(response.data) + 20 <= 1024 + 400  # 400: the fixed security headers


def _add_rows(count: int) -> None:
    """Add people to the cohort, cohorts to the branch, and questions to the bank."""
    session, now = db.session(), utc_now()
    begin_write(session)
    cohort = session.scalars(select(Cohort).order_by(Cohort.id)).first()
    assert cohort is not None
    names = [f"Orang ke-{number}" for number in range(count)]
    users = session.scalars(insert(User).returning(User.id), [_user(name, now) for name in names]).all()
    session.execute(
        insert(Enrolment), [_enrolment(cohort.id, u, n, now) for u, n in zip(users, names, strict=True)]
    )
    session.execute(insert(Cohort), [_cohort(cohort, number, now) for number in range(count // 10)])
    _add_questions(count // 5)
    session.commit()


def _user(name: str, now: Any) -> dict[str, Any]:
    return {"name": name, "role": "trainee", "is_active": True, "is_demo": False, "created_at": now}


def _enrolment(cohort_id: int, user_id: int, name: str, now: Any) -> dict[str, Any]:
    return {
        "cohort_id": cohort_id,
        "user_id": user_id,
        "name": name,
        "name_folded": name.casefold(),
        "element": "village_official",
        "organisation": "Desa",
        "region_code": "35.19",
        "status": "active",
        "created_at": now,
    }


def _cohort(like: Cohort, number: int, now: Any) -> dict[str, Any]:
    return {
        "branch_id": like.branch_id,
        "edition_id": like.edition_id,
        "name": f"Angkatan ke-{number}",
        "place": "Aula",
        "time_zone": "Asia/Jakarta",
        "starts_on": now.date(),
        "ends_on": now.date() + timedelta(days=1),
        "is_demo": False,
        "created_at": now,
    }


def _add_questions(count: int) -> None:
    session = db.session()
    version = session.scalars(select(QuestionVersion).order_by(QuestionVersion.id)).first()
    assert version is not None
    skip = {"id", "question_id"}
    like = {c.name: getattr(version, c.name) for c in QuestionVersion.__table__.columns if c.name not in skip}
    values = [
        {"topic": "contoh", "use": "graded", "status": "ready", "created_at": like["created_at"]}
        for _ in range(count)
    ]
    ids = session.scalars(insert(Question).returning(Question.id), values).all()
    session.execute(insert(QuestionVersion), [{**like, "question_id": question_id} for question_id in ids])
