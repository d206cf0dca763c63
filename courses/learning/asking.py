"""Whether the hall of a cohort is asked something just now, which a higher floor knows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.orm import Session

ASKED_NOW = "asked_now"
"""Where ``create_app`` puts what tells that."""

AskedNow = Callable[[Session, Collection[int], datetime], set[int]]
"""Of cohorts, by id, those that have a question open at that moment, in one query."""
