"""An installation with the shipped course and people at work in it, and the requests they send."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from urllib.parse import urlencode

import flask_migrate
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.signing.making import Maker
from courses.catalogue.models import Edition, Lesson
from courses.cohorts.models import Cohort, Enrolment
from courses.cohorts.queries import get_own_enrolment
from courses.cohorts.services import create_cohort
from courses.learning.outline import StepState
from courses.learning.queries import get_outline
from courses.learning.services import record_result
from lms.app import create_app
from lms.core.accounts.models import User
from lms.core.accounts.passwords import hash_password
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.config import load_config, prepare_instance
from lms.core.db import begin_write, db
from lms.demo import seeding
from quizzes.attempts.drawing import draw_ahead
from quizzes.attempts.starting import start_attempt
from quizzes.bank.models import QuestionVersion
from tests import factories
from tests.bench.certificates import Certificates
from tests.bench.load import FORM, JSON, raw
from tests.bench.places import Place
from tests.servers import Pass, make_pass

PASSWORD = "kuda laut biru 47"
QUESTIONS = 10
"""On the paper of a journey; drawn out of three times as many."""

Requests = Callable[[int], list[bytes]]
"""Given a number, that many requests, each good for one sending."""


@dataclass(frozen=True)
class Seat:
    """One person with an open quiz."""

    attempt_id: int
    positions: int
    holder: Pass


@dataclass(frozen=True)
class Person:
    """Somebody who has not begun anything; signed in as ``holder``, not yet as ``stranger``."""

    login: str
    enrolment_id: int
    holder: Pass
    stranger: Pass
    quiz_path: str
    pretest_path: str


@dataclass(frozen=True)
class Crew:
    """How many people of each kind a bench uses up."""

    seats: int = 40
    beginners: int = 0
    drawn: int = 0
    # Whose certificates strangers look at.
    shown: int = 8
    # Whose certificates have no paper yet.
    waiting: int = 0


class Stage:
    """What a bench needs: the application's data, and requests of each kind that never repeat."""

    def __init__(self, place: Place, crew: Crew) -> None:
        prepare_instance(place.instance)
        Maker(
            place.instance, base_url="https://belajar.example.id", site="Bench", now=utc_now()
        ).make_missing()
        self.folder, self.url = place.instance, place.url
        self.app = create_app(load_config(self.folder, DATABASE_URL=self.url, TESTING=True))
        with self.app.app_context():
            flask_migrate.upgrade()
            self._fill(crew)
            db.session.remove()
            db.engine.dispose()
        self._sent = 0
        self._submitted = 0

    def _fill(self, crew: Crew) -> None:
        session = db.session()
        _old, edition = seeding.load_shipped_course()
        self._branch_id = factories.make_branch(session).id
        self._hash = hash_password(PASSWORD)
        os.environ["BENCH_HASH"] = self._hash
        cohort, ready = self._cohort(session, edition), self._cohort(session, edition)
        self._find_quizzes(session, [cohort, ready])
        self.beginners = self._people(session, cohort, crew.beginners)
        self.drawn = self._people(session, ready, crew.drawn)
        self._draw(session, ready)
        self.seats = [self._seat(session, person) for person in self._people(session, cohort, crew.seats)]
        session.commit()
        self.reader, self.lesson = self._reader(session, cohort)
        self.certificates = self._certify(session, cohort, crew)

    def _cohort(self, session: Session, edition: Edition) -> Cohort:
        today = utc_now().date()
        cohort = create_cohort(
            session,
            None,
            branch_id=self._branch_id,
            edition_id=edition.id,
            name="Angkatan",
            place="Aula",
            time_zone="Asia/Jakarta",
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=1),
            now=utc_now(),
        )
        session.commit()
        return cohort

    def _find_quizzes(self, session: Session, cohorts: list[Cohort]) -> None:
        """Put a quiz of ten single choices, as most are, into the course; find the pretest."""
        query = select(QuestionVersion).where(QuestionVersion.type == "single_choice").limit(3 * QUESTIONS)
        versions = list(session.scalars(query))
        step = factories.make_quiz_step(session, cohorts[0], versions, draw=QUESTIONS)
        self._quiz = step.id
        somebody = factories.make_enrolment(session, cohort=cohorts[1])
        own = get_own_enrolment(session, somebody.id, user_id=somebody.user_id)
        steps = get_outline(session, own, now=utc_now()).steps()
        self._pretest = next(step.step_id for step in steps if step.kind == "quiz" and step.is_open)

    def _people(self, session: Session, cohort: Cohort, count: int) -> list[Person]:
        """Return people of a cohort with their passes."""
        people = [self._person(session, own) for own in self.enrol(session, cohort, count)]
        session.commit()
        return people

    def enrol(self, session: Session, cohort: Cohort, count: int) -> list[Enrolment]:
        """Return people of a cohort, made in one transaction."""
        now, first = utc_now(), session.query(User).count()
        begin_write(session)
        users = [
            User(
                name=f"Orang {number}",
                role="trainee",
                created_at=now,
                login=f"orang-{number}@contoh.test",
                password_hash=self._hash,
            )
            for number in range(first, first + count)
        ]
        session.add_all(users)
        session.flush()
        enrolments = [_enrolment(cohort.id, user) for user in users]
        session.add_all(enrolments)
        session.commit()
        return enrolments

    def _person(self, session: Session, enrolment: Enrolment) -> Person:
        base = f"/belajar/{enrolment.id}/kuis"
        return Person(
            login=str(enrolment.user.login),
            enrolment_id=enrolment.id,
            holder=self._pass(session, enrolment.user_id),
            stranger=self.stranger(),
            quiz_path=f"{base}/{self._quiz}",
            pretest_path=f"{base}/{self._pretest}",
        )

    def _draw(self, session: Session, cohort: Cohort) -> None:
        last: int | None = 0
        while last is not None:
            drawn = draw_ahead(
                session,
                cohort_id=cohort.id,
                step_id=self._pretest,
                after=last,
                rng=Random(last),
                now=utc_now(),
            )
            session.commit()
            last = drawn.last_id

    def _seat(self, session: Session, person: Person) -> Seat:
        enrolment = session.get_one(Enrolment, person.enrolment_id)
        now, rng = utc_now(), Random(person.enrolment_id)
        attempt = start_attempt(session, enrolment=enrolment, step_id=self._pretest, now=now, rng=rng)
        return Seat(attempt.id, len(attempt.items), person.holder)

    def _pass(self, session: Session, user_id: int) -> Pass:
        now = utc_now()
        token = open_session(
            session, user_id, via="password", now=now, user_agent="bench", expires_at=now + timedelta(days=1)
        )
        return make_pass(self.app, token)

    def _reader(self, session: Session, cohort: Cohort) -> tuple[Pass, str]:
        """Return somebody who has done all there is before the longest lesson of the first day."""
        enrolment = factories.make_enrolment(session, cohort=cohort)
        now, lesson, text = utc_now(), "", ""
        own = get_own_enrolment(session, enrolment.id, user_id=enrolment.user_id)
        for step in list(get_outline(session, own, now=now).steps())[:6]:
            _finish(session, own, step)
            if step.kind == "lesson":
                lesson = f"/belajar/{enrolment.id}/materi/{step.step_id}"
                text = session.get_one(Lesson, step.step_id).html
        (self.folder / "text.html").write_text(text, encoding="utf-8")
        holder = self._pass(session, enrolment.user_id)
        session.commit()
        return holder, lesson

    def _certify(self, session: Session, cohort: Cohort, crew: Crew) -> Certificates:
        """Let somebody do all there is; what others have are copies of this person's certificate."""
        graduate = factories.make_enrolment(session, cohort=cohort)
        own = get_own_enrolment(session, graduate.id, user_id=graduate.user_id)
        for step in list(get_outline(session, own, now=utc_now()).steps()):
            _finish(session, own, step)
        certificates = Certificates(self.app, self.folder)
        certificates.issue(session, own)
        certificates.show(session, self.enrol(session, cohort, crew.shown))
        waiting = self.enrol(session, cohort, crew.waiting)
        passes = {own.user_id: self._pass(session, own.user_id) for own in waiting}
        certificates.promise(session, waiting, passes)
        session.commit()
        return certificates

    def cohort(self, session: Session, count: int) -> tuple[Cohort, list[Enrolment]]:
        """Return a new cohort, and so many people in it."""
        edition = session.scalars(select(Edition).order_by(Edition.id.desc())).first()
        assert edition is not None
        cohort = self._cohort(session, edition)
        return cohort, self.enrol(session, cohort, count)

    @property
    def bare_environment(self) -> dict[str, str]:
        """What the yardstick prints: a text and a paper as ours."""
        names = {"BENCH_PAPER": "paper.html", "BENCH_TYPST": "paper.typ", "BENCH_TEXT": "text.html"}
        return {name: str(self.folder / file) for name, file in names.items()}

    @staticmethod
    def hashed() -> str:
        """Return the hash of everybody's password."""
        return os.environ["BENCH_HASH"]

    # Requests. Every one is good for one sending only, as people's are.

    def stranger(self) -> Pass:
        """Return the pass of somebody who is not signed in."""
        return make_pass(self.app)

    def take(self, kind: str, count: int) -> list[Person]:
        """Return people nobody used yet; of ``kind`` "beginners" or "drawn"."""
        people: list[Person] = getattr(self, kind)
        taken = [people.pop() for _ in range(min(count, len(people)))]
        assert len(taken) == count, f"too few {kind}"
        return taken

    def saves(self, count: int) -> list[bytes]:
        """Return saves by script, each with an id of its own."""
        return [self._save(number) for number in range(count)]

    def _save(self, number: int) -> bytes:
        self._sent += 1
        seat = self.seats[-1 - number % 40]
        data = {
            "position": self._sent % seat.positions + 1,
            "event": f"bench-{self._sent}",
            "sequence": self._sent,
            "raw": {"choice": [str(self._sent % 2 + 1)]},
            "flagged": False,
        }
        path = f"/percobaan/{seat.attempt_id}/jawaban"
        return raw("POST", path, seat.holder.headers, json.dumps(data).encode(), JSON)

    def starts(self, count: int) -> list[bytes]:
        """Return first starts of the pretest, nothing drawn."""
        return self._starts("beginners", count)

    def drawn_starts(self, count: int) -> list[bytes]:
        """Return first starts of the pretest, papers drawn ahead."""
        return self._starts("drawn", count)

    def _starts(self, kind: str, count: int) -> list[bytes]:
        people = self.take(kind, count)
        return [raw("POST", person.pretest_path, person.holder.headers, b"", FORM) for person in people]

    def submits(self, count: int) -> list[bytes]:
        """Return submits of sittings nobody has handed in yet."""
        chosen = self.seats[self._submitted : self._submitted + count]
        assert len(chosen) == count, "too few seats"
        assert self._submitted + count <= len(self.seats) - 40, "too few seats"
        self._submitted += count
        return [raw("POST", f"/percobaan/{s.attempt_id}/kirim", s.holder.headers, b"", FORM) for s in chosen]

    def sign_ins(self, count: int) -> list[bytes]:
        """Return sign-ins with the right password, from new browsers."""
        people = [*self.beginners, *self.drawn]
        requests = []
        for number in range(count):
            login = people[number % len(people)].login
            body = urlencode({"login": login, "password": PASSWORD})
            requests.append(raw("POST", "/masuk", self.stranger().headers, body.encode(), FORM))
        return requests

    def quiz_pages(self, count: int) -> list[bytes]:
        """Return openings of quiz pages; of seats that hand in last."""
        seats = [self.seats[-1 - number % 20] for number in range(count)]
        return [raw("GET", f"/percobaan/{seat.attempt_id}", seat.holder.headers) for seat in seats]

    def lessons(self, count: int) -> list[bytes]:
        """Return openings of a lesson."""
        return [raw("GET", self.lesson, self.reader.headers)] * count


def _enrolment(cohort_id: int, user: User) -> Enrolment:
    return Enrolment(
        cohort_id=cohort_id,
        user=user,
        name=user.name,
        name_folded=user.name.casefold(),
        element="village_official",
        organisation="Desa Contoh",
        region_code="35.19",
        created_at=user.created_at,
    )


def _finish(session: Session, enrolment: Enrolment, step: StepState) -> None:
    percent = Decimal(100) if step.kind == "quiz" else None
    record_result(
        session, enrolment.id, step.step_id, percent=percent, is_done=True, attempts_used=1, now=utc_now()
    )
    session.commit()


def wait_until_quiet(seconds: float = 0.5) -> None:
    """Give processes a moment to settle between two bursts."""
    time.sleep(seconds)
