"""On what terms a sitting begins: whether it may at all, and what is stored with it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from courses.cohorts.models import Cohort
from lms.core.errors import Conflict, Invalid
from quizzes.attempts.admission import Bar, asks_code, find_obstacle, fits, obstacle_text, window_of
from quizzes.attempts.deadline import deadline_of
from quizzes.attempts.door import Door

_WAITING = frozenset({Bar.HALTED, Bar.EARLY, Bar.NO_CODE})


class NotYet(Conflict):
    """It is not this person's turn: the page waits with them."""


class WrongCode(Invalid):
    """Not the code of the hall; whoever calls counts the failure."""


@dataclass(frozen=True)
class Terms:
    """What is frozen when a sitting begins."""

    deadline_at: datetime
    grace_seconds: int
    # The first question, where they come one at a time; 0: all at once.
    place: int


def terms_of(door: Door, cohort: Cohort, *, now: datetime) -> Terms:
    """Return the terms of a person who begins now."""
    deadline_at = deadline_of(
        cohort,
        door.minutes,
        now=now,
        closes_at=window_of(door, cohort).closes_at,
        grace_seconds=door.grace_seconds,
    )
    return Terms(deadline_at, door.grace_seconds, place=int(door.is_stepwise))


def admit(door: Door, cohort: Cohort, *, code: str, now: datetime) -> None:
    """Let a person begin now, or say why not.

    Raises:
        NotYet: the cohort begins together, has not begun, or is stopped.
        Conflict: the quiz has closed, or the person must rest.
        WrongCode: they typed another code than that of the hall.
    """
    if door.is_shut(now=now):
        raise NotYet(_l("Everybody begins this quiz together. Please wait until it is opened."))
    obstacle = find_obstacle(door, cohort, now=now)
    if obstacle is not None:
        error = NotYet if obstacle.bar in _WAITING else Conflict
        raise error(obstacle_text(obstacle, cohort.time_zone))
    if asks_code(door) and not fits(door, code):
        raise WrongCode(_l("This is not the code of the hall. Look at it once more."), field="code")
