"""The demo: made-up people who have been through the training, and a cohort to go through it with.

Everything is done by the services of the rooms, at the times it would have happened, so that the demo is
also a proof. Secrets are derived from this machine's keys: nothing secret is stored, nothing is the same
on two machines.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from certificates.models import Certificate, CertificateEvent
from courses.catalogue.folder import read_folder
from courses.catalogue.models import Edition
from courses.catalogue.services import load_course
from courses.cohorts import services as cohorts
from courses.cohorts.card_codes import card_pin, card_token
from courses.cohorts.models import Card, Cohort, Enrolment
from courses.cohorts.models import Session as TimetableSession
from courses.facts.book import load_book
from courses.learning import services as learning
from courses.learning.models import Completion, Progress
from courses.learning.outline import StepState
from courses.learning.queries import get_outline
from lms.core.accounts.models import Branch, BranchMembership, RecoveryCode, Role, User, UserSession
from lms.core.accounts.passwords import hash_password
from lms.core.accounts.second_factor import enrol_second_factor
from lms.core.accounts.services import create_user
from lms.core.accounts.totp import code_at
from lms.core.accounts.vault import Vault
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.core.errors import Conflict
from quizzes.attempts import services as attempts
from quizzes.attempts.models import AnswerEvent, Attempt, PaperItem, Response
from quizzes.attempts.saves import Save
from quizzes.bank.loading import BankStore
from quizzes.bank.models import CohortQuiz
from quizzes.grading.models import Mark
from quizzes.types import get_type

COURSE = Path(__file__).parent.parent / "courses" / "curriculum" / "kader-penggerak"
ZONE = "Asia/Jakarta"
MADIUN_DAY = date(2016, 10, 19)
BRANCH_CODE = "DEMO"
RUNNING = "Angkatan berjalan (demo)"
FINISHED = "Madiun, Oktober 2016 (demo)"

STAFF = (
    (Role.ADMIN, "Admin (demo)", "admin@demo.invalid"),
    (Role.ORGANISER, "Panitia (demo)", "panitia@demo.invalid"),
    (Role.TRAINER, "Pelatih (demo)", "pelatih@demo.invalid"),
)
TRAINEE_LOGIN = "peserta@demo.invalid"

FIRST_NAMES = [
    "Sutini",
    "Harjo",
    "Wahyuni",
    "Bambang",
    "Lestari",
    "Slamet",
    "Endang",
    "Joko",
    "Rahayu",
    "Teguh",
    "Murni",
    "Agus",
    "Sulastri",
    "Eko",
    "Wiji",
    "Hadi",
    "Ningsih",
    "Budi",
    "Retno",
    "Karno",
    "Yuliana",
    "Darmo",
    "Siti",
    "Tri",
    "Kusno",
    "Parti",
    "Gunawan",
    "Astuti",
    "Yanto",
    "Marsih",
    "Wagiman",
    "Dewi",
    "Suparno",
    "Indah",
    "Rudi",
    "Kartini",
    "Sumarno",
    "Fitri",
    "Darsono",
    "Utami",
    "Paijan",
    "Nurul",
    "Sarjono",
    "Rini",
    "Mulyadi",
    "Ambar",
    "Sugeng",
    "Titik",
    "Warsito",
    "Lilis",
]
"""Common first names of the region; with "Demo" behind them nobody takes them for a person."""

PLACES = (
    ("village_official", "Pemerintah desa", "35.19"),
    ("union", "Serikat pekerja", "35.77"),
    ("farmer_group", "Gapoktan", "35.21"),
    ("youth_group", "Karang taruna", "35.20"),
    ("academic", "Perguruan tinggi", "35.77"),
    ("social_worker", "Pekerja sosial masyarakat", "35.02"),
    ("entrepreneur", "Wiraswasta", "35.01"),
    ("religious_organisation", "Organisasi keagamaan", "35.19"),
    ("community_leader", "Tokoh masyarakat", "35.21"),
)

STRUGGLING = frozenset({7, 19})
"""Places in the finished cohort of those who did not pass: a demo in which all pass teaches nothing."""


@dataclass(frozen=True)
class Account:
    """A way in with a password."""

    role: str
    login: str
    password: str
    totp: str | None


def exists() -> bool:
    """Return whether demo people are in the database."""
    return db.session.scalar(select(User.id).where(User.is_demo).limit(1)) is not None


def seed() -> None:
    """Load course, people, cohorts and results, once; again changes nothing."""
    if exists():
        return
    session = db.session()
    old, new = load_shipped_course()
    branch = _make_branch(session)
    organiser = _make_staff(session, branch)
    finished = _make_cohort(
        session, branch, old, organiser, name=FINISHED, starts_on=MADIUN_DAY, people=FIRST_NAMES[:25]
    )
    _make_running(session, branch, new, organiser)
    session.commit()
    _live_through(session, finished)
    _give_password(session)
    session.commit()


def load_shipped_course() -> tuple[Edition, Edition]:
    """Load the shipped folder at both law dates and publish; return the editions of 2016 and of now."""
    session, folder = db.session(), read_folder(COURSE)
    editions = []
    for as_of in (MADIUN_DAY, load_book().as_of):
        edition = load_course(
            session, folder, as_of=as_of, quizzes=BankStore(), publish=True, now=utc_now(), actor_id=None
        )
        session.commit()
        editions.append(edition)
    return editions[0], editions[1]


def restart() -> None:
    """Begin the running cohort again, its second day being today."""
    session = db.session()
    branch = session.scalar(select(Branch).where(Branch.code == BRANCH_CODE))
    old = session.scalar(select(Cohort).where(Cohort.is_demo, Cohort.name == RUNNING))
    organiser = session.scalar(select(User).where(User.login == STAFF[1][2]))
    if branch is None or organiser is None:
        seed()
        return
    if old is not None:
        _delete_cohort(session, old.id)
        session.commit()
    _, edition = load_shipped_course()
    _make_running(session, branch, edition, organiser.id)
    session.commit()


def remove() -> None:
    """Take the demo away; the course stays."""
    session = db.session()
    for cohort_id in session.scalars(select(Cohort.id).where(Cohort.is_demo)).all():
        _delete_cohort(session, cohort_id)
    begin_write(session)
    people = select(User.id).where(User.is_demo)
    for table in (UserSession, RecoveryCode, BranchMembership):
        session.execute(delete(table).where(table.user_id.in_(people)))
    session.execute(delete(User).where(User.is_demo))
    session.execute(delete(Branch).where(Branch.is_demo))
    session.commit()


def describe() -> dict[str, Any]:
    """Return address, accounts, cards and certificates with their secrets, for this machine only."""
    base = current_app.config["BASE_URL"]
    return {
        "url": base,
        "data": str(current_app.config["INSTANCE"]),
        "accounts": [vars(account) for account in _accounts()],
        "cards": list(_cards(base)),
        "certificates": list(_certificates(base)),
    }


def describe_as_text() -> str:
    """Return the same for reading: one sign-in for each role."""
    found = describe()
    card = found["cards"][0]
    lines = [f"Penggerak is at  {found['url']}", ""]
    for account in found["accounts"]:
        code = f"   code now {account['totp']}" if account["totp"] else ""
        lines.append(f"  {account['role']:<10} {account['login']:<22} {account['password']}{code}")
    lines += [
        f"  {'card':<10} number {card['number']}  PIN {card['pin']}",
        f"             or open {card['url']}",
        "",
        f"  A certificate to check: {found['certificates'][0]['url']}" if found["certificates"] else "",
        f"  Data: {found['data']}",
        "  Fresh codes, all cards:     .venv/bin/lms demo",
        "  The running cohort again:   .venv/bin/lms demo restart",
    ]
    return "\n".join(lines)


def _secret(purpose: str) -> bytes:
    key: bytes = current_app.config["VAULT_KEY"]
    return hmac.digest(key, f"demo:{purpose}".encode(), hashlib.sha256)


def _password(login: str) -> str:
    text = base64.b32encode(_secret(f"password:{login}")).decode().lower()
    return "-".join((text[:5], text[5:10], text[10:15], text[15:20]))


def _totp_secret(login: str) -> str:
    return base64.b32encode(_secret(f"totp:{login}")[:20]).decode()


def _accounts() -> Iterator[Account]:
    for role, _, login in STAFF:
        yield Account(str(role), login, _password(login), code_at(_totp_secret(login), utc_now()))
    yield Account("trainee", TRAINEE_LOGIN, _password(TRAINEE_LOGIN), None)


def _cards(base: str) -> Iterator[dict[str, str]]:
    query = (
        select(Card, Enrolment.name)
        .join(Card.enrolment)
        .join(Enrolment.cohort)
        .where(Cohort.is_demo, Cohort.name == RUNNING)
        .order_by(Card.id)
    )
    key = current_app.config["CARD_KEY"]
    for card, name in db.session.execute(query):
        yield {
            "name": name,
            "number": card.number,
            "pin": card_pin(key, card.id, card.generation),
            "url": f"{base}/k/{card_token(key, card.id, card.generation)}",
        }


def _certificates(base: str) -> Iterator[dict[str, str]]:
    query = (
        select(Certificate)
        .join(User, User.id == Certificate.user_id)
        .where(User.is_demo)
        .order_by(Certificate.id)
    )
    for certificate in db.session.scalars(query):
        yield {
            "url": f"{base}/v/{certificate.code}",
            "pdf": f"{base}/sertifikat/{certificate.id}.pdf",
        }


def _make_branch(session: Session) -> Branch:
    begin_write(session)
    branch = Branch(
        code=BRANCH_CODE,
        name="Kantor Cabang Madiun (demo)",
        address="Alamat contoh",
        city="Madiun",
        time_zone=ZONE,
        signatory_name="Pejabat contoh (demo)",
        signatory_title="Kepala Kantor Cabang",
        is_demo=True,
    )
    session.add(branch)
    session.flush()
    return branch


def _make_staff(session: Session, branch: Branch) -> int:
    """Make one account for each role of staff and return the organiser's id."""
    branch_id, organiser_id = branch.id, 0
    for role, name, login in STAFF:
        hashed = hash_password(_password(login))
        user = create_user(
            session,
            name=name,
            role=role,
            login=login,
            password_hash=hashed,
            branch_ids=() if role is Role.ADMIN else (branch_id,),
            now=utc_now(),
            is_demo=True,
        )
        sealed = Vault(current_app.config["VAULT_KEY"]).seal(_totp_secret(login))
        enrol_second_factor(
            session, user.id, sealed_secret=sealed, counter=None, code_digests=(), now=utc_now()
        )
        if role is Role.ORGANISER:
            organiser_id = user.id
    return organiser_id


