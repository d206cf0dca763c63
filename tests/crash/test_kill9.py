"""What the server acknowledged is there, whoever is killed meanwhile (research: check 5)."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select

from lms.app import create_app
from lms.core.config import load_config
from lms.core.db import db
from quizzes.attempts.models import AnswerEvent, PaperItem, Response
from tests import conftest
from tests.crash.conftest import Cluster
from tests.halls import Seat, seat_people
from tests.servers import Line, Server, running

PEOPLE = 8
QUESTIONS = 5
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Acknowledged:
    """A save the server said it had applied."""

    attempt_id: int
    event_id: str
    position: int
    sequence: int
    choice: str


@dataclass
class Hall:
    """People who answer without a break, and what they were told."""

    seats: list[Seat]
    port: int
    acknowledged: list[Acknowledged] = field(default_factory=list)
    unanswered: int = 0
    surprises: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Let everybody answer while the block runs."""
        threads = [threading.Thread(target=self._answer, args=(seat,)) for seat in self.seats]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join(60)

    def _answer(self, seat: Seat) -> None:
        line, chance, sequence = Line(self.port, seat.holder, timeout=15), random.Random(seat.attempt_id), 0
        while not self.over.is_set():
            sequence += 1
            save = Acknowledged(
                seat.attempt_id,
                f"kill-{seat.attempt_id}-{sequence}",
                chance.randint(1, QUESTIONS),
                sequence,
                str(chance.randint(1, 2)),
            )
            # As a phone does: the same event again and again until it is confirmed.
            while not self._send(line, save) and not self.over.is_set():
                time.sleep(0.05)
        line.close()

    def _send(self, line: Line, save: Acknowledged) -> bool:
        data = {
            "position": save.position,
            "event": save.event_id,
            "sequence": save.sequence,
            "raw": {"choice": [save.choice]},
            "flagged": False,
        }
        try:
            answer = line.send("POST", f"/percobaan/{save.attempt_id}/jawaban", data=data)
        except OSError:
            self.unanswered += 1
            return False
        if answer.status == 503:
            self.unanswered += 1
            return False
        if answer.status != 200 or answer.json["outcome"] != "applied":
            self.surprises.append(f"{answer.status} {answer.body[:200]!r}")
            return True
        self.acknowledged.append(save)
        return True


def missing(hall: Hall) -> list[Acknowledged]:
    """Return what was acknowledged and is not there: the event, or a standing answer at least as new."""
    session = db.session()
    session.rollback()
    events = {
        (event.attempt_id, event.event_id): (event.sequence, event.raw, event.outcome)
        for event in session.scalars(select(AnswerEvent))
    }
    rows = session.execute(select(PaperItem, Response).join(Response, Response.item_id == PaperItem.id))
    standing = {(item.attempt_id, item.position): response for item, response in rows}
    return [save for save in hall.acknowledged if not _is_there(save, events, standing)]


def _is_there(
    save: Acknowledged,
    events: dict[tuple[int, str], tuple[int, object, str]],
    standing: dict[tuple[int, int], Response],
) -> bool:
    raw = {"choice": [save.choice]}
    answer = standing.get((save.attempt_id, save.position))
    if answer is None or answer.sequence < save.sequence:
        return False
    if answer.sequence == save.sequence and answer.raw != raw:
        return False
    return events.get((save.attempt_id, save.event_id)) == (save.sequence, raw, "applied")


def check(hall: Hall) -> None:
    """Assert that nothing is lost and nothing is stored twice."""
    assert not hall.surprises, hall.surprises[:3]
    assert len(hall.acknowledged) > 100, f"only {len(hall.acknowledged)} saves in all: this proves nothing"
    assert hall.unanswered, "nobody noticed that processes were killed: this proves nothing"
    assert not missing(hall)
    session = db.session()
    ids = [(event.attempt_id, event.event_id) for event in session.scalars(select(AnswerEvent))]
    assert len(ids) == len(set(ids))
    session.rollback()


def kill_now_and_then(hall: Hall, server: Server, *, workers: int, masters: int) -> None:
    """Kill ``workers`` workers one after another, and the whole server ``masters`` times in between."""
    chance = random.Random(5)
    for step in range(1, workers + masters + 1):
        wait_for_saves(hall, 8)
        if step % (workers // masters) == 0:
            server.kill()
            server.start()
        elif living := server.worker_ids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(living), signal.SIGKILL)


def wait_for_saves(hall: Hall, count: int) -> None:
    """Wait until the hall has so many saves more.

    Raises:
        AssertionError: they do not come: whoever was killed is not replaced.
    """
    goal, end = len(hall.acknowledged) + count, time.monotonic() + PATIENCE_SECONDS
    while len(hall.acknowledged) < goal:
        assert time.monotonic() < end, f"{goal - len(hall.acknowledged)} of {count} saves do not come"
        time.sleep(0.02)


def test_no_acknowledged_answer_is_lost_when_processes_are_killed(
    app: Flask, instance: Path, database_url: str
) -> None:
    seats = seat_people(app, PEOPLE, questions=QUESTIONS)
    db.session.remove()
    db.engine.dispose()

    with running(instance, database_url) as server:
        hall = Hall(seats, server.port)
        with hall.answering():
            kill_now_and_then(hall, server, workers=12, masters=3)
        server.kill()

    check(hall)
    if not conftest.POSTGRES:
        assert db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert not db.session.connection().exec_driver_sql("PRAGMA foreign_key_check").all()


@pytest.mark.skipif(not conftest.POSTGRES, reason="SQLite has no server to kill")
def test_no_acknowledged_answer_is_lost_when_the_database_is_killed(instance: Path, cluster: Cluster) -> None:
    app = create_app(load_config(instance, DATABASE_URL=cluster.url, TESTING=True))
    with app.app_context():
        flask_migrate.upgrade()
        seats = seat_people(app, PEOPLE, questions=QUESTIONS)
        db.session.remove()
        db.engine.dispose()
        with running(instance, cluster.url) as server:
            hall = Hall(seats, server.port)
            with hall.answering():
                _kill_database(hall, cluster, times=3)
            check_recovers(server, seats[0])
        check(hall)
        db.session.remove()
        db.engine.dispose()


def _kill_database(hall: Hall, cluster: Cluster, *, times: int) -> None:
    for _ in range(times):
        wait_for_saves(hall, 40)
        cluster.kill()
        time.sleep(0.3)
        cluster.start()
    wait_for_saves(hall, 40)


def check_recovers(server: Server, seat: Seat) -> None:
    """Assert that pages work again without a restart of the server."""
    line = Line(server.port, seat.holder)
    statuses = [line.send("GET", f"/percobaan/{seat.attempt_id}").status for _ in range(8)]
    line.close()
    assert set(statuses) == {200}
