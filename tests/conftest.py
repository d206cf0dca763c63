"""An application with a database of its own for every test, and the people of the house."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import flask_migrate
import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Engine, event, make_url
from sqlalchemy.orm import Session

from certificates.signing.making import Maker
from courses.catalogue import tree
from courses.learning import queries as lesson_queries
from lms.app import create_app
from lms.core.config import load_config, prepare_instance
from lms.core.db import db
from tests import factories
from tests.pages import CheckedClient

POSTGRES = os.environ.get("LMS_TEST_POSTGRES", "")
"""``postgresql://…`` of a cluster of our own: then every test runs on it instead of SQLite."""

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
"""The moment most tests happen at: 10.00 WIB."""


settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
"""A busy machine makes an example slow, not wrong; ``--hypothesis-profile`` still wins."""


@pytest.fixture(scope="session")
def database_server() -> str:
    """The address of the PostgreSQL of this run, empty on SQLite.

    Who reaches a database asks for it, mostly by way of `app`: only they run again on PostgreSQL.
    """
    return POSTGRES


def reaches_a_database(item: pytest.Item) -> bool:
    """Say whether a test, or any fixture of it, asks for a database."""
    return "database_server" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what reaches no database: the run on SQLite has shown all there is to it."""
    others = [item for item in items if POSTGRES and not reaches_a_database(item)]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if reaches_a_database(item)]


_running: list[pytest.Item] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Know which test runs."""
    _running[:] = [item]
    return (yield)


@event.listens_for(Engine, "connect")
def _is_asked_for(_connection: object, _record: object) -> None:
    """Fail who reaches a database without asking for one: on PostgreSQL it would not be run."""
    assert not _running or reaches_a_database(_running[0]), (
        "a test that reaches a database asks for a fixture"
    )


@pytest.fixture(scope="session")
def template_instance(database_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An instance folder with keys and a migrated, empty database; tests copy it."""
    folder = tmp_path_factory.mktemp("template")
    prepare_instance(folder)
    make_keys(folder)
    name = f"template_{secrets.token_hex(6)}"
    url = create_postgres(name) if database_server else f"sqlite:///{folder / 'penggerak.sqlite'}"
    app = create_app(load_config(folder, DATABASE_URL=url, TESTING=True))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    (folder / "template-name").write_text(name)
    yield folder
    if database_server:
        drop_postgres(name)


def make_keys(folder: Path) -> None:
    """Make all keys of certificates, in force at `NOW` and at the moment the tests really run."""
    begun = min(NOW, datetime.now(UTC)) - timedelta(days=1)
    Maker(folder, base_url="https://belajar.example.id", site="Penggerak", now=begun).make_missing()


@contextmanager
def installed(template: Path, parent: Path) -> Iterator[Flask]:
    """Yield an application on a copy of a template: an instance folder of its own, a database of its own."""
    folder = parent / "instance"
    shutil.copytree(template, folder)
    name, url = f"test_{secrets.token_hex(6)}", f"sqlite:///{folder / 'penggerak.sqlite'}"
    if POSTGRES:
        url = create_postgres(name, template=(template / "template-name").read_text())
    (folder / "template-name").write_text(name)
    yield create_app(load_config(folder, DATABASE_URL=url, TESTING=True))
    if POSTGRES:
        drop_postgres(name)


@contextmanager
def furnishing(app: Flask) -> Iterator[None]:
    """Fill the database in here; after it nothing holds the database, so that it can be copied."""
    with app.app_context():
        yield
        if not POSTGRES:
            db.session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def worker_app(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application per worker: routes and templates are compiled once, not once per test."""
    with installed(template_instance, tmp_path_factory.mktemp("worker")) as app:
        yield app


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
        create_postgres(name, template=(template / "template-name").read_text())
    # Published trees and lessons are kept for the life of a process: ids begin again in the new database.
    tree._published.clear()
    lesson_queries._texts.clear()


@pytest.fixture
def beginning(template_instance: Path) -> Path:
    """The instance folder a test's own is a copy of; a room with more in its house says so."""
    return template_instance


@pytest.fixture
def instance(worker_app: Flask, beginning: Path) -> Iterator[Path]:
    """A fresh instance folder for this test, with a fresh database."""
    config, extensions = dict(worker_app.config), dict(worker_app.extensions)
    renew(worker_app, beginning)
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
    """Make a database of our cluster, in place of one of that name, and return its address."""
    with psycopg.connect(_admin_url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        # Twice as quick as logging every row, which is what newer servers do unless told.
        copied = "STRATEGY FILE_COPY" if connection.info.server_version >= 150_000 else ""
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {copied}')
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


class Tell(Protocol):
    """Print numbers of a test at the end of the run, whichever process it ran in."""

    def __call__(self, what: str, **numbers: int) -> None: ...


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Return a function that keeps numbers for the summary."""

    def keep(what: str, **numbers: int) -> None:
        counted = ", ".join(f"{name} {number}" for name, number in numbers.items())
        record_property("told", f"{what}: {counted}")

    return keep


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say the numbers that tests wanted to be seen."""
    passed = terminalreporter.getreports("passed")
    told = [
        line
        for report in passed
        if report.when == "call"
        for name, line in report.user_properties
        if name == "told"
    ]
    if told:
        terminalreporter.section("counted")
        terminalreporter.write_line("\n".join(told))


@pytest.fixture
def free_port() -> int:
    """A loopback port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
