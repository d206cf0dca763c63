"""What the server acknowledged is there, whoever is killed meanwhile (check 5)."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask

from lms.app import create_app
from lms.core.config import load_config
from lms.core.db import db
from tests import conftest
from tests.conftest import Tell
from tests.crash.conftest import Cluster
from tests.crash.phones import QUESTIONS, Phones, check
from tests.halls import Seat, seat_people
from tests.servers import Line, Server, running

PEOPLE = 8


def kill_now_and_then(phones: Phones, server: Server, *, workers: int, masters: int) -> None:
    """Kill ``workers`` workers one after another, and the whole server ``masters`` times in between."""
    chance = random.Random(5)
    for step in range(1, workers + masters + 1):
        phones.wait_for(8)
        if step % (workers // masters) == 0:
            server.kill()
            server.start()
        elif living := server.worker_ids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(living), signal.SIGKILL)


def test_no_acknowledged_answer_is_lost_when_processes_are_killed(
    app: Flask, instance: Path, database_url: str, tell: Tell
) -> None:
    seats = seat_people(app, PEOPLE, questions=QUESTIONS)
    db.session.remove()
    db.engine.dispose()

    with running(instance, database_url, is_forked=True) as server:
        phones = Phones(seats, server.port)
        with phones.answering():
            kill_now_and_then(phones, server, workers=12, masters=3)
        server.kill()

    tell("killed: 12 workers, 3 servers", **check(phones))
    if not conftest.POSTGRES:
        assert db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert not db.session.connection().exec_driver_sql("PRAGMA foreign_key_check").all()


@pytest.mark.skipif(not conftest.POSTGRES, reason="SQLite has no server to kill")
def test_no_acknowledged_answer_is_lost_when_the_database_is_killed(
    instance: Path, cluster: Cluster, tell: Tell
) -> None:
    app = create_app(load_config(instance, DATABASE_URL=cluster.url, TESTING=True))
    with app.app_context():
        flask_migrate.upgrade()
        seats = seat_people(app, PEOPLE, questions=QUESTIONS)
        db.session.remove()
        db.engine.dispose()
        with running(instance, cluster.url, is_forked=True) as server:
            phones = Phones(seats, server.port)
            with phones.answering():
                _kill_database(phones, cluster, times=3)
            check_recovers(server, seats[0])
        tell("killed: PostgreSQL, 3 times", **check(phones))
        db.session.remove()
        db.engine.dispose()


def _kill_database(phones: Phones, cluster: Cluster, *, times: int) -> None:
    for _ in range(times):
        phones.wait_for(40)
        cluster.kill()
        time.sleep(0.3)
        cluster.start()
    phones.wait_for(40)


def check_recovers(server: Server, seat: Seat) -> None:
    """Assert that pages work again without a restart of the server."""
    line = Line(server.port, seat.holder)
    statuses = [line.send("GET", f"/percobaan/{seat.attempt_id}").status for _ in range(8)]
    line.close()
    assert set(statuses) == {200}
