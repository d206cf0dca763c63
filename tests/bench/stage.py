"""An installation with the shipped course and people at work in it, and the requests they send."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import flask_migrate
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.models import Certificate
from certificates.paper import paper_html
from certificates.record import read_record
from certificates.services import issue
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.queries import get_own_enrolment
from courses.cohorts.services import create_cohort
from courses.learning.outline import StepState
from courses.learning.queries import get_outline
from courses.learning.services import record_result
from lms.app import create_app
from lms.core.accounts.passwords import hash_password
from lms.core.accounts.services import open_session
from lms.core.clock import utc_now
from lms.core.config import load_config, prepare_instance
from lms.core.db import begin_write, db
from lms.demo import seeding
from quizzes.attempts.services import start_attempt
from tests import factories
from tests.bench.load import raw
from tests.servers import Pass, make_pass

PASSWORD = "kuda laut biru 47"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

Requests = Callable[[int], list[bytes]]
"""Given a number, that many requests, each good for one sending."""


@dataclass(frozen=True)
class Seat:
    """One person with an open quiz."""

    login: str
    attempt_id: int
    positions: int
    holder: Pass


class Stage:
    """What a bench needs: the application's data, and requests of each kind that never repeat."""

    def __init__(self, folder: Path, seats: int) -> None:
        prepare_instance(folder)
        self.folder = folder
        self.url = f"sqlite:///{folder / 'penggerak.sqlite'}"
        self.app = create_app(load_config(folder, DATABASE_URL=self.url, TESTING=True))
        with self.app.app_context():
            flask_migrate.upgrade()
            self._fill(seats)
            db.session.remove()
            db.engine.dispose()
        self._sent = 0
        self._submitted = 0

    def _fill(self, count: int) -> None:
        session, now = db.session(), utc_now()
        _old, edition = seeding.load_shipped_course()
        branch = factories.make_branch(session)
        today = now.date()
        cohort = create_cohort(
            session,
            None,
            branch_id=branch.id,
            edition_id=edition.id,
            name="Angkatan",
            place="Aula",
            time_zone="Asia/Jakarta",
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=1),
            now=now,
        )
        session.commit()
        hashed = hash_password(PASSWORD)
        os.environ["BENCH_HASH"] = hashed
        self.seats = [self._seat(session, cohort, hashed, number) for number in range(count)]
        self.reader, self.lesson = self._reader(session, cohort)
        self._certify(session, self.reader_id)

    def _seat(self, session: Session, cohort: Cohort, hashed: str, number: int) -> Seat:
        login, now = f"orang{number}@contoh.test", utc_now()
        user = factories.make_user(session, login=login, password_hash=hashed)
        enrolment = factories.make_enrolment(session, cohort=cohort, user=user)
        own = get_own_enrolment(session, enrolment.id, user_id=user.id)
        outline = get_outline(session, own, now=now)
        step = next(step for step in outline.steps() if step.kind == "quiz" and step.is_open)
        attempt = start_attempt(session, enrolment=own, step_id=step.step_id, now=now, rng=Random(number))
        session.commit()
        return Seat(login, attempt.id, len(attempt.items), self._pass(session, user.id))

    def _pass(self, session: Session, user_id: int) -> Pass:
        now = utc_now()
        begin_write(session)
        token = open_session(
            session, user_id, via="password", now=now, user_agent="bench", expires_at=now + timedelta(days=1)
        )
        session.commit()
        return make_pass(self.app, token)

    def _reader(self, session: Session, cohort: Cohort) -> tuple[Pass, str]:
        """Return somebody who has done all there is before the longest lesson of the first day."""
        enrolment = factories.make_enrolment(session, cohort=cohort)
        self.reader_id = enrolment.id
        now, lesson = utc_now(), ""
        own = get_own_enrolment(session, enrolment.id, user_id=enrolment.user_id)
        for step in list(get_outline(session, own, now=now).steps())[:6]:
            _finish(session, own, step)
            if step.kind == "lesson":
                lesson = f"/belajar/{enrolment.id}/materi/{step.step_id}"
        return self._pass(session, enrolment.user_id), lesson

    def _certify(self, session: Session, enrolment_id: int) -> None:
        issue(session, enrolment_id, evidence={}, now=utc_now())
        session.commit()
        certificate = session.scalars(select(Certificate)).one()
        self.certificate_id, self.code = certificate.id, certificate.code
        paper = paper_html(read_record(certificate.record), base_url="http://127.0.0.1:8000")
        (self.folder / "paper.html").write_text(paper, encoding="utf-8")

    # Requests. Every one is good for one sending only, as people's are.

    def stranger(self) -> Pass:
        """Return the pass of somebody who is not signed in."""
        return make_pass(self.app)

    def saves(self, count: int) -> list[bytes]:
        """Return saves by script, each with an id of its own."""
        return [self._save(number) for number in range(count)]

    def _save(self, number: int) -> bytes:
        self._sent += 1
        seat = self.seats[number % len(self.seats)]
        data = {
            "position": self._sent % seat.positions + 1,
            "event": f"bench-{self._sent}",
            "sequence": self._sent,
            "raw": {"choice": [str(self._sent % 2 + 1)]},
            "flagged": False,
        }
        path = f"/percobaan/{seat.attempt_id}/jawaban"
        return raw("POST", path, _headers(seat.holder), json.dumps(data).encode(), JSON)

    def submits(self, count: int) -> list[bytes]:
        """Return submits of sittings nobody has handed in yet."""
        chosen = self.seats[self._submitted : self._submitted + count]
        assert len(chosen) == count, "too few seats"
        self._submitted += count
        return [
            raw("POST", f"/percobaan/{s.attempt_id}/kirim", _headers(s.holder), b"", FORM) for s in chosen
        ]

    def sign_ins(self, count: int) -> list[bytes]:
        """Return sign-ins with the right password, from new browsers."""
        requests = []
        for number in range(count):
            body = urlencode({"login": self.seats[-1 - number % len(self.seats)].login, "password": PASSWORD})
            requests.append(raw("POST", "/masuk", _headers(self.stranger()), body.encode(), FORM))
        return requests

    def quiz_pages(self, count: int) -> list[bytes]:
        """Return openings of quiz pages; of seats that hand in last."""
        seats = self.seats[-20:]
        return [
            raw("GET", f"/percobaan/{seats[n % 20].attempt_id}", _headers(seats[n % 20].holder))
            for n in range(count)
        ]

    def lessons(self, count: int) -> list[bytes]:
        """Return openings of a lesson."""
        return [raw("GET", self.lesson, _headers(self.reader))] * count

    def verifications(self, count: int) -> list[bytes]:
        """Return looks at a certificate by strangers."""
        return [raw("GET", f"/v/{self.code}", {})] * count

    def papers(self, count: int) -> list[bytes]:
        """Return downloads of a certificate that was not kept yet."""
        return [raw("GET", f"/sertifikat/{self.certificate_id}.pdf", _headers(self.reader))] * count


def _finish(session: Session, enrolment: Enrolment, step: StepState) -> None:
    percent = Decimal(100) if step.kind == "quiz" else None
    record_result(
        session, enrolment.id, step.step_id, percent=percent, is_done=True, attempts_used=1, now=utc_now()
    )
    session.commit()


def _headers(holder: Pass) -> dict[str, str]:
    return holder.headers


def wait_until_quiet(seconds: float = 0.5) -> None:
    """Give processes a moment to settle between two bursts."""
    time.sleep(seconds)
