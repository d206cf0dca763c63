"""The running cohort looks like one on its second morning."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.models import Progress
from courses.learning.queries import get_outline
from lms.core.accounts.models import User
from lms.core.clock import utc_now
from lms.demo import lives, runs
from lms.demo.people import TRAINEE_LOGIN
from quizzes.attempts.models import Attempt

pytestmark = pytest.mark.usefixtures("demo")


def people(session: Session) -> list[Enrolment]:
    query = select(Enrolment).join(Enrolment.cohort).where(Cohort.name == runs.RUNNING)
    return list(session.scalars(query.order_by(Enrolment.id)))


def steps_done(session: Session, enrolment: Enrolment) -> int:
    query = select(func.count()).where(
        Progress.enrolment_id == enrolment.id, Progress.completed_at.is_not(None)
    )
    return session.scalar(query) or 0


def test_the_first_card_has_everything_before_it_and_the_second_the_last_quiz_alone(session: Session) -> None:
    first, second = people(session)[:2]
    outline = get_outline(session, second, now=utc_now())

    assert steps_done(session, first) == 0
    assert [step.path for step in outline.steps() if not step.is_done] == ["day-2/08-penutup/pascauji"]
    assert outline.next_step is not None
    assert second.name_confirmed_at is None


def test_the_others_are_all_over_the_course_or_not_yet_in(session: Session) -> None:
    done = Counter(steps_done(session, person) for person in people(session)[2:])

    assert done[0] == len(people(session)) - 2 - len(lives.HALFWAY)
    assert len(done) > 8


def test_nothing_has_happened_in_the_future(session: Session) -> None:
    assert session.scalar(select(func.max(Attempt.submitted_at))) <= utc_now()
    assert session.scalar(select(func.max(User.last_seen_at))) <= utc_now()


def test_the_trainee_with_a_password_holds_a_certificate(session: Session) -> None:
    query = select(Certificate).join(User, User.id == Certificate.user_id)
    assert session.scalars(query.where(User.login == TRAINEE_LOGIN)).one().state == "valid"
