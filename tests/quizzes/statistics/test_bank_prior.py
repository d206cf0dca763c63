"""A question few answered is drawn towards the bank; people of the demo are counted by themselves."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.statistics import bank_prior
from quizzes.statistics.bank_prior import facilities, read_priors
from quizzes.statistics.cells import Cell
from quizzes.statistics.choice_queries import find_choices
from quizzes.statistics.models import PaperTally
from quizzes.statistics.papers import Scope
from quizzes.statistics.queries import analyse_question
from quizzes.statistics.report_queries import analyse_version
from tests.factories import make_enrolment, make_question, make_user
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.grading.desks import hand_in

SignIn = Callable[[int], FlaskClient]


def sit(desk: Desk, *rights: int) -> None:
    for right in rights:
        other = make_enrolment(desk.session, cohort=desk.enrolment.cohort)
        hand_in(Desk(desk.session, other, desk.step, desk.now), right)


def be_demo(desk: Desk) -> None:
    begin_write(desk.session)
    of_desk = update(Cohort).where(Cohort.id == desk.enrolment.cohort_id)
    desk.session.execute(of_desk.values(is_demo=True))
    desk.session.commit()


def quiz_of(desk: Desk) -> int:
    query = select(PaperTally.quiz_id).where(PaperTally.cohort_id == desk.enrolment.cohort_id).distinct()
    return desk.session.scalars(query).one()


def test_only_questions_asked_often_enough_make_the_bank() -> None:
    def word(version: int, share: str, **more: object) -> str:
        return Cell(version, None if share == "?" else Decimal(share), Decimal(1), **more).word()  # type: ignore[arg-type]

    words = {
        word(1, "1"): 20,
        word(1, "0.5", variant=2): 10,
        word(2, "1"): 29,
        word(3, "0"): 40,
        # Waits for a person: not judged yet, so it is no answer.
        word(2, "?"): 5,
    }
    assert facilities(words) == [(25 / 30, 30), (0.0, 40)]


def test_a_report_is_drawn_towards_the_bank_and_not_towards_the_quiz(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_prior, "LEAST_ANSWERS", 4)
    bank = make_desk(session, [make_question(session) for _ in range(10)], shuffle_questions=False)
    sit(bank, 10, 8, 6, 2)
    desk = make_desk(session, [make_question(session) for _ in range(2)], shuffle_questions=False)
    sit(desk, *[1] * 10)

    found = analyse_version(session, quiz_of(desk), Scope(desk.enrolment.cohort_id, is_demo=False))

    assert found is not None
    prior = found.report.prior
    assert prior is not None
    # The bank, with both questions of the quiz itself, which ten answered: 26 of 40 rights, 1 and 0.
    assert prior.questions == 12
    assert prior.mean == pytest.approx((26 / 4 + 1 + 0) / 12)
    for row, share in zip(found.report.rows, (1, 0), strict=True):
        assert row.shrunk == pytest.approx((10 * share + prior.weight * prior.mean) / (10 + prior.weight))
    assert 0 < found.report.rows[1].shrunk < found.report.rows[0].shrunk < 1  # type: ignore[operator]


def test_before_the_training_is_another_bank_practice_none_and_a_second_attempt_is_passed_over(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_prior, "LEAST_ANSWERS", 1)
    for purpose, right in (("pretest", 0), ("module", 10), ("practice", 5)):
        desk = make_desk(session, [make_question(session) for _ in range(10)], purpose=purpose)
        hand_in(desk, right)
        hand_in(desk, 10 - right)

    priors = read_priors(session, Scope())

    assert {is_pretest: prior and (prior.mean, prior.questions) for is_pretest, prior in priors.items()} == {
        True: (0, 10),
        False: (1, 10),
    }


def test_the_demo_is_in_nobodys_report_but_its_own(session: Session, sign_in: SignIn) -> None:
    questions = [make_question(session) for _ in range(2)]
    desk = make_desk(session, questions, shuffle_questions=False)
    sit(desk, 2, 1, 0)
    quiz_id = quiz_of(desk)
    admin = sign_in(make_user(session, Role.ADMIN).id)
    assert f"/kuis/{quiz_id}/analisis/tabel.csv" in admin.get(f"/kuis/{quiz_id}/analisis").text

    be_demo(desk)

    assert "tabel.csv" not in admin.get(f"/kuis/{quiz_id}/analisis").text
    assert admin.get(f"/kuis/{quiz_id}/analisis/tabel.csv").status_code == 404
    assert admin.get(f"/angkatan/{desk.enrolment.cohort_id}/analisis/{quiz_id}").status_code == 200
    of_demo = sign_in(make_user(session, Role.ADMIN, is_demo=True).id)
    assert of_demo.get(f"/kuis/{quiz_id}/analisis/tabel.csv").status_code == 200
    branch_id = session.get_one(Cohort, desk.enrolment.cohort_id).branch_id
    assert f"/kuis/{quiz_id}/analisis" not in admin.get(f"/kantor/{branch_id}/analisis").text
    # And so of a question, and of the bank.
    for is_demo, people in ((False, 0), (True, 3), (None, 3)):
        rows = analyse_question(session, questions[0].question_id, is_demo=is_demo)
        choices = find_choices(session, questions[0], is_demo=is_demo)
        assert sum(row.analysis.people for row in rows) == people
        assert (choices is not None) is bool(people)
