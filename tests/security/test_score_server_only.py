"""The score is what the server makes of the stored answers, and of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.attempts.models import Attempt, PaperItem
from quizzes.grading.models import Mark
from quizzes.grading.scoring import Earned, earn, score
from quizzes.types import TYPES, get_type
from tests.factories import make_question
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]

LIES: dict[str, str] = {
    "score": "100",
    "percent": "100",
    "marks": "99",
    "marks_earned": "99",
    "max": "1",
    "fraction": "1",
    "correct": "true",
    "is_right": "true",
    "has_passed": "1",
    "state": "submitted",
    "submitted_by": "organiser",
    "deadline_at": "2099-01-01T00:00:00Z",
    "started_at": "2099-01-01T00:00:00Z",
    "remaining": "99999",
    "now": "2000-01-01T00:00:00Z",
    "user_id": "1",
    "enrolment_id": "1",
    "number": "9",
    "answer": '{"choice": 0}',
    "outcome": "applied",
}


@pytest.fixture
def desk(session: Session) -> Desk:
    # Of what a person must mark nothing is earned yet.
    return make_desk(session, [make_question(session, kind.key) for kind in TYPES if not kind.is_judged])


def answer_with_lies(client: FlaskClient, desk: Desk, attempt: Attempt) -> None:
    """Answer everything wrongly, and claim everything else in every place a request has."""
    for item in desk.items(attempt):
        kind = get_type(item.question_version.type)
        raw = kind.miss(item.question_version.content, item.prepared)
        lying_raw = {name: list(values) for name, values in raw.items()} | {"score": ["100"]}
        entry = {
            "position": item.position,
            "event": f"lie-{item.position}",
            "sequence": 1,
            "raw": lying_raw,
            "flagged": False,
        }
        reply = client.post(f"/percobaan/{attempt.id}/jawaban?percent=100", json=LIES | entry)
        assert reply.status_code == 200
    form = {"q1-seq": "2", "q1-event": "form"} | {
        f"q1-{name.replace('_', '-')}": v for name, v in LIES.items()
    }
    client.post(f"/percobaan/{attempt.id}/jawaban", data=LIES | form)


def stored(attempt: Attempt) -> dict[str, Any]:
    return {column.key: getattr(attempt, column.key) for column in Attempt.__table__.columns}


def test_what_a_request_claims_changes_nothing_before_the_end(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    before = stored(attempt)

    answer_with_lies(sign_in(desk.enrolment.user_id), desk, attempt)

    desk.session.expire_all()
    assert stored(attempt) == before


def test_wrong_answers_earn_nothing_whatever_is_claimed(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    client = sign_in(desk.enrolment.user_id)
    answer_with_lies(client, desk, attempt)

    client.post(f"/percobaan/{attempt.id}/kirim?percent=100", data=LIES)

    desk.session.expire_all()
    assert (attempt.percent, attempt.has_passed, attempt.submitted_by) == (0, False, "person")
    assert attempt.started_at == desk.now


def test_a_start_takes_nothing_from_the_request(desk: Desk, sign_in: SignIn) -> None:
    url = f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}?time_limit_minutes=9999"

    sign_in(desk.enrolment.user_id).post(url, data=LIES | {"quiz_version_id": "1", "attempts_allowed": "9"})

    attempt = desk.session.scalars(select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id)).one()
    assert (attempt.number, attempt.state, attempt.percent) == (1, "in_progress", None)
    assert abs((attempt.started_at - desk.now).total_seconds()) < 600


def test_marking_the_stored_answers_again_gives_the_same_score(desk: Desk) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=2)
    attempt = desk.submit(attempt)

    earned = []
    for item in desk.items(attempt):
        response = item.response
        assert response is not None
        content = item.question_version.content
        parsed = get_type(item.question_version.type).parse(response.raw or {}, content, item.prepared)
        grade = get_type(item.question_version.type).grade(content, parsed)
        assert parsed == response.answer
        assert grade is not None
        earned.append(Earned(grade.fraction, item.marks))
        mark = desk.session.scalars(select(Mark).where(Mark.item_id == item.id)).one()
        assert (mark.fraction, mark.marks) == (grade.fraction, earn(grade.fraction, item.marks))

    again = score(earned, pass_percent=attempt.quiz_version.pass_percent)
    assert (attempt.marks_earned, attempt.percent, attempt.has_passed) == (
        again.marks_earned,
        again.percent,
        again.has_passed,
    )


def test_marks_are_those_of_the_frozen_paper(desk: Desk) -> None:
    attempt = desk.submit(desk.start())

    marks = desk.session.scalars(select(PaperItem.marks).where(PaperItem.attempt_id == attempt.id)).all()
    assert sum(marks) == attempt.marks_possible
