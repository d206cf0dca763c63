"""The command that hands overdue sittings in."""

from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from quizzes.attempts.cli import close_overdue
from tests.quizzes.attempts.conftest import make_desk


def test_all_overdue_sittings_are_handed_in_whatever_their_number(app: Flask, session: Session) -> None:
    desk = make_desk(session, attempts_allowed=0, time_limit_minutes=5)
    going_on = make_desk(session).start()
    overdue = desk.start()
    begin_write(session)
    overdue.deadline_at = desk.now - timedelta(minutes=1)
    session.commit()

    result = app.test_cli_runner().invoke(close_overdue)

    assert (result.exit_code, result.output) == (0, "Sittings handed in: 1\n")
    session.expire_all()
    assert (overdue.state, overdue.submitted_by) == ("submitted", "deadline")
    assert going_on.state == "in_progress"
