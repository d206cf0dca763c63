"""A trainee reports a question, a trainer answers."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.drawing import draw_ahead
from quizzes.attempts.models import Attempt
from quizzes.grading import report_queries
from quizzes.grading.models import QuestionReport
from quizzes.grading.reports import answer_report, report_question
from tests.factories import make_branch, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.grading.desks import marker


def report(desk: Desk, attempt: Attempt, position: int = 1, **values: int) -> QuestionReport:
    user_id = values.get("user_id", desk.enrolment.user_id)
    made = report_question(
        desk.session,
        item_id=desk.items(attempt)[position - 1].id,
        user_id=user_id,
        text="Dua jawaban benar.",
        now=desk.now,
    )
    desk.session.commit()
    return made


def test_a_report_waits_for_trainers_of_the_branch(session: Session, desk: Desk) -> None:
    made = report(desk, desk.start())

    assert [row.report.id for row in report_queries.list_reports(session, marker(desk))] == [made.id]
    stranger = actor_of(make_user(session), make_branch(session))
    assert report_queries.list_reports(session, stranger) == []
    with pytest.raises(NotFound):
        answer_report(session, stranger, report_id=made.id, answer="Baik.", now=desk.now)


def test_a_question_is_reported_once(desk: Desk) -> None:
    attempt = desk.start()
    report(desk, attempt)

    with pytest.raises(Conflict):
        report(desk, attempt)
    report(desk, attempt, position=2)


def test_only_ones_own_paper_is_reported(session: Session, desk: Desk) -> None:
    attempt = desk.start()

    with pytest.raises(NotFound):
        report(desk, attempt, user_id=make_user(session).id)
    with pytest.raises(NotFound):
        report_question(desk.session, item_id=0, user_id=desk.enrolment.user_id, text="Keliru.", now=desk.now)


def test_an_answer_closes_it_once(session: Session, desk: Desk) -> None:
    made, actor = report(desk, desk.start()), marker(desk)

    answer_report(session, actor, report_id=made.id, answer="Benar, terima kasih.", now=desk.now)
    session.commit()

    session.expire_all()
    assert (made.answer, made.answered_by_id) == ("Benar, terima kasih.", actor.user_id)
    assert report_queries.list_reports(session, actor) == []
    with pytest.raises(Conflict):
        answer_report(session, actor, report_id=made.id, answer="Lagi.", now=desk.now)
    session.rollback()
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "question_report.answered")).one()


def test_a_paper_drawn_ahead_shows_none_of_its_questions(desk: Desk) -> None:
    place = {"cohort_id": desk.enrolment.cohort_id, "step_id": desk.step.id}
    draw_ahead(desk.session, **place, rng=desk.rng, now=desk.now)
    desk.session.commit()
    query = select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id, Attempt.state == "drawn")
    ahead = desk.session.scalars(query).one()

    with pytest.raises(NotFound):
        report_queries.find_own_item(desk.session, desk.items(ahead)[0].id, user_id=desk.enrolment.user_id)


def test_where_questions_come_one_at_a_time_only_those_met_can_be_reported(session: Session) -> None:
    desk = make_desk(session, is_sequential=True)
    attempt, user_id = desk.start(), desk.enrolment.user_id
    first, second, *_ = desk.items(attempt)

    assert report_queries.find_own_item(session, first.id, user_id=user_id).id == first.id
    with pytest.raises(NotFound):
        report_queries.find_own_item(session, second.id, user_id=user_id)
    desk.submit(attempt)
    assert report_queries.find_own_item(session, second.id, user_id=user_id).id == second.id
