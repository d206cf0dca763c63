"""What people earned of a question version, as the builder of a quiz is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from quizzes.bank.models import QuizVersion
from quizzes.bank.quiz.estimates import Ask
from quizzes.bank.sisters.parallel import compare_forms
from quizzes.statistics import measured
from quizzes.statistics.measured import measure_facility
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk

RIGHT = [0, 1, 2, 2, 2, 2, 1, 0, 2, 1]


def sit(desk: Desk, right: int) -> Desk:
    other = replace(desk, enrolment=factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort))
    for count in (right, 0):
        attempt = other.start()
        other.answer(attempt, right=count)
        other.submit(attempt)
    return other


def test_the_first_sittings_of_enough_people_tell_and_practice_tells_nothing(session: Session) -> None:
    versions = [factories.make_question(session) for _ in range(3)]
    ids = [version.id for version in versions]
    desk = make_desk(session, versions[:2], shuffle_questions=False, purpose="module")
    for right in RIGHT[:-1]:
        sit(desk, right)
    assert measure_facility(session, ids) == {}

    sit(desk, RIGHT[-1])

    # Second tries earned nothing and count nothing; nobody has met the third.
    assert measure_facility(session, ids) == {ids[0]: Decimal("0.80"), ids[1]: Decimal("0.50")}
    begin_write(session)
    session.execute(update(QuizVersion).values(purpose="practice"))
    session.commit()
    assert measure_facility(session, ids) == {}


def test_no_more_is_read_than_a_page_can_wait_for(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = [factories.make_question(session) for _ in range(2)]
    desk = make_desk(session, versions, shuffle_questions=False, purpose="module")
    for right in [0, *[2] * 10]:
        sit(desk, right)
    first, second = (version.id for version in versions)

    assert measure_facility(session, []) == {}
    monkeypatch.setattr(measured, "PEOPLE_EACH", 10)
    monkeypatch.setattr(measured, "MOST_MEASURED", 1)
    # The newest ten, who were right, of one version.
    assert measure_facility(session, [first, second]) == {first: Decimal(1)}


def test_what_people_earned_goes_before_what_an_author_marked(session: Session) -> None:
    hard = factories.make_question(session, source={"stem": "?", "options": [], "difficulty": "hard"})
    easy = factories.make_question(session, source={"stem": "?", "options": [], "difficulty": "easy"})
    forms = [Ask([hard], 1, Decimal(1))], [Ask([easy], 1, Decimal(1))]

    marked = compare_forms(*forms, measured={})
    answered = compare_forms(*forms, measured={hard.question_id: Decimal("0.85")})

    assert (marked.is_as_hard, answered.is_as_hard) == (False, True)
    assert answered.facilities == (Decimal("0.85"), Decimal("0.85"))
