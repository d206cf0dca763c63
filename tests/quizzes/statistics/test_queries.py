"""What people earned of a question and of the rest, as the papers have it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.db import begin_write
from quizzes.bank.models import Question, QuestionVersion
from quizzes.statistics import queries
from quizzes.statistics.choice_queries import find_choices
from quizzes.statistics.items import Answer
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]
RIGHT = [0, 1, 2, 3, 4, 5, 5, 3, 1, 0, 2]


def sit(desk: Desk, right: int) -> Desk:
    cohort = desk.enrolment.cohort
    other = replace(desk, enrolment=factories.make_enrolment(desk.session, cohort=cohort))
    hand_in(other, right)
    return other


def hand_in(desk: Desk, right: int) -> None:
    attempt = desk.start()
    desk.answer(attempt, right=right)
    desk.submit(attempt)


@pytest.fixture
def question_id(session: Session) -> int:
    """Eleven people; the question is the second on each paper."""
    versions = [factories.make_question(session) for _ in range(5)]
    desk = make_desk(session, versions, shuffle_questions=False, purpose="module")
    people = [sit(desk, right) for right in RIGHT]
    # The second try of the best counts no more.
    hand_in(people[5], 0)
    return versions[1].question_id


def test_each_persons_first_answer_counts_beside_the_rest_of_the_paper(
    session: Session, question_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[Answer]] = []
    monkeypatch.setattr(queries, "analyse", lambda answers: seen.append(answers) or "analysed")

    rows = queries.analyse_question(session, question_id)

    assert [(row.group, row.analysis) for row in rows] == [((1, False), "analysed")]
    expected = [Answer(Decimal(right >= 2), Decimal(right - (right >= 2)) / 4) for right in RIGHT]
    assert seen == [expected]


def test_the_page_says_what_the_numbers_can_tell(session: Session, sign_in: SignIn, question_id: int) -> None:
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session)).id)

    page = browser.get(f"/soal/{question_id}/capaian").get_data(as_text=True)

    assert "64%" in page
    assert "terlalu sedikit" in page
    other = factories.make_branch(session)
    begin_write(session)
    session.execute(update(Question).where(Question.id == question_id).values(branch_id=other.id))
    session.commit()
    assert browser.get(f"/soal/{question_id}/capaian").status_code == 404


def test_practice_and_the_training_before_are_kept_apart(session: Session) -> None:
    version = factories.make_question(session)
    for purpose in ("pretest", "practice", "module"):
        for _ in range(2):
            hand_in(make_desk(session, [version], purpose=purpose, shuffle_questions=False), 1)

    groups = [row.group for row in queries.analyse_question(session, version.question_id)]

    assert groups == [(1, False), (1, True)]


def test_who_chose_what_is_counted_over_all_quizzes_that_ask_it(
    session: Session, sign_in: SignIn, question_id: int
) -> None:
    version = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question_id)).one()
    hand_in(make_desk(session, [version], purpose="refresher", shuffle_questions=False), 1)
    hand_in(make_desk(session, [version], purpose="practice", shuffle_questions=False), 1)

    choices = find_choices(session, version)

    assert choices is not None
    right = sum(one >= 2 for one in RIGHT) + 1
    assert [option.people for option in choices.options if option.is_right] == [right]
    assert sum(option.people for option in choices.options) == len(RIGHT) + 1
    browser = sign_in(factories.make_user(session, Role.ADMIN).id)
    assert "Siapa memilih apa" in browser.get(f"/soal/{question_id}/capaian").get_data(as_text=True)
