"""What meets a trainee who begins a quiz: its settings, the sitting going on, a paper drawn ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from lms.core.accounts.models import Throttle
from lms.core.accounts.throttle import key_of as key_of_throttle
from lms.core.errors import NotFound
from quizzes.attempts.accommodations import Allowance, allowance_columns
from quizzes.attempts.models import Attempt, JointStart, PaperItem
from quizzes.attempts.queries import key_of
from quizzes.bank.models import (
    CohortQuiz,
    Purpose,
    Quiz,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
)
from quizzes.bank.stale.pausing import is_paused


@dataclass(frozen=True)
class Door:
    """The quiz a cohort runs on, and what this person has of it."""

    quiz_id: int
    quiz_key: str
    purpose: str
    time_limit_minutes: int | None
    attempts_allowed: int
    # How this cohort holds the quiz.
    held: CohortQuiz
    # As the version says it, of every cohort.
    opens: str | None
    closes: str | None
    grace_seconds: int
    needs_code: bool
    cooldown_minutes: int
    # Questions come one at a time.
    is_stepwise: bool
    # What this person has beyond the others.
    allowance: Allowance
    # When their last sitting was handed in.
    last_at: datetime | None
    # Where a cohort begins together, and when this person is let in; None while it waits.
    joint: JointStart | None
    admitted_at: datetime | None
    # How wrong codes of this person were counted, if there were any.
    wrong_codes: Throttle | None
    # The sitting that is going on.
    open_id: int | None
    # A paper drawn ahead that may still be used: of the version pinned now, with the pauses of now.
    drawn_id: int | None

    def is_shut(self, *, now: datetime) -> bool:
        """Return whether this person has to wait for the others."""
        return self.joint is not None and (self.admitted_at is None or now < self.admitted_at)

    @property
    def minutes(self) -> int | None:
        """This person's time; None without a limit."""
        return self.allowance.time_for(self.time_limit_minutes)

    @property
    def tries(self) -> int:
        """How many sittings this person may have; 0: as many as wanted."""
        return self.attempts_allowed and self.attempts_allowed + self.allowance.attempts


def admitted_at(joint: JointStart, enrolment_id: int) -> datetime | None:
    """Return when a person is let in: all after each other, so that a hall does not knock at one moment."""
    if joint.opened_at is None:
        return None
    return joint.opened_at + timedelta(seconds=enrolment_id % joint.turns)


def code_key(enrolment_id: int, step_id: int) -> str:
    """Return under what wrong codes of a person at a quiz are counted."""
    return key_of_throttle("quiz-code", f"{enrolment_id}:{step_id}")


def get_door(session: Session, *, cohort_id: int, enrolment_id: int, step_id: int) -> Door:
    """Return what a person finds at a quiz step.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    place = {"cohort": cohort_id, "enrolment": enrolment_id, "step": step_id}
    row = session.execute(_door(), place | {"codes": code_key(enrolment_id, step_id)}).one_or_none()
    if row is None:
        raise NotFound
    joint = row.JointStart
    return Door(
        quiz_id=row.quiz_id,
        quiz_key=row.key,
        purpose=row.purpose,
        time_limit_minutes=row.time_limit_minutes,
        attempts_allowed=row.attempts_allowed,
        held=row.CohortQuiz,
        opens=row.opens,
        closes=row.closes,
        grace_seconds=row.grace_seconds,
        needs_code=row.needs_code,
        cooldown_minutes=row.cooldown_minutes,
        is_stepwise=row.is_sequential or shows_each(row.purpose, row.show_result),
        allowance=Allowance(row.extra_percent, row.extra_minutes, row.extra_attempts),
        last_at=row.last_at,
        joint=joint,
        admitted_at=admitted_at(joint, enrolment_id) if joint else None,
        wrong_codes=row.Throttle,
        open_id=row.open_id,
        drawn_id=row.drawn_id,
    )


def shows_each(purpose: str, show_result: str) -> bool:
    """Return whether a quiz shows each answer as it is given, which only practice does."""
    return purpose == Purpose.PRACTICE and show_result == "after_each"


@cache
def _door() -> Select[*tuple[Any, ...]]:
    """Return the query, put together once."""
    going_on, drawn = aliased(Attempt), aliased(Attempt)
    version = ["purpose", "time_limit_minutes", "attempts_allowed", "opens", "closes", "grace_seconds"]
    version += ["needs_code", "cooldown_minutes", "is_sequential", "show_result"]
    names = "extra_percent", "extra_minutes", "extra_attempts"
    extras = allowance_columns(bindparam("enrolment"), CohortQuiz.quiz_id)
    return (
        select(Quiz.id.label("quiz_id"), Quiz.key, CohortQuiz, JointStart, Throttle)
        .add_columns(*(QuizVersion.__table__.c[name] for name in version))
        .add_columns(*(column.label(name) for name, column in zip(names, extras, strict=True)))
        .add_columns(_last_submission().label("last_at"))
        .add_columns(going_on.id.label("open_id"), drawn.id.label("drawn_id"))
        .select_from(CohortQuiz)
        .join(Quiz, Quiz.id == CohortQuiz.quiz_id)
        .join(QuizVersion, QuizVersion.id == CohortQuiz.quiz_version_id)
        .outerjoin(JointStart, _is_of_this())
        .outerjoin(Throttle, Throttle.key == bindparam("codes"))
        .outerjoin(going_on, _is_theirs(going_on, "in_progress"))
        .outerjoin(drawn, and_(_is_theirs(drawn, "drawn"), _still_fits(drawn)))
        .where(CohortQuiz.cohort_id == bindparam("cohort"), Quiz.key == key_of(bindparam("step")))
    )


def _last_submission() -> Any:
    earlier = aliased(Attempt)
    whose = earlier.enrolment_id == bindparam("enrolment"), earlier.quiz_id == CohortQuiz.quiz_id
    return select(func.max(earlier.submitted_at)).where(*whose).correlate(CohortQuiz).scalar_subquery()


def _is_of_this() -> ColumnElement[bool]:
    return and_(JointStart.cohort_id == CohortQuiz.cohort_id, JointStart.quiz_id == CohortQuiz.quiz_id)


def _is_theirs(attempt: type[Attempt], state: str) -> ColumnElement[bool]:
    whose = attempt.enrolment_id == bindparam("enrolment")
    return and_(whose, attempt.quiz_id == CohortQuiz.quiz_id, attempt.state == state)


def _still_fits(drawn: type[Attempt]) -> ColumnElement[bool]:
    """Return whether nothing has changed that would draw another paper."""
    is_on_it = exists().where(
        PaperItem.attempt_id == drawn.id,
        is_paused(PaperItem.question_version_id, PaperItem.case_version_id),
    )
    return and_(
        drawn.quiz_version_id == CohortQuiz.quiz_version_id,
        drawn.paused_count == count_paused_of(CohortQuiz.quiz_version_id),
        ~is_on_it,
    )


def count_paused_of(version_id: Any) -> ColumnElement[int]:
    """Return how many questions of a quiz version come on no new paper for now, as part of a query."""
    return (
        select(func.count(SlotCandidate.question_version_id.distinct()))
        .join(QuizSlot, QuizSlot.id == SlotCandidate.slot_id)
        .where(
            QuizSlot.quiz_version_id == version_id,
            is_paused(SlotCandidate.question_version_id, QuizSlot.case_version_id),
        )
        .correlate(CohortQuiz)
        .scalar_subquery()
    )
