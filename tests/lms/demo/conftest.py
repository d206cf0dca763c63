"""A demo, made once: half a minute of lives for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.demo import seeding
from tests import conftest


@pytest.fixture(scope="session")
def demo_template(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance folder whose database holds the demo."""
    with conftest.installed(template_instance, tmp_path_factory.mktemp("demo")) as app:
        with conftest.furnishing(app):
            seeding.seed()
        yield app.config["INSTANCE"]


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Path:
    """The demo for who asks for it, an empty house for the others."""
    folder: Path = request.getfixturevalue(
        "demo_template" if "demo" in request.fixturenames else "template_instance"
    )
    return folder


@pytest.fixture
def demo(app: Flask, demo_template: Path) -> Flask:
    """The application with a demo of its own."""
    return app
