"""The only look at the system clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the current time as an aware UTC datetime, to the microsecond."""
    return datetime.now(UTC)
