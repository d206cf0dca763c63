"""A whole school's bank: 10,000 questions of Moodle XML sent, read and checked, looked at, and stored.

Jobs read and store as they do for a trainer, by ``lms jobs run --once`` in a process of its own; beside each
goes a bare program that parses the same file, or adds as many rows (`tests.bench.bare_import`).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from lms.core.accounts.models import Branch, Role, User, UserSession
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.bank.origin_models import QuestionOrigin
from quizzes.exchange.imports import services as imports
from quizzes.exchange.imports.models import ImportedQuestion, ImportState, QuestionImport
from quizzes.exchange.imports.services import Sent
from tests import factories
from tests.bench.load import connect, exchange, raw
from tests.bench.runs import Run, run, run_jobs
from tests.bench.stage import Stage
from tests.quizzes.bank.actors import actor_of
from tests.servers import Pass, make_pass

HEAD = """| import | ours | yardstick | ours: CPU | yardstick | **CPU ratio** | ours: memory | yardstick |
|---|---:|---:|---:|---:|---:|---:|---:|"""
_BARE = [sys.executable, "-m", "tests.bench.bare_import"]
_LOOKS = 20
"""Times a page of the review is opened."""
_WORDS = (
    "peserta", "iuran", "upah", "kecelakaan", "kerja", "jaminan", "hari", "tua", "pensiun", "kematian",
    "laporan", "kantor", "cabang", "perusahaan", "kader", "manfaat", "klaim", "dokumen", "bulan", "tahun",
    "wajib",
)  # fmt: skip


@dataclass(frozen=True)
class _Sender:
    user_id: int
    branch_id: int
    holder: Pass


class Intake:
    """One stage, and a trainer who sends a large file to it."""

    def __init__(self, stage: Stage, bare_url: str) -> None:
        self._stage, self._bare = stage, {"BENCH_DATABASE_URL": bare_url}
        with stage.app.app_context():
            self._sender = _sender(stage, db.session())
            _let_go()

    def lines(self, port: int, count: int) -> Iterator[str]:
        """Yield a line for each step of a file with so many questions; ``port`` is the server's."""
        file = Path(self._stage.folder) / "bank.xml"
        file.write_text(moodle_xml(count), encoding="utf-8")
        megabytes = file.stat().st_size / 1_000_000
        idle, import_id = run_jobs(self._stage), self._send(file.read_bytes())
        ours = run_jobs(self._stage)
        self._check(import_id, read=count)
        bare = run([*_BARE, "read", str(file)], self._bare)
        yield _line(f"{count:,} questions ({megabytes:.1f} MB) read and checked", ours, bare, idle)
        seconds = sorted(self._wait(port, f"/soal/impor/{import_id}?halaman={n + 1}") for n in range(_LOOKS))
        middle = f"{1000 * seconds[_LOOKS // 2]:.0f} ms"
        yield f"| … a page of twenty looked at | {middle} | | | | | | |"
        self._promise(import_id)
        ours = run_jobs(self._stage)
        self._check(import_id, read=count, stored=count)
        bare = run([*_BARE, "store"], self._bare)
        yield _line("… all of them stored", ours, bare, idle)

    def _send(self, body: bytes) -> int:
        with self._stage.app.app_context():
            session, sender = db.session(), self._sender
            sent = Sent(sender.branch_id, "impor", "graded", "", "bank.xml")
            actor = actor_of(session.get_one(User, sender.user_id), session.get_one(Branch, sender.branch_id))
            import_id = imports.begin(session, actor, sent, body=body, now=utc_now()).id
            session.commit()
            _let_go()
        return import_id

    def _promise(self, import_id: int) -> None:
        """Ask for all of them to be stored, twins of others too."""
        with self._stage.app.app_context():
            session, sender = db.session(), self._sender
            actor = actor_of(session.get_one(User, sender.user_id), session.get_one(Branch, sender.branch_id))
            imports.tick_all(session, actor, import_id=import_id, is_ticked=True)
            imports.promise_storing(session, actor, import_id=import_id, now=utc_now())
            session.commit()
            _let_go()

    def _check(self, import_id: int, *, read: int, stored: int = 0) -> None:
        """See that everything was done."""
        with self._stage.app.app_context():
            session = db.session()
            made = session.get_one(QuestionImport, import_id)
            assert made.state == ImportState.READ, made.problem
            mine = ImportedQuestion.import_id == import_id, ImportedQuestion.kind.is_not(None)
            assert session.scalar(select(func.count()).select_from(ImportedQuestion).where(*mine)) == read
            kept = select(func.count()).select_from(QuestionOrigin)
            assert session.scalar(kept.where(QuestionOrigin.file_name == "bank.xml")) == stored
            _let_go()

    def _wait(self, port: int, path: str) -> float:
        line, began = connect(port), time.perf_counter()
        answer, _body, _closes = exchange(line, raw("GET", path, self._sender.holder.headers))
        taken = time.perf_counter() - began
        line.close()
        assert answer.split(b" ", 2)[1] == b"200", answer[:200]
        return taken


