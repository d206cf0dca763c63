"""A full disk costs nobody an answer: what cannot be kept is not confirmed, and no half of it stays (36)."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import resource
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from courses.learning.models import Progress
from lms.core.db import db
from quizzes.attempts.models import AnswerEvent, AnswerFile, Attempt, PaperItem, Response
from quizzes.grading.models import Mark
from tests import conftest
from tests.conftest import Tell
from tests.crash.phones import QUESTIONS, Phones, check
from tests.factories import make_question
from tests.halls import count_rows, seat_people
from tests.quizzes.attempts.conftest import make_desk
from tests.servers import Line, Server, running

SignIn = Callable[[int], FlaskClient]

PEOPLE = 4
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
MANY = 150
"""Questions whose rows fit into no page that is already there."""


@contextlib.contextmanager
def full_disk(table: str) -> Iterator[None]:
    """Let the database find no more room: SQLite for anything, PostgreSQL for rows of one table."""
    db.session.rollback()
    if conftest.POSTGRES:
        _fill_postgres(table)
        yield
        _run(f"DROP TRIGGER full_disk ON {table}")
        return
    db.session.remove()
    # Pages of the index of words are given back as it grows: rows would find room in them.
    with contextlib.closing(db.engine.raw_connection()) as connection:
        connection.cursor().execute("VACUUM")
    db.engine.dispose()
    event.listen(db.engine, "connect", _take_no_page)
    yield
    event.remove(db.engine, "connect", _take_no_page)
    db.session.remove()
    db.engine.dispose()


def _take_no_page(connection: object, _record: object) -> None:
    connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined] # what it has now, at least


def _fill_postgres(table: str) -> None:
    _run(
        "CREATE OR REPLACE FUNCTION full_disk() RETURNS trigger AS $$ BEGIN "
        "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; "
        "END $$ LANGUAGE plpgsql"
    )
    _run(f"CREATE TRIGGER full_disk AFTER INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION full_disk()")


def _run(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def count(session: Session, model: type, *conditions: object) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


def whole_form() -> dict[str, str]:
    form = {}
    for position in range(1, MANY + 1):
        form |= {
            f"q{position}-seq": "1",
            f"q{position}-event": f"form-{position}",
            f"q{position}-choice": "1",
        }
    return form


def test_nothing_is_half_done_when_the_disk_is_full(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, [make_question(session) for _ in range(MANY)], attempts_allowed=1)
    client = sign_in(desk.enrolment.user_id)
    start = f"/belajar/{desk.enrolment.id}/kuis/{desk.step.id}"

    with full_disk("paper_item"):
        refused = client.post(start)
        assert client.get(start).status_code == 200
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert count(session, Attempt) == count(session, PaperItem) == 0

    begun = client.post(start)
    assert begun.status_code == 303
    paper = begun.headers["Location"]
    form = whole_form()
    with full_disk("answer_event"):
        refused = client.post(f"{paper}/jawaban", data=form)
        assert client.get(paper).status_code == 200
    assert refused.status_code == 503
    assert count(session, Response) == count(session, AnswerEvent) == 0

    assert client.post(f"{paper}/jawaban", data=form).status_code == 303
    assert count(session, AnswerEvent, AnswerEvent.outcome == "applied") == MANY
    with full_disk("mark"):
        refused = client.post(f"{paper}/kirim")
    assert refused.status_code == 503
    assert count(session, Mark) == 0
    assert count(session, Attempt, Attempt.state == "in_progress", Attempt.submitted_at.is_(None)) == 1
    assert count(session, Progress, Progress.attempts_used > 0) == 0

    assert client.post(f"{paper}/kirim").status_code == 303
    assert count(session, Mark) == MANY
    assert count(session, Attempt, Attempt.state == "submitted") == 1


def test_a_save_that_finds_no_room_is_told_so_to_the_script(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, [make_question(session, "essay")])
    path = f"/percobaan/{desk.start().id}/jawaban"
    client = sign_in(desk.enrolment.user_id)
    long = {"text": ["Iuran dibayar oleh pemberi kerja. " * 90]}
    save = {"position": 1, "event": "long-1", "sequence": 1, "raw": long, "flagged": False}

    with full_disk("answer_event"):
        refused = client.post(path, json=save, headers={"Accept": "application/json"})
    assert refused.status_code == 503
    assert refused.json["status"] == 503
    assert count(session, Response) == 0

    assert client.post(path, json=save).json["outcome"] == "applied"


def test_a_file_that_finds_no_room_leaves_nothing_behind(
    session: Session, instance: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(session, [make_question(session, "essay")])
    (item,) = desk.items(desk.start())
    path, client = f"/jawaban/{item.id}/berkas", sign_in(desk.enrolment.user_id)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _no_room)
        refused = client.post(path, data={"file": (io.BytesIO(PDF), "tugas.pdf")})
    assert refused.status_code == 503
    assert count(session, AnswerFile) == 0
    assert not [one for one in (instance / "files").rglob("*") if one.is_file()]

    assert client.post(path, data={"file": (io.BytesIO(PDF), "tugas.pdf")}).status_code < 400
    assert count(session, AnswerFile) == 1


def _no_room(_handle: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.skipif(bool(conftest.POSTGRES), reason="the files are PostgreSQL's own")
def test_no_acknowledged_answer_is_lost_when_the_disk_fills_up(
    app: Flask, instance: Path, database_url: str, tell: Tell
) -> None:
    """The server's own files may not grow any more, as on a disk that is full; later there is room again."""
    seats = seat_people(app, PEOPLE, questions=QUESTIONS)
    db.session.remove()
    db.engine.dispose()

    with running(instance, database_url, is_forked=True) as server:
        phones = Phones(seats, server.port)
        with phones.answering():
            phones.wait_for(40)
            let_files_grow(server, by=100_000)
            wait_for_refusals(phones, 10)
            line = Line(server.port, seats[0].holder)
            assert line.send("GET", f"/percobaan/{seats[0].attempt_id}").status == 200
            line.close()
            let_files_grow(server, by=None)
            phones.wait_for(80)

    assert set(phones.unanswered) == {503}
    said = server.log.read_text()
    assert "unavailable" in said
    assert '{"choice"' not in said, "what people answered is not for the log"
    tell("disk full for a while", **check(phones))
    assert db.session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    assert count_rows(Attempt) == PEOPLE


def let_files_grow(server: Server, *, by: int | None) -> None:
    """Forbid the server to write beyond so many bytes after the end of what it writes to; None: allow all."""
    wal = server.instance / "penggerak.sqlite-wal"
    most = resource.RLIM_INFINITY if by is None else wal.stat().st_size + by
    assert server.process is not None
    for process in [server.process.pid, *server.worker_ids()]:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def wait_for_refusals(phones: Phones, count: int) -> None:
    goal = phones.unanswered[503] + count
    while phones.unanswered[503] < goal:
        assert not phones.over.wait(0.02)
        assert not phones.surprises, phones.surprises[:3]