def _make_cohort(
    session: Session,
    branch: Branch,
    edition: Edition,
    organiser_id: int,
    *,
    name: str,
    starts_on: date,
    people: list[str],
) -> int:
    made_at = datetime.combine(starts_on - timedelta(days=7), time(9), ZoneInfo(ZONE)).astimezone(UTC)
    cohort = cohorts.create_cohort(
        session,
        organiser_id,
        branch_id=branch.id,
        edition_id=edition.id,
        name=name,
        place="Hotel Sun City, Madiun",
        time_zone=ZONE,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=1),
        now=made_at,
    )
    cohort_id = cohort.id
    for i, first_name in enumerate(people):
        element, organisation, region = PLACES[i % len(PLACES)]
        enrolment = cohorts.enrol(
            session,
            organiser_id,
            cohort_id=cohort_id,
            name=f"{first_name} Demo",
            element=element,
            organisation=f"{organisation} (contoh)",
            region_code=region,
            phone=None,
            now=made_at,
        )
        session.execute(update(User).where(User.id == enrolment.user_id).values(is_demo=True))
    session.execute(update(Cohort).where(Cohort.id == cohort_id).values(is_demo=True))
    _make_timetable(session, cohort_id, edition, starts_on)
    return cohort_id


def _make_running(session: Session, branch: Branch, edition: Edition, organiser_id: int) -> None:
    yesterday = utc_now().astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1)
    _make_cohort(
        session, branch, edition, organiser_id, name=RUNNING, starts_on=yesterday, people=FIRST_NAMES[25:]
    )


