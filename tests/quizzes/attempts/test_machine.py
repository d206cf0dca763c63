"""Whatever happens in whatever order: only answers in time count, and no state goes back."""

from __future__ import annotations

import itertools
from datetime import timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from lms.core.errors import Conflict
from quizzes.attempts import services
from quizzes.attempts.models import Attempt
from tests.conftest import POSTGRES
from tests.factories import make_enrolment, make_question
from tests.quizzes.attempts.conftest import Desk, make_desk

MINUTES = 10
QUESTIONS = 3
ALLOWED = 2


class SittingMachine(RuleBasedStateMachine):
    """One trainee with a phone whose clock, network and patience are unreliable."""

    desk: Desk
    numbers = itertools.count(1)

    def __init__(self) -> None:
        super().__init__()
        cohort = self.desk.enrolment.cohort
        enrolment = make_enrolment(self.desk.session, cohort=cohort)
        self.trainee = Desk(self.desk.session, enrolment, self.desk.step, self.desk.now, Random(1))
        self.now = self.desk.now
        self.attempt: Attempt | None = None
        self.handed_in: dict[int, tuple[object, ...]] = {}
        # What should stand: position → (sequence, raw); and every save ever sent, by sitting and event id.
        self.standing: dict[int, tuple[int, str]] = {}
        self.sent: dict[str, tuple[int, int, str]] = {}
        self.outcomes: dict[str, str] = {}

    def is_open(self) -> bool:
        assert self.attempt is not None
        deadline = self.attempt.deadline_at
        return self.attempt.state == "in_progress" and deadline is not None and self.now <= deadline

    @rule(seconds=st.sampled_from([0, 1, 59, 200]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.attempt is not None and self.is_open())
    @rule(seconds=st.sampled_from([-1, 0, 0.000001, 1, 30]))
    def time_comes_close_to_the_deadline(self, seconds: float) -> None:
        assert self.attempt is not None
        assert self.attempt.deadline_at is not None
        self.now = max(self.now, self.attempt.deadline_at + timedelta(seconds=seconds))

    @initialize()
    def begin(self) -> None:
        self.start()

    @rule()
    def start(self) -> None:
        before = self.attempt
        try:
            attempt = self.trainee.start(now=self.now)
        except Conflict:
            self.trainee.session.rollback()
            assert before is not None
            assert before.number == ALLOWED or not self.is_open()
            return
        if before is not None and attempt.id == before.id:
            assert self.is_open()
            return
        assert before is None or before.state == "submitted"
        self.attempt, self.standing, self.sent, self.outcomes = attempt, {}, {}, {}

    @precondition(lambda self: self.attempt is not None)
    @rule(
        position=st.integers(1, QUESTIONS),
        sequence=st.integers(1, 6),
        choice=st.sampled_from(["1", "2", "3"]),
    )
    def save(self, position: int, sequence: int, choice: str) -> None:
        assert self.attempt is not None
        event_id = f"save-{next(self.numbers)}"
        expected = "late" if not self.is_open() else "applied"
        if expected == "applied" and sequence <= self.standing.get(position, (0, ""))[0]:
            expected = "superseded"
        if expected == "applied":
            self.standing[position] = (sequence, choice)
        self.sent[event_id] = (position, sequence, choice)
        self.outcomes[event_id] = expected

        reply = self._send(event_id)

        assert reply.outcome == expected

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        event_id = data.draw(st.sampled_from(sorted(self.sent)))

        assert self._send(event_id).outcome == self.outcomes[event_id]

    @precondition(lambda self: self.attempt is not None)
    @rule(by=st.sampled_from(["person", "organiser"]))
    def submit(self, by: str) -> None:
        assert self.attempt is not None
        was_open = self.is_open()
        first = self.attempt.id not in self.handed_in

        attempt = self.trainee.submit(self.attempt, now=self.now, by=by)

        if first:
            assert attempt.submitted_by == (by if was_open else "deadline")

    @rule()
    def sweep(self) -> None:
        services.close_overdue(self.trainee.session, now=self.now)
        self.trainee.session.commit()

    @invariant()
    def what_stands_is_what_arrived_in_time_with_the_highest_sequence(self) -> None:
        if self.attempt is None:
            return
        self.trainee.session.expire_all()
        found = {
            item.position: (item.response.sequence, item.response.raw["choice"][0])
            for item in self.trainee.items(self.attempt)
            if item.response and item.response.raw
        }
        assert found == self.standing
        assert {e.event_id: e.outcome for e in self.trainee.events(self.attempt)} == self.outcomes

    @invariant()
    def a_result_is_final_and_follows_from_what_stands(self) -> None:
        if self.attempt is None or self.attempt.state != "submitted":
            return
        attempt = self.attempt
        result = (attempt.submitted_at, attempt.submitted_by, attempt.percent, attempt.has_passed)
        assert self.handed_in.setdefault(attempt.id, result) == result
        # Unshuffled, the first option is right.
        right = sum(choice == "1" for _sequence, choice in self.standing.values())
        assert attempt.marks_earned == right

    def _send(self, event_id: str) -> services.SaveReply:
        assert self.attempt is not None
        position, sequence, choice = self.sent[event_id]
        return self.trainee.save(
            self.attempt,
            position,
            event_id=event_id,
            sequence=sequence,
            raw={"choice": [choice]},
            now=self.now,
        )


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_no_order_of_events_breaks_the_rules(session: Session) -> None:
    versions = [make_question(session) for _ in range(QUESTIONS)]
    desk = make_desk(
        session, versions, time_limit_minutes=MINUTES, attempts_allowed=ALLOWED, shuffle_options=False
    )
    machine = type("Machine", (SittingMachine,), {"desk": desk})

    run_state_machine_as_test(
        machine,
        settings=settings(
            # The rules are the service's; PostgreSQL is slower to ask and gets a share of the orders.
            max_examples=60 if POSTGRES else 200,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
