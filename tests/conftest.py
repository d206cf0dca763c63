"""An application with a database of its own for every test, and the people of the house."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import flask_migrate
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from courses.catalogue import tree
from lms.app import create_app
from lms.core.config import load_config, prepare_instance
from lms.core.db import db
from tests import factories
from tests.pages import CheckedClient

POSTGRES = os.environ.get("LMS_TEST_POSTGRES", "")
"""``postgresql://…`` of a cluster of our own: then every test runs on it instead of SQLite."""

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""The moment most tests happen at: 10.00 WIB."""


@pytest.fixture(scope="session")
def template_instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance folder with keys and a migrated, empty database; tests copy it."""
    folder = tmp_path_factory.mktemp("template")
    prepare_instance(folder)
    name = f"template_{secrets.token_hex(6)}"
    url = create_postgres(name) if POSTGRES else f"sqlite:///{folder / 'penggerak.sqlite'}"
    app = create_app(load_config(folder, DATABASE_URL=url, TESTING=True))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    (folder / "template-name").write_text(name)
    yield folder
    if POSTGRES:
        drop_postgres(name)


@pytest.fixture(scope="session")
def worker_app(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application per worker: routes and templates are compiled once, not once per test."""
    folder = tmp_path_factory.mktemp("worker") / "instance"
    shutil.copytree(template_instance, folder)
    name = f"test_{secrets.token_hex(6)}"
    url = (
        make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
        if POSTGRES
        else f"sqlite:///{folder / 'penggerak.sqlite'}"
    )
    yield create_app(load_config(folder, DATABASE_URL=url, TESTING=True))
    if POSTGRES:
        drop_postgres(name)


def renew(app: Flask, template: Path) -> None:
    """Give an application a copy of the template's instance folder and database, and nothing it had."""
    folder = app.config["INSTANCE"]
    with app.app_context():
        db.engine.dispose()
    shutil.rmtree(folder)
    shutil.copytree(template, folder)
    if POSTGRES:
        name = make_url(app.config["DATABASE_URL"]).database
        assert name
        drop_postgres(name)
        create_postgres(name, template=(template / "template-name").read_text())
    # Published trees are kept for the life of a process: ids begin again in the new database.
    tree._published.clear()


@pytest.fixture
def instance(worker_app: Flask, template_instance: Path) -> Iterator[Path]:
    """A fresh instance folder for this test, with a fresh database."""
    config, extensions = dict(worker_app.config), dict(worker_app.extensions)
    renew(worker_app, template_instance)
    yield worker_app.config["INSTANCE"]
    worker_app.config |= config
    worker_app.extensions |= extensions


@pytest.fixture
def database_url(worker_app: Flask, instance: Path) -> str:
    """The address of a fresh, migrated database."""
    return str(worker_app.config["DATABASE_URL"])


@pytest.fixture
def app(worker_app: Flask, instance: Path) -> Iterator[Flask]:
    """The application on a fresh database."""
    with worker_app.app_context():
        yield worker_app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session services and queries get."""
    session = db.session()
    yield session
    # Some commands begin another one in between: this one may have opened a connection again.
    session.close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser; every HTML page it sees is checked."""
    app.test_client_class = CheckedClient
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[int], FlaskClient]:
    """Return a function that opens a browser signed in as a user, second factor shown."""

    def _sign_in(user_id: int) -> FlaskClient:
        app.test_client_class = CheckedClient
        client = app.test_client()
        factories.sign_in(client, user_id)
        return client

    return _sign_in


def create_postgres(name: str, template: str = "template0") -> str:
    """Make a database of our cluster and return its address."""
    with psycopg.connect(_admin_url(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


def drop_postgres(name: str) -> None:
    """Take a database of our cluster away."""
    with psycopg.connect(_admin_url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _admin_url() -> str:
    return (
        make_url(POSTGRES)
        .set(database="postgres", drivername="postgresql")
        .render_as_string(hide_password=False)
    )


@pytest.fixture
def free_port() -> int:
    """A loopback port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
