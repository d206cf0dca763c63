"""What the demo holds: two cohorts, one of them with everything, at the times it would have happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.cohorts.models import Card, Cohort, Enrolment
from courses.cohorts.models import Session as TimetableSession
from courses.learning.models import Completion, Progress
from lms.core.accounts.models import Branch, Role, User
from lms.core.clock import utc_now
from lms.core.db import Base, begin_write, db
from lms.demo import lives, runs, seeding
from lms.demo.people import FIRST_NAMES, STRUGGLING
from quizzes.attempts.models import AnswerEvent, Attempt
from quizzes.bank.review.queries import count_waiting
from tests.quizzes.bank.actors import actor_of

WIB = ZoneInfo("Asia/Jakarta")
DAYS = {date(2016, 10, 19), date(2016, 10, 20)}
WORK = (time(8), time(18))


@pytest.fixture
def session(demo: Flask) -> Session:
    return db.session()


def run_named(session: Session, name: str) -> Cohort:
    return session.scalars(select(Cohort).where(Cohort.name == name)).one()


def people_of(session: Session, name: str) -> list[Enrolment]:
    query = select(Enrolment).join(Cohort).where(Cohort.name == name).order_by(Enrolment.id)
    return list(session.scalars(query))


def card_numbers(session: Session) -> set[str]:
    query = select(Card.number).join(Enrolment).join(Cohort).where(Cohort.name == runs.RUNNING)
    return set(session.scalars(query))


def counts(session: Session) -> dict[str, int]:
    session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        found[table.name] = session.scalar(select(func.count()).select_from(table)) or 0
    return found


def moments(session: Session, name: str) -> list[datetime]:
    """Return every moment at which something happened to people of a cohort."""
    of_cohort = select(Enrolment.id).join(Cohort).where(Cohort.name == name)
    found: list[datetime] = []
    for column, owner in (
        (Progress.opened_at, Progress.enrolment_id),
        (Progress.completed_at, Progress.enrolment_id),
        (Completion.completed_at, Completion.enrolment_id),
        (Certificate.issued_at, Certificate.enrolment_id),
        (Attempt.started_at, Attempt.enrolment_id),
        (Attempt.submitted_at, Attempt.enrolment_id),
    ):
        found += session.scalars(select(column).where(owner.in_(of_cohort), column.is_not(None)))
    return found


def test_there_are_two_cohorts_of_25(session: Session) -> None:
    names = session.scalars(select(Cohort.name).order_by(Cohort.starts_on)).all()

    assert list(names) == [runs.FINISHED, runs.RUNNING]
    assert all(len(people_of(session, name)) == 25 for name in names)
    assert session.scalar(select(func.count()).select_from(Card)) == 50


def test_its_trainer_has_a_question_to_review(session: Session) -> None:
    trainer = session.scalars(select(User).where(User.role == Role.TRAINER.value)).one()
    branches = [membership.branch for membership in trainer.memberships]

    assert count_waiting(session, actor=actor_of(trainer, *branches)) == 1


def test_the_finished_one_is_madiun_in_october_2016_on_the_law_of_then(session: Session) -> None:
    cohort = run_named(session, runs.FINISHED)

    assert (cohort.starts_on, cohort.ends_on) == (date(2016, 10, 19), date(2016, 10, 20))
    assert "Madiun" in cohort.name
    assert "Madiun" in cohort.place
    assert cohort.edition.as_of == date(2016, 10, 19)
    assert cohort.edition.status == "published"


def test_the_second_day_of_the_running_one_is_the_day_of_seeding(session: Session) -> None:
    cohort = run_named(session, runs.RUNNING)
    made_at = session.scalars(select(User.created_at).where(User.role == Role.ADMIN.value)).one()

    # Seeding takes a while: it may have ended on the next day.
    days = {(made_at + timedelta(minutes=wait)).astimezone(WIB).date() for wait in (-5, 0, 5)}
    assert cohort.ends_on in days
    assert cohort.ends_on - cohort.starts_on == timedelta(days=1)
    assert cohort.edition.as_of > date(2016, 10, 19)


def test_today_is_the_day_of_the_branch_not_of_greenwich(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "utc_now", lambda: datetime(2030, 1, 1, 17, 30, tzinfo=UTC))

    seeding.restart()

    assert run_named(session, runs.RUNNING).ends_on == date(2030, 1, 2)


def test_most_of_the_finished_cohort_passed_and_some_did_not(session: Session) -> None:
    people = people_of(session, runs.FINISHED)
    holders = set(session.scalars(select(Certificate.enrolment_id)))
    completed = set(session.scalars(select(Completion.enrolment_id)))

    assert holders == completed
    assert holders <= {person.id for person in people}
    without = [place for place, person in enumerate(people) if person.id not in holders]
    assert set(without) >= STRUGGLING
    assert len(without) <= 5


def test_those_who_did_not_pass_were_there_and_tried(session: Session) -> None:
    people = people_of(session, runs.FINISHED)
    for place in STRUGGLING:
        taken = session.scalars(select(Attempt).where(Attempt.enrolment_id == people[place].id)).all()
        assert any(attempt.has_passed is False for attempt in taken)
        assert all(attempt.state == "submitted" for attempt in taken)


def test_everything_happened_in_working_hours_of_the_two_days(session: Session) -> None:
    happened = [moment.astimezone(WIB) for moment in moments(session, runs.FINISHED)]

    assert len(happened) > 1000
    assert {moment.date() for moment in happened} == DAYS
    assert all(WORK[0] <= moment.time() <= WORK[1] for moment in happened)


def test_certificates_are_of_the_second_day_and_marked(session: Session) -> None:
    certificates = session.scalars(select(Certificate)).all()

    assert certificates
    for certificate in certificates:
        assert certificate.issued_at.astimezone(WIB).date() == date(2016, 10, 20)
        assert "DEMO" in certificate.serial
        assert '"is_demo":true' in certificate.record


def test_every_answer_came_before_its_sitting_was_handed_in(session: Session) -> None:
    query = select(func.count()).where(
        AnswerEvent.attempt_id == Attempt.id, AnswerEvent.received_at > Attempt.submitted_at
    )

    assert session.scalar(query) == 0


def test_timetables_lie_within_the_days(session: Session) -> None:
    for cohort in session.scalars(select(Cohort)):
        slots = session.scalars(
            select(TimetableSession)
            .where(TimetableSession.cohort_id == cohort.id)
            .order_by(TimetableSession.starts_at)
        ).all()
        taught = [slot.module_folder for slot in slots if slot.module_folder]
        assert taught == [module.folder for day in cohort.edition.days for module in day.modules]
        assert all(a.ends_at <= b.starts_at for a, b in pairwise(slots))
        days = {slot.starts_at.astimezone(WIB).date() for slot in slots}
        assert days == {cohort.starts_on, cohort.ends_on}
        assert all(slot.ends_at.astimezone(WIB).time() <= time(19) for slot in slots)


def test_all_demo_names_are_marked(session: Session) -> None:
    for user in session.scalars(select(User)):
        assert user.is_demo
        assert "demo" in user.name.casefold()
        assert user.login is None or user.login.endswith("@demo.invalid")
    for enrolment in session.scalars(select(Enrolment)):
        assert enrolment.name.endswith(" Demo")
        assert enrolment.organisation.endswith("(contoh)")
    for row in (*session.scalars(select(Cohort)), *session.scalars(select(Branch))):
        assert row.is_demo
        assert row.name.endswith("(demo)")


def test_fifty_people_have_fifty_names() -> None:
    assert len(set(FIRST_NAMES)) == 50


def test_seeding_again_changes_nothing(session: Session) -> None:
    before = counts(session)

    seeding.seed()

    assert counts(session) == before


def test_loading_the_course_again_changes_nothing(session: Session) -> None:
    before = counts(session)

    seeding.load_shipped_course()

    assert counts(session) == before


def test_restart_begins_again_and_leaves_the_rest(session: Session) -> None:
    before = counts(session)
    cards = card_numbers(session)
    papers = set(session.scalars(select(Certificate.code)))
    first = people_of(session, runs.RUNNING)[0]
    begin_write(session)
    lives.Trainee(session, first.id, 0, first_day=first.cohort.starts_on, seeded_at=utc_now()).go_through()
    session.commit()
    assert session.scalar(select(Certificate.id).where(Certificate.enrolment_id == first.id))

    seeding.restart()

    after = counts(session)
    assert after.pop("audit_event") > before.pop("audit_event")
    # A number given once is never given again.
    assert after.pop("serial_counter") >= before.pop("serial_counter")
    assert after == before
    assert set(session.scalars(select(Certificate.code))) == papers
    assert not card_numbers(session) & cards


def test_restart_leaves_a_cohort_that_a_visitor_made_his_own(session: Session) -> None:
    people = people_of(session, runs.RUNNING)
    cohort = run_named(session, runs.RUNNING)
    begin_write(session)
    cohort.name = "Punya saya"
    session.commit()

    seeding.restart()

    assert len(people_of(session, "Punya saya")) == len(people)
    assert len(people_of(session, runs.RUNNING)) == 25


def test_restart_without_a_demo_makes_one(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bool] = []
    monkeypatch.setattr(seeding, "seed", lambda: made.append(True))

    seeding.restart()

    assert made == [True]


def test_who_interrupts_the_seeding_finds_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, now: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(seeding, "live_through", stop)

    with pytest.raises(KeyboardInterrupt):
        seeding.seed()

    db.session.rollback()
    assert not seeding.exists()
    assert db.session.scalar(select(func.count()).select_from(Cohort)) == 0
