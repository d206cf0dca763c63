"""A person with a quiz of five questions, and phones to take it on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from tests.browser.quiz.phones import OpenPhone, address, sign_in, start_path
from tests.factories import make_question
from tests.quizzes.attempts.conftest import Desk, make_desk
from tests.race.conftest import Server, server  # noqa: F401

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def desk(session: Session) -> Desk:
    kinds = ("single_choice", "multiple_response", "true_false", "number", "single_choice")
    versions = [make_question(session, kind) for kind in kinds]
    return make_desk(session, versions, shuffle_questions=False, shuffle_options=False)


@pytest.fixture
def open_phone(
    chromium: Browser,
    server: Server,  # noqa: F811
    desk: Desk,
) -> Iterator[OpenPhone]:
    """Return a function that opens the quiz on a phone of its own; script errors fail the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def _open(path: str = "", **options: Any) -> Page:
        options.setdefault("viewport", PHONE)
        context = chromium.new_context(locale="id-ID", **options)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: _note(complaints, message.text))
        contexts.append(context)
        sign_in(context, server, desk)
        page = context.new_page()
        page.goto(f"{address(server)}{path or start_path(desk)}")
        return page

    yield _open
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], text: str) -> None:
    """Keep what the browser refused; a lost signal and an answer refused on purpose are no complaints."""
    if "Failed to load resource" not in text and "Clear-Site-Data" not in text:
        complaints.append(text)
