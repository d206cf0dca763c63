"""Whatever happens in whatever order: the house and a plain model of the rules agree on everything."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Step
from courses.cohorts.models import Cohort
from courses.cohorts.queries import get_own_enrolment
from courses.learning.models import Progress
from lms.core.clock import utc_now
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid
from quizzes.attempts import hall, handing_in, saving, starting
from quizzes.attempts.accommodations import give
from quizzes.attempts.closing import close_sitting
from quizzes.attempts.drawing import draw_ahead
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem, Response
from quizzes.attempts.saves import Save
from quizzes.bank.models import CohortQuiz
from tests import factories
from tests.conftest import POSTGRES
from tests.quizzes.attempts.oracle import Oracle, Raw, Sitting, Told, Written

EXAMPLES = 300
# The rules are the service's; PostgreSQL is slower to ask and gets shorter stories.
STEPS = 12 if POSTGRES else 20
MINUTES = 10
GRACE = 5
ALLOWED = 2
QUESTIONS = (1, 2, 3, 4)
CHOICES: list[Raw | None] = [{"choice": ["1"]}, {"choice": ["2"]}, {"choice": ["9"]}, None]
NUMBERS: list[Raw | None] = [{"value": ["Rp40.000"]}, {"value": ["40000"]}, {"value": ["40,000.00"]}, None]
UNREADABLE = [{"choice": ["9"]}, {"value": ["40,000.00"]}]
RIGHT = {1: CHOICES[:1], 2: CHOICES[:1], 3: CHOICES[:1], 4: NUMBERS[:2]}
IS_THEIRS = Attempt.enrolment_id == bindparam("enrolment")
SITTINGS = (
    select(Attempt.number, Attempt.state, Attempt.started_at, Attempt.submitted_at)
    .add_columns(func.coalesce(Attempt.held_deadline_at, Attempt.deadline_at), Attempt.halted_at)
    .add_columns(Attempt.submitted_by, Attempt.marks_earned, Attempt.percent, Attempt.has_passed)
    .where(IS_THEIRS, Attempt.state != "drawn")
    .order_by(Attempt.number)
)
ANSWERS = (
    select(Attempt.number, PaperItem.position, Response.sequence, Response.raw, Response.is_flagged)
    .add_columns(Response.format_error)
    .join(PaperItem, PaperItem.id == Response.item_id)
    .join(Attempt, Attempt.id == PaperItem.attempt_id)
    .where(IS_THEIRS)
)
HISTORY = (
    select(Attempt.number, PaperItem.position, AnswerEvent.event_id, AnswerEvent.sequence, AnswerEvent.raw)
    .add_columns(AnswerEvent.received_at, AnswerEvent.outcome)
    .join(PaperItem, PaperItem.id == AnswerEvent.item_id)
    .join(Attempt, Attempt.id == AnswerEvent.attempt_id)
    .where(IS_THEIRS)
    .order_by(Attempt.number, AnswerEvent.id)
)
RESULT = select(Progress.attempts_used, Progress.percent, Progress.completed_at).where(
    Progress.enrolment_id == bindparam("enrolment")
)

WRITES = st.tuples(st.sampled_from(QUESTIONS), st.integers(1, 6), st.integers(0, 3), st.booleans())
"""Position, sequence, which of what can be said there, flag."""


def said_at(position: int, number: int) -> Raw | None:
    return (NUMBERS if position == 4 else CHOICES)[number]


@dataclass(frozen=True)
class Room:
    """What all examples share: the quiz, and the rows a cohort of one's own is made from."""

    session: Session
    cohort: Cohort
    step: Step
    begins_at: datetime

    def make_cohort(self) -> Cohort:
        """Make a cohort with the same quiz."""
        shared = {name: getattr(self.cohort, name) for name in ("branch_id", "edition_id")}
        day = self.begins_at.date()
        values = {"name": "Angkatan", "place": "Madiun", "starts_on": day, "ends_on": day}
        cohort = factories.add(self.session, Cohort(**shared, **values, created_at=self.begins_at))
        begin_write(self.session)
        pinned = self.session.scalars(select(CohortQuiz)).first()
        assert pinned is not None
        quiz = {"quiz_id": pinned.quiz_id, "quiz_version_id": pinned.quiz_version_id}
        self.session.add(CohortQuiz(cohort_id=cohort.id, pinned_at=self.begins_at, **quiz))
        self.session.commit()
        return cohort


