"""Who uses facts: rooms above that hand themselves in, and how their things are named on the radar."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from courses.facts.book import FactBook
from courses.facts.models import UseOwner
from lms.core.accounts.actor import Actor

EXTENSION = "fact_users"
"""Where `create_app` puts the rooms that use facts: ``app.extensions[EXTENSION]``, a tuple of `FactUsers`."""


@dataclass(frozen=True)
class User:
    """An edition or a question that uses facts, as the radar names it."""

    title: str
    # Number of an edition, key or number of a question.
    name: str
    as_of: date
    # Name of the branch office it belongs to; empty: the nation's.
    branch: str = ""
    # Page of staff about it; empty where there is none.
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    is_paused: bool = False
    # Published quizzes that name it.
    quizzes: Sequence[UsingQuiz] = ()


@dataclass(frozen=True)
class UsingQuiz:
    """A published version of a quiz that names a question."""

    quiz_id: int
    version_id: int
    title: str
    number: int
    as_of: date


@dataclass(frozen=True)
class Warned:
    """A cohort under way that runs on quizzes with paused questions: nothing is done to it but to say so."""

    cohort_id: int
    name: str
    question_count: int


class FactUsers(Protocol):
    """A room with things that use facts; `create_app` hands them in."""

    owner_type: UseOwner

    def describe(self, session: Session, owner_ids: Collection[int]) -> Mapping[int, User]:
        """Return by id the owners that still have to be mended, in a constant number of queries."""

    def refresh(self, session: Session, *, book: FactBook, now: datetime) -> int:
        """Act on facts that have changed, inside a write transaction; return how much is new."""

    def warn(self, session: Session, *, actor: Actor, today: date) -> Sequence[Warned]:
        """Return the cohorts of the actor's branches that are under way or planned and run on it."""
