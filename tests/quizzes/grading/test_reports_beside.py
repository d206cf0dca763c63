"""What trainees report stands beside the lesson and the question, for their branch alone, without a name."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.bank.models import Question, QuestionVersion
from quizzes.grading.reports import answer_report, report_question
from quizzes.grading.reports_beside import list_of_lesson, list_of_question
from tests.factories import make_branch, make_user
from tests.quizzes.attempts.conftest import Desk
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.grading.desks import marker

LESSON = "day-1/01-jkm/materi"


def test_reports_stand_beside_the_lesson_and_the_question(session: Session, desk: Desk) -> None:
    items = desk.items(desk.start())
    first, second = (item.question_version for item in items[:2])
    begin_write(session)
    for version, read in ((first, f"{LESSON}#jumlahnya"), (second, f"{LESSON}-lain")):
        session.execute(update(QuestionVersion).where(QuestionVersion.id == version.id).values(read=read))
        session.execute(
            update(Question).where(Question.id == version.question_id).values(key=f"contoh/jkm-{version.id}")
        )
    session.commit()
    made = [
        report_question(
            session, item_id=item.id, user_id=desk.enrolment.user_id, text=f"Keliru {place}.", now=desk.now
        )
        for place, item in enumerate(items[:2], 1)
    ]
    session.commit()
    actor, stranger = marker(desk), actor_of(make_user(session), make_branch(session))

    found = list_of_lesson(session, actor, slug="contoh", path=LESSON)

    assert [(one.text, one.is_open, one.question_id) for one in found] == [
        ("Keliru 1.", True, first.question_id)
    ]
    assert list_of_lesson(session, actor, slug="conto", path=LESSON) == []
    assert list_of_lesson(session, stranger, slug="contoh", path=LESSON) == []
    assert [one.text for one in list_of_question(session, actor, question_id=second.question_id)] == [
        "Keliru 2."
    ]
    answer_report(session, actor, report_id=made[0].id, answer="Benar.", now=desk.now)
    session.commit()
    assert [one.is_open for one in list_of_lesson(session, actor, slug="contoh", path=LESSON)] == [False]


def test_the_page_of_a_question_shows_its_reports_to_trainers_of_the_branch_alone(
    session: Session, desk: Desk, sign_in: Callable[[int], FlaskClient]
) -> None:
    item = desk.items(desk.start())[0]
    report_question(
        session, item_id=item.id, user_id=desk.enrolment.user_id, text="Kuncinya terbalik.", now=desk.now
    )
    session.commit()
    own, other = desk.enrolment.cohort.branch, make_branch(session)
    pages = [
        sign_in(make_user(session, Role.TRAINER, branch=branch).id)
        .get(f"/soal/{item.question_version.question_id}")
        .text
        for branch in (own, other)
    ]

    assert ["Kuncinya terbalik." in page for page in pages] == [True, False]