class SittingMachine(RuleBasedStateMachine):
    """One trainee with phones whose clock, memory, line and patience are unreliable."""

    room: Room
    numbers = itertools.count(1)
    written = Bundle("written")

    def __init__(self) -> None:
        super().__init__()
        self.session, self.now = self.room.session, self.room.begins_at
        self.cohort = self.room.make_cohort()
        self.enrolment = factories.make_enrolment(self.session, cohort=self.cohort)
        limit = timedelta(minutes=MINUTES, seconds=GRACE)
        self.oracle = Oracle(RIGHT, limit, ALLOWED, pass_percent=60)
        # By number of the sitting.
        self.ids: dict[int, int] = {}
        self.has_written = False
        # The clock alone changes nothing that is kept.
        self.is_checked = False

    # Time

    @rule(seconds=st.sampled_from([0, 1, 59, 200]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.is_checked = True

    @precondition(lambda self: self.is_going_on())
    @rule(seconds=st.sampled_from([-1, 0, 0.000001, 1, 30]))
    def time_comes_close_to_the_deadline(self, seconds: float) -> None:
        self.now = max(self.now, self.last().ends_at + timedelta(seconds=seconds))
        self.is_checked = True

    # Beginning

    @initialize()
    def begin(self) -> None:
        self.start()

    @rule()
    def start(self) -> None:
        expected = self.oracle.start(self.now)
        enrolment = get_own_enrolment(self.session, self.enrolment.id, user_id=self.enrolment.user_id)
        try:
            attempt = starting.start_attempt(
                self.session, enrolment=enrolment, step_id=self.room.step.id, now=self.now, rng=Random(1)
            )
        except Conflict:
            self.session.rollback()
            assert expected is None
            return
        self.session.commit()
        assert expected is not None
        assert self.ids.setdefault(expected.number, attempt.id) == attempt.id

    @precondition(lambda self: not self.is_going_on())
    @rule()
    def papers_are_drawn_ahead(self) -> None:
        where = {"cohort_id": self.cohort.id, "step_id": self.room.step.id}
        draw_ahead(self.session, **where, rng=Random(2), now=self.now)
        self.session.commit()

    # Answering: writing and arriving are two things, and anything may arrive late, again or never.

    @precondition(lambda self: self.oracle.sittings)
    @rule(target=written, question=WRITES, is_online=st.booleans())
    def write(self, question: tuple[int, int, int, bool], is_online: bool) -> Written:
        position, sequence, said, is_flagged = question
        self.has_written = True
        event_id = f"save-{next(self.numbers)}"
        raw = said_at(position, said)
        event = Written(self.last().number, position, event_id, sequence, raw, is_flagged)
        if is_online:
            self.one_arrives(event)
        return event

    @rule(event=written)
    def one_arrives(self, event: Written) -> None:
        self.arrive([event], self.oracle.save(event, self.now))

    @rule(event=written, said=st.integers(0, 3), sequence=st.integers(1, 9))
    def a_known_number_arrives_with_something_else(self, event: Written, said: int, sequence: int) -> None:
        other = replace(event, raw=said_at(event.position, said), sequence=sequence)
        self.arrive([other], self.oracle.save(other, self.now))

    @rule(event=written, position=st.sampled_from(QUESTIONS[:3]))
    def a_known_number_arrives_for_another_question(self, event: Written, position: int) -> None:
        other = replace(event, position=position, raw=CHOICES[0])
        self.arrive([other], self.oracle.save(other, self.now))

    @precondition(lambda self: self.has_written)
    @rule(events=st.lists(written, min_size=1, max_size=6))
    def a_batch_arrives(self, events: list[Written]) -> None:
        # As the page sends them: of one sitting, one for each question, no number twice.
        sitting = events[0].sitting
        chosen = {one.position: one for one in events if one.sitting == sitting}
        batch = list(chosen.values())
        told = [self.oracle.save(one, self.now) for one in batch]

        reply = saving.save_batch(
            self.session,
            [save_of(one) for one in batch],
            attempt_id=self.ids[sitting],
            user_id=self.enrolment.user_id,
            receipt="kode",
            now=self.now,
        )
        self.session.commit()

        assert [told_by(one) for one in reply.replies] == [as_told(one) for one in told if one is not None]
        assert len(reply.refused) == told.count(None)

    @precondition(lambda self: self.oracle.sittings)
    @rule(said=st.tuples(*[st.integers(0, 3)] * len(QUESTIONS)), sequence=st.integers(1, 6))
    def a_whole_form_arrives(self, said: tuple[int, ...], sequence: int) -> None:
        number = self.last().number
        form = [
            Written(number, position, f"form-{next(self.numbers)}", sequence, said_at(position, one), False)
            for position, one in zip(QUESTIONS, said, strict=True)
        ]
        news = [one for one in form if not self.oracle.says_nothing_new(one)]
        told = [self.oracle.save(one, self.now) for one in news]

        self.arrive(form, *told, is_whole_form=True)

    # The end

    @precondition(lambda self: self.oracle.sittings)
    @rule(by=st.sampled_from(["person", "organiser"]), data=st.data())
    def submit(self, by: str, data: st.DataObject) -> None:
        sitting = data.draw(st.sampled_from(self.oracle.sittings))
        self.oracle.submit(sitting, by, self.now)
        handing_in.submit_attempt(self.session, self.ids[sitting.number], by=by, now=self.now)
        self.session.commit()

    @rule()
    def sweep(self) -> None:
        self.oracle.sweep(self.now)
        handing_in.close_overdue(self.session, now=self.now, enrolment_id=self.enrolment.id)
        self.session.commit()

    @precondition(lambda self: self.oracle.sittings)
    @rule()
    def the_job_of_an_old_deadline_runs(self) -> None:
        self.oracle.sweep(self.now)
        close_sitting(self.session, {"attempt_id": self.ids[self.last().number]}, self.now)
        self.session.commit()

    # The organiser

    @rule()
    def the_hall_is_paused(self) -> None:
        self.oracle.pause(self.now)
        hall.pause(self.session, self.enrolment.user_id, **self.where(), now=self.now)
        self.session.commit()

    @precondition(lambda self: self.oracle.halted_at is not None)
    @rule()
    def the_hall_goes_on(self) -> None:
        self.oracle.resume(self.now)
        hall.resume(self.session, self.enrolment.user_id, **self.where(), now=self.now)
        self.session.commit()

    @rule(minutes=st.sampled_from([1, 15]))
    def everybody_is_given_time(self, minutes: int) -> None:
        self.oracle.extend(minutes, self.now)
        hall.extend(self.session, self.enrolment.user_id, **self.where(), minutes=minutes, now=self.now)
        self.session.commit()

    @rule(given=st.sampled_from([(5, 0), (0, 1), (3, 1)]))
    def this_person_is_given_more(self, given: tuple[int, int]) -> None:
        minutes, tries = given
        self.oracle.give(minutes, tries, self.now)
        give(
            self.session,
            self.enrolment.user_id,
            enrolment=self.enrolment,
            cohort=self.cohort,
            quiz_id=None,
            extra_minutes=minutes,
            extra_attempts=tries,
            reason="Membaca lebih lambat.",
            now=self.now,
        )
        self.session.commit()

    # What must hold

    @invariant()
    def house_and_model_agree(self) -> None:
        is_checked, self.is_checked = self.is_checked, False
        if is_checked:
            return
        assert found_sittings(self.session, self.enrolment.id) == [
            expected_sitting(self.oracle, sitting) for sitting in self.oracle.sittings
        ]
        assert found_answers(self.session, self.enrolment.id) == {
            (sitting.number, position): (one.sequence, one.raw, one.is_flagged, one.raw in UNREADABLE)
            for sitting in self.oracle.sittings
            for position, one in sitting.standing.items()
        }
        assert found_history(self.session, self.enrolment.id) == [
            (sitting.number, one.position, event_id, one.sequence, one.raw, at, outcome)
            for sitting in self.oracle.sittings
            for event_id, (one, at, outcome) in sitting.history.items()
        ]

        assert found_result(self.session, self.enrolment.id) == self.oracle.counts()
        self.session.rollback()

    # Shared by the rules

    def where(self) -> dict[str, Any]:
        return {"cohort": self.cohort, "step_id": self.room.step.id}

    def is_going_on(self) -> bool:
        return bool(self.oracle.sittings) and self.last().is_open

    def last(self) -> Sitting:
        assert self.oracle.last is not None
        return self.oracle.last

    def arrive(self, events: list[Written], *told: Told | None, is_whole_form: bool = False) -> None:
        """Send events of one sitting and compare what the phone is told."""
        saves = [save_of(event) for event in events]
        whose = {"attempt_id": self.ids[events[0].sitting], "user_id": self.enrolment.user_id}
        try:
            if is_whole_form:
                replies = saving.save_form(self.session, saves, **whose, now=self.now).replies
            else:
                replies = saving.save_answers(self.session, saves, **whose, now=self.now)
        except Invalid:
            self.session.rollback()
            assert told == (None,)
            return
        self.session.commit()
        assert [told_by(reply) for reply in replies] == [as_told(one) for one in told]


def save_of(event: Written) -> Save:
    return Save(event.position, event.event_id, event.sequence, event.raw, event.is_flagged)


def told_by(reply: saving.SaveReply) -> tuple[Any, ...]:
    standing = reply.standing
    return reply.outcome, reply.received_at, standing.sequence, standing.raw, bool(standing.format_error)


def as_told(told: Told | None) -> tuple[Any, ...]:
    assert told is not None
    one = told.standing
    shown = (0, None, False) if one is None else (one.sequence, one.raw, one.raw in UNREADABLE)
    return told.outcome, told.received_at, *shown


def expected_sitting(oracle: Oracle, sitting: Sitting) -> tuple[Any, ...]:
    percent = oracle.percent(sitting)
    return (
        sitting.number,
        "in_progress" if sitting.is_open else "submitted",
        sitting.started_at,
        sitting.submitted_at,
        sitting.ends_at,
        sitting.halted_at,
        sitting.submitted_by,
        sitting.earned,
        percent,
        None if percent is None else percent >= oracle.pass_percent,
    )


def found_sittings(session: Session, enrolment_id: int) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(SITTINGS, {"enrolment": enrolment_id})]


def found_answers(session: Session, enrolment_id: int) -> dict[tuple[int, int], tuple[Any, ...]]:
    rows = session.execute(ANSWERS, {"enrolment": enrolment_id})
    return {(row[0], row[1]): (*row[2:5], bool(row[5])) for row in rows}


def found_history(session: Session, enrolment_id: int) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(HISTORY, {"enrolment": enrolment_id})]


def found_result(session: Session, enrolment_id: int) -> tuple[int, Decimal | None, bool]:
    row = session.execute(RESULT, {"enrolment": enrolment_id}).one_or_none()
    return (0, None, False) if row is None else (row[0], row[1], row[2] is not None)


def make_room(session: Session) -> Room:
    now = utc_now()
    day = now.date()
    cohort = factories.make_cohort(
        session, edition=factories.make_edition(session), starts_on=day, ends_on=day
    )
    kinds = ["single_choice"] * 3 + ["number"]
    versions = [factories.make_question(session, kind) for kind in kinds]
    step = factories.make_quiz_step(
        session,
        cohort,
        versions,
        time_limit_minutes=MINUTES,
        grace_seconds=GRACE,
        attempts_allowed=ALLOWED,
        shuffle_questions=False,
        shuffle_options=False,
    )
    return Room(session, cohort, step, now)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.NonInteractiveExampleWarning")
def test_no_order_of_events_breaks_the_rules(session: Session) -> None:
    machine = type("Machine", (SittingMachine,), {"room": make_room(session)})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
