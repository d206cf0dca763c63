"""Papers drawn ahead: each start is one update, and what no longer fits is drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from lms.core.jobs import runner
from lms.core.jobs.models import Job
from quizzes.attempts import drawing, handing_in, queries
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.terms import Terms
from quizzes.bank.models import CohortQuiz, QuizVersion, StaleVersion
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.security.test_query_counts import counted

START_LIMIT = 12
DRAWN_START_LIMIT = 5


def draw(desk: Desk, **values: int) -> drawing.DrawnAhead:
    drawn = drawing.draw_ahead(
        desk.session,
        cohort_id=desk.enrolment.cohort_id,
        step_id=desk.step.id,
        rng=Random(3),
        now=desk.now,
        **values,
    )
    desk.session.commit()
    return drawn


def drawn_of(desk: Desk) -> list[Attempt]:
    desk.session.expire_all()
    query = select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id, Attempt.state == "drawn")
    return list(desk.session.scalars(query))


def versions_of(desk: Desk, attempt: Attempt) -> list[int]:
    return [item.question_version_id for item in desk.items(attempt)]


def pause(desk: Desk, version_id: int) -> None:
    begin_write(desk.session)
    desk.session.add(
        StaleVersion(question_version_id=version_id, is_paused=True, found_at=desk.now, state="open")
    )
    desk.session.commit()


def test_everybody_of_the_cohort_gets_a_paper_and_the_start_takes_it(desk: Desk) -> None:
    assert draw(desk).count == 2  # the stranger of the desk is in the cohort too
    (ahead,) = drawn_of(desk)
    paper = versions_of(desk, ahead)

    attempt = desk.start(now=desk.now + timedelta(minutes=3))

    assert (attempt.id, attempt.state, attempt.number) == (ahead.id, "in_progress", 1)
    assert attempt.started_at == desk.now + timedelta(minutes=3)
    assert attempt.deadline_at is not None
    assert versions_of(desk, attempt) == paper
    assert len(paper) == 5


def test_a_paper_drawn_anew_meanwhile_is_never_begun_by_somebody_else(desk: Desk) -> None:
    draw(desk)
    first_id = drawn_of(desk)[0].id
    other = factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort)
    terms = Terms(desk.now + timedelta(hours=1), grace_seconds=0, place=0)

    begun = drawing.begin_drawn(
        desk.session, first_id, enrolment=other, attempts_allowed=1, terms=terms, now=desk.now
    )
    desk.session.rollback()
    draw(desk)

    assert begun is None
    (again,) = drawn_of(desk)
    assert again.id > first_id, "a number that was given away is given again"


def test_the_time_runs_from_the_start_not_from_the_drawing(session: Session) -> None:
    desk = make_desk(session, time_limit_minutes=10)
    draw(desk)
    later = desk.now + timedelta(minutes=30)

    assert desk.start(now=later).deadline_at == later + timedelta(minutes=10)


def test_a_drawn_start_asks_five_times_and_any_start_twelve(
    session: Session, sign_in: Callable[[int], FlaskClient]
) -> None:
    versions = [factories.make_question(session) for _ in range(30)]
    desk = make_desk(session, versions, attempts_allowed=0)
    client = sign_in(desk.enrolment.user_id)
    url = f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"
    client.get(url)
    for limit in (START_LIMIT, DRAWN_START_LIMIT):
        with counted() as sent:
            answer = client.post(url)
        assert answer.status_code == 303
        assert len(sent) <= limit, "\n".join(sent)
        desk.submit(desk.start())
        draw(desk)


def test_nobody_sees_a_paper_before_it_is_begun(desk: Desk, sign_in: Callable[[int], FlaskClient]) -> None:
    draw(desk)
    (ahead,) = drawn_of(desk)
    client, whose = sign_in(desk.enrolment.user_id), {"user_id": desk.enrolment.user_id}

    for page in ("", "/periksa", "/hasil", "/tanda-terima", "/token"):
        assert client.get(f"/percobaan/{ahead.id}{page}").status_code == 404
    with pytest.raises(NotFound):
        desk.save(ahead)
    handing_in.submit_attempt(desk.session, ahead.id, by="person", now=desk.now, **whose)
    desk.session.commit()
    assert [attempt.state for attempt in drawn_of(desk)] == ["drawn"]


def test_a_drawn_paper_is_no_try_and_has_not_been_seen(session: Session) -> None:
    desk = make_desk(session, attempts_allowed=1)
    draw(desk)
    (ahead,) = drawn_of(desk)

    assert queries.list_attempts(session, desk.enrolment.id, quiz_id=ahead.quiz_id) == []
    assert queries.list_seen_questions(session, desk.enrolment.id, quiz_id=ahead.quiz_id) == {}
    assert queries.count_attempts(session, desk.enrolment.id, quiz_id=ahead.quiz_id) == (0, None)


def test_drawn_again_there_is_one_paper_each(desk: Desk) -> None:
    draw(desk)
    draw(desk)

    assert len(drawn_of(desk)) == 1
    items = select(func.count()).select_from(PaperItem)
    assert desk.session.scalar(items) == 10


def test_who_sits_or_has_no_try_left_gets_no_paper(session: Session) -> None:
    desk = make_desk(session, attempts_allowed=1)
    attempt = desk.start()
    draw(desk)
    assert drawn_of(desk) == []

    desk.submit(attempt)
    draw(desk)
    assert drawn_of(desk) == []
    with pytest.raises(Conflict, match="kesempatan"):
        desk.start()


def test_the_next_try_takes_questions_not_met_before(session: Session) -> None:
    versions = [factories.make_question(session) for _ in range(4)]
    desk = make_desk(session, versions, draw=2, attempts_allowed=0)
    first = versions_of(desk, desk.submit(desk.start()))

    draw(desk)

    assert set(versions_of(desk, desk.start())).isdisjoint(first)


def test_a_paper_with_a_question_paused_since_is_drawn_anew(desk: Desk) -> None:
    draw(desk)
    (ahead,) = drawn_of(desk)
    paused = versions_of(desk, ahead)[0]
    pause(desk, paused)

    attempt = desk.start()

    assert attempt.left_out == 1
    assert paused not in versions_of(desk, attempt)
    assert drawn_of(desk) == []


def test_a_paper_drawn_while_something_was_paused_is_used_until_that_changes(desk: Desk) -> None:
    draw(desk)
    pause(desk, versions_of(desk, drawn_of(desk)[0])[0])
    draw(desk)
    assert drawn_of(desk)[0].left_out == 1

    begin_write(desk.session)
    desk.session.execute(StaleVersion.__table__.delete())  # type: ignore[attr-defined]
    desk.session.commit()
    attempt = desk.start()

    assert (attempt.left_out, len(versions_of(desk, attempt))) == (0, 5)


def test_a_paper_drawn_with_the_pauses_of_now_is_used(desk: Desk) -> None:
    draw(desk)
    pause(desk, versions_of(desk, drawn_of(desk)[0])[0])
    draw(desk)
    (ahead,) = drawn_of(desk)

    assert desk.start().id == ahead.id


def test_a_paper_of_a_version_no_longer_pinned_is_drawn_anew(desk: Desk) -> None:
    draw(desk)
    (ahead,) = drawn_of(desk)
    old = desk.session.get_one(QuizVersion, ahead.quiz_version_id)
    newer = factories.make_quiz_step(desk.session, desk.enrolment.cohort)
    other = desk.session.scalars(select(QuizVersion).where(QuizVersion.title == newer.title)).one()
    begin_write(desk.session)
    pin = desk.session.get_one(CohortQuiz, (desk.enrolment.cohort_id, old.quiz_id))
    assert drawing.count_ready(desk.session, desk.enrolment.cohort_id) == {old.quiz_id: 2}
    pin.quiz_version_id = other.id
    desk.session.commit()
    # The organiser is not told that papers lie ready which nobody can use.
    assert drawing.count_ready(desk.session, desk.enrolment.cohort_id) == {}

    attempt = desk.start()

    assert attempt.quiz_version_id == other.id


def test_who_was_withdrawn_gets_no_paper(desk: Desk) -> None:
    begin_write(desk.session)
    desk.session.get_one(Enrolment, desk.enrolment.id).status = "withdrawn"
    desk.session.commit()

    assert draw(desk).count == 1
    assert drawn_of(desk) == []


def test_a_large_cohort_is_drawn_batch_by_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "BATCH", 2)
    for _ in range(3):
        factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort)
    drawing.promise_papers(
        desk.session,
        None,
        cohort_id=desk.enrolment.cohort_id,
        step_id=desk.step.id,
        branch_id=None,
        now=desk.now,
    )
    desk.session.commit()
    cohort_id = desk.enrolment.cohort_id

    while runner.run_due(limit=9):
        pass

    session = desk.session
    assert session.scalars(select(Job.state).where(Job.kind == "draw_papers")).all() == ["done"] * 3
    assert list(drawing.count_ready(session, cohort_id).values()) == [5]


def test_a_quiz_that_is_gone_leaves_a_job_that_is_done(desk: Desk) -> None:
    payload = {"cohort_id": desk.enrolment.cohort_id, "step_id": 10**9, "after": 0}

    drawing.draw_papers(desk.session, payload, desk.now)

    assert drawn_of(desk) == []


def test_papers_nobody_began_are_thrown_away(desk: Desk) -> None:
    draw(desk)
    later = desk.now + drawing.KEEP + timedelta(days=1)

    assert drawing.plan_discarding(desk.session, desk.now) == 0
    assert drawing.plan_discarding(desk.session, later) == 1
    drawing.discard_papers(desk.session, {}, later)
    desk.session.commit()

    assert drawn_of(desk) == []
    assert drawing.plan_discarding(desk.session, later) == 0
