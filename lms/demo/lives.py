"""Made-up trainees go through the course: they read and answer at the times of the training."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from courses.learning import services as learning
from courses.learning.outline import StepState
from courses.learning.queries import get_outline
from lms.core.accounts.models import User
from lms.core.errors import Conflict
from lms.demo.office import ZONE
from lms.demo.people import STRUGGLING
from quizzes.attempts import handing_in, saving, starting
from quizzes.attempts.models import PaperItem
from quizzes.attempts.saves import Save
from quizzes.types import get_type

EVERYTHING = 1_000
"""More steps than any course has."""
HALFWAY = {2: 31, 3: 24, 4: 21, 5: 21, 6: 18, 7: 14, 8: 12, 9: 9, 10: 5, 11: 2, 12: 1}
"""Place in the running cohort → steps done; who is not in it has not signed in yet."""
NEARLY_THERE = 1
"""The place in the running cohort of who has the last quiz left, for visitors short of time."""


def live_through(session: Session, cohort_id: int, *, now: datetime) -> None:
    """Let everybody of a cohort go through the course; ``session`` is in a write transaction."""
    for trainee in _trainees(session, cohort_id, now):
        trainee.go_through()


def live_halfway(session: Session, cohort_id: int, *, now: datetime) -> None:
    """Let some of a cohort be on their way: the first has not begun, the second has the last quiz left."""
    for place, trainee in enumerate(_trainees(session, cohort_id, now)):
        steps = EVERYTHING if place == NEARLY_THERE else HALFWAY.get(place, 0)
        if steps:
            trainee.go_through(steps=steps, leave="/pascauji")


def _trainees(session: Session, cohort_id: int, now: datetime) -> list[Trainee]:
    first_day = session.scalars(select(Cohort.starts_on).where(Cohort.id == cohort_id)).one()
    enrolments = session.scalars(
        select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).order_by(Enrolment.id)
    )
    return [
        Trainee(session, enrolment_id, place, first_day=first_day, seeded_at=now)
        for place, enrolment_id in enumerate(enrolments.all())
    ]


class Trainee:
    """One made-up trainee going through the course; luck is fixed by the place in the list."""

    def __init__(
        self, session: Session, enrolment_id: int, place: int, *, first_day: date, seeded_at: datetime
    ) -> None:
        self.session, self.enrolment_id, self.place = session, enrolment_id, place
        self.rng = Random(f"demo {place}")  # noqa: S311
        self.skill = 0.35 if place in STRUGGLING else 0.97 - 0.006 * (place % 20)
        self.seeded_at = seeded_at
        self.last_day = first_day + timedelta(days=1)
        self.now = self._morning(first_day)

    def go_through(self, *, steps: int = EVERYTHING, leave: str = "") -> None:
        """Do what is open, at most so many steps, until nothing is or the second day is over.

        Args:
            leave: the end of the path of a step that stays undone, and the name unconfirmed with it.
        """
        if not leave:
            learning.confirm_name(self.session, self.enrolment_id, correction="", now=self.now)
        self._work(steps, leave)
        self._leave_trace()

    def _work(self, steps: int, leave: str) -> None:
        given_up: set[int] = set()
        done = 0
        while done < steps:
            step = self._next_step(given_up)
            if step is None and self.now >= self._morning(self.last_day):
                return
            if step is None:
                self.now = self._morning(self.last_day)
                continue
            if leave and step.path.endswith(leave):
                return
            self._spend(timedelta(minutes=max(2, step.minutes // 2)))
            try:
                self._do(step)
                done += 1
            except Conflict:
                given_up.add(step.step_id)

    def _leave_trace(self) -> None:
        user_id = self._enrolment().user_id
        self.session.execute(update(User).where(User.id == user_id).values(last_seen_at=self.now))

    def _spend(self, time_spent: timedelta) -> None:
        """Let time go by, but never beyond the present."""
        self.now = min(self.now + time_spent, max(self.now, self.seeded_at))

    def _morning(self, day: date) -> datetime:
        start = datetime.combine(day, time(9), ZoneInfo(ZONE)).astimezone(UTC)
        return min(start + timedelta(seconds=17 * self.place), self.seeded_at)

    def _next_step(self, given_up: set[int]) -> StepState | None:
        outline = get_outline(self.session, self._enrolment(), now=self.now)
        return next(
            (s for s in outline.steps() if s.is_open and not s.is_done and s.step_id not in given_up), None
        )

    def _do(self, step: StepState) -> None:
        if step.kind == "quiz":
            self._take(step.step_id)
        else:
            learning.finish_lesson(self.session, self.enrolment_id, step.step_id, now=self.now)

    def _enrolment(self) -> Enrolment:
        return self.session.scalars(select(Enrolment).where(Enrolment.id == self.enrolment_id)).one()

    def _take(self, step_id: int) -> None:
        attempt = starting.start_attempt(
            self.session, enrolment=self._enrolment(), step_id=step_id, now=self.now, rng=self.rng
        )
        saves = [self._answer(item) for item in attempt.items]
        saving.save_answers(self.session, saves, attempt_id=attempt.id, user_id=None, now=self.now)
        handing_in.submit_attempt(self.session, attempt.id, by="person", now=self.now)

    def _answer(self, item: PaperItem) -> Save:
        self._spend(timedelta(seconds=self.rng.randint(8, 40)))
        version = item.question_version
        kind = get_type(version.type)
        knows = self.rng.random() < self.skill
        raw = (
            kind.solve(version.content, item.prepared) if knows else kind.miss(version.content, item.prepared)
        )
        return Save(
            position=item.position,
            event_id=f"demo-{item.id}",
            sequence=1,
            raw={name: list(values) for name, values in raw.items()},
            is_flagged=False,
        )
