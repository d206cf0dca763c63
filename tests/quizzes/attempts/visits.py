"""What a trainee's browser asks of the pages of a quiz."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient

from lms.core.db import begin_write
from quizzes.attempts.models import Attempt
from tests.quizzes.attempts.conftest import Desk


def start_url(desk: Desk) -> str:
    return f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"


def page(client: FlaskClient, url: str) -> str:
    response = client.get(url, follow_redirects=True)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def send(client: FlaskClient, attempt: Attempt, **values: Any) -> Any:
    entry = {"position": 1, "event": "client-1", "sequence": 1, "raw": {"choice": ["1"]}, "flagged": False}
    headers = {"Accept": "application/json"}
    return client.post(f"/percobaan/{attempt.id}/jawaban", json=entry | values, headers=headers)


def form_of(desk: Desk, attempt: Attempt, **answers: str) -> dict[str, str]:
    fields = {}
    for item in desk.items(attempt):
        fields[f"q{item.position}-event"] = f"page-{item.position}"
        fields[f"q{item.position}-seq"] = "1"
    return fields | {name.replace("_", "-"): value for name, value in answers.items()}


def overdue(desk: Desk) -> Attempt:
    attempt = desk.start()
    begin_write(desk.session)
    attempt.deadline_at = desk.now - timedelta(seconds=1)
    desk.session.commit()
    return attempt