def moodle_xml(count: int) -> str:
    """Return a file with so many questions of five kinds, each with its reasons, always the same."""
    chance = Random(count)
    made = "".join(_question(number, chance) for number in range(count))
    topic = "<question type='category'><category><text>$course$/Iuran</text></category></question>\n"
    return f"<?xml version='1.0' encoding='UTF-8'?>\n<quiz>\n{topic}{made}</quiz>\n"


def _question(number: int, chance: Random) -> str:
    kind = ("multichoice", "multichoice", "truefalse", "numerical", "matching")[number % 5]
    stem = f"<p>{number}: {_said(chance, 9)} <b>{_said(chance, 2)}</b>?</p>"
    head = (
        f"<name><text>Soal {number}</text></name><questiontext format='html'><text><![CDATA[{stem}]]></text>"
        f"</questiontext><generalfeedback format='html'><text><![CDATA[<p>{_said(chance, 12)}.</p>]]></text>"
        "</generalfeedback><defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty>"
    )
    body = _subquestions(chance) if kind == "matching" else _answers(kind, number, chance)
    single = f"<single>{str(number % 5 == 0).lower()}</single>" if kind == "multichoice" else ""
    return f"<question type='{kind}'>{head}{single}{body}</question>\n"


def _answers(kind: str, number: int, chance: Random) -> str:
    if kind == "truefalse":
        return _answer(100, "true", chance) + _answer(0, "false", chance)
    if kind == "numerical":
        return _answer(100, f"{number}.5", chance, "<tolerance>0.1</tolerance>")
    shares = (100, 0, 0, 0) if number % 5 == 0 else (50, 50, 0, 0)
    texts = (f"<![CDATA[<p>{letter} {_said(chance, 5)}</p>]]>" for letter in "abcd")
    return "".join(_answer(share, text, chance) for share, text in zip(shares, texts, strict=True))


def _answer(share: int, text: str, chance: Random, beside: str = "") -> str:
    why = f"<feedback format='html'><text><![CDATA[<p>{_said(chance, 6)}</p>]]></text></feedback>"
    return f"<answer fraction='{share}' format='html'><text>{text}</text>{beside}{why}</answer>\n"


def _subquestions(chance: Random) -> str:
    return "".join(
        f"<subquestion format='html'><text><![CDATA[<p>{place} {_said(chance, 3)}</p>]]></text>"
        f"<answer><text>{_said(chance, 2)} {place}</text></answer></subquestion>\n"
        for place in range(4)
    )


def _said(chance: Random, words: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(words))


def _line(name: str, ours: Run, bare: Run, idle: Run) -> str:
    seconds, cpu = ours.seconds - idle.seconds, ours.cpu_seconds - idle.cpu_seconds
    return (
        f"| {name} | {seconds:.1f} s | {bare.seconds:.1f} s | {cpu:.1f} s | {bare.cpu_seconds:.1f} s "
        f"| **{100 * bare.cpu_seconds / cpu:.0f} %** | {max(ours.megabytes):.0f} MB "
        f"(idle {max(idle.megabytes):.0f}) | {max(bare.megabytes):.0f} MB |"
    )


def _sender(stage: Stage, session: Session) -> _Sender:
    branch, now = factories.make_branch(session), utc_now()
    user = factories.make_user(session, Role.TRAINER, branch=branch)
    begin_write(session)
    token = open_session(
        session, user.id, via="password", now=now, user_agent="bench", expires_at=now + timedelta(days=1)
    )
    session.execute(update(UserSession).where(UserSession.user_id == user.id).values(second_factor_at=now))
    session.commit()
    return _Sender(user.id, branch.id, make_pass(stage.app, token))


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()
