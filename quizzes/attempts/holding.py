"""How a cohort holds a quiz: its window, the code of its hall, who sits."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Cohort, Enrolment
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Invalid, NotFound
from quizzes.attempts.models import Attempt
from quizzes.attempts.together import get_quiz_id
from quizzes.bank.models import CohortQuiz, QuizVersion
from quizzes.bank.quiz.moments import moment_for

SIGNS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of codes made by the machine: read from a wall, none is taken for another."""
CODE_LENGTH = 5
LEAST_LENGTH = 4
"""Letters and digits of a code somebody thought of."""


@dataclass(frozen=True)
class Hall:
    """A quiz as its organiser holds it; the window is that of the version where the cohort has none."""

    held: CohortQuiz
    version: QuizVersion
    opens_at: datetime | None
    closes_at: datetime | None
    # People who sit: time runs, or stands still.
    sitting_count: int
    done_count: int


def get_hall(session: Session, cohort: Cohort, step_id: int) -> Hall:
    """Return how a cohort holds the quiz of a step, with how many people sit and how many have handed in.

    Raises:
        NotFound: the step is no quiz of this cohort.
    """
    quiz_id = get_quiz_id(session, cohort, step_id)
    query = (
        select(CohortQuiz, QuizVersion)
        .join(QuizVersion, QuizVersion.id == CohortQuiz.quiz_version_id)
        .where(CohortQuiz.cohort_id == cohort.id, CohortQuiz.quiz_id == quiz_id)
    )
    held, version = session.execute(query).one()
    sits, done = (func.count(case((Attempt.state == state, 1))) for state in ("in_progress", "submitted"))
    people = select(sits, done).join(Attempt.enrolment)
    counts = session.execute(people.where(Enrolment.cohort_id == cohort.id, Attempt.quiz_id == quiz_id)).one()
    return Hall(
        held=held,
        version=version,
        opens_at=held.opens_at or moment_for(version.opens, cohort),
        closes_at=held.closes_at or moment_for(version.closes, cohort),
        sitting_count=counts[0],
        done_count=counts[1],
    )


def set_window(
    session: Session,
    actor_id: int,
    *,
    cohort: Cohort,
    step_id: int,
    opens_at: datetime | None,
    closes_at: datetime | None,
    now: datetime,
) -> None:
    """Let a cohort have a window of its own; None: as the version says. Sittings that run keep their end.

    Raises:
        NotFound: the step is no quiz of this cohort.
        Invalid: it closes before it opens.
    """
    if opens_at and closes_at and closes_at <= opens_at:
        raise Invalid(_l("A quiz closes after it opens."), field="closes_at")
    held = _take(session, cohort, step_id)
    held.opens_at, held.closes_at = opens_at, closes_at
    told = {
        name: moment and moment.isoformat() for name, moment in (("opens", opens_at), ("closes", closes_at))
    }
    _record(session, "quiz.window_set", held, cohort, actor_id=actor_id, now=now, **told)


def set_code(
    session: Session, actor_id: int, *, cohort: Cohort, step_id: int, code: str | None, now: datetime
) -> None:
    """Ask everybody who begins for a code; None: for none. The code itself is in no log.

    Raises:
        NotFound: the step is no quiz of this cohort.
        Invalid: it is too short.
    """
    if code is not None and sum(sign.isalnum() for sign in code) < LEAST_LENGTH:
        raise Invalid(
            _l("A code has at least %(count)s letters or digits.", count=LEAST_LENGTH), field="code"
        )
    held = _take(session, cohort, step_id)
    held.code = code
    action = "quiz.code_removed" if code is None else "quiz.code_set"
    _record(session, action, held, cohort, actor_id=actor_id, now=now)


def make_code() -> str:
    """Return a code to be shown on a wall."""
    return "".join(secrets.choice(SIGNS) for _sign in range(CODE_LENGTH))


def _take(session: Session, cohort: Cohort, step_id: int) -> CohortQuiz:
    key = cohort.id, get_quiz_id(session, cohort, step_id)
    begin_write(session)
    held = session.get(CohortQuiz, key, with_for_update=True, populate_existing=True)
    if held is None:
        raise NotFound
    return held


def _record(
    session: Session,
    action: str,
    held: CohortQuiz,
    cohort: Cohort,
    *,
    actor_id: int,
    now: datetime,
    **details: Any,
) -> None:
    about: dict[str, Any] = {"object_type": "cohort", "object_id": cohort.id, "branch_id": cohort.branch_id}
    record(session, action, at=now, actor_id=actor_id, **about, quiz_id=held.quiz_id, **details)
    session.flush()
