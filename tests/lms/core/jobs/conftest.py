"""Jobs whose work a test decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from lms.core.jobs import kinds
from lms.core.jobs.kinds import Kind


@pytest.fixture
def done() -> list[Any]:
    """What jobs of the kind "note" were told, in the order they ran."""
    return []


@pytest.fixture
def know(app: Flask, done: list[Any]) -> Iterator[Callable[..., None]]:
    """Return a function that lets the application know kinds for this test; "note" is known already."""

    def note(_session: Session, payload: Mapping[str, Any], _now: datetime) -> None:
        done.append(payload.get("word"))

    before = app.extensions[kinds.EXTENSION]

    def _know(*more: Kind) -> None:
        kinds.init_app(app, [Kind("note", note), *more])

    _know()
    yield _know
    app.extensions[kinds.EXTENSION] = before
