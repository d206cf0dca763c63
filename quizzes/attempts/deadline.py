"""When a sitting ends. The server's clock rules. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.cohorts.days import OPEN_DAYS_AFTER
from courses.cohorts.models import Cohort
from quizzes.attempts.models import Attempt

SOON_SECONDS = 4 * 3600


def closing_moment(cohort: Cohort) -> datetime:
    """Return the midnight, in the cohort's zone, after the last day its steps are open."""
    day = cohort.ends_on + timedelta(days=OPEN_DAYS_AFTER + 1)
    return datetime.combine(day, time(), ZoneInfo(cohort.time_zone)).astimezone(UTC)


def has_closed(cohort: Cohort, *, now: datetime) -> bool:
    """Return whether nothing can be begun any more."""
    return now >= closing_moment(cohort)


def allowed_minutes(minutes: int, *, extra_percent: int = 0, extra_minutes: int = 0) -> int:
    """Return a person's time for a time limit: lengthened, rounded up to a whole minute."""
    return -(-minutes * (100 + extra_percent) // 100) + extra_minutes


def deadline_of(
    cohort: Cohort,
    minutes: int | None,
    *,
    now: datetime,
    closes_at: datetime | None = None,
    grace_seconds: int = 0,
) -> datetime:
    """Return when a sitting that starts now ends: by its time, at the latest with its quiz and the training.

    Args:
        minutes: this person's time; None: no limit.
        closes_at: when the quiz closes; None: with the training.
        grace_seconds: what comes after the end, for answers on their way.
    """
    ends = [closing_moment(cohort)]
    if closes_at is not None:
        ends.append(closes_at)
    if minutes is not None:
        ends.append(now + timedelta(minutes=minutes))
    return min(ends) + timedelta(seconds=grace_seconds)


def is_overdue(attempt: Attempt, *, now: datetime) -> bool:
    """Return whether the time of an open sitting has run out."""
    return attempt.state == "in_progress" and attempt.deadline_at is not None and attempt.deadline_at < now


@dataclass(frozen=True)
class Clock:
    """What a person's clock shows: the end without the grace, and since when it stands still."""

    end: datetime | None
    halted_at: datetime | None = None

    def left(self, now: datetime) -> int | None:
        """Return whole seconds until the end, at least 0; None without one."""
        if self.end is None:
            return None
        return max(0, int((self.end - (self.halted_at or now)).total_seconds()))


def clock_of(
    deadline_at: datetime | None,
    grace_seconds: int,
    *,
    halted_at: datetime | None,
    held_deadline_at: datetime | None,
) -> Clock:
    """Return the clock of a sitting; while its time stands still, it has the end it had."""
    end = held_deadline_at if halted_at else deadline_at
    return Clock(None if end is None else end - timedelta(seconds=grace_seconds), halted_at)


def clock(attempt: Attempt) -> Clock:
    """Return the clock of a sitting."""
    held = {"halted_at": attempt.halted_at, "held_deadline_at": attempt.held_deadline_at}
    return clock_of(attempt.deadline_at, attempt.grace_seconds, **held)


def seconds_left(attempt: Attempt, *, now: datetime) -> int | None:
    """Return whole seconds until the end that is shown, at least 0; None without one."""
    return clock(attempt).left(now)


def shows_clock(attempt: Attempt, *, now: datetime) -> bool:
    """Return whether a person is told the time that is left: with a limit, or when the quiz closes soon."""
    left = seconds_left(attempt, now=now)
    if attempt.quiz_version.time_limit_minutes is None:
        return left is not None and left <= SOON_SECONDS
    return left is not None
