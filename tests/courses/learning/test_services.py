"""A lesson is read, a result comes in, and once nothing is missing the course is complete."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Step
from courses.cohorts.models import Enrolment
from courses.learning import services
from courses.learning.models import Completion, Progress
from courses.learning.signals import course_completed
from lms.core.errors import Conflict, NotFound
from tests.conftest import NOW
from tests.factories import make_cohort, make_edition, make_enrolment


@pytest.fixture
def enrolment(session: Session) -> Enrolment:
    return make_enrolment(session, cohort=make_cohort(session, edition=make_edition(session, lessons=2)))


def step_ids(session: Session, enrolment: Enrolment) -> list[int]:
    query = select(Step.id).where(Step.edition_id == enrolment.cohort.edition_id).order_by(Step.position)
    return list(session.scalars(query))


def test_a_lesson_read_twice_keeps_its_first_time(session: Session, enrolment: Enrolment) -> None:
    first, _ = step_ids(session, enrolment)

    services.finish_lesson(session, enrolment.id, first, now=NOW)
    session.commit()
    services.finish_lesson(session, enrolment.id, first, now=NOW + timedelta(hours=1))
    session.commit()

    assert session.scalars(select(Progress)).one().completed_at == NOW


def test_a_locked_lesson_cannot_be_finished(session: Session, enrolment: Enrolment) -> None:
    _, second = step_ids(session, enrolment)

    with pytest.raises(Conflict):
        services.finish_lesson(session, enrolment.id, second, now=NOW)
    session.rollback()

    assert session.scalars(select(Progress)).all() == []


def test_a_step_of_another_course_is_not_found(session: Session, enrolment: Enrolment) -> None:
    other = make_edition(session)
    foreign = session.scalars(select(Step.id).where(Step.edition_id == other.id)).first()

    with pytest.raises(NotFound):
        services.finish_lesson(session, enrolment.id, foreign, now=NOW)


def test_the_last_step_completes_the_course_and_says_so_once(session: Session, enrolment: Enrolment) -> None:
    heard = []

    def listen(sender: object, event: object) -> None:
        heard.append(event)

    with course_completed.connected_to(listen):
        for step_id in step_ids(session, enrolment):
            services.finish_lesson(session, enrolment.id, step_id, now=NOW)
        services.finish_lesson(session, enrolment.id, step_id, now=NOW)
        session.commit()

    assert [event.enrolment_id for event in heard] == [enrolment.id]
    assert session.get(Completion, enrolment.id).completed_at == NOW


def test_completion_and_what_listens_to_it_stand_or_fall_together(
    session: Session, enrolment: Enrolment
) -> None:
    first, second = step_ids(session, enrolment)
    services.finish_lesson(session, enrolment.id, first, now=NOW)
    session.commit()

    def fail(sender: object, event: object) -> None:
        raise RuntimeError("no certificate")

    with course_completed.connected_to(fail), pytest.raises(RuntimeError):
        services.finish_lesson(session, enrolment.id, second, now=NOW)
    session.rollback()

    assert session.get(Completion, enrolment.id) is None
    assert session.get(Progress, (enrolment.id, second)) is None


def test_a_result_below_the_pass_mark_is_kept_but_does_not_finish_the_step(
    session: Session, enrolment: Enrolment
) -> None:
    first, _ = step_ids(session, enrolment)

    services.record_result(
        session, enrolment.id, first, percent=Decimal(40), is_done=False, attempts_used=1, now=NOW
    )
    session.commit()

    row = session.get(Progress, (enrolment.id, first))
    assert (row.percent, row.attempts_used, row.completed_at) == (Decimal(40), 1, None)


def test_once_done_a_step_stays_done(session: Session, enrolment: Enrolment) -> None:
    first, _ = step_ids(session, enrolment)
    for percent, is_done in ((Decimal(80), True), (Decimal(30), False)):
        services.record_result(
            session, enrolment.id, first, percent=percent, is_done=is_done, attempts_used=1, now=NOW
        )
    session.commit()

    assert session.get(Progress, (enrolment.id, first)).completed_at == NOW


def test_results_of_several_people_complete_each_by_their_own(session: Session, enrolment: Enrolment) -> None:
    first, second = step_ids(session, enrolment)
    other = make_enrolment(session, cohort=enrolment.cohort)
    gone = make_enrolment(session, cohort=enrolment.cohort, status="withdrawn")
    for person in (enrolment, gone):
        services.record_result(
            session, person.id, first, percent=None, is_done=True, attempts_used=0, now=NOW
        )
    heard = []

    def listen(sender: object, event: object) -> None:
        heard.append(event)

    results = [
        services.Result(person.id, second, percent=Decimal(80), is_done=True, attempts_used=1)
        for person in (other, enrolment, gone)
    ]
    with course_completed.connected_to(listen):
        services.record_results(session, results, now=NOW)
        services.record_results(session, results, now=NOW + timedelta(hours=1))
    session.commit()

    assert [event.enrolment_id for event in heard] == [enrolment.id]
    kept = [session.get(Progress, (person.id, second)).completed_at for person in (other, enrolment, gone)]
    assert kept == [NOW, NOW, NOW]


def test_one_who_does_not_exist_keeps_all_results_from_being_stored(
    session: Session, enrolment: Enrolment
) -> None:
    first, _ = step_ids(session, enrolment)
    results = [
        services.Result(person_id, first, percent=None, is_done=True, attempts_used=0)
        for person_id in (enrolment.id, enrolment.id + 1000)
    ]

    with pytest.raises(NotFound):
        services.record_results(session, results, now=NOW)
    session.rollback()

    assert session.get(Progress, (enrolment.id, first)) is None


def test_confirming_takes_the_rosters_name_and_keeps_the_request(
    session: Session, enrolment: Enrolment
) -> None:
    services.confirm_name(session, enrolment.id, correction="Tambah gelar S.Pd.", now=NOW)
    session.commit()

    session.refresh(enrolment)
    assert enrolment.certificate_name == enrolment.name
    assert enrolment.correction_request == "Tambah gelar S.Pd."
    assert enrolment.name_confirmed_at == NOW
