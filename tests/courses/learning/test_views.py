"""A trainee's pages, and the organiser's view of who is where."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.catalogue.models import Lesson, Step
from courses.cohorts.models import Enrolment
from courses.cohorts.queries import count_people
from courses.learning import queries
from courses.learning.models import Completion, Progress
from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from lms.core.db import begin_write
from tests.factories import add, make_cohort, make_edition, make_enrolment, make_user

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def enrolment(session: Session) -> Enrolment:
    today = utc_now().date()
    cohort = make_cohort(session, edition=make_edition(session), starts_on=today, ends_on=today)
    return make_enrolment(session, cohort=cohort)


def steps(session: Session, enrolment: Enrolment) -> list[Step]:
    query = select(Step).where(Step.edition_id == enrolment.cohort.edition_id).order_by(Step.position)
    return list(session.scalars(query))


def test_the_course_page_says_what_to_do_now_and_why_the_rest_is_locked(
    session: Session, enrolment: Enrolment, sign_in: SignIn
) -> None:
    page = sign_in(enrolment.user_id).get(f"/belajar/{enrolment.id}").get_data(as_text=True)

    assert "Lakukan ini sekarang" in page
    assert "Terbuka setelah “Materi 1” selesai." in page


def test_a_read_lesson_leads_to_the_next_step(
    session: Session, enrolment: Enrolment, sign_in: SignIn
) -> None:
    first, second = steps(session, enrolment)
    client = sign_in(enrolment.user_id)

    response = client.post(f"/belajar/{enrolment.id}/materi/{first.id}")

    assert response.status_code == 303
    assert response.location == f"/belajar/{enrolment.id}/materi/{second.id}"


def test_opening_a_lesson_changes_nothing(session: Session, enrolment: Enrolment, sign_in: SignIn) -> None:
    first, _ = steps(session, enrolment)

    assert sign_in(enrolment.user_id).get(f"/belajar/{enrolment.id}/materi/{first.id}").status_code == 200

    assert session.scalars(select(Progress)).all() == []


def test_a_locked_lesson_shows_why_and_not_its_text(
    session: Session, enrolment: Enrolment, sign_in: SignIn
) -> None:
    _, second = steps(session, enrolment)

    page = (
        sign_in(enrolment.user_id).get(f"/belajar/{enrolment.id}/materi/{second.id}").get_data(as_text=True)
    )

    assert "Terbuka setelah" in page
    assert "<p>Isi.</p>" not in page


def test_somebody_elses_course_is_not_found(session: Session, enrolment: Enrolment, sign_in: SignIn) -> None:
    stranger = make_enrolment(session)

    assert sign_in(stranger.user_id).get(f"/belajar/{enrolment.id}").status_code == 404


def test_staff_cannot_walk_through_a_course(session: Session, enrolment: Enrolment, sign_in: SignIn) -> None:
    organiser = make_user(session, Role.ORGANISER, branch=enrolment.cohort.branch)

    assert sign_in(organiser.id).get(f"/belajar/{enrolment.id}").status_code == 404


def test_a_name_request_reaches_the_enrolment(
    session: Session, enrolment: Enrolment, sign_in: SignIn
) -> None:
    client = sign_in(enrolment.user_id)

    client.post(f"/belajar/{enrolment.id}/nama", data={"correction": "Tambah gelar"})

    session.refresh(enrolment)
    assert enrolment.correction_request == "Tambah gelar"


def test_whoever_says_the_name_is_wrong_says_what_is(session: Session, sign_in: SignIn) -> None:
    enrolment = make_enrolment(session)

    page = sign_in(enrolment.user_id).post(f"/belajar/{enrolment.id}/nama", data={"is_wrong": "1"})

    assert page.status_code == 422
    assert "Tuliskan apa yang perlu diperbaiki." in page.text
    session.expire_all()
    assert enrolment.name_confirmed_at is None


def test_a_request_that_is_too_long_is_refused_at_the_field(
    session: Session, enrolment: Enrolment, sign_in: SignIn
) -> None:
    response = sign_in(enrolment.user_id).post(
        f"/belajar/{enrolment.id}/nama", data={"correction": "x" * 501}
    )

    assert response.status_code == 422
    assert "correction-error" in response.get_data(as_text=True)


def test_an_organiser_sees_who_is_where(session: Session, enrolment: Enrolment, sign_in: SignIn) -> None:
    organiser = make_user(session, Role.ORGANISER, branch=enrolment.cohort.branch)

    page = sign_in(organiser.id).get(f"/angkatan/{enrolment.cohort_id}/pantau").get_data(as_text=True)

    assert enrolment.name in page
    assert "Materi 1" in page
    assert "Belum masuk" in page


def test_another_branchs_cohort_is_not_found(session: Session, enrolment: Enrolment, sign_in: SignIn) -> None:
    other = make_cohort(session)
    organiser = make_user(session, Role.ORGANISER, branch=other.branch)

    assert sign_in(organiser.id).get(f"/angkatan/{enrolment.cohort_id}/pantau").status_code == 404


def test_who_is_where_comes_page_by_page_with_heads_over_all(
    session: Session, enrolment: Enrolment, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    first, second = steps(session, enrolment)
    names = ["Ani", "Budi", "Cici", "Dedi", "Eko"]
    people = {name: make_enrolment(session, cohort=enrolment.cohort, name=name) for name in names}
    now = utc_now()
    for name, done in (("Ani", [first, second]), ("Cici", [first])):
        for step in done:
            add(
                session,
                Progress(enrolment_id=people[name].id, step_id=step.id, opened_at=now, completed_at=now),
            )
    add(session, Completion(enrolment_id=people["Ani"].id, completed_at=now, evidence={}))
    sign_in(people["Budi"].user_id)
    client = sign_in(make_user(session, Role.ORGANISER, branch=enrolment.cohort.branch).id)

    found, url = [], f"/angkatan/{enrolment.cohort_id}/pantau"
    for _ in range(3):
        page = client.get(url).text
        found.append(re.findall(r"peserta/\d+\">([^<]+)</a>", page))
        assert re.findall(r"<dd>(\d+)</dd>", page) == ["6", "1", "5", "1"]
        more = re.search(r'href="([^"]+setelah=\d+)"', page)
        url = more[1] if more else ""

    assert found == [["Budi", "Dedi"], ["Eko", enrolment.name], ["Cici", "Ani"]]
    assert not url
    assert client.get(f"/angkatan/{enrolment.cohort_id}/pantau?setelah={people['Ani'].id}").status_code == 200
    assert client.get(f"/angkatan/{enrolment.cohort_id}/pantau?setelah={2**40}").status_code == 200


def test_who_signed_out_was_still_here(session: Session, enrolment: Enrolment, sign_in: SignIn) -> None:
    organiser = make_user(session, Role.ORGANISER, branch=enrolment.cohort.branch)
    trainee = sign_in(enrolment.user_id)

    assert trainee.post("/keluar").status_code == 303

    client = sign_in(organiser.id)
    assert "belum pernah" not in client.get(f"/angkatan/{enrolment.cohort_id}/pantau").text
    assert "belum pernah masuk" not in client.get(f"/angkatan/{enrolment.cohort_id}").text
    person = client.get(f"/angkatan/{enrolment.cohort_id}/peserta/{enrolment.id}").text
    assert "belum pernah" not in person
    assert count_people(session, enrolment.cohort_id).signed_in_count == 1


def test_the_text_of_a_published_lesson_is_read_once_and_that_of_a_draft_each_time(
    session: Session, enrolment: Enrolment
) -> None:
    first, _ = steps(session, enrolment)

    def write(html: str) -> None:
        begin_write(session)
        session.execute(update(Lesson).where(Lesson.step_id == first.id).values(html=html))

    before = queries.get_lesson_html(session, first.id)
    write("<p>Lain</p>")

    assert before != "<p>Lain</p>"
    assert queries.get_lesson_html(session, first.id) == "<p>Lain</p>"
    assert queries.get_lesson_html(session, first.id, is_published=True) == "<p>Lain</p>"
    write("<p>Kemudian</p>")
    assert queries.get_lesson_html(session, first.id) == "<p>Lain</p>"
