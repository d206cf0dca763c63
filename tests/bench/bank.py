"""The bank of a whole country: 100,000 questions, and how long a trainer waits for list and search.

They are copies of the shipped ones, made by the database, with a word of their own each; a third is the
nation's, a third the trainer's branch's, a third another branch's, which every list has to pass over.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, create_engine, event, func, select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role, UserSession
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.search.models import QuestionSearch, QuestionTag
from tests import factories
from tests.bench.load import connect, exchange, raw
from tests.bench.records import Copies, copy_rows, settle, without_checks
from tests.bench.stage import Stage
from tests.servers import Pass, make_pass

_BASE = 5_000_000
_AT_ONCE = 20_000
PLACES = {
    "the newest": "",
    "one topic": "topik=jkk",
    "one type": "jenis=number",
    "module × level": "modul=day-2%2F01-jkk&tingkat=apply",
    "a tag of 20 in 100": "label=sering",
    "a tag of 1 in 1,000": "label=jarang",
    "far back": "sebelum=5000400",
    "a word in all": "q=pe",
    "two words": "q=iuran+pekerja",
    "one in 100,000": "q=kata77777",
    "a word, a topic, a type": "q=upah&topik=jht&jenis=number",
    "a word in none": "q=tidakadasamasekali",
}
"""What is asked for, by what it is."""
HEAD = """| list of questions | queries | half wait | p95 | while typing: half wait | p95 |
|---|---:|---:|---:|---:|---:|"""


@dataclass(frozen=True)
class Waits:
    """How long one person waited, in seconds, in order."""

    seconds: list[float]

    @property
    def half(self) -> float:
        """Milliseconds that half of the answers took at most."""
        return 1000 * self.seconds[len(self.seconds) // 2]

    @property
    def p95(self) -> float:
        """Milliseconds that 95 of 100 answers took at most."""
        return 1000 * self.seconds[min(len(self.seconds) - 1, int(len(self.seconds) * 0.95))]


class Bank:
    """The bank of one stage, with a trainer who looks for questions."""

    def __init__(self, stage: Stage) -> None:
        self._app = stage.app
        with self._app.app_context():
            self._branch_id = factories.make_branch(db.session()).id
            self._holder = _trainer(stage, db.session(), self._branch_id)
            db.session.remove()

    def fill(self, count: int) -> None:
        """Let there be so many questions more; once for a stage."""
        with self._app.app_context():
            copies = list(_copies(db.session(), self._branch_id))
            url, options = db.engine.url, self._app.config["SQLALCHEMY_ENGINE_OPTIONS"]
            db.session.remove()
            db.engine.dispose()
        engine = create_engine(url, **options)
        for each in copies:
            for after in range(0, count, _AT_ONCE):
                with engine.connect() as connection:
                    without_checks(connection)
                    copy_rows(connection, each, after, min(after + _AT_ONCE, count))
                    connection.commit()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            settle(connection, (Question, QuestionVersion))
        engine.dispose()

    def lines(self, port: int, requests: int) -> Iterator[str]:
        """Yield a line of the table for everything somebody may look for."""
        for name, query in PLACES.items():
            page = self._wait(port, f"/soal?{query}", requests)
            part = self._wait(port, f"/soal/daftar?{query}", requests)
            queries = self._queries(f"/soal?{query}")
            yield (
                f"| {name} | {queries} | {page.half:.0f} ms | **{page.p95:.0f} ms** "
                f"| {part.half:.0f} ms | **{part.p95:.0f} ms** |"
            )

    def _wait(self, port: int, path: str, requests: int) -> Waits:
        request, taken, line = raw("GET", path, self._holder.headers), [], connect(port)
        for _ in range(requests + 4):
            began = time.perf_counter()
            answer, _body, closes = exchange(line, request)
            taken.append(time.perf_counter() - began)
            assert answer.split(b" ", 2)[1] == b"200", answer[:200]
            if closes:
                line.close()
                line = connect(port)
        line.close()
        # The first meet a process that has not seen the page yet.
        return Waits(sorted(taken[4:]))

    def _queries(self, path: str) -> int:
        found: list[str] = []

        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith("BEGIN"):
                found.append(statement)

        with self._app.app_context():
            event.listen(Engine, "before_cursor_execute", note)
            response = self._app.test_client(use_cookies=False).get(path, headers=self._holder.headers)
            event.remove(Engine, "before_cursor_execute", note)
            assert response.status_code == 200
            db.session.remove()
            db.engine.dispose()
        return len(found)


def _trainer(stage: Stage, session: Session, branch_id: int) -> Pass:
    branch, now = session.get_one(Branch, branch_id), utc_now()
    user = factories.make_user(session, Role.TRAINER, branch=branch)
    begin_write(session)
    token = open_session(
        session, user.id, via="password", now=now, user_agent="bench", expires_at=now + timedelta(days=1)
    )
    shown = update(UserSession).where(UserSession.user_id == user.id).values(second_factor_at=now)
    session.execute(shown)
    session.commit()
    return make_pass(stage.app, token)


def _copies(session: Session, own: int) -> Iterator[Copies]:
    """Yield what is copied: each question of a course in turn, with its newest wording."""
    models = session.execute(
        select(QuestionSearch.question_id, func.max(QuestionVersion.id))
        .join(QuestionVersion, QuestionVersion.question_id == QuestionSearch.question_id)
        .group_by(QuestionSearch.question_id)
        .order_by(QuestionSearch.question_id)
    ).all()
    other = factories.make_branch(session).id
    ids = ", ".join(
        f"({turn}, {question_id}, {version})" for turn, (question_id, version) in enumerate(models)
    )
    turns = f"(WITH t(turn, question_id, version_id) AS (VALUES {ids}) SELECT * FROM t) AS t"
    mine, row = f"t.turn = n.k - n.k / {len(models)} * {len(models)}", f"{_BASE} + n.k"
    third = f"CASE n.k - n.k / 3 * 3 WHEN 0 THEN NULL WHEN 1 THEN {own} ELSE {other} END"
    yield (
        Question,
        {"id": row, "key": "NULL", "branch_id": third},
        f"question AS s, {turns}",
        f"{mine} AND s.id = t.question_id",
    )
    yield (
        QuestionVersion,
        {"id": row, "question_id": row, "number": "1"},
        f"question_version AS s, {turns}",
        f"{mine} AND s.id = t.version_id",
    )
    yield (
        QuestionSearch,
        {"question_id": row, "words": "s.words || ' kata' || n.k"},
        f"question_search AS s, {turns}",
        f"{mine} AND s.question_id = t.question_id",
    )
    for label, every in (("sering", 5), ("jarang", 1000)):
        changed = {"question_id": row, "tag": f"'{label}'", "label": f"'{label}'"}
        yield QuestionTag, changed, "(SELECT 1 AS one) AS s", f"n.k - n.k / {every} * {every} = 0"
