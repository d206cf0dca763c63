"""The paper of a sitting as one page."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from flask import render_template

from lms.core.db import db
from quizzes.attempts import queries
from quizzes.attempts.deadline import seconds_left, shows_clock
from quizzes.attempts.models import Attempt
from quizzes.attempts.presentation import as_typed, open_question
from quizzes.attempts.saves import Save
from quizzes.attempts.stories import list_stories


def paper_page(attempt: Attempt, *, now: datetime, refused: Collection[Save] = ()) -> str:
    """Show all questions with the answers that stand.

    Args:
        refused: answers too long to be kept; they stand in their fields as typed, with what is wrong.
    """
    items = queries.list_items(db.session(), attempt.id)
    typed = {save.position: save for save in refused}
    return render_template(
        "attempts/show.html",
        attempt=attempt,
        questions=[as_typed(open_question(item), typed.get(item.position)) for item in items],
        stories=list_stories(db.session(), items),
        saved_at=max((item.response.saved_at for item in items if item.response), default=None),
        seconds_left=seconds_left(attempt, now=now) if shows_clock(attempt, now=now) else None,
        page_id=secrets.token_urlsafe(9),
    )
