"""What a person is told before a quiz begins: the rules that hold for them, and what they wait for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from courses.cohorts.models import Cohort
from lms.core.accounts import throttle
from lms.core.db import own_transaction
from lms.core.i18n import show_moment
from quizzes.attempts.admission import (
    Bar,
    again_seconds,
    asks_code,
    find_obstacle,
    obstacle_text,
    window_of,
)
from quizzes.attempts.deadline import deadline_of
from quizzes.attempts.door import Door, code_key
from quizzes.attempts.together import Wait, find_wait


@dataclass(frozen=True)
class Entrance:
    """The door of a quiz in words."""

    wait: Wait | None
    # What keeps the person from beginning now; empty: nothing.
    obstacle: str
    # Whether it has closed for good.
    is_over: bool
    # When the page looks again by itself; None: it does not.
    again_seconds: int | None
    # The person's own time, and whether it is longer than that of the others.
    minutes: int | None
    is_longer: bool
    # What is left of it for who begins now, where the quiz closes before.
    cut_minutes: int | None
    tries: int
    window: str
    asks_code: bool
    cooldown_minutes: int
    is_stepwise: bool

    @property
    def is_open(self) -> bool:
        """Whether the person may begin."""
        return not self.obstacle and self.wait is None


def entrance_of(door: Door, cohort: Cohort, enrolment_id: int, *, now: datetime) -> Entrance:
    """Return what a person is told who stands before a quiz."""
    wait = find_wait(door.joint, enrolment_id, now=now)
    obstacle = find_obstacle(door, cohort, now=now)
    again = wait.again_seconds if wait else again_seconds(obstacle, enrolment_id, now=now)
    return Entrance(
        wait=wait,
        obstacle=obstacle_text(obstacle, cohort.time_zone) if obstacle else "",
        is_over=obstacle is not None and obstacle.bar is Bar.OVER,
        again_seconds=again,
        minutes=door.minutes,
        is_longer=door.minutes != door.time_limit_minutes,
        cut_minutes=_cut_minutes(door, cohort, now=now),
        tries=door.tries,
        window=_window_text(door, cohort),
        asks_code=asks_code(door),
        cooldown_minutes=door.cooldown_minutes,
        is_stepwise=door.is_stepwise,
    )


def count_wrong_code(enrolment_id: int, step_id: int, *, now: datetime) -> None:
    """Count a wrong code, whatever becomes of the request."""
    with own_transaction() as session:
        throttle.fail(session, code_key(enrolment_id, step_id), now=now)


def _cut_minutes(door: Door, cohort: Cohort, *, now: datetime) -> int | None:
    if door.minutes is None:
        return None
    end = deadline_of(cohort, door.minutes, now=now, closes_at=window_of(door, cohort).closes_at)
    left = math.ceil((end - now).total_seconds() / 60)
    return left if 0 < left < door.minutes else None


def _window_text(door: Door, cohort: Cohort) -> str:
    window, zone = window_of(door, cohort), cohort.time_zone
    opens = show_moment(window.opens_at, zone) if window.opens_at else ""
    closes = show_moment(window.closes_at, zone) if window.closes_at else ""
    if opens and closes:
        return str(_("From %(opens)s to %(closes)s", opens=opens, closes=closes))
    if opens:
        return str(_("From %(opens)s", opens=opens))
    return str(_("Until %(closes)s", closes=closes)) if closes else ""
