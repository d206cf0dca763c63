"""A server told to end finishes what it has begun: no answer is lost, no request fails (check 36)."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from pathlib import Path

from flask import Flask

from lms.core.db import db
from tests.conftest import Tell
from tests.crash.phones import QUESTIONS, Phones, check
from tests.halls import Seat, seat_people
from tests.servers import Server, running

PEOPLE = 8
STOP_SECONDS = 20


def end(server: Server) -> int:
    """Tell the server to end as a service manager does; return what it ended with."""
    assert server.process is not None
    server.process.terminate()
    return server.process.wait(STOP_SECONDS)


def test_no_acknowledged_answer_is_lost_when_the_server_is_told_to_end(
    app: Flask, instance: Path, database_url: str, tell: Tell
) -> None:
    seats = seat_people(app, PEOPLE, questions=QUESTIONS)
    db.session.remove()
    db.engine.dispose()

    with running(instance, database_url, is_forked=True) as server:
        phones = Phones(seats, server.port)
        with phones.answering():
            phones.wait_for(60)
            assert end(server) == 0, server.log.read_text()[-2000:]
            server.start()
            phones.wait_for(50)

    # Between two lives nobody answers; whoever is answered is answered well.
    assert set(phones.unanswered) == {0}
    tell("told to end: a server", **check(phones))


def test_workers_that_are_replaced_one_by_one_fail_nobody(
    app: Flask, instance: Path, database_url: str
) -> None:
    """A reload, as after an update: the port stays open all the time."""
    seats = seat_people(app, 4, questions=QUESTIONS)
    db.session.remove()
    db.engine.dispose()

    with running(instance, database_url, is_forked=True) as server:
        assert server.process is not None
        before = set(server.worker_ids())
        phones = Phones(seats, server.port)
        with phones.answering():
            phones.wait_for(20)
            server.process.send_signal(signal.SIGHUP)
            while before & set(server.worker_ids()):
                time.sleep(0.02)
            phones.wait_for(20)

    assert not phones.surprises
    assert set(phones.unanswered) <= {0}


def test_a_request_on_its_way_is_answered_after_the_signal(
    app: Flask, instance: Path, database_url: str
) -> None:
    """Half of an answer has arrived over a weak line; the other half may still come."""
    seat = seat_people(app, 1, questions=QUESTIONS)[0]
    db.session.remove()
    db.engine.dispose()

    with running(instance, database_url, is_forked=True) as server:
        assert server.process is not None
        head, tail = halves_of_a_save(seat, server.port)
        with socket.create_connection(("127.0.0.1", server.port), timeout=15) as line:
            line.sendall(head)
            time.sleep(0.5)
            os.kill(server.process.pid, signal.SIGTERM)
            time.sleep(0.5)
            line.sendall(tail)
            answer = line.makefile("rb").read()
        assert server.process.wait(STOP_SECONDS) == 0

    assert answer.startswith(b"HTTP/1.1 200 "), answer[:300]
    assert b'"outcome":"applied"' in answer.replace(b" ", b"")


def halves_of_a_save(seat: Seat, port: int) -> tuple[bytes, bytes]:
    body = json.dumps(
        {"position": 1, "event": "half-1", "sequence": 1, "raw": {"choice": ["1"]}, "flagged": False}
    ).encode()
    headers = {
        "Host": f"127.0.0.1:{port}",
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **seat.holder.headers,
    }
    lines = [f"POST /percobaan/{seat.attempt_id}/jawaban HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    return whole[:-20], whole[-20:]
