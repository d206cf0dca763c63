"""When a sitting ends. The server's clock rules. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.cohorts.days import OPEN_DAYS_AFTER
from courses.cohorts.models import Cohort
from quizzes.attempts.models import Attempt


def closing_moment(cohort: Cohort) -> datetime:
    """Return the midnight, in the cohort's zone, after the last day its steps are open."""
    day = cohort.ends_on + timedelta(days=OPEN_DAYS_AFTER + 1)
    return datetime.combine(day, time(), ZoneInfo(cohort.time_zone)).astimezone(UTC)


def has_closed(cohort: Cohort, *, now: datetime) -> bool:
    """Return whether nothing can be begun any more."""
    return now >= closing_moment(cohort)


def deadline_of(cohort: Cohort, time_limit_minutes: int | None, *, now: datetime) -> datetime:
    """Return when a sitting that starts now ends: by its time limit, at the latest with the training."""
    closes_at = closing_moment(cohort)
    if time_limit_minutes is None:
        return closes_at
    return min(closes_at, now + timedelta(minutes=time_limit_minutes))


def is_overdue(attempt: Attempt, *, now: datetime) -> bool:
    """Return whether the time of an open sitting has run out."""
    return attempt.state == "in_progress" and attempt.deadline_at is not None and attempt.deadline_at < now


def seconds_left(attempt: Attempt, *, now: datetime) -> int | None:
    """Return whole seconds until the deadline, at least 0; None without one."""
    if attempt.deadline_at is None:
        return None
    return max(0, int((attempt.deadline_at - now).total_seconds()))
