"""Results and marking ask a constant number of questions, however much was judged and decided."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.db import db
from quizzes.attempts.models import Attempt
from quizzes.grading.regrading import regrade
from quizzes.grading.reports import report_question
from quizzes.grading.rulings import rule
from tests.factories import make_enrolment, make_question
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.attempts.test_drawing import START_LIMIT
from tests.quizzes.grading.desks import essay_desk, hand_in, marker, read_lessons, trainer_of
from tests.quizzes.grading.test_pages import page
from tests.quizzes.grading.test_regrading import corrected, mark_anew
from tests.quizzes.grading.test_regrading import look as look_at_key
from tests.quizzes.grading.test_rulings import FULL, VOID, decide, look, question_at
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]


def asked(client: FlaskClient, url: str) -> list[str]:
    client.get("/akun")
    db.session.remove()
    with counted() as sent:
        page(client, url)
    return sent


@pytest.mark.parametrize("count", [5, 25])
def test_a_result_with_everything_on_it_takes_eight(session: Session, sign_in: SignIn, count: int) -> None:
    read = "day-1/01-modul/materi-1#isi"
    desk = make_desk(session, [make_question(session, read=read) for _ in range(count)])
    hand_in(desk, right=1)
    attempt = hand_in(desk, right=2)
    decide(desk, question_at(desk, attempt, 1), FULL)
    decide(desk, question_at(desk, attempt, 2), VOID)
    mark_anew(desk, corrected(desk, desk.items(attempt)[-1]))
    for item in desk.items(attempt)[:3]:
        report_question(
            session, item_id=item.id, user_id=desk.enrolment.user_id, text="Keliru.", now=desk.now
        )
        session.commit()

    sent = asked(sign_in(desk.enrolment.user_id), f"/percobaan/{attempt.id}/hasil")

    assert len(sent) <= PAGE_LIMIT, sent


@pytest.mark.parametrize("count", [3, 12])
def test_a_start_without_what_is_left_out_takes_twelve(session: Session, sign_in: SignIn, count: int) -> None:
    desk = make_desk(session, [make_question(session) for _ in range(count)])
    attempt = hand_in(desk)
    decide(desk, question_at(desk, attempt, 1), VOID)
    decide(desk, question_at(desk, attempt, 2), VOID)
    client, url = sign_in(desk.enrolment.user_id), f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"
    client.get("/akun")
    db.session.remove()

    with counted() as sent:
        response = client.post(url)

    assert response.status_code == 303
    assert len(sent) <= START_LIMIT, sent


@pytest.mark.parametrize("people", [1, 12])
def test_marking_takes_eight_however_many_wait(session: Session, sign_in: SignIn, people: int) -> None:
    desk = essay_desk(session)
    for _ in range(people):
        hand_in(Desk(session, make_enrolment(session, cohort=desk.enrolment.cohort), desk.step, desk.now))
    essay = next(item for item in desk.items(hand_in(desk)) if item.question_version.type == "essay")
    question_id, cohort = essay.question_version.question_id, f"/angkatan/{desk.enrolment.cohort_id}/soal"
    urls = ("/nilai", f"/nilai/{essay.id}", f"/nilai/{essay.id}/ubah", cohort, f"{cohort}/{question_id}")
    client = sign_in(trainer_of(desk).id)

    for url in urls:
        sent = asked(client, url)
        assert len(sent) <= PAGE_LIMIT, (url, sent)


def hall(session: Session, people: int, *, readers: int = 0) -> tuple[Desk, Attempt]:
    """Return a hall where nobody has passed, and the last of its papers; a fifth of the marks is enough.

    The first ``readers`` have done all of the course but the quiz.
    """
    last = make_desk(session, pass_percent=20)
    cohort = last.enrolment.cohort
    others = [
        Desk(session, make_enrolment(session, cohort=cohort), last.step, last.now) for _ in range(people - 1)
    ]
    for desk in others[:readers]:
        read_lessons(desk)
    for desk in others:
        desk.submit(desk.start())
    return last, hand_in(last, right=0)


def ruling_cost(desk: Desk, attempt: Attempt) -> int:
    """Return how many statements it takes to give everybody a question, so that all pass the quiz."""
    question_id = question_at(desk, attempt, 5)
    seen, actor, cohort_id = look(desk, question_id, FULL).mark, marker(desk), desk.enrolment.cohort_id
    desk.session.commit()
    desk.session.expunge_all()
    with counted() as sent:
        rule(
            desk.session,
            actor,
            cohort_id=cohort_id,
            question_id=question_id,
            decision=FULL,
            reason="Kunci keliru.",
            mark=seen,
            now=desk.now,
        )
        desk.session.commit()
    return len(sent)


def regrade_cost(desk: Desk, attempt: Attempt) -> int:
    """Return how many statements it takes to mark a question of everybody anew."""
    version = corrected(desk, desk.items(attempt)[-1])
    seen, actor, cohort_id = look_at_key(desk, version).mark, marker(desk), desk.enrolment.cohort_id
    question_id, version_id = version.question_id, version.id
    desk.session.commit()
    desk.session.expunge_all()
    with counted() as sent:
        regrade(
            desk.session,
            actor,
            cohort_id=cohort_id,
            question_id=question_id,
            version_id=version_id,
            reason="Kunci keliru.",
            mark=seen,
            now=desk.now,
        )
        desk.session.commit()
    return len(sent)


@pytest.mark.parametrize("cost", [ruling_cost, regrade_cost])
def test_a_decision_takes_as_many_queries_for_a_hundred_as_for_ten(
    session: Session, cost: Callable[[Desk, Attempt], int]
) -> None:
    ten, hundred = (cost(*hall(session, people)) for people in (10, 100))

    assert hundred == ten


def test_only_who_completes_the_course_by_a_decision_costs_more(session: Session) -> None:
    none, one, three = (ruling_cost(*hall(session, 4, readers=readers)) for readers in (0, 1, 3))

    assert none < one
    assert three - one < 3 * (one - none)
