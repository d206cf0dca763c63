"""A trainee in front of a quiz of five single choices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.models import Step
from courses.cohorts.models import Enrolment
from courses.cohorts.queries import get_own_enrolment
from lms.core.clock import utc_now
from quizzes.attempts.handing_in import submit_attempt
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem, Response
from quizzes.attempts.saves import Save
from quizzes.attempts.saving import SaveReply, save_answers
from quizzes.attempts.starting import start_attempt
from quizzes.types import get_type
from tests import factories


@dataclass
class Desk:
    """One trainee, one quiz step; what tests do at it again and again."""

    session: Session
    enrolment: Enrolment
    step: Step
    now: datetime
    rng: Random = field(default_factory=lambda: Random(7))

    def start(self, *, now: datetime | None = None) -> Attempt:
        enrolment = get_own_enrolment(self.session, self.enrolment.id, user_id=self.enrolment.user_id)
        attempt = start_attempt(
            self.session, enrolment=enrolment, step_id=self.step.id, now=now or self.now, rng=self.rng
        )
        self.session.commit()
        return attempt

    def save(
        self,
        attempt: Attempt,
        position: int = 1,
        *,
        now: datetime | None = None,
        user_id: int | None = None,
        **values: Any,
    ) -> SaveReply:
        defaults: dict[str, Any] = {
            "event_id": "event-1",
            "sequence": 1,
            "raw": {"choice": ["1"]},
            "is_flagged": False,
        }
        (reply,) = save_answers(
            self.session,
            [Save(position=position, **(defaults | values))],
            attempt_id=attempt.id,
            user_id=self.enrolment.user_id if user_id is None else user_id,
            now=now or self.now,
        )
        self.session.commit()
        return reply

    def answer(self, attempt: Attempt, right: int) -> None:
        """Answer the whole paper, the first ``right`` questions rightly."""
        for item in self.items(attempt):
            kind = get_type(item.question_version.type)
            say = kind.solve if item.position <= right else kind.miss
            raw = say(item.question_version.content, item.prepared)
            self.save(
                attempt,
                item.position,
                event_id=f"answer-{item.position}",
                raw={name: list(values) for name, values in raw.items()},
            )

    def submit(self, attempt: Attempt, *, now: datetime | None = None, by: str = "person") -> Attempt:
        attempt = submit_attempt(self.session, attempt.id, by=by, now=now or self.now)
        self.session.commit()
        return attempt

    def items(self, attempt: Attempt) -> list[PaperItem]:
        query = select(PaperItem).where(PaperItem.attempt_id == attempt.id).order_by(PaperItem.position)
        return list(self.session.scalars(query))

    def standing(self, attempt: Attempt, position: int = 1) -> Response | None:
        self.session.expire_all()
        return self.items(attempt)[position - 1].response

    def events(self, attempt: Attempt) -> list[AnswerEvent]:
        query = select(AnswerEvent).where(AnswerEvent.attempt_id == attempt.id).order_by(AnswerEvent.id)
        return list(self.session.scalars(query))


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session)


def make_desk(session: Session, versions: Any = (), **settings: Any) -> Desk:
    """Make a desk; ``settings`` are those of the quiz version. A stranger with the same quiz is the noise."""
    now = utc_now()
    # Where the cohort meets it may be tomorrow already; half an hour ago it may have been yesterday.
    today = now.astimezone(ZoneInfo("Asia/Jakarta")).date()
    cohort = factories.make_cohort(
        session,
        edition=factories.make_edition(session),
        starts_on=today - timedelta(days=1),
        ends_on=today,
    )
    step = factories.make_quiz_step(session, cohort, versions, **settings)
    factories.make_enrolment(session, cohort=cohort)
    return Desk(session, factories.make_enrolment(session, cohort=cohort), step, now)
