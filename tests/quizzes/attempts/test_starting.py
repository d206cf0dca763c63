"""A sitting starts."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.deadline import closing_moment
from quizzes.bank.models import QuizVersion
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk


def test_the_paper_holds_every_slot_once(desk: Desk) -> None:
    attempt = desk.start()

    versions = [item.question_version_id for item in desk.items(attempt)]
    assert len(versions) == len(set(versions)) == 5
    assert attempt.marks_possible == 5
    assert attempt.number == 1


def test_starting_again_gives_the_same_sitting(desk: Desk) -> None:
    first, second = desk.start(), desk.start()

    assert first.id == second.id


def test_the_paper_stays_as_it_was_drawn(desk: Desk) -> None:
    before = [(i.question_version_id, i.prepared) for i in desk.items(desk.start())]
    desk.session.expire_all()

    assert [(i.question_version_id, i.prepared) for i in desk.items(desk.start())] == before


def test_the_deadline_is_stored_at_the_start(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=30)

    assert desk.start().deadline_at == desk.now + timedelta(minutes=30)


def test_without_a_time_limit_it_ends_with_the_training(desk: Desk) -> None:
    cohort = desk.enrolment.cohort
    over = cohort.ends_on + timedelta(days=31)

    attempt = desk.start()

    assert attempt.deadline_at == datetime.combine(over, time(), ZoneInfo(cohort.time_zone))


def test_the_time_limit_never_reaches_beyond_the_training(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=60)
    late = desk.now + timedelta(days=31)
    closes_at = desk.start().deadline_at
    desk.submit(desk.start())
    assert closes_at is not None
    while True:
        try:
            attempt = desk.start(now=late)
        except Conflict:
            break
        assert attempt.deadline_at is not None
        assert attempt.deadline_at - late <= timedelta(minutes=60)
        desk.submit(attempt, now=late)
        late += timedelta(minutes=59)


def test_no_more_sittings_than_allowed(session: Session) -> None:
    desk = make_desk(session, attempts_allowed=2)
    for _ in range(2):
        desk.submit(desk.start())

    with pytest.raises(Conflict, match="kesempatan"):
        desk.start()


def test_zero_allowed_means_as_many_as_wanted(session: Session) -> None:
    desk = make_desk(session, attempts_allowed=0)

    for number in range(1, 6):
        assert desk.submit(desk.start()).number == number


def test_a_locked_step_cannot_be_started(session: Session) -> None:
    desk = make_desk(session, release=[{"after": "previous"}])

    with pytest.raises(Conflict, match="Materi 2"):
        desk.start()


def test_after_the_training_has_closed_not_even_a_quiz_done_before_can_be_begun(desk: Desk) -> None:
    first = desk.start()
    desk.answer(first, right=5)
    desk.submit(first)
    closed = closing_moment(desk.enrolment.cohort)

    with pytest.raises(Conflict):
        desk.start(now=closed)
    assert desk.start(now=closed - timedelta(seconds=1)).number == 2


def test_a_step_of_another_course_is_not_found(desk: Desk) -> None:
    other = make_desk(desk.session)
    desk.step = other.step

    with pytest.raises(NotFound):
        desk.start()


def test_the_posttest_waits_for_the_name(session: Session) -> None:
    desk = make_desk(session, purpose="posttest")

    with pytest.raises(Conflict, match="nama"):
        desk.start()


def test_the_posttest_opens_with_the_name_confirmed(session: Session) -> None:
    desk = make_desk(session, purpose="posttest")
    begin_write(session)
    desk.enrolment.name_confirmed_at = desk.now
    session.commit()

    assert desk.start().number == 1


def test_an_overdue_sitting_is_not_gone_on_with(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=1)
    desk.start()

    with pytest.raises(Conflict, match="habis"):
        desk.start(now=desk.now + timedelta(minutes=2))


def test_a_new_published_version_changes_neither_paper_nor_cohort(desk: Desk) -> None:
    attempt = desk.start()
    pinned = attempt.quiz_version
    newer = QuizVersion(
        quiz_id=pinned.quiz_id,
        number=2,
        status="published",
        title="Baru",
        purpose="module",
        as_of=date(2026, 11, 22),
        source_sha256="0" * 64,
        created_at=desk.now,
    )
    factories.add(desk.session, newer)
    desk.submit(attempt)

    assert desk.start().quiz_version_id == pinned.id
