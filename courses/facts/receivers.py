"""What this room does when something happens on the ground."""

from __future__ import annotations

from courses.facts.radar_cli import refresh
from lms.core.schema import upgraded


def look_again(_sender: object) -> None:
    """Compare all uses with the facts: a new version of this house may have brought others."""
    refresh()


def connect() -> None:
    """Listen; `create_app` calls this."""
    upgraded.connect(look_again)
