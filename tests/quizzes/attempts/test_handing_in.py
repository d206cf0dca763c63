"""A paper is handed in, once, by whoever comes first."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.cohorts.models import Enrolment
from courses.learning.models import Completion, Progress
from courses.learning.signals import course_completed
from lms.core.db import begin_write
from lms.core.errors import NotFound
from quizzes.attempts import handing_in
from quizzes.attempts.models import PaperItem
from quizzes.grading.models import Mark
from tests.factories import add, make_question
from tests.quizzes.attempts.conftest import Desk, make_desk


def progress(desk: Desk) -> Progress:
    desk.session.expire_all()
    return desk.session.get_one(Progress, (desk.enrolment.id, desk.step.id))


def marks_count(desk: Desk) -> int:
    return desk.session.scalar(select(func.count()).select_from(Mark)) or 0


def read_lessons(desk: Desk) -> None:
    for step in desk.step.module.steps:
        if step.kind == "lesson":
            row = Progress(enrolment_id=desk.enrolment.id, step_id=step.id, opened_at=desk.now)
            row.completed_at = desk.now
            add(desk.session, row)


def test_the_result_is_stored_with_a_mark_for_each_question(desk: Desk) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=3)

    attempt = desk.submit(attempt)

    assert (attempt.state, attempt.submitted_by, attempt.submitted_at) == ("submitted", "person", desk.now)
    assert (attempt.marks_earned, attempt.percent, attempt.has_passed) == (3, 60, True)
    fractions = desk.session.scalars(select(Mark.fraction).join(PaperItem).order_by(PaperItem.position)).all()
    assert fractions == [1, 1, 1, 0, 0]


def test_unanswered_questions_earn_nothing(desk: Desk) -> None:
    attempt = desk.submit(desk.start())

    assert (attempt.percent, attempt.has_passed) == (0, False)
    assert marks_count(desk) == 5


def test_partial_answers_earn_their_share(session: Session) -> None:
    desk = make_desk(session, [make_question(session, "multiple_response")], shuffle_options=False)
    attempt = desk.start()
    desk.save(attempt, raw={"choice": ["1", "2"]})

    assert desk.submit(attempt).percent == Decimal("66.6666700")


def test_handing_in_twice_marks_once(desk: Desk) -> None:
    attempt = desk.start()
    first = desk.submit(attempt)
    before = (first.submitted_at, first.submitted_by, first.percent)

    again = desk.submit(attempt, now=desk.now + timedelta(hours=1), by="organiser")

    assert (again.submitted_at, again.submitted_by, again.percent) == before
    assert marks_count(desk) == 5


def test_after_the_deadline_whoever_presses_it_is_the_deadline(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=5)
    attempt = desk.start()

    attempt = desk.submit(attempt, now=desk.now + timedelta(minutes=7))

    assert attempt.submitted_by == "deadline"
    assert attempt.submitted_at == desk.now + timedelta(minutes=5)


def test_another_persons_sitting_cannot_be_handed_in(desk: Desk) -> None:
    attempt = desk.start()
    stranger = make_desk(desk.session).enrolment

    with pytest.raises(NotFound):
        handing_in.submit_attempt(
            desk.session, attempt.id, by="person", now=desk.now, user_id=stranger.user_id
        )
    desk.session.rollback()
    desk.session.expire_all()
    assert attempt.state == "in_progress"


def test_passing_makes_the_step_done(desk: Desk) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=4)
    desk.submit(attempt)

    row = progress(desk)
    assert (row.percent, row.attempts_used) == (80, 1)
    assert row.completed_at == desk.now


def test_failing_leaves_the_step_open(desk: Desk) -> None:
    desk.submit(desk.start())

    assert progress(desk).completed_at is None


def test_the_best_result_counts(desk: Desk) -> None:
    for right in (4, 1):
        attempt = desk.start()
        desk.answer(attempt, right=right)
        desk.submit(attempt)

    row = progress(desk)
    assert (row.percent, row.attempts_used) == (80, 2)


def test_the_last_result_counts_where_the_quiz_says_so(session: Session) -> None:
    desk = make_desk(session, counts="last")
    for right in (2, 1):
        attempt = desk.start()
        desk.answer(attempt, right=right)
        desk.submit(attempt)

    assert progress(desk).percent == 20


def test_a_quiz_without_a_pass_mark_is_done_once_handed_in(session: Session) -> None:
    desk = make_desk(session, pass_percent=None, purpose="pretest")

    attempt = desk.submit(desk.start())

    assert attempt.has_passed is None
    assert progress(desk).completed_at is not None


def test_the_last_step_completes_the_course_in_the_same_transaction(desk: Desk) -> None:
    session = desk.session
    read_lessons(desk)
    attempt = desk.start()
    desk.answer(attempt, right=5)
    told = []

    def listen(_session: Session, event: object) -> None:
        told.append(session.info.get("writing"))

    with course_completed.connected_to(listen):
        desk.submit(attempt)

    assert told == [True]


def test_overdue_sittings_are_handed_in_and_others_left(session: Session) -> None:
    overdue, open_desk = make_desk(session, time_limit_minutes=1), make_desk(session, time_limit_minutes=60)
    first, second = overdue.start(), open_desk.start()
    overdue.answer(first, right=5)

    count = handing_in.close_overdue(session, now=overdue.now + timedelta(minutes=5))
    session.commit()

    session.expire_all()
    assert count == 1
    assert (first.state, first.submitted_by, first.has_passed) == ("submitted", "deadline", True)
    assert second.state == "in_progress"


def test_overdue_sittings_of_one_person_alone(session: Session) -> None:
    mine, theirs = make_desk(session, time_limit_minutes=1), make_desk(session, time_limit_minutes=1)
    mine.start()
    other = theirs.start()

    handing_in.close_overdue(session, now=mine.now + timedelta(minutes=5), enrolment_id=mine.enrolment.id)
    session.commit()

    session.expire_all()
    assert other.state == "in_progress"


def withdraw(desk: Desk) -> None:
    begin_write(desk.session)
    desk.session.get_one(Enrolment, desk.enrolment.id).status = "withdrawn"
    desk.session.commit()


def test_who_was_withdrawn_can_neither_save_nor_hand_in(desk: Desk) -> None:
    attempt = desk.start()
    withdraw(desk)

    with pytest.raises(NotFound):
        desk.save(attempt)
    with pytest.raises(NotFound):
        handing_in.submit_attempt(
            desk.session, attempt.id, by="person", now=desk.now, user_id=desk.enrolment.user_id
        )


def test_the_sitting_of_who_was_withdrawn_ends_with_its_time_and_completes_nothing(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=10)
    read_lessons(desk)
    attempt = desk.start()
    desk.answer(attempt, right=5)
    withdraw(desk)

    attempt = desk.submit(attempt, by="deadline", now=desk.now + timedelta(minutes=11))

    assert (attempt.state, attempt.has_passed) == ("submitted", True)
    assert desk.session.get(Completion, desk.enrolment.id) is None


def test_a_course_completed_by_a_sitting_whose_time_ran_out_is_complete_since_then(session: Session) -> None:
    desk = make_desk(session, [make_question(session)], time_limit_minutes=10, shuffle_options=False)
    read_lessons(desk)
    attempt = desk.start()
    desk.answer(attempt, right=1)
    later = desk.now + timedelta(days=2)

    desk.submit(attempt, now=later)

    completion = session.get_one(Completion, desk.enrolment.id)
    certificate = session.scalars(select(Certificate)).one()
    assert completion.completed_at == attempt.deadline_at
    assert certificate.issued_at == later
