"""The start page shows each person the one thing that matters to them."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from tests.factories import make_branch, make_cohort, make_edition, make_enrolment, make_user

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
