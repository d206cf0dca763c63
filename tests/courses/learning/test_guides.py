"""Beside the steps: the pocket sheet of trainees, the guide of trainers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.catalogue.queries import list_module_pages
from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from tests.factories import make_cohort, make_enrolment, make_user

SignIn = Callable[[int], FlaskClient]


def test_a_trainee_finds_the_pocket_sheet_at_its_module(session: Session, sign_in: SignIn) -> None:
    today = utc_now().date()
    cohort = make_cohort(session, starts_on=today, ends_on=today + timedelta(days=1))
    enrolment = make_enrolment(session, cohort=cohort)
    page = sign_in(enrolment.user_id).get(f"/belajar/{enrolment.id}")
    sheet = next(
        p for p in list_module_pages(session, enrolment.cohort.edition_id) if p.kind == "pocket_sheet"
    )
    address = f"/belajar/{enrolment.id}/saku/{sheet.id}"

    assert address in page.get_data(as_text=True)
    assert sign_in(enrolment.user_id).get(address).status_code == 200


def test_before_the_training_has_begun_there_is_no_sheet_and_never_a_guide(
    session: Session, sign_in: SignIn
) -> None:
    tomorrow = utc_now().date() + timedelta(days=2)
    cohort = make_cohort(session, starts_on=tomorrow, ends_on=tomorrow)
    enrolment = make_enrolment(session, cohort=cohort)
    guide, sheet = sorted(list_module_pages(session, cohort.edition_id), key=lambda p: p.kind, reverse=True)
    client = sign_in(enrolment.user_id)

    assert client.get(f"/belajar/{enrolment.id}/saku/{sheet.id}").status_code == 404
    assert client.get(f"/belajar/{enrolment.id}/saku/{guide.id}").status_code == 404
    assert client.get(f"/angkatan/{cohort.id}/panduan/{guide.id}").status_code == 404


def test_staff_of_the_branch_read_guides_and_sheets(session: Session, sign_in: SignIn) -> None:
    cohort = make_cohort(session)
    trainer = make_user(session, Role.TRAINER, branch=cohort.branch)
    client = sign_in(trainer.id)
    page = client.get(f"/angkatan/{cohort.id}/panduan").get_data(as_text=True)

    pages = list_module_pages(session, cohort.edition_id)

    assert {beside.kind for beside in pages} == {"trainer_guide", "pocket_sheet"}
    for beside in pages:
        folder = "panduan" if beside.kind == "trainer_guide" else "saku"
        address = f"/angkatan/{cohort.id}/{folder}/{beside.id}"
        assert address in page
        assert client.get(address).status_code == 200
        other = f"/angkatan/{cohort.id}/{'saku' if folder == 'panduan' else 'panduan'}/{beside.id}"
        assert client.get(other).status_code == 404
