"""Pages of markers, trainers and trainees around marks."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizzes.attempts.models import Attempt
from quizzes.grading.models import Mark, QuestionReport, Ruling
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.grading.desks import essay_desk, essay_of, hand_in, trainer_of

SignIn = Callable[[int], FlaskClient]


def page(client: FlaskClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def result_url(attempt: Attempt) -> str:
    return f"/percobaan/{attempt.id}/hasil"


def question_url(desk: Desk, attempt: Attempt, position: int = 1) -> str:
    question_id = desk.items(attempt)[position - 1].question_version.question_id
    return f"/angkatan/{desk.enrolment.cohort_id}/soal/{question_id}"


def report_url(desk: Desk, attempt: Attempt, position: int) -> str:
    return f"/lembar/{desk.items(attempt)[position - 1].id}/lapor"


# --- marking


def test_a_marker_goes_from_one_answer_to_the_next(session: Session, sign_in: SignIn) -> None:
    desk = essay_desk(session)
    items = [essay_of(desk, hand_in(desk)) for _ in range(2)]
    client = sign_in(trainer_of(desk).id)

    assert "2 jawaban menunggu Anda." in page(client, "/nilai")
    assert "Nama disembunyikan" in page(client, f"/nilai/{items[0].id}")
    assert desk.enrolment.name not in page(client, f"/nilai/{items[0].id}")
    response = client.post(f"/nilai/{items[0].id}", data={"level_0": "1", "comment": "Baik."})
    assert response.location == f"/nilai/{items[1].id}"
    response = client.post(f"/nilai/{items[1].id}", data={"level_0": "1"})
    assert response.location == "/nilai"

    assert "Tidak ada jawaban yang menunggu Anda." in page(client, "/nilai")
    assert "Jawaban ini sudah dinilai." in page(client, f"/nilai/{items[0].id}")


def test_the_name_shows_where_marking_is_not_blind(session: Session, sign_in: SignIn) -> None:
    desk = essay_desk(session, is_marked_blind=False)
    item = essay_of(desk, hand_in(desk))

    assert desk.enrolment.name in page(sign_in(trainer_of(desk).id), f"/nilai/{item.id}")


def test_a_level_must_be_chosen(session: Session, sign_in: SignIn) -> None:
    desk = essay_desk(session)
    item = essay_of(desk, hand_in(desk))
    client = sign_in(trainer_of(desk).id)

    assert client.post(f"/nilai/{item.id}", data={"comment": "Baik."}).status_code == 422
    assert client.post(f"/nilai/{item.id}", data={"level_0": "99"}).status_code == 422
    assert session.scalars(select(Mark).where(Mark.kind == "hand")).all() == []


def test_the_trainee_reads_that_it_waits_and_then_what_the_marker_says(
    session: Session, sign_in: SignIn
) -> None:
    desk = essay_desk(session)
    attempt = hand_in(desk)
    client, trainee = sign_in(trainer_of(desk).id), sign_in(desk.enrolment.user_id)

    assert "Terkirim, menunggu penilaian" in page(trainee, result_url(attempt))
    text = page(trainee, f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}")
    assert "Menunggu penilaian" in text
    client.post(f"/nilai/{essay_of(desk, attempt).id}", data={"level_0": "1", "comment": "Alasannya tepat."})

    text = page(trainee, result_url(attempt))
    assert "Alasannya tepat." in text
    assert "menunggu penilaian" not in text


# --- what a result shows


@pytest.mark.parametrize(
    ("preset", "says", "lists", "has_key"),
    [
        ("after_submit", "Soal demi soal", True, True),
        ("score_only", "hanya menunjukkan hasil", False, False),
        ("after_close", "setelah pelatihan ditutup", False, False),
        ("reasons_only", "bukan jawaban benarnya", True, False),
    ],
)
def test_a_result_shows_what_the_quiz_allows(
    session: Session, sign_in: SignIn, preset: str, says: str, lists: bool, has_key: bool
) -> None:
    desk = make_desk(session, show_result=preset)
    attempt = hand_in(desk, right=4)

    text = page(sign_in(desk.enrolment.user_id), result_url(attempt))

    assert says in text
    assert ('id="q5"' in text) is lists
    assert ('class="answers"' in text) is has_key


# --- decisions for everybody


def test_a_trainer_sees_what_follows_and_decides(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session)
    attempt = hand_in(desk, right=2)
    client, url = sign_in(trainer_of(desk).id), question_url(desk, attempt, 5)

    assert "Putuskan untuk semua peserta" in page(client, url)
    text = page(client, f"{url}/keputusan?keputusan=full")
    assert "Menjadi lulus" in text
    assert session.scalars(select(Ruling)).all() == []
    mark = text.split('name="mark" type="hidden" value="')[1].split('"')[0]
    response = client.post(f"{url}/keputusan?keputusan=full", data={"mark": mark, "reason": "Kunci keliru."})

    assert response.location == url
    assert "1 hasil berubah" in page(client, url)
    text = page(sign_in(desk.enrolment.user_id), result_url(attempt))
    assert "semua peserta mendapat nilai penuh" in text
    assert "Kunci keliru." in text


def test_a_decision_needs_a_reason_and_what_was_seen(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session)
    attempt = hand_in(desk, right=2)
    client, url = sign_in(trainer_of(desk).id), f"{question_url(desk, attempt, 5)}/keputusan"

    assert client.get(f"{url}?keputusan=ngawur").status_code == 422
    assert client.get(f"{url}?keputusan=bonus&bonus=99").status_code == 422
    assert client.post(f"{url}?keputusan=full", data={"mark": "x"}).status_code == 422
    response = client.post(f"{url}?keputusan=full", data={"mark": "x", "reason": "Keliru."})
    assert response.location.startswith(url)
    assert session.scalars(select(Ruling)).all() == []


def test_a_question_left_out_is_said_to_be(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session)
    attempt = hand_in(desk, right=5)
    client, url = sign_in(trainer_of(desk).id), question_url(desk, attempt, 1)
    text = page(client, f"{url}/keputusan?keputusan=void")
    mark = text.split('name="mark" type="hidden" value="')[1].split('"')[0]
    client.post(f"{url}/keputusan?keputusan=void", data={"mark": mark, "reason": "Soal usang."})

    text = page(sign_in(desk.enrolment.user_id), result_url(attempt))

    assert "4 dari 4 benar" in text.replace("\xa0", " ")
    assert "Tidak dihitung" in text
    assert "Soal usang." in text


def test_questions_of_a_cohort_stand_with_the_worst_first(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session)
    attempt = hand_in(desk, right=4)

    text = page(sign_in(trainer_of(desk).id), f"/angkatan/{desk.enrolment.cohort_id}/soal")

    worst, best = (desk.items(attempt)[index].question_version.summary for index in (4, 0))
    assert text.index(worst) < text.index(best)
    assert "0%" in text


# --- reports


def test_a_report_goes_to_the_trainer_and_its_answer_back(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session)
    attempt = hand_in(desk)
    client, trainee = sign_in(trainer_of(desk).id), sign_in(desk.enrolment.user_id)
    url = report_url(desk, attempt, 2)

    assert url in page(trainee, result_url(attempt))
    assert trainee.post(url, data={"text": " "}).status_code == 422
    assert trainee.post(url, data={"text": "Dua jawaban benar."}).location == url
    assert "Dua jawaban benar." in page(client, "/nilai")
    report = session.scalars(select(QuestionReport)).one()
    reply = f"{question_url(desk, attempt, 2)}/laporan/{report.id}"
    assert client.post(reply, data={"answer": ""}).status_code == 422
    assert client.post(reply, data={"answer": "Benar, kami perbaiki."}).status_code == 303

    assert "Benar, kami perbaiki." in page(trainee, url)
    assert "sudah dijawab" in page(trainee, result_url(attempt))
    assert "Tidak ada laporan yang belum dijawab." in page(client, "/nilai")


def test_a_question_reported_in_the_hall_is_answered_and_left_out_before_anybody_hands_in(
    session: Session, sign_in: SignIn
) -> None:
    desk = make_desk(session)
    attempt = desk.start()
    sign_in(desk.enrolment.user_id).post(report_url(desk, attempt, 2), data={"text": "Dua benar."})
    trainer, url = sign_in(trainer_of(desk).id), question_url(desk, attempt, 2)

    assert f'href="{url}#laporan-' in page(trainer, "/nilai")
    assert "Dua benar." in page(trainer, url)
    seen = page(trainer, f"{url}/keputusan?keputusan=void")
    mark = re.search(r'name="mark"[^>]*value="([0-9a-f]+)"', seen)
    assert mark is not None
    told = {"mark": mark[1], "reason": "Dua jawaban benar."}
    assert trainer.post(f"{url}/keputusan?keputusan=void", data=told).status_code == 303

    assert desk.submit(attempt).marks_possible == 4


def test_a_report_is_answered_at_its_own_question_only(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session)
    attempt = hand_in(desk)
    trainee = sign_in(desk.enrolment.user_id)
    trainee.post(report_url(desk, attempt, 2), data={"text": "Keliru."})
    report = session.scalars(select(QuestionReport)).one()

    response = sign_in(trainer_of(desk).id).post(
        f"{question_url(desk, attempt, 1)}/laporan/{report.id}", data={"answer": "Baik."}
    )

    assert response.status_code == 404


def test_a_question_can_be_reported_where_the_key_stays_hidden(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, show_result="score_only")
    attempt = hand_in(desk)
    trainee = sign_in(desk.enrolment.user_id)

    assert report_url(desk, attempt, 5) in page(trainee, result_url(attempt))
    text = page(trainee, report_url(desk, attempt, 5))
    assert desk.items(attempt)[4].question_version.stem_html in text
    assert 'class="answers"' not in text
