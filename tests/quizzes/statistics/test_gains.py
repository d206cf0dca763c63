"""What people learned: by hand, with those nothing can be said of, and on the page."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Branch, Role
from quizzes.statistics.gain_queries import list_cohort_gains, read_learners, read_learning
from quizzes.statistics.gains import Pair, gain_of, normalised_change, sure_of
from quizzes.statistics.papers import Scope
from quizzes.statistics.verdicts import judge_learning
from tests.factories import make_branch, make_enrolment, make_question, make_quiz_step, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.grading.desks import hand_in
from tests.security.test_query_counts import PAGE_LIMIT, counted

SignIn = Callable[[int], FlaskClient]


def pairs(*sides: tuple[float, float]) -> list[Pair]:
    return [Pair(number, f"Orang {number}", *side) for number, side in enumerate(sides, 1)]


def test_class_gain_and_mean_of_gains_are_two_numbers() -> None:
    found = gain_of(pairs((20, 60), (60, 80), (100, 90)))

    # Means 60 and 76⅔: 16⅔ of 40. Gains ½ and ½, the third had everything. Changes ½, ½ and −0.1.
    assert found.class_gain == pytest.approx((16 + 2 / 3) / 40)
    assert (found.mean_of_gains, found.had_everything) == (0.5, 1)
    assert found.change == pytest.approx(0.3)
    # Differences 40, 20, −10: mean 16⅔, squares about it 544.4 + 11.1 + 711.1.
    assert found.effect == pytest.approx((50 / 3) / sqrt((3800 / 3) / 2))
    assert found.size == "medium"
    assert gain_of(pairs((50, 40))).size == "loss"


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (40, 70, 0.5),
        (40, 30, -0.25),
        (40, 40, 0.0),
        (0, 0, None),
        (100, 100, None),
        (0, 50, 0.5),
        (100, 50, -0.5),
        (50, 0, -1),
        (99, 100, 1),
    ],
)
def test_a_change_is_a_share_of_what_was_missing_or_of_what_was_there(
    before: float, after: float, change: float | None
) -> None:
    assert normalised_change(Pair(1, "", before, after)) == change


def test_who_nothing_can_be_said_of_is_left_out_of_the_change() -> None:
    found = gain_of(pairs((0, 0), (100, 100), (50, 75)))

    assert (found.change, found.without_change, found.people) == (0.5, 2, 3)


def test_nobody_one_person_and_all_alike_are_no_crash() -> None:
    assert gain_of([]).class_gain is None
    assert gain_of(pairs((100, 100))).class_gain is None
    assert gain_of(pairs((10, 20))).effect is None
    assert gain_of(pairs(*[(10, 20)] * 12)).effect is None
    assert sure_of(pairs((10, 20))).class_gain is None
    assert sure_of(pairs(*[(10, 20)] * 12)).effect is None


def test_intervals_are_the_same_each_time_and_hold_the_number() -> None:
    people = pairs(*[(20 + 3 * one, 50 + 2 * (one * 7 % 20)) for one in range(20)])
    found, sure = gain_of(people), sure_of(people)

    assert sure == sure_of(people)
    for value, interval in (
        (found.class_gain, sure.class_gain),
        (found.change, sure.change),
        (found.effect, sure.effect),
    ):
        assert value is not None
        assert interval is not None
        assert interval.low < value < interval.high


@pytest.fixture
def desks(session: Session) -> tuple[Desk, Desk]:
    """A pretest and a posttest of one cohort, four questions each, two objectives."""
    source = {"options": [{"text": "a", "correct": True}, {"text": "b"}]}
    versions = [
        make_question(session, source=source | {"objective": name})
        for name in ("Tarif", "Tarif", "Klaim", "Klaim")
    ]
    before = make_desk(session, versions, purpose="pretest", shuffle_questions=False)
    cohort = before.enrolment.cohort
    step = make_quiz_step(session, cohort, versions, purpose="posttest", shuffle_questions=False)
    return before, Desk(session, before.enrolment, step, before.now)


def take(desks: tuple[Desk, Desk], sides: list[tuple[int, int | None]]) -> None:
    for number, rights in enumerate(sides):
        cohort = desks[0].enrolment.cohort
        enrolment = make_enrolment(
            desks[0].session,
            cohort=cohort,
            element="union" if number < 5 else "academic",
            name_confirmed_at=desks[0].now,
        )
        for desk, right in zip(desks, rights, strict=True):
            if right is not None:
                hand_in(Desk(desk.session, enrolment, desk.step, desk.now), right)


SIDES = [(1, 3), (2, 4), (0, 2), (1, 2), (2, 3), (4, 4), (3, None)]


def test_the_same_people_are_paired_by_person_objective_and_unsur(
    session: Session, desks: tuple[Desk, Desk]
) -> None:
    take(desks, SIDES)
    cohort = desks[0].enrolment.cohort
    session.expire_all()

    found = read_learning(session, Scope(cohort.id))

    assert [(pair.before, pair.after) for pair in found.pairs] == [
        (25, 75),
        (50, 100),
        (0, 50),
        (25, 50),
        (50, 75),
        (100, 100),
    ]
    assert found.unpaired == 1
    # The first two questions are of the one objective: 1 2 0 1 2 2 of 2 before, all of 2 after.
    by_name = {group.label: group.gain for group in found.objectives}
    assert by_name["Tarif"].before == pytest.approx(100 * 8 / 12)
    assert by_name["Tarif"].after == 100
    assert by_name["Klaim"].before == pytest.approx(100 * 2 / 12)
    assert [group.label for group in found.objectives] == ["Klaim", "Tarif"]
    assert [(group.label, group.gain.people) for group in found.elements] == [("union", 5)]
    learners = read_learners(session, Scope(branch_ids=frozenset({cohort.branch_id})))
    ((listed, gain),) = list_cohort_gains(session, learners)
    assert (listed.id, gain) == (cohort.id, found.gain)


def test_pages_show_it_to_the_branch_in_few_queries(
    session: Session, sign_in: SignIn, desks: tuple[Desk, Desk]
) -> None:
    take(desks, SIDES)
    cohort_id = desks[0].enrolment.cohort_id
    branch = session.get_one(Branch, session.get_one(Cohort, cohort_id).branch_id)
    browser = sign_in(make_user(session, Role.TRAINER, branch=branch).id)
    stranger = make_user(session, Role.TRAINER, branch=make_branch(session)).id

    for address in (f"/angkatan/{cohort_id}/kemajuan", f"/kantor/{branch.id}/analisis"):
        with counted() as sent:
            page = browser.get(address).get_data(as_text=True)
        assert len(sent) <= PAGE_LIMIT, sent
        assert "42%" in page
        assert "75%" in page
    table = browser.get(f"/angkatan/{cohort_id}/kemajuan/tabel.csv").data.decode("utf-8-sig").splitlines()
    assert len(table) == 7
    assert browser.get(f"/angkatan/{cohort_id}/kemajuan/tabel.xlsx").data.startswith(b"PK")
    assert sign_in(stranger).get(f"/kantor/{branch.id}/analisis").status_code == 404


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ([], "Belum ada"),
        ([(20, 60)] * 4, "terlalu sedikit"),
        ([(20 + one, 80 + one) for one in range(12)], "Kemajuan kelas tinggi"),
        ([(50, 50 + sign * one) for one in range(8) for sign in (-3, 3)], "belum dapat dipastikan"),
        ([(80, 20 + one) for one in range(12)], "turun"),
    ],
)
def test_words_say_what_the_numbers_can_tell(app: Flask, sides: list[tuple[float, float]], said: str) -> None:
    people = pairs(*sides)

    with app.test_request_context():
        verdicts = judge_learning(gain_of(people), sure_of(people))

    assert any(said in verdict.text for verdict in verdicts)
