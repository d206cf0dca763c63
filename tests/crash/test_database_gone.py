"""The database is away for a while: everybody is told so, and when it is back all goes on by itself (36)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import flask_migrate
import pysqlite3.dbapi2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from lms.app import create_app
from lms.core.config import load_config
from lms.core.db import db
from quizzes.attempts.models import AnswerEvent, Attempt
from tests import conftest
from tests.crash.conftest import Cluster
from tests.halls import Seat, count_rows, seat_people
from tests.quizzes.attempts.conftest import make_desk
from tests.servers import Answer, running, send_once

SignIn = Callable[[int], FlaskClient]

SAVE = {"position": 1, "event": "save-1", "sequence": 1, "raw": {"choice": ["1"]}, "flagged": False}


@contextlib.contextmanager
def held_by_another_program(instance: Path) -> Iterator[None]:
    """Let somebody else hold the write lock, longer than anybody waits (here a tenth of a second)."""
    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", _wait_shortly)
    other = pysqlite3.dbapi2.connect(instance / "penggerak.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()
    event.remove(db.engine, "connect", _wait_shortly)
    db.session.remove()
    db.engine.dispose()


def _wait_shortly(connection: object, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout = 100")  # type: ignore[attr-defined]


@pytest.mark.skipif(bool(conftest.POSTGRES), reason="PostgreSQL has no lock of the whole")
def test_a_held_database_is_read_but_takes_nothing(
    app: Flask, session: Session, instance: Path, sign_in: SignIn
) -> None:
    desk = make_desk(session)
    paper = f"/percobaan/{desk.start().id}"
    client, other = sign_in(desk.enrolment.user_id), make_desk(session)
    stranger = sign_in(other.enrolment.user_id)
    start = f"/belajar/{other.enrolment.id}/kuis/{other.step.id}"

    with held_by_another_program(instance):
        assert client.get(paper).status_code == 200
        refused = client.post(f"{paper}/jawaban", json=SAVE, headers={"Accept": "application/json"})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert stranger.post(start).status_code == 503
        assert client.post(f"{paper}/kirim").status_code == 503

    assert (count_rows(AnswerEvent), count_rows(Attempt)) == (0, 1)
    assert client.post(f"{paper}/jawaban", json=SAVE).json["outcome"] == "applied"
    assert stranger.post(start).status_code == 303
    assert client.post(f"{paper}/kirim").status_code == 303


@pytest.mark.skipif(not conftest.POSTGRES, reason="SQLite has no server to be away")
def test_a_database_that_is_away_is_told_and_comes_back_by_itself(instance: Path, cluster: Cluster) -> None:
    app = create_app(load_config(instance, DATABASE_URL=cluster.url, TESTING=True))
    with app.app_context():
        flask_migrate.upgrade()
        seat = seat_people(app, 1)[0]
        db.session.remove()
        db.engine.dispose()
    with running(instance, cluster.url, is_forked=True) as server:
        assert ask(server.port, seat) == [200, 200, 200, 200]
        cluster.stop()
        # Whoever was connected, and whoever connects anew.
        assert [ask(server.port, seat) for _ in range(3)] == [[200, 503, 503, 503]] * 3
        cluster.start()
        assert [ask(server.port, seat) for _ in range(4)] == [[200, 200, 200, 200]] * 4
        assert save(server.port, seat).json["outcome"] == "applied"


def ask(port: int, seat: Seat) -> list[int]:
    """Return how life, readiness, a page and a save are answered."""
    paths = ("/healthz", "/readyz", f"/percobaan/{seat.attempt_id}")
    answers = [send_once(port, seat.holder, "GET", path) for path in paths]
    return [*(answer.status for answer in answers), save(port, seat).status]


def save(port: int, seat: Seat) -> Answer:
    path = f"/percobaan/{seat.attempt_id}/jawaban"
    return send_once(port, seat.holder, "POST", path, data=SAVE, Accept="application/json")
