"""Cases of the bank that branch are offered to cohorts for practice, and walked through like scenarios."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Progress
from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from lms.core.db import begin_write
from lms.core.errors import NotFound
from quizzes.attempts import offers
from quizzes.attempts.models import AnswerEvent, Attempt
from quizzes.bank.models import Question, QuestionVersion, Quiz, QuizVersion, StaleVersion
from quizzes.bank.quiz.queries import list_quizzes, list_uses
from quizzes.types.base import Json
from tests.factories import NOW, add, make_branch, make_cohort, make_enrolment, make_question, make_user
from tests.quizzes.bank.actors import actor_of
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]
STORY: Json = {
    "text": "Bu Sri menitipkan iurannya.",
    "parts": [
        {
            "name": "lapak",
            "text": "Uangnya di tangan Anda.",
            "choices": [
                {"text": "Setor ke bank.", "why": "Tercatat.", "next": "bank"},
                {"text": "Simpan di laci.", "why": "Tidak tercatat.", "next": "laci"},
            ],
        },
        {
            "name": "laci",
            "text": "Lacinya dibuka orang.",
            "choices": [
                {"text": "Kembali ke lapak.", "next": "lapak"},
                {"text": "Diam saja.", "next": "hilang"},
            ],
        },
        {"name": "bank", "text": "Dibayar di bank.", "end": "good", "debrief": "Iuran lewat bank."},
        {"name": "hilang", "text": "Uangnya hilang.", "end": "bad"},
    ],
}


def make_case(session: Session, *, of: dict[str, Any] | None = None, **version: Any) -> QuestionVersion:
    """Make a case that branches, ready and for practice; ``of`` is what its question is besides."""
    made = make_question(
        session, "case_set", source=STORY, stem_html="Uang titipan", summary="Uang titipan", **version
    )
    begin_write(session)
    values = {"use": "practice", "topic": "Iuran"} | (of or {})
    session.execute(update(Question).where(Question.id == made.question_id).values(values))
    session.commit()
    session.expire_all()
    return made


@pytest.fixture
def enrolment(session: Session) -> Enrolment:
    yesterday = (utc_now() - timedelta(days=1)).date()
    return make_enrolment(session, cohort=make_cohort(session, starts_on=yesterday))


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> FlaskClient:
    return sign_in(enrolment.user_id)


@pytest.fixture
def case(session: Session) -> QuestionVersion:
    return make_case(session)


def address(enrolment: Enrolment, case: QuestionVersion, part: int = 1) -> str:
    return f"/belajar/{enrolment.id}/kasus/{case.question_id}/{part}"


def choose(client: FlaskClient, url: str, choice: str, *, step: int) -> str:
    response = client.post(url, data={"langkah": step, "jawab-choice": choice})
    assert response.status_code == 303, response.text
    return response.location


def offered(session: Session, cohort: Cohort) -> list[int]:
    session.expire_all()
    return [offer.question_id for offer in offers.list_offers(session, cohort, before=None)]


def test_a_trainee_finds_the_case_and_walks_to_a_good_end(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, case: QuestionVersion
) -> None:
    listed = trainee.get(f"/belajar/{enrolment.id}/latihan").text
    start = trainee.get(address(enrolment, case)).text
    onward = choose(trainee, address(enrolment, case), "2", step=1)
    told = trainee.get(onward).text
    back = choose(trainee, onward, "1", step=2)
    end = choose(trainee, back, "1", step=3)
    page = trainee.get(end).text

    assert "Kasus dari pelatih Anda" in listed
    assert f'href="{address(enrolment, case)}"' in listed
    assert "Bu Sri menitipkan iurannya." in start
    assert "Tercatat." not in start
    assert "Dibayar di bank." not in start
    assert [url.rpartition("/")[2] for url in (onward, back, end)] == ["2", "1", "3"]
    assert "Tidak tercatat." in told
    assert "Berakhir baik" in page
    assert "Iuran lewat bank." in page
    assert "Berakhir baik" in trainee.get(f"/belajar/{enrolment.id}/latihan").text


def test_a_walk_is_kept_and_counts_for_nothing(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, case: QuestionVersion
) -> None:
    for _time in range(2):
        choose(trainee, address(enrolment, case), "2", step=1)

    session.expire_all()
    (walk,) = session.scalars(select(Attempt)).all()
    assert (walk.state, walk.step_id, walk.deadline_at) == ("in_progress", None, None)
    assert [event.raw for event in session.scalars(select(AnswerEvent))] == [{"p1-choice": ["2"]}]
    assert session.scalar(select(func.count()).select_from(Progress)) == 0
    assert re.search(r">\s*Lanjutkan", trainee.get(f"/belajar/{enrolment.id}/latihan").text)
    response = trainee.get(address(enrolment, case))
    assert (response.status_code, response.location) == (303, address(enrolment, case, 2))


def test_from_the_start_again_is_another_walk_of_the_same_quiz(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, case: QuestionVersion
) -> None:
    onward = choose(trainee, address(enrolment, case), "2", step=1)

    again = trainee.post(onward, data={"aksi": "again"}).location
    choose(trainee, again, "1", step=1)

    assert again == address(enrolment, case)
    session.expire_all()
    assert [(walk.number, walk.percent) for walk in session.scalars(select(Attempt))] == [(1, 0), (2, 100)]
    assert len(session.scalars(select(QuizVersion)).all()) == 1


def test_looking_makes_nothing_and_an_answer_that_is_none_neither(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, case: QuestionVersion
) -> None:
    trainee.get(address(enrolment, case))

    response = trainee.post(address(enrolment, case), data={"langkah": 1})

    assert response.status_code == 422
    assert 'id="jawab-error"' in response.text
    session.expire_all()
    assert session.scalars(select(Quiz)).all() == []
    assert session.scalars(select(Attempt)).all() == []


def test_a_walk_goes_on_with_its_own_paper_and_the_next_has_the_new_version(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, case: QuestionVersion
) -> None:
    onward = choose(trainee, address(enrolment, case), "2", step=1)
    newer = {**case.content, "parts": [{**case.content["parts"][0], "stem_html": "<p>Hari lain.</p>"}]}
    newer["parts"] += case.content["parts"][1:]
    add(session, copy_of(case, number=2, content=newer))

    end = choose(trainee, onward, "2", step=2)
    assert "Uangnya hilang." in trainee.get(end).text
    start = trainee.get(address(enrolment, case)).text
    choose(trainee, address(enrolment, case), "1", step=1)

    assert "Hari lain." in start
    session.expire_all()
    walks = session.scalars(select(Attempt).order_by(Attempt.number)).all()
    assert [walk.quiz_version.number for walk in walks] == [1, 2]
    assert len({walk.quiz_id for walk in walks}) == 1


def copy_of(case: QuestionVersion, **changes: Any) -> QuestionVersion:
    names = [column.key for column in QuestionVersion.__table__.columns if column.key != "id"]
    return QuestionVersion(**({name: vars(case)[name] for name in names} | changes))


@pytest.mark.parametrize(
    "of",
    [{"use": "graded"}, {"status": "draft"}, {"status": "retired"}, {"key": "coba/uang"}],
    ids=["graded", "draft", "retired", "of a course"],
)
def test_what_is_no_ready_practice_of_the_bank_is_not_offered(
    session: Session, enrolment: Enrolment, of: dict[str, Any]
) -> None:
    case = make_case(session, of=of)

    assert offered(session, enrolment.cohort) == []
    with pytest.raises(NotFound):
        offers.get_offer(session, enrolment.cohort, case.question_id)


def test_a_case_of_a_branch_is_for_its_cohorts_alone(
    session: Session, sign_in: SignIn, enrolment: Enrolment
) -> None:
    own = make_case(session, of={"branch_id": enrolment.cohort.branch_id})
    other = make_case(session, of={"branch_id": make_branch(session).id})
    client = sign_in(enrolment.user_id)

    assert offered(session, enrolment.cohort) == [own.question_id]
    assert client.get(address(enrolment, other)).status_code == 404
    response = client.post(address(enrolment, other), data={"langkah": 1, "jawab-choice": "1"})
    assert response.status_code == 404


def test_a_case_of_another_law_date_or_that_is_paused_is_not_offered(
    session: Session, enrolment: Enrolment
) -> None:
    make_case(session, as_of=date(2016, 10, 19))
    paused = make_case(session)
    add(session, StaleVersion(question_version_id=paused.id, is_paused=True, found_at=NOW))

    assert offered(session, enrolment.cohort) == []


def test_a_case_without_branches_is_a_question_of_quizzes(session: Session, enrolment: Enrolment) -> None:
    told = make_question(session, "case_set")
    begin_write(session)
    session.execute(update(Question).where(Question.id == told.question_id).values(use="practice"))
    session.commit()

    assert offered(session, enrolment.cohort) == []


def test_a_stranger_plays_nobody_elses_walk(
    session: Session, sign_in: SignIn, enrolment: Enrolment, case: QuestionVersion
) -> None:
    stranger = sign_in(make_enrolment(session, cohort=enrolment.cohort).user_id)

    assert stranger.get(address(enrolment, case)).status_code == 404
    data = {"langkah": 1, "jawab-choice": "1"}
    assert stranger.post(address(enrolment, case), data=data).status_code == 404


def test_what_keeps_the_walks_is_no_quiz_in_the_lists_of_staff(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, case: QuestionVersion
) -> None:
    admin = actor_of(make_user(session, Role.ADMIN))
    choose(trainee, address(enrolment, case), "1", step=1)

    assert session.scalars(select(Quiz)).all()
    assert list_quizzes(session, actor=admin) == []
    assert list_uses(session, case.question_id, actor=admin) == []


def test_staff_see_which_cases_are_offered_and_the_author_where(
    session: Session, sign_in: SignIn, enrolment: Enrolment, case: QuestionVersion
) -> None:
    client = sign_in(make_user(session, Role.ADMIN).id)

    listed = client.get(f"/angkatan/{enrolment.cohort_id}/latihan").text

    assert "Uang titipan" in listed
    assert "/kasus/" not in listed
    assert "peserta menemukan kasus ini" in client.get(f"/soal/{case.question_id}").text


def test_many_cases_are_paged_and_cost_no_more_queries(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offers, "PAGE_SIZE", 3)
    made = [make_case(session).question_id for _ in range(5)]
    url = f"/belajar/{enrolment.id}/latihan"
    trainee.get(url)

    with counted() as sent:
        first = trainee.get(url).text
    older = trainee.get(f"{url}?sebelum={made[2]}").text

    assert len(sent) <= PAGE_LIMIT
    assert [int(n) for n in re.findall(r"/kasus/(\d+)/1", first)] == made[:1:-1]
    assert f"sebelum={made[2]}" in first
    assert [int(n) for n in re.findall(r"/kasus/(\d+)/1", older)] == made[1::-1]
    with counted() as sent:
        assert trainee.get(f"/belajar/{enrolment.id}/kasus/{made[0]}/1").status_code == 200
    assert len(sent) <= PAGE_LIMIT
