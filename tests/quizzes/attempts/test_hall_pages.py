"""Pages of a hall: what the organiser does, and what people in it see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, Throttle
from lms.core.accounts.throttle import ACCOUNT_FREE
from lms.core.clock import utc_now
from lms.core.db import begin_write
from quizzes.attempts.models import Accommodation, Attempt
from quizzes.bank.models import CohortQuiz
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.security.test_query_counts import counted

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session, time_limit_minutes=30, attempts_allowed=1)


@pytest.fixture
def organiser(desk: Desk, sign_in: SignIn) -> FlaskClient:
    user = factories.make_user(desk.session, Role.ORGANISER, branch=desk.enrolment.cohort.branch)
    return sign_in(user.id)


def hall_of(desk: Desk) -> str:
    return f"/angkatan/{desk.enrolment.cohort_id}/ruang/{desk.step.id}"


def start_of(desk: Desk) -> str:
    return f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"


def pin_of(desk: Desk) -> CohortQuiz:
    desk.session.expire_all()
    return desk.session.scalars(select(CohortQuiz)).one()


def hold(desk: Desk, **values: object) -> None:
    begin_write(desk.session)
    desk.session.execute(update(CohortQuiz).values(**values))
    desk.session.commit()


def test_the_organiser_stops_the_time_gives_some_and_lets_it_go_on(
    desk: Desk, organiser: FlaskClient
) -> None:
    attempt, hall = desk.start(), hall_of(desk)
    text = organiser.post(f"{hall}/jeda", follow_redirects=True).text
    assert "Waktu 1 orang berhenti." in text
    assert "Lanjutkan waktu" in text
    assert "waktu berhenti" in organiser.get(f"/angkatan/{desk.enrolment.cohort_id}/bersama").text

    text = organiser.post(f"{hall}/tambah", data={"minutes": "10", "seen": "0"}, follow_redirects=True).text
    assert "sudah ditambah 10 menit" in text
    text = organiser.post(f"{hall}/lanjut", follow_redirects=True).text
    assert "Hentikan waktu" in text

    desk.session.expire_all()
    end = desk.session.get_one(Attempt, attempt.id).deadline_at
    assert end is not None
    assert end >= desk.now + timedelta(minutes=40)


def test_a_button_pressed_twice_gives_once_and_says_so(desk: Desk, organiser: FlaskClient) -> None:
    for _ in range(2):
        page = organiser.post(
            f"{hall_of(desk)}/tambah", data={"minutes": "10", "seen": "0"}, follow_redirects=True
        )

    assert "baru saja menambah waktu" in page.text
    assert pin_of(desk).extended_minutes == 10


@pytest.mark.parametrize("minutes", ["", "0", "241", "banyak"])
def test_minutes_that_are_none_are_asked_back(desk: Desk, organiser: FlaskClient, minutes: str) -> None:
    answer = organiser.post(f"{hall_of(desk)}/tambah", data={"minutes": minutes, "seen": "0"})

    assert answer.status_code == 422
    assert pin_of(desk).extended_minutes == 0


def test_the_code_is_made_shown_changed_and_taken_away(desk: Desk, organiser: FlaskClient) -> None:
    hall = hall_of(desk)
    organiser.post(f"{hall}/kode-baru")
    made = pin_of(desk).code
    assert made
    assert f"<code>{made}</code>" in organiser.get(hall).text

    assert organiser.post(f"{hall}/kode", data={"code": "abc"}).status_code == 422
    organiser.post(f"{hall}/kode", data={"code": "Padi Menguning"})
    assert pin_of(desk).code == "Padi Menguning"
    organiser.post(f"{hall}/tanpa-kode")
    assert pin_of(desk).code is None


def test_the_window_is_read_in_the_zone_of_the_cohort(desk: Desk, organiser: FlaskClient) -> None:
    hall = hall_of(desk)
    organiser.post(f"{hall}/waktu", data={"opens_at": "2026-12-01T13:00", "closes_at": ""})
    opens = pin_of(desk).opens_at
    assert opens is not None
    assert opens.isoformat() == "2026-12-01T06:00:00+00:00"
    assert "1 Desember 2026, 13.00\N{NO-BREAK SPACE}WIB" in organiser.get(hall).text
    assert 'value="2026-12-01T13:00"' in organiser.get(hall).text

    refused = organiser.post(
        f"{hall}/waktu", data={"opens_at": "2026-12-01T13:00", "closes_at": "2026-12-01T12:00"}
    )
    assert refused.status_code == 422
    assert "Kuis ditutup setelah dibuka." in refused.text


def test_pages_of_the_hall_take_few_queries(desk: Desk, organiser: FlaskClient) -> None:
    person = f"/angkatan/{desk.enrolment.cohort_id}/peserta/{desk.enrolment.id}/kelonggaran"
    organiser.get(hall_of(desk))
    for page in (hall_of(desk), person):
        with counted() as sent:
            assert organiser.get(page).status_code == 200
        assert len(sent) <= 8, sent


def test_a_person_is_allowed_more_with_a_reason_and_no_longer(desk: Desk, organiser: FlaskClient) -> None:
    page = f"/angkatan/{desk.enrolment.cohort_id}/peserta/{desk.enrolment.id}/kelonggaran"
    form = {"quiz": "", "extra_time_percent": "50", "extra_minutes": "", "extra_attempts": "1"}
    assert organiser.post(page, data=form | {"reason": ""}).status_code == 422
    assert organiser.post(page, data={"quiz": "", "reason": "Tanpa isi."}).status_code == 422

    text = organiser.post(page, data=form | {"reason": "Rabun dekat."}, follow_redirects=True).text
    assert "waktu ditambah 50%" in text
    assert "Rabun dekat." in text
    given = desk.session.scalars(select(Accommodation)).one()
    text = organiser.post(f"{page}/{given.id}/cabut", follow_redirects=True).text
    assert "Dicabut" in text
    assert organiser.post(f"{page}/{given.id}/cabut").status_code == 409


def test_who_gives_time_beyond_the_end_of_the_quiz_is_told_and_shown_the_way(
    desk: Desk, organiser: FlaskClient
) -> None:
    hold(desk, closes_at=utc_now() + timedelta(minutes=45))
    desk.start()
    page = f"/angkatan/{desk.enrolment.cohort_id}/peserta/{desk.enrolment.id}/kelonggaran"
    assert "sedang mengerjakan" not in organiser.get(page).text

    form = {"quiz": "", "extra_minutes": "30", "reason": "Rabun dekat."}
    text = organiser.post(page, data=form, follow_redirects=True).text

    assert "berakhir saat kuisnya ditutup" in text
    assert "sedang mengerjakan" in text
    assert f"{hall_of(desk)}#waktu" in text


def test_before_a_quiz_people_read_the_rules_that_hold_for_them(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, time_limit_minutes=30, cooldown_minutes=60, needs_code=True, closes="40 15:00")
    factories.add(session, _more_time(desk))
    hold(desk, code="K7QX2")

    text = sign_in(desk.enrolment.user_id).get(start_of(desk)).text

    assert "45 menit" in text
    assert "(lebih lama untuk Anda; biasanya 30)" in text
    assert "60 menit istirahat" in text
    assert "Diperlukan; panitia menampilkannya" in text
    assert "Sampai" in text
    assert "K7QX2" not in text


def test_who_begins_shortly_before_the_end_is_told_how_little_time_is_left(
    desk: Desk, sign_in: SignIn
) -> None:
    client, told = sign_in(desk.enrolment.user_id), "yang mulai sekarang hanya punya"
    assert told not in client.get(start_of(desk)).text

    hold(desk, closes_at=utc_now() + timedelta(minutes=12))

    page = client.get(start_of(desk)).text
    assert f"{told} 12" in page
    assert "12 menit tetap berjalan" in page


def _more_time(desk: Desk) -> Accommodation:
    user = factories.make_user(desk.session, Role.ADMIN)
    told = {"extra_time_percent": 50, "reason": "x", "given_at": desk.now, "given_by_id": user.id}
    return Accommodation(enrolment_id=desk.enrolment.id, **told)


def test_the_code_opens_and_another_is_asked_back(desk: Desk, sign_in: SignIn) -> None:
    hold(desk, code="K7QX2")
    client = sign_in(desk.enrolment.user_id)

    wrong = client.post(start_of(desk), data={"code": "salah"})
    assert wrong.status_code == 422
    assert "Ini bukan kode ruangan" in wrong.text
    assert client.post(start_of(desk), data={"code": "k7 qx2"}).headers["Location"].startswith("/percobaan/")


def test_a_wrong_code_is_asked_back_where_a_sitting_that_was_over_is_handed_in_first(
    session: Session, sign_in: SignIn
) -> None:
    desk = make_desk(session, time_limit_minutes=30, attempts_allowed=2)
    over = desk.start(now=desk.now - timedelta(hours=1))
    hold(desk, code="K7QX2")

    wrong = sign_in(desk.enrolment.user_id).post(start_of(desk), data={"code": "salah"})

    assert wrong.status_code == 422
    assert 'name="code"' in wrong.text
    session.expire_all()
    assert session.get_one(Attempt, over.id).submitted_by == "deadline"


def test_guessing_a_code_is_slowed_down_for_one_person(desk: Desk, sign_in: SignIn) -> None:
    hold(desk, code="K7QX2")
    client = sign_in(desk.enrolment.user_id)
    for number in range(ACCOUNT_FREE):
        assert client.post(start_of(desk), data={"code": f"salah{number}"}).status_code == 422

    assert client.post(start_of(desk), data={"code": "K7QX2"}).status_code == 429

    keys = desk.session.scalars(select(Throttle.key).where(Throttle.key.startswith("quiz-code:"))).all()
    assert len(keys) == 1
    other = factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort)
    desk.enrolment = other
    answer = sign_in(other.user_id).post(start_of(desk), data={"code": "K7QX2"})
    assert answer.headers["Location"].startswith("/percobaan/")


def test_who_waits_for_an_opening_is_told_when_and_the_page_looks_again(desk: Desk, sign_in: SignIn) -> None:
    hold(desk, opens_at=utc_now() + timedelta(minutes=10))
    client = sign_in(desk.enrolment.user_id)

    page = client.get(start_of(desk))

    assert "Kuis ini dibuka" in page.text
    assert 600 <= int(page.headers["Refresh"]) <= 612
    assert client.post(start_of(desk)).headers["Location"] == start_of(desk)


def test_a_stopped_sitting_says_so_on_the_page_and_to_the_script(
    desk: Desk, organiser: FlaskClient, sign_in: SignIn
) -> None:
    attempt = desk.start()
    organiser.post(f"{hall_of(desk)}/jeda")
    client = sign_in(desk.enrolment.user_id)

    page = client.get(f"/percobaan/{attempt.id}").text
    told = client.get(f"/percobaan/{attempt.id}/waktu").get_json()
    saved = client.post(
        f"/percobaan/{attempt.id}/jawaban",
        json={"position": 1, "event": "event-1", "sequence": 1, "raw": {"choice": ["1"]}, "flagged": False},
    ).get_json()

    assert "Panitia menghentikan waktu." in page
    assert told["halted"] is True
    assert 0 < told["left"] <= 30 * 60
    assert (saved["halted"], saved["left"], saved["outcome"]) == (True, told["left"], "applied")


def test_the_clock_of_a_sitting_handed_in_is_at_its_end(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.submit(desk.start())

    assert sign_in(desk.enrolment.user_id).get(f"/percobaan/{attempt.id}/waktu").get_json() == {"left": 0}


def test_the_result_counts_tries_that_were_given(desk: Desk, organiser: FlaskClient, sign_in: SignIn) -> None:
    attempt = desk.submit(desk.start())
    client = sign_in(desk.enrolment.user_id)
    assert "Semua kesempatan sudah terpakai" in client.get(f"/percobaan/{attempt.id}/hasil").text

    page = f"/angkatan/{desk.enrolment.cohort_id}/peserta/{desk.enrolment.id}/kelonggaran"
    organiser.post(page, data={"quiz": "", "extra_attempts": "1", "reason": "Listrik padam."})

    assert "Semua kesempatan sudah terpakai" not in client.get(f"/percobaan/{attempt.id}/hasil").text


def test_a_start_with_a_code_takes_no_query_more(desk: Desk, sign_in: SignIn) -> None:
    hold(desk, code="K7QX2")
    client, start = sign_in(desk.enrolment.user_id), start_of(desk)
    client.post(start, data={"code": "salah"})
    with counted() as sent:
        assert client.post(start, data={"code": "K7QX2"}).headers["Location"].startswith("/percobaan/")
    assert len(sent) <= 12, sent
