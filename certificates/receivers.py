"""What this room does when something happens below."""

from __future__ import annotations

from sqlalchemy.orm import Session

from certificates.services import issue
from courses.learning.models import Completion
from courses.learning.signals import CourseCompleted, course_completed


def issue_on_completion(session: Session, event: CourseCompleted) -> None:
    """Issue the certificate in the transaction of the completion: they stand or fall together."""
    completion = session.get_one(Completion, event.enrolment_id)
    issue(
        session,
        event.enrolment_id,
        completed_at=event.completed_at,
        evidence=completion.evidence,
        now=event.told_at,
    )


def connect() -> None:
    """Listen; called once by `create_app`, harmless if called again."""
    course_completed.connect(issue_on_completion)
