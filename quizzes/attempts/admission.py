"""What keeps a person from beginning a quiz now: the window, a pause, a rest, a missing code. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import gettext as _

from courses.cohorts.models import Cohort
from lms.core.i18n import show_moment
from lms.core.text import fold
from quizzes.attempts.door import Door
from quizzes.bank.quiz.moments import moment_for


class Bar(StrEnum):
    """Why nobody, or not this person, begins now."""

    HALTED = "halted"
    EARLY = "early"
    OVER = "over"
    REST = "rest"
    NO_CODE = "no_code"


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way, and when it goes by itself; None: somebody must act, or it never does."""

    bar: Bar
    until: datetime | None = None


@dataclass(frozen=True)
class Window:
    """When a quiz may be begun in a cohort; None: as long as the training is open."""

    opens_at: datetime | None
    closes_at: datetime | None


def window_of(door: Door, cohort: Cohort) -> Window:
    """Return the window of a cohort: its own where its organiser has set one, else the version's."""
    return Window(
        door.held.opens_at or moment_for(door.opens, cohort),
        door.held.closes_at or moment_for(door.closes, cohort),
    )


def asks_code(door: Door) -> bool:
    """Return whether whoever begins types a code: the quiz says so, or the organiser has made one."""
    return door.needs_code or door.held.code is not None


def fits(door: Door, code: str) -> bool:
    """Return whether somebody typed the code of the hall; capitals, blanks and dashes do not matter."""
    wanted = _bare(door.held.code or "")
    return wanted != "" and _bare(code) == wanted


def find_obstacle(door: Door, cohort: Cohort, *, now: datetime) -> Obstacle | None:
    """Return what keeps this person from beginning now, or None."""
    window = window_of(door, cohort)
    if window.closes_at is not None and now >= window.closes_at:
        return Obstacle(Bar.OVER, window.closes_at)
    if window.opens_at is not None and now < window.opens_at:
        return Obstacle(Bar.EARLY, window.opens_at)
    if door.held.halted_at is not None:
        return Obstacle(Bar.HALTED)
    rested_at = _rested_at(door)
    if rested_at is not None and now < rested_at:
        return Obstacle(Bar.REST, rested_at)
    if asks_code(door) and not door.held.code:
        return Obstacle(Bar.NO_CODE)
    return None


def obstacle_text(obstacle: Obstacle, zone: str) -> str:
    """Return what stands in the way, as a sentence that says when it goes."""
    when = show_moment(obstacle.until, zone) if obstacle.until else ""
    texts: dict[Bar, str] = {
        Bar.HALTED: _("The organiser has stopped this quiz for a moment. Please wait."),
        Bar.EARLY: _("This quiz opens on %(when)s.", when=when),
        Bar.OVER: _("This quiz closed on %(when)s.", when=when),
        Bar.REST: _("Take a break and read again: you may try once more on %(when)s.", when=when),
        Bar.NO_CODE: _("This quiz begins with a code shown in the hall. The organiser has made none yet."),
    }
    return texts[obstacle.bar]


def again_seconds(obstacle: Obstacle | None, enrolment_id: int, *, now: datetime) -> int | None:
    """Return when a waiting page looks again by itself, people at different seconds; None: it does not."""
    if obstacle is None or obstacle.bar is Bar.OVER:
        return None
    if obstacle.until is None:
        return 10 + enrolment_id % 10
    left = int((obstacle.until - now).total_seconds()) + 1
    return left + enrolment_id % 10 if left <= 1800 else None


def _rested_at(door: Door) -> datetime | None:
    if not door.cooldown_minutes or door.last_at is None:
        return None
    return door.last_at + timedelta(minutes=door.cooldown_minutes)


def _bare(code: str) -> str:
    return "".join(sign for sign in fold(code) if sign.isalnum())
