"""Every save with time and code: for the person, and in a dispute for the organiser of the cohort."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.attempts.models import AnswerEvent, Attempt
from quizzes.attempts.receipt_queries import PAGE_SIZE, count_late
from quizzes.attempts.receipts import new_receipt
from tests.factories import make_branch, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def client(desk: Desk, sign_in: SignIn) -> FlaskClient:
    return sign_in(desk.enrolment.user_id)


@pytest.fixture
def organiser(desk: Desk, sign_in: SignIn) -> FlaskClient:
    branch = desk.enrolment.cohort.branch
    return sign_in(make_user(desk.session, Role.ORGANISER, branch=branch).id)


def page(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def late(desk: Desk) -> Attempt:
    attempt = desk.start()
    desk.save(attempt, 1, event_id="in-time")
    desk.submit(attempt, now=desk.now + timedelta(minutes=1))
    desk.save(attempt, 2, event_id="too-late", now=desk.now + timedelta(minutes=2))
    return attempt


def test_codes_are_short_and_have_no_letters_that_look_like_digits() -> None:
    codes = {new_receipt() for _ in range(500)}

    assert len(codes) == 500
    assert all(len(code) == 7 and not set(code) & set("ILOUilou") for code in codes)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"text": ["kata " * 2_000]}, "kata " * 40 + "…"),
        ({"text": ["Begitu."], "file": ["a" * 64]}, "dengan berkas, Begitu."),
        ({"gap-10": ["ya"], "gap-2": ["5.000"]}, "2: 5.000, 10: ya"),
        ({"choice": ["2", "3"]}, "pilihan 2, pilihan 3"),
    ],
)
def test_an_answer_is_told_in_a_line(
    desk: Desk, client: FlaskClient, raw: dict[str, list[str]], said: str
) -> None:
    attempt = desk.start()
    begin_write(desk.session)
    item_id = desk.items(attempt)[0].id
    event = {"attempt_id": attempt.id, "item_id": item_id, "event_id": "long", "sequence": 1, "raw": raw}
    desk.session.execute(insert(AnswerEvent).values(**event, received_at=desk.now, outcome="applied"))
    desk.session.commit()

    assert f">{said}</td>" in page(client, f"/percobaan/{attempt.id}/tanda-terima")


def test_a_person_sees_every_save_with_its_code(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    reply = client.post(
        f"/percobaan/{attempt.id}/jawaban",
        json={
            "events": [
                {
                    "position": 1,
                    "event": "code-1",
                    "sequence": 1,
                    "raw": {"choice": ["2"]},
                    "flagged": False,
                    "at": 1_795_000_000_000,
                    "from": "queue",
                }
            ]
        },
    )
    client.post(f"/percobaan/{attempt.id}/jawaban", data={"q1-event": "form", "q1-seq": "2"})

    text = page(client, f"/percobaan/{attempt.id}/tanda-terima")

    for words in (
        reply.get_json()["receipt"],
        "pilihan 2",
        "sempat menunggu di HP",
        "dikosongkan",
        "tombol Simpan",
    ):
        assert words in text
    assert text.index("dikosongkan") < text.index("pilihan 2")


def test_the_receipt_of_somebody_else_is_not_found(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    stranger = make_desk(desk.session).enrolment.user_id

    assert sign_in(stranger).get(f"/percobaan/{attempt.id}/tanda-terima").status_code == 404


def test_many_saves_come_page_by_page(desk: Desk, client: FlaskClient) -> None:
    attempt = desk.start()
    item = desk.items(attempt)[0]
    begin_write(desk.session)
    rows = [
        {
            "attempt_id": attempt.id,
            "item_id": item.id,
            "event_id": f"event-{n}",
            "sequence": n,
            "received_at": desk.now,
            "receipt": f"AAA-{n:03}",
            "outcome": "applied",
        }
        for n in range(1, PAGE_SIZE + 2)
    ]
    desk.session.execute(insert(AnswerEvent), rows)
    desk.session.commit()

    text = page(client, f"/percobaan/{attempt.id}/tanda-terima")

    assert "AAA-001" not in text
    link = "/percobaan/" + text[text.index(f"{attempt.id}/tanda-terima?sebelum=") :].split('"')[0]
    assert "AAA-001" in page(client, link)


def test_the_organiser_sees_late_answers_where_the_people_are_watched(
    desk: Desk, organiser: FlaskClient
) -> None:
    cohort: Cohort = desk.enrolment.cohort
    assert "terlambat" not in page(organiser, f"/angkatan/{cohort.id}/pantau")
    attempt = late(desk)

    assert "1 jawaban terlambat dan tidak dihitung." in page(organiser, f"/angkatan/{cohort.id}/pantau")
    text = page(organiser, f"/angkatan/{cohort.id}/terlambat")
    assert desk.enrolment.name in text
    assert f'href="/angkatan/{cohort.id}/percobaan/{attempt.id}/tanda-terima"' in text
    receipt = page(organiser, f"/angkatan/{cohort.id}/percobaan/{attempt.id}/tanda-terima")
    assert "terlambat, tidak dihitung" in receipt
    assert "Soal 1" in receipt


def test_late_answers_of_other_cohorts_are_theirs(desk: Desk, sign_in: SignIn) -> None:
    attempt = late(desk)
    other = make_desk(desk.session).enrolment.cohort
    cohort = desk.enrolment.cohort
    stranger = sign_in(make_user(desk.session, Role.ORGANISER, branch=make_branch(desk.session)).id)

    counts = desk.session.execute(select(count_late(cohort.id), count_late(other.id))).one()
    assert tuple(counts) == (1, 0)
    for path in (f"{cohort.id}/terlambat", f"{cohort.id}/percobaan/{attempt.id}/tanda-terima"):
        assert stranger.get(f"/angkatan/{path}").status_code == 404
    own = sign_in(make_user(desk.session, Role.ORGANISER, branch=other.branch).id)
    assert own.get(f"/angkatan/{other.id}/percobaan/{attempt.id}/tanda-terima").status_code == 404
