"""A demo, made once: half a minute of lives for all tests."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from lms.app import create_app
from lms.core.config import load_config
from lms.core.db import db
from lms.demo import seeding
from tests import conftest


@pytest.fixture(scope="session")
def demo_template(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance folder whose database holds the demo."""
    folder = tmp_path_factory.mktemp("demo") / "instance"
    shutil.copytree(template_instance, folder)
    name = f"demo_{secrets.token_hex(6)}"
    url = f"sqlite:///{folder / 'penggerak.sqlite'}"
    if conftest.POSTGRES:
        url = conftest.create_postgres(name, template=(folder / "template-name").read_text())
    app = create_app(load_config(folder, DATABASE_URL=url, TESTING=True))
    with app.app_context():
        seeding.seed()
        if not conftest.POSTGRES:
            db.session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()
    (folder / "template-name").write_text(name)
    yield folder
    if conftest.POSTGRES:
        conftest.drop_postgres(name)


@pytest.fixture
def demo(app: Flask, demo_template: Path) -> Flask:
    """The application with a demo of its own."""
    conftest.renew(app, demo_template)
    return app
