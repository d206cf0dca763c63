"""A trainee reports a lesson; it stands before trainers and beside the lesson, and the answer comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Step
from courses.cohorts.models import Enrolment
from courses.learning.models import ReportOfLesson
from courses.learning.report_queries import list_of_lesson
from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from quizzes.grading.reports_beside import list_of_lesson as list_beside
from tests import factories
from tests.quizzes.bank.actors import actor_of

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def enrolment(session: Session) -> Enrolment:
    return factories.make_enrolment(session, name="Bu Contoh")


def lessons(session: Session, enrolment: Enrolment) -> list[Step]:
    query = select(Step).where(Step.edition_id == enrolment.cohort.edition_id).order_by(Step.position)
    return list(session.scalars(query))


def test_a_report_goes_to_the_trainer_and_its_answer_comes_back(
    session: Session, sign_in: SignIn, enrolment: Enrolment
) -> None:
    lesson = lessons(session, enrolment)[0]
    place = f"/belajar/{enrolment.id}/materi/{lesson.id}"
    trainee = sign_in(enrolment.user_id)

    assert f"{place}/lapor" in trainee.get(place).text
    assert trainee.post(f"{place}/lapor", data={"text": " "}).status_code == 422
    for _tap in range(2):
        assert trainee.post(f"{place}/lapor", data={"text": "Angkanya lama."}).status_code == 303
    assert "belum menjawab" in trainee.get(f"{place}/lapor").text

    user = factories.make_user(session, Role.TRAINER, branch=enrolment.cohort.branch)
    trainer, (report,) = sign_in(user.id), session.scalars(select(ReportOfLesson))
    address = f"/laporan-materi/{report.id}"
    assert address in trainer.get("/nilai").text
    assert trainer.post(address, data={"answer": ""}).status_code == 422
    for _tap in range(2):
        assert trainer.post(address, data={"answer": "Sudah kami perbarui."}).status_code == 303
    assert address not in trainer.get("/nilai").text
    assert "Sudah kami perbarui." in trainee.get(f"{place}/lapor").text
    session.rollback()
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "lesson_report.answered")).one()

    slug, actor = enrolment.cohort.edition.course.slug, actor_of(user, enrolment.cohort.branch)
    (beside,) = list_beside(session, actor, slug=slug, path=lesson.path)
    assert (beside.text, beside.is_open, beside.question_id) == ("Angkanya lama.", False, None)
    assert list_beside(session, actor, slug=slug, path=f"{lesson.path}-lain") == []


def test_who_may_not_see_it_meets_nothing(session: Session, sign_in: SignIn, enrolment: Enrolment) -> None:
    first, second = lessons(session, enrolment)
    place = f"/belajar/{enrolment.id}/materi"
    trainee = sign_in(enrolment.user_id)
    stranger = factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))

    # The second opens when the first is done.
    locked = trainee.post(f"{place}/{second.id}/lapor", data={"text": "X"}, follow_redirects=True)
    assert locked.status_code == 409
    assert trainee.get(f"{place}/999999/lapor").status_code == 404
    assert sign_in(factories.make_user(session).id).get(f"{place}/{first.id}/lapor").status_code == 404
    trainee.post(f"{place}/{first.id}/lapor", data={"text": "Angkanya lama."})
    (report,) = session.scalars(select(ReportOfLesson))
    assert sign_in(stranger.id).get(f"/laporan-materi/{report.id}").status_code == 404
    slug, nobody = enrolment.cohort.edition.course.slug, actor_of(stranger, stranger.memberships[0].branch)
    assert list_of_lesson(session, nobody, slug=slug, path=first.path) == []