def _make_timetable(session: Session, cohort_id: int, edition: Edition, starts_on: date) -> None:
    """Put the modules of each day one after another from half past eight, an hour's rest at noon."""
    for day in edition.days:
        at = datetime.combine(starts_on + timedelta(days=day.position - 1), time(8, 30), ZoneInfo(ZONE))
        for module in day.modules:
            if at.hour == 12:
                at = at.replace(hour=13, minute=0)
            end = at + timedelta(minutes=module.minutes)
            session.add(
                TimetableSession(
                    cohort_id=cohort_id,
                    module_folder=module.folder,
                    title=module.title,
                    starts_at=at.astimezone(UTC),
                    ends_at=end.astimezone(UTC),
                )
            )
            at = end
    session.flush()


def _live_through(session: Session, cohort_id: int) -> None:
    """Let everybody of a cohort read and answer at the times of the training."""
    begin_write(session)
    enrolments = session.scalars(
        select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).order_by(Enrolment.id)
    )
    for place, enrolment_id in enumerate(enrolments.all()):
        _Person(session, enrolment_id, place).go_through()
    session.commit()


class _Person:
    """One made-up trainee going through the course; luck is fixed by the place in the list."""

    def __init__(self, session: Session, enrolment_id: int, place: int) -> None:
        self.session, self.enrolment_id, self.place = session, enrolment_id, place
        self.rng = Random(f"demo {place}")  # noqa: S311
        self.skill = 0.35 if place in STRUGGLING else 0.72 + 0.012 * (place % 20)
        first = datetime.combine(MADIUN_DAY, time(9), ZoneInfo(ZONE)).astimezone(UTC)
        self.now = first + timedelta(seconds=17 * place)

    def go_through(self) -> None:
        """Do what is open, step by step, until nothing is or the second day is over."""
        learning.confirm_name(self.session, self.enrolment_id, correction="", now=self.now)
        given_up: set[int] = set()
        while True:
            step = self._next_step(given_up)
            if step is None and self.now.astimezone(ZoneInfo(ZONE)).date() > MADIUN_DAY:
                return
            if step is None:
                self.now += timedelta(hours=17)
                continue
            self.now += timedelta(minutes=max(2, step.minutes // 2))
            try:
                self._do(step)
            except Conflict:
                given_up.add(step.step_id)

    def _next_step(self, given_up: set[int]) -> StepState | None:
        outline = get_outline(self.session, self._enrolment(), now=self.now)
        return next(
            (s for s in outline.steps() if s.is_open and not s.is_done and s.step_id not in given_up), None
        )

    def _do(self, step: StepState) -> None:
        if step.kind == "quiz":
            self._take(step.step_id)
        else:
            learning.finish_lesson(self.session, self.enrolment_id, step.step_id, now=self.now)

    def _enrolment(self) -> Enrolment:
        return self.session.scalars(select(Enrolment).where(Enrolment.id == self.enrolment_id)).one()

    def _take(self, step_id: int) -> None:
        attempt = attempts.start_attempt(
            self.session, enrolment=self._enrolment(), step_id=step_id, now=self.now, rng=self.rng
        )
        saves = [self._answer(item) for item in attempt.items]
        attempts.save_answers(self.session, saves, attempt_id=attempt.id, user_id=None, now=self.now)
        attempts.submit_attempt(self.session, attempt.id, by="person", now=self.now)

    def _answer(self, item: PaperItem) -> Save:
        self.now += timedelta(seconds=self.rng.randint(8, 40))
        version = item.question_version
        kind = get_type(version.type)
        knows = self.rng.random() < self.skill
        raw = (
            kind.solve(version.content, item.prepared) if knows else kind.miss(version.content, item.prepared)
        )
        return Save(
            position=item.position,
            event_id=f"demo-{item.id}",
            sequence=1,
            raw={name: list(values) for name, values in raw.items()},
            is_flagged=False,
        )


def _give_password(session: Session) -> None:
    """Let one trainee of the finished cohort sign in by password, as those do whose card has run out."""
    hashed = hash_password(_password(TRAINEE_LOGIN))
    begin_write(session)
    user_id = session.scalar(
        select(Enrolment.user_id)
        .join(Cohort)
        .where(Cohort.name == FINISHED, Cohort.is_demo)
        .order_by(Enrolment.id)
    )
    session.execute(update(User).where(User.id == user_id).values(login=TRAINEE_LOGIN, password_hash=hashed))


def _delete_cohort(session: Session, cohort_id: int) -> None:
    """Delete a demo cohort with everything that hangs on it, top floor first."""
    begin_write(session)
    people = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id)
    sittings = select(Attempt.id).where(Attempt.enrolment_id.in_(people))
    items = select(PaperItem.id).where(PaperItem.attempt_id.in_(sittings))
    papers = select(Certificate.id).where(Certificate.cohort_id == cohort_id)
    users = session.scalars(select(Enrolment.user_id).where(Enrolment.cohort_id == cohort_id)).all()
    session.execute(delete(CertificateEvent).where(CertificateEvent.certificate_id.in_(papers)))
    session.execute(delete(Certificate).where(Certificate.cohort_id == cohort_id))
    for table, column in (
        (Mark, Mark.item_id),
        (AnswerEvent, AnswerEvent.item_id),
        (Response, Response.item_id),
    ):
        session.execute(delete(table).where(column.in_(items)))
    session.execute(delete(PaperItem).where(PaperItem.attempt_id.in_(sittings)))
    session.execute(delete(Attempt).where(Attempt.enrolment_id.in_(people)))
    for model in (Progress, Completion):
        session.execute(delete(model).where(model.enrolment_id.in_(people)))
    session.execute(delete(Card).where(Card.enrolment_id.in_(people)))
    session.execute(delete(UserSession).where(UserSession.user_id.in_(users)))
    session.execute(delete(Enrolment).where(Enrolment.cohort_id == cohort_id))
    session.execute(delete(CohortQuiz).where(CohortQuiz.cohort_id == cohort_id))
    session.execute(delete(TimetableSession).where(TimetableSession.cohort_id == cohort_id))
    session.execute(delete(Cohort).where(Cohort.id == cohort_id))
    session.execute(delete(User).where(User.id.in_(users), User.role == Role.TRAINEE.value))
    session.commit()
