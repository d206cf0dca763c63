"""A cohort goes on with another edition: progress by path, sittings in place, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.folder import read_files
from courses.catalogue.models import Edition, Step
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import load_course
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Completion, Progress
from courses.learning.moving import look_at_move, move_cohort
from courses.learning.services import finish_lesson, record_result
from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.models import Attempt
from quizzes.bank.cohorts.pinning import pin_edition
from quizzes.bank.models import CohortQuiz, Quiz
from tests import factories
from tests.conftest import NOW
from tests.courses.catalogue.folders import COURSE, LESSON, reviewed

SignIn = Callable[[int], FlaskClient]
DAY = date(2026, 11, 22)
MATERI, KUIS, AKHIR = "day-1/01-jkm/materi", "day-1/01-jkm/kuis", "day-2/01-penutup/pascauji"
MORE = "          - {lesson: materi}\n          - {lesson: lagi}\n"


def load(app: Flask, session: Session, **changes: str) -> Edition:
    folder = read_files(reviewed() | {path: text.encode() for path, text in changes.items()})
    edition = load_course(
        session, folder, as_of=DAY, quizzes=app.extensions[EXTENSION], publish=True, now=NOW, actor_id=None
    )
    session.commit()
    return edition


@pytest.fixture
def cohort(app: Flask, session: Session) -> Cohort:
    cohort = factories.make_cohort(session, edition=load(app, session), starts_on=date(2026, 11, 20))
    pin_edition(session, cohort.id, now=NOW, actor_id=None)
    session.commit()
    return cohort


@pytest.fixture
def longer(app: Flask, session: Session, cohort: Cohort) -> Edition:
    """The same course with a lesson more."""
    course = COURSE.replace("          - {lesson: materi}\n", MORE)
    return load(
        app, session, **{"course.yaml": course, "day-1/01-jkm/lagi.md": LESSON.replace("Kematian", "Lagi")}
    )


@pytest.fixture
def shorter(app: Flask, session: Session, cohort: Cohort) -> Edition:
    """The same course without its first quiz, completed by reading alone."""
    course = COURSE.replace("          - {quiz: kuis, release: [{after: previous}]}\n", "")
    course = course.replace(", {minimum_percent: 60, quiz: day-1/01-jkm/kuis}", "")
    files = {path: body.decode() for path, body in reviewed().items() if path != f"{KUIS}.yaml"}
    files["course.yaml"] = course
    folder = read_files({path: text.encode() for path, text in files.items()})
    edition = load_course(
        session, folder, as_of=DAY, quizzes=app.extensions[EXTENSION], publish=True, now=NOW, actor_id=None
    )
    session.commit()
    return edition


def step_of(session: Session, edition_id: int, path: str) -> int:
    return session.scalars(select(Step.id).where(Step.edition_id == edition_id, Step.path == path)).one()


def pass_quiz(session: Session, person: Enrolment, path: str) -> None:
    step_id = step_of(session, person.cohort.edition_id, path)
    record_result(session, person.id, step_id, percent=80, is_done=True, attempts_used=1, now=NOW)  # type: ignore[arg-type]
    session.commit()


def sit(session: Session, person: Enrolment, path: str, state: str = "in_progress") -> Attempt:
    step_id = step_of(session, person.cohort.edition_id, path)
    key = f"contoh/{path}"
    pin = session.scalars(
        select(CohortQuiz).join(Quiz).where(CohortQuiz.cohort_id == person.cohort_id, Quiz.key == key)
    ).one()
    return factories.add(
        session,
        Attempt(
            enrolment_id=person.id, step_id=step_id, quiz_id=pin.quiz_id, quiz_version_id=pin.quiz_version_id,
            number=1, state=state, started_at=NOW, deadline_at=NOW, marks_possible=1,
        ),
    )  # fmt: skip


def move(session: Session, cohort: Cohort, edition: Edition) -> None:
    move_cohort(
        session, cohort_actor(session), cohort_id=cohort.id, from_edition_id=cohort.edition_id,
        edition_id=edition.id, now=NOW,
    )  # fmt: skip
    session.commit()


def cohort_actor(session: Session) -> int:
    return factories.make_user(session, Role.ADMIN).id


def progress(session: Session, person: Enrolment) -> dict[str, bool]:
    rows = session.execute(
        select(Step.path, Step.edition_id, Progress.completed_at)
        .join(Progress, Progress.step_id == Step.id)
        .where(Progress.enrolment_id == person.id)
    )
    return {f"{path}@{edition_id}": completed_at is not None for path, edition_id, completed_at in rows}


def test_progress_and_sittings_stand_at_the_steps_of_the_new_edition(
    session: Session, cohort: Cohort, longer: Edition
) -> None:
    person, noise = (factories.make_enrolment(session, cohort=cohort) for _ in range(2))
    finish_lesson(session, person.id, step_of(session, cohort.edition_id, MATERI), now=NOW)
    session.commit()
    attempt = sit(session, person, KUIS)
    version_id = attempt.quiz_version_id
    look = look_at_move(session, cohort, edition_id=longer.id, now=NOW)

    move(session, cohort, longer)

    assert (look.added, look.removed, look.requirements_added) == (("Jaminan Lagi",), (), ())
    assert [(one.done_before, one.done_after) for one in look.people] == [(1, 1), (0, 0)]
    assert progress(session, person) == {f"{MATERI}@{longer.id}": True}
    assert progress(session, noise) == {}
    session.refresh(attempt)
    assert attempt.step_id == step_of(session, longer.id, KUIS)
    assert (attempt.quiz_version_id, attempt.state) == (version_id, "in_progress")
    assert session.scalars(select(AuditEvent.action).where(AuditEvent.object_type == "cohort")).all()[-1] == (
        "cohort.moved_to_edition"
    )


def test_what_has_no_place_counts_no_more_and_counts_again_after_the_way_back(
    session: Session, cohort: Cohort, shorter: Edition
) -> None:
    first = cohort.edition
    person = factories.make_enrolment(session, cohort=cohort)
    finish_lesson(session, person.id, step_of(session, first.id, MATERI), now=NOW)
    session.commit()
    pass_quiz(session, person, KUIS)
    look = look_at_move(session, cohort, edition_id=shorter.id, now=NOW)

    move(session, cohort, shorter)

    assert [(one.done_before, one.done_after, one.lost) for one in look.people] == [(2, 1, ("Kuis",))]
    assert look.losing == look.people
    assert progress(session, person) == {f"{MATERI}@{shorter.id}": True, f"{KUIS}@{first.id}": True}

    move(session, cohort, first)
    assert progress(session, person) == {f"{MATERI}@{first.id}": True, f"{KUIS}@{first.id}": True}


def test_who_misses_nothing_completes_the_course_by_the_move(
    session: Session, cohort: Cohort, shorter: Edition
) -> None:
    ready, other = (factories.make_enrolment(session, cohort=cohort) for _ in range(2))
    finish_lesson(session, ready.id, step_of(session, cohort.edition_id, MATERI), now=NOW)
    session.commit()
    pass_quiz(session, ready, AKHIR)
    look = look_at_move(session, cohort, edition_id=shorter.id, now=NOW)
    assert session.get(Completion, ready.id) is None

    move(session, cohort, shorter)

    assert [person.completes for person in look.people] == [True, False]
    assert session.scalars(select(Completion.enrolment_id)).all() == [ready.id]
    assert session.get(Completion, other.id) is None


def test_a_cohort_with_certificates_stays(session: Session, cohort: Cohort, longer: Edition) -> None:
    person, edition_id = factories.make_enrolment(session, cohort=cohort), cohort.edition_id
    factories.add(session, Completion(enrolment_id=person.id, completed_at=NOW, evidence={}))

    with pytest.raises(Conflict):
        move(session, cohort, longer)
    session.rollback()

    assert session.get_one(Cohort, cohort.id).edition_id == edition_id


@pytest.mark.parametrize("state", ["in_progress", "drawn", "submitted"])
def test_nobody_is_thrown_out_of_a_quiz(
    session: Session, cohort: Cohort, shorter: Edition, state: str
) -> None:
    person, edition_id = factories.make_enrolment(session, cohort=cohort), cohort.edition_id
    step_id = sit(session, person, KUIS, state).step_id
    finish_lesson(session, person.id, step_of(session, edition_id, MATERI), now=NOW)
    session.commit()

    if state == "in_progress":
        with pytest.raises(Conflict):
            move(session, cohort, shorter)
        session.rollback()
        assert progress(session, person) == {f"{MATERI}@{edition_id}": True}
        assert session.get_one(Cohort, cohort.id).edition_id == edition_id
    else:
        move(session, cohort, shorter)
    assert session.scalars(select(Attempt.step_id)).all() == ([] if state == "drawn" else [step_id])


def test_only_published_editions_of_the_course_and_from_where_it_was_seen(
    session: Session, cohort: Cohort, longer: Edition
) -> None:
    foreign = factories.make_edition(session)
    values = {"cohort_id": cohort.id, "now": NOW}

    for refusal, ids in (
        (NotFound, {"from_edition_id": cohort.edition_id, "edition_id": foreign.id}),
        (NotFound, {"from_edition_id": cohort.edition_id, "edition_id": cohort.edition_id}),
        (Conflict, {"from_edition_id": longer.id, "edition_id": longer.id}),
    ):
        with pytest.raises(refusal):
            move_cohort(session, cohort_actor(session), **values, **ids)  # type: ignore[arg-type]
        session.rollback()


def test_an_organiser_looks_and_moves_by_the_page(
    sign_in: SignIn, session: Session, cohort: Cohort, longer: Edition
) -> None:
    person = factories.make_enrolment(session, cohort=cohort, name="Bu Sari")
    finish_lesson(session, person.id, step_of(session, cohort.edition_id, MATERI), now=NOW)
    session.commit()
    organiser = factories.make_user(session, Role.ORGANISER, branch=cohort.branch)
    browser, place = sign_in(organiser.id), f"/angkatan/{cohort.id}/edisi"

    page = browser.get(f"{place}?edisi={longer.id}").text
    data = {"edition_id": str(longer.id), "from_edition_id": str(cohort.edition_id)}
    moved = browser.post(place, data=data)

    assert "Bu Sari" in page
    assert "1/3" in page
    assert "1/4" in page
    assert moved.status_code == 303
    assert browser.post(place, data=data).status_code == 409
    session.rollback()
    session.refresh(cohort)
    assert cohort.edition_id == longer.id
