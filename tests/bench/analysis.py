"""A quiz of the whole country: 100,000 papers of twenty questions, and how long their report takes.

Papers are made as a test would have them: people differ, questions differ, and a wrong answer is one of
three. Of each there is what reports are reckoned from, not the answers themselves.
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, create_engine, event, insert, select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role, UserSession
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.bank.models import Quiz, QuizSlot, QuizVersion, SlotCandidate
from quizzes.statistics.models import PaperTally
from tests import factories
from tests.bench.load import connect, exchange, raw
from tests.bench.records import without_checks
from tests.bench.runs import peak_megabytes
from tests.bench.stage import Stage
from tests.servers import Pass, make_pass

ITEMS = 20
_BASE = 50_000_000
_AT_ONCE = 10_000
HEAD = """| analysis | papers | queries | half wait | the slowest | memory of the process |
|---|---:|---:|---:|---:|---:|"""


@dataclass(frozen=True)
class _Quiz:
    quiz_id: int
    quiz_version_id: int
    cohort_id: int
    questions: list[int]


class Analysis:
    """One quiz with very many papers, and an admin who opens its report."""

    def __init__(self, stage: Stage) -> None:
        self._app, self._folder = stage.app, Path(stage.folder)
        with self._app.app_context():
            session = db.session()
            self._quiz, self._holder = _make_quiz(session), _admin(stage, session)
            db.session.remove()
        self.papers = 0

    def fill(self, count: int) -> None:
        """Let so many papers be handed in; once for a stage."""
        with self._app.app_context():
            url, options = db.engine.url, self._app.config["SQLALCHEMY_ENGINE_OPTIONS"]
            db.session.remove()
            db.engine.dispose()
        engine, chance = create_engine(url, **options), Random(20161019)
        for after in range(0, count, _AT_ONCE):
            rows = [self._paper(number, chance) for number in range(after, min(after + _AT_ONCE, count))]
            with engine.connect() as connection:
                without_checks(connection)
                connection.execute(insert(PaperTally), rows)
                connection.commit()
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE paper_tally")
        engine.dispose()
        self.papers = count

    def lines(self, server: tuple[int, int], requests: int) -> Iterator[str]:
        """Yield a line for the report and one for the command; ``server`` is its port and process."""
        port, process = server
        path = f"/kuis/{self._quiz.quiz_id}/analisis"
        seconds = sorted(self._wait(port, path) for _ in range(requests))
        memory = max(peak_megabytes(one) for one in [process, *_children(process)])
        middle, slowest = seconds[len(seconds) // 2], seconds[-1]
        yield (
            f"| report of a quiz | {self.papers:,} | {self._queries(path)} | {middle:.2f} s "
            f"| **{slowest:.2f} s** | {memory:.0f} MB |"
        )
        taken, memory = self._command()
        yield (
            f"| `lms quiz analyse` of a table | {self.papers:,} | 0 | {taken:.2f} s | **{taken:.2f} s** "
            f"| {memory:.0f} MB |"
        )

    def _paper(self, number: int, chance: Random) -> dict[str, Any]:
        ability, earned, words = chance.gauss(0, 1), 0, []
        for place, version_id in enumerate(self._quiz.questions):
            is_right = chance.gauss(0, 1) + ability > (place - ITEMS / 2) / 8
            earned += is_right
            words.append(f"{version_id}:{int(is_right)}:1:{0 if is_right else chance.randint(1, 2)}::")
        unit = 10_000_000
        return {
            "attempt_id": _BASE + number,
            "enrolment_id": _BASE + number,
            "cohort_id": self._quiz.cohort_id,
            "quiz_id": self._quiz.quiz_id,
            "quiz_version_id": self._quiz.quiz_version_id,
            "number": 1,
            "earned": earned * unit,
            "possible": ITEMS * unit,
            "cells": " ".join(words),
        }

    def _wait(self, port: int, path: str) -> float:
        line, began = connect(port), time.perf_counter()
        answer, _body, _closes = exchange(line, raw("GET", path, self._holder.headers))
        taken = time.perf_counter() - began
        line.close()
        assert answer.split(b" ", 2)[1] == b"200", answer[:200]
        return taken

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

    def _command(self) -> tuple[float, float]:
        """Return the seconds and megabytes of the command on a table of as many people."""
        file, chance = self._folder / "marks.csv", Random(20161019)
        with file.open("w", encoding="utf-8", newline="") as output:
            writer = csv.writer(output)
            writer.writerow(["max", *[1] * ITEMS])
            for number in range(self.papers):
                words = self._paper(number, chance)["cells"].split()
                writer.writerow([f"p{number}", *(word.split(":")[1] for word in words)])
        began = time.perf_counter()
        command = [str(Path(sys.executable).with_name("lms")), "quiz", "analyse", str(file), "--json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        file.unlink()
        return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _make_quiz(session: Session) -> _Quiz:
    cohort = factories.make_cohort(session, edition=factories.make_edition(session))
    step = factories.make_quiz_step(session, cohort, [factories.make_question(session) for _ in range(ITEMS)])
    mine = Quiz.key.endswith(step.path)
    version = session.scalars(select(QuizVersion).join(QuizVersion.quiz).where(mine)).one()
    named = select(SlotCandidate.question_version_id).join(SlotCandidate.slot)
    questions = session.scalars(
        named.where(QuizSlot.quiz_version_id == version.id).order_by(QuizSlot.position)
    )
    return _Quiz(version.quiz_id, version.id, cohort.id, list(questions))


def _admin(stage: Stage, session: Session) -> Pass:
    user, now = factories.make_user(session, Role.ADMIN), utc_now()
    begin_write(session)
    token = open_session(
        session, user.id, via="password", now=now, user_agent="bench", expires_at=now + timedelta(days=1)
    )
    session.execute(update(UserSession).where(UserSession.user_id == user.id).values(second_factor_at=now))
    session.commit()
    return make_pass(stage.app, token)


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(word) for word in listed.split()]
