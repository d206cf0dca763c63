"""The start page shows each person the one thing that matters to them."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.cohorts.days import today_in
from courses.cohorts.models import Cohort
from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from tests.courses.cohorts.counting import counted
from tests.factories import complete, make_branch, make_cohort, make_edition, make_enrolment, make_user

SignIn = Callable[[int], FlaskClient]


def test_a_visitor_finds_three_doors(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)

    for door in ("Masuk dengan kartu", "Masuk dengan kata sandi", "Periksa sertifikat"):
        assert door in page


def test_a_trainee_reads_the_one_thing_to_do_now(session: Session, sign_in: SignIn) -> None:
    today = utc_now().date()
    cohort = make_cohort(session, edition=make_edition(session), starts_on=today, ends_on=today)
    enrolment = make_enrolment(session, cohort=cohort)

    page = sign_in(enrolment.user_id).get("/").get_data(as_text=True)

    assert "Lakukan ini sekarang" in page
    assert "Materi 1" in page


def at(session: Session, first: int, last: int, **values: object) -> Cohort:
    """Return a cohort from ``first`` to ``last``, in days from today."""
    today = today_in("Asia/Jakarta", utc_now())
    starts_on, ends_on = (today + timedelta(days=days) for days in (first, last))
    return make_cohort(session, starts_on=starts_on, ends_on=ends_on, **values)


def test_the_running_training_comes_before_the_planned_one(session: Session, sign_in: SignIn) -> None:
    edition = make_edition(session)
    running, planned = at(session, 0, 1, edition=edition), at(session, 60, 61, edition=edition)
    user = make_user(session)
    for cohort in (running, planned):
        make_enrolment(session, cohort=cohort, user=user)

    page = sign_in(user.id).get("/").text

    assert "Lakukan ini sekarang" in page
    assert page.index(running.name) < page.index("Pelatihan lain") < page.index(planned.name)


def test_without_anything_to_do_the_nearest_training_is_shown(session: Session, sign_in: SignIn) -> None:
    edition, user = make_edition(session), make_user(session)
    far, near, gone = (at(session, day, day, edition=edition) for day in (60, 3, -90))
    for cohort in (far, near, gone):
        make_enrolment(session, cohort=cohort, user=user)

    main, others = sign_in(user.id).get("/").text.split("Pelatihan lain")

    assert near.name in main
    assert far.name in others
    assert gone.name in others


def test_whoever_passed_finds_the_certificate_first(session: Session, sign_in: SignIn) -> None:
    enrolment = make_enrolment(session, cohort=at(session, 0, 0))
    complete(session, enrolment, now=utc_now())

    page = sign_in(enrolment.user_id).get("/").text

    assert page.index("Selamat!") < page.index(enrolment.cohort.name)


def test_many_trainings_take_no_more_questions(session: Session, sign_in: SignIn) -> None:
    edition, counts = make_edition(session), []
    for size in (1, 15):
        user = make_user(session)
        for day in range(size):
            make_enrolment(session, cohort=at(session, day, day, edition=edition), user=user)
        client = sign_in(user.id)
        client.get("/")
        with counted(session) as statements:
            assert client.get("/").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_the_desk_shows_what_runs_then_what_is_planned_then_what_is_over(
    session: Session, sign_in: SignIn
) -> None:
    branch = make_branch(session)
    organiser = make_user(session, Role.ORGANISER, branch=branch)
    for day in range(-24, -2):
        at(session, day, day + 1, branch=branch, name=f"Lampau {day}")
    for day in (9, 5):
        at(session, day, day + 1, branch=branch, name=f"Nanti {day}")
    at(session, -1, 0, branch=branch, name="Berjalan")

    page = sign_in(organiser.id).get("/").text

    names = re.findall(r"(Berjalan|Nanti \d|Lampau -\d+)</a>", page)
    assert names[:5] == ["Berjalan", "Nanti 5", "Nanti 9", "Lampau -3", "Lampau -4"]
    assert 'href="/angkatan"' in page.partition("</header>")[2]


def test_a_trainee_without_a_training_reads_what_to_wait_for(session: Session, sign_in: SignIn) -> None:
    page = sign_in(make_user(session).id).get("/").get_data(as_text=True)

    assert "Anda belum terdaftar di pelatihan" in page


def test_an_organiser_sees_only_cohorts_of_the_own_branch(session: Session, sign_in: SignIn) -> None:
    today = utc_now().date()
    branch = make_branch(session)
    own = make_cohort(session, branch=branch, starts_on=today, ends_on=today)
    foreign = make_cohort(session, starts_on=today, ends_on=today)

    page = sign_in(make_user(session, Role.ORGANISER, branch=branch).id).get("/").get_data(as_text=True)

    assert own.name in page
    assert foreign.name not in page


def test_a_trainer_finds_the_halls_of_the_own_branch(session: Session, sign_in: SignIn) -> None:
    today = utc_now().date()
    mine, other = (make_cohort(session, starts_on=today, ends_on=today) for _ in range(2))

    text = sign_in(make_user(session, Role.TRAINER, branch=mine.branch).id).get("/").text

    assert f"/angkatan/{mine.id}/langsung" in text
    assert f"/angkatan/{mine.id}/ajarkan-lagi" in text
    assert f"/angkatan/{other.id}/" not in text


def test_staff_without_a_second_factor_are_sent_to_enrol_it(session: Session, sign_in: SignIn) -> None:
    trainer = make_user(
        session, Role.TRAINER, branch=make_branch(session), totp_secret=None, totp_enrolled_at=None
    )

    response = sign_in(trainer.id).get("/")

    assert response.status_code == 303
    assert response.location.startswith("/akun/")


def test_help_is_open_to_everybody(client: FlaskClient) -> None:
    assert client.get("/bantuan").status_code == 200


def test_the_language_switch_speaks_english_and_comes_back(client: FlaskClient) -> None:
    response = client.post("/tampilan", data={"locale": "en", "next": "/bantuan"})

    assert response.location == "/bantuan"
    page = client.get("/bantuan").get_data(as_text=True)
    assert '<html lang="en"' in page
    assert "I forgot my password" in page
