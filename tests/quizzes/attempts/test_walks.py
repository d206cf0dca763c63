"""Scenarios are played with the quiz engine: answer by answer, kept, taken up again, and counted nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.catalogue.checking import folder_at
from courses.catalogue.folder import read_files
from courses.catalogue.services import load_course
from courses.cohorts.models import Enrolment
from courses.learning.models import Progress
from lms.core.accounts.models import Role
from lms.core.clock import utc_now
from quizzes.attempts import walks
from quizzes.attempts.models import AnswerEvent, Attempt
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import Quiz, QuizVersion
from quizzes.bank.quiz.queries import list_quizzes
from tests.courses.catalogue.folders import sample
from tests.courses.catalogue.stories import PRACTICE
from tests.factories import NOW, make_cohort, make_enrolment, make_user
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.bank.folders import LAW_2026

SignIn = Callable[[int], FlaskClient]
FIRST, SECOND, THIRD = "1", "2", "3"


@pytest.fixture
def enrolment(session: Session) -> Enrolment:
    edition = load_course(
        session,
        read_files(sample(**PRACTICE)),
        as_of=LAW_2026,
        quizzes=BankStore(),
        publish=True,
        now=NOW,
        actor_id=None,
    )
    session.commit()
    today = utc_now().date()
    return make_enrolment(
        session, cohort=make_cohort(session, edition=edition, starts_on=today, ends_on=today)
    )


@pytest.fixture
def trainee(enrolment: Enrolment, sign_in: SignIn) -> FlaskClient:
    return sign_in(enrolment.user_id)


def address(enrolment: Enrolment, scene: str = "warung") -> str:
    return f"/belajar/{enrolment.id}/latihan/warung/{scene}"


def choose(client: FlaskClient, enrolment: Enrolment, place: str, *, step: int, scene: str = "warung") -> str:
    data = {"langkah": step, "jawab-choice": place}
    response = client.post(address(enrolment, scene), data=data)
    assert response.status_code == 303, response.get_data(as_text=True)
    return response.location.rpartition("/")[2]


def sittings(session: Session) -> list[Attempt]:
    session.expire_all()
    return list(session.scalars(select(Attempt).order_by(Attempt.id)))


def test_a_trainee_plays_a_scenario_to_its_end(
    trainee: FlaskClient, session: Session, enrolment: Enrolment
) -> None:
    start = trainee.get(address(enrolment)).get_data(as_text=True)
    onward = choose(trainee, enrolment, THIRD, step=1)
    told = trainee.get(address(enrolment, onward)).get_data(as_text=True)
    back = choose(trainee, enrolment, FIRST, step=2, scene="jkp")
    end = choose(trainee, enrolment, FIRST, step=3)
    page = trainee.get(address(enrolment, end)).get_data(as_text=True)

    assert "Adegan 1" in start
    assert "Menjanjikan uang." in start
    assert (onward, back, end) == ("jkp", "warung", "baik")
    assert "Ia bertanya lagi." in told
    assert "Adegan 2" in told
    assert "Berakhir baik" in page
    assert page.index("Menyebut JKP.") < page.index("Menjelaskan syaratnya", page.index("Menyebut JKP."))
    assert "/hukum#pp-44-2015" in page


def test_a_walk_is_kept_as_practice_and_counts_for_nothing(
    trainee: FlaskClient, session: Session, enrolment: Enrolment
) -> None:
    choose(trainee, enrolment, FIRST, step=1)

    (walk,) = sittings(session)
    assert (walk.state, walk.submitted_by, walk.percent, walk.has_passed) == (
        "submitted",
        "person",
        100,
        None,
    )
    assert (walk.step_id, walk.deadline_at) == (None, None)
    assert session.scalar(select(func.count()).select_from(Progress)) == 0
    assert trainee.get(f"/percobaan/{walk.id}/hasil").status_code == 404
    assert trainee.get(f"/percobaan/{walk.id}").status_code == 404


def test_each_answer_is_an_event_and_the_same_twice_changes_nothing(
    trainee: FlaskClient, session: Session, enrolment: Enrolment
) -> None:
    for _time in range(2):
        assert choose(trainee, enrolment, THIRD, step=1) == "jkp"
    assert choose(trainee, enrolment, FIRST, step=1) == "jkp"

    assert len(sittings(session)) == 1
    events = session.scalars(select(AnswerEvent)).all()
    assert [(event.event_id, event.raw) for event in events] == [("langkah-1", {"p1-choice": ["3"]})]


def test_another_way_taken_at_the_same_moment_does_not_end_the_one_that_stands(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(trainee, enrolment, THIRD, step=1)
    case = walks.find_case(session, enrolment.cohort.edition, "warung")
    assert case is not None
    look, looks = walks.find_walk, iter([walks.fresh_walk(case)])
    monkeypatch.setattr(walks, "find_walk", lambda *place: next(looks, None) or look(*place))

    walk = walks.take_step(
        session,
        enrolment_id=enrolment.id,
        case=case,
        user_id=enrolment.user_id,
        step=1,
        raw={"choice": [FIRST]},
        now=NOW,
    )
    session.commit()

    assert walk.here["name"] == "jkp"
    assert [sitting.state for sitting in sittings(session)] == ["in_progress"]


def test_a_walk_goes_on_where_it_was_left_on_any_phone(
    trainee: FlaskClient, sign_in: SignIn, session: Session, enrolment: Enrolment
) -> None:
    choose(trainee, enrolment, THIRD, step=1)

    other = sign_in(enrolment.user_id)
    response = other.get(address(enrolment))

    assert response.status_code == 303
    assert response.location.endswith("/latihan/warung/jkp")


def test_from_the_start_again_is_another_walk(
    trainee: FlaskClient, session: Session, enrolment: Enrolment
) -> None:
    choose(trainee, enrolment, THIRD, step=1)

    response = trainee.post(address(enrolment, "jkp"), data={"aksi": "again"})
    again = trainee.get(response.location).get_data(as_text=True)
    end = choose(trainee, enrolment, SECOND, step=1)

    assert "Anda memilih" not in again
    assert end == "janji"
    assert [walk.number for walk in sittings(session)] == [1, 2]
    assert [walk.percent for walk in sittings(session)] == [0, 0]


def test_after_an_end_the_start_begins_anew_and_nothing_is_written_by_looking(
    trainee: FlaskClient, session: Session, enrolment: Enrolment
) -> None:
    choose(trainee, enrolment, FIRST, step=1)

    page = trainee.get(address(enrolment)).get_data(as_text=True)

    assert "Adegan 1" in page
    assert len(sittings(session)) == 1


@pytest.mark.parametrize("place", ["", "9", "x", None])
def test_an_answer_that_is_none_is_asked_for_again_and_nothing_is_kept(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, place: str | None
) -> None:
    data = {"langkah": 1} | ({"jawab-choice": place} if place is not None else {})

    response = trainee.post(address(enrolment), data=data)

    assert response.status_code == 422
    assert 'id="jawab-error"' in response.get_data(as_text=True)
    assert not sittings(session)


@pytest.mark.parametrize("step", ["0", "2", "-1", "99999999999", "x"])
def test_a_step_that_is_not_the_next_one_leads_to_where_one_is(
    trainee: FlaskClient, session: Session, enrolment: Enrolment, step: str
) -> None:
    response = trainee.post(address(enrolment), data={"langkah": step, "jawab-choice": "1"})

    assert response.status_code == 303
    assert response.location.endswith("/warung/warung")
    assert not sittings(session)


def test_nobody_sees_or_plays_the_walk_of_somebody_else(
    session: Session, sign_in: SignIn, enrolment: Enrolment
) -> None:
    stranger = make_enrolment(session, cohort=enrolment.cohort)
    client = sign_in(stranger.user_id)

    assert client.get(address(enrolment)).status_code == 404
    assert client.post(address(enrolment), data={"langkah": 1, "jawab-choice": "1"}).status_code == 404
    assert not sittings(session)


def test_a_scene_that_is_not_there_is_not_found(trainee: FlaskClient, enrolment: Enrolment) -> None:
    assert trainee.get(address(enrolment, "pasar")).status_code == 404
    assert trainee.get(f"/belajar/{enrolment.id}/latihan/tidak-ada/warung").status_code == 404


def test_an_address_of_former_days_leads_to_the_scene(trainee: FlaskClient, enrolment: Enrolment) -> None:
    response = trainee.get(address(enrolment, "janji") + "?dari=warung.2")

    assert response.status_code == 303
    assert response.location.endswith("/latihan/warung/warung")


def test_the_list_says_which_story_waits_and_how_others_ended(
    trainee: FlaskClient, enrolment: Enrolment
) -> None:
    before = trainee.get(f"/belajar/{enrolment.id}/latihan").get_data(as_text=True)
    choose(trainee, enrolment, THIRD, step=1)
    waiting = trainee.get(f"/belajar/{enrolment.id}/latihan").get_data(as_text=True)
    choose(trainee, enrolment, FIRST, step=2, scene="jkp")
    choose(trainee, enrolment, FIRST, step=3)
    done = trainee.get(f"/belajar/{enrolment.id}/latihan").get_data(as_text=True)

    assert re.search(r">\s*Mulai", before)
    assert "Lanjutkan" in waiting
    assert "Berakhir baik" in done


def test_scenarios_are_no_quizzes_in_the_lists_of_staff(session: Session, enrolment: Enrolment) -> None:
    admin = actor_of(make_user(session, Role.ADMIN))

    assert session.scalars(select(Quiz).where(Quiz.key.contains("/skenario/"))).all()
    assert all("/skenario/" not in quiz.key for quiz, _version in list_quizzes(session, actor=admin))


def test_storing_a_course_again_makes_no_scenario_anew(session: Session, enrolment: Enrolment) -> None:
    folder = folder_at(read_files(sample(**PRACTICE)), LAW_2026)
    before = session.scalar(select(func.count()).select_from(QuizVersion))

    BankStore().store(session, folder, as_of=LAW_2026, now=NOW, actor_id=None)
    session.commit()

    assert session.scalar(select(func.count()).select_from(QuizVersion)) == before
