"""Whom another version of a quiz touches: each person once, and only those of one's own cohorts."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.cohort_list import count_standing
from courses.cohorts.models import Cohort
from courses.learning.models import Completion
from lms.core.accounts.models import Branch, Role
from quizzes.attempts.reach import Reach, list_reach
from quizzes.bank.models import QuizVersion
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.quizzes.bank.actors import actor_of


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session, attempts_allowed=3)


def _reach(desk: Desk, branch: Branch) -> list[Reach]:
    actor = actor_of(factories.make_user(desk.session, Role.TRAINER), branch)
    version = desk.session.scalars(select(QuizVersion)).one()
    return list_reach(desk.session, version, actor=actor, certified=count_standing)


def test_people_are_counted_once_by_what_they_did(desk: Desk) -> None:
    cohort = desk.session.get_one(Cohort, desk.enrolment.cohort_id)
    for _time in range(2):
        desk.submit(desk.start())
    desk.start()
    another = factories.make_enrolment(desk.session, cohort=cohort)
    factories.add(desk.session, Completion(enrolment_id=another.id, completed_at=desk.now, evidence={}))

    expected = Reach(cohort.name, number=1, under_way=1, finished=1, completed=1, certified=0)
    assert _reach(desk, cohort.branch) == [expected]


def test_a_cohort_nobody_sat_in_is_told_with_noughts_and_another_branchs_is_not(desk: Desk) -> None:
    cohort = desk.session.get_one(Cohort, desk.enrolment.cohort_id)
    stranger = factories.make_branch(desk.session)

    assert _reach(desk, cohort.branch) == [Reach(cohort.name, 1, 0, 0, 0, 0)]
    assert _reach(desk, stranger) == []
