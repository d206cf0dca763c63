"""What kinds of jobs there are: each room brings its own, `create_app` joins them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

EXTENSION = "job_kinds"

Work = Callable[[Session, Mapping[str, Any], datetime], None]
Plan = Callable[[Session, datetime], int]


@dataclass(frozen=True)
class Kind:
    """How one kind of job is done.

    ``work`` reads and renders first, then writes through services and does not commit: what it wrote and
    that the job is done are one transaction. A run may be cut off and begun again at any point, so that
    whatever it does outside the database must do no harm a second time.
    """

    name: str
    work: Work
    # Promises jobs that time alone makes necessary, and returns how many; reads only, when there are none.
    plan: Plan | None = None
    # A run that takes longer may be begun a second time; only one of the two can finish.
    lease: timedelta = timedelta(minutes=2)


def init_app(app: Flask, kinds: Iterable[Kind]) -> None:
    """Let the application know its kinds of jobs."""
    app.extensions[EXTENSION] = {kind.name: kind for kind in kinds}


def known_kinds() -> Mapping[str, Kind]:
    """Return the kinds of this application by name."""
    kinds: Mapping[str, Kind] = current_app.extensions[EXTENSION]
    return kinds
