"""What sittings do when something happens on the floors below."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, delete, func, select, update
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from courses.learning.signals import CohortMoved, cohort_moved
from lms.core.errors import Conflict
from quizzes.attempts.models import Attempt


def carry_attempts(sender: Session, *, event: CohortMoved) -> None:
    """Let sittings stand at the step that takes the place of theirs; papers and results stay as they are.

    Raises:
        Conflict: somebody is in the midst of a quiz the new edition has not.
    """
    of_cohort = Attempt.enrolment_id.in_(select(Enrolment.id).where(Enrolment.cohort_id == event.cohort_id))
    without_place = of_cohort, Attempt.step_id.is_not(None), Attempt.step_id.not_in(event.steps)
    open_count = sender.scalar(
        select(func.count()).select_from(Attempt).where(*without_place, Attempt.state == "in_progress")
    )
    if open_count:
        raise Conflict(
            _l("Somebody is in the midst of a quiz that the new edition has not. Wait until it is handed in.")
        )
    sender.execute(delete(Attempt).where(*without_place, Attempt.state == "drawn"))
    if event.steps:
        sender.execute(
            update(Attempt)
            .where(of_cohort, Attempt.step_id.in_(event.steps))
            .values(step_id=case(dict(event.steps), value=Attempt.step_id))
            .execution_options(synchronize_session=False)
        )
    sender.expire_all()


def connect() -> None:
    """Listen; `create_app` calls this."""
    cohort_moved.connect(carry_attempts)
