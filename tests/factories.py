"""Rows for tests: plain functions with defaults. Each commits, so that requests see them."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from courses.catalogue.models import Course, Day, Edition, Lesson, Module, Step
from courses.cohorts.models import Card, Cohort, Enrolment
from lms.core.accounts.models import Branch, BranchMembership, Role, User, UserSession
from lms.core.accounts.services import open_session
from lms.core.db import Base, begin_write, db

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
_numbers = itertools.count(1)
Row = TypeVar("Row", bound=Base)


def add(session: Session, row: Row) -> Row:
    """Store one row and return it."""
    begin_write(session)
    session.add(row)
    session.commit()
    return row


def make_branch(session: Session, **values: object) -> Branch:
    """Make a branch office."""
    n = next(_numbers)
    defaults = {
        "code": f"K{n}",
        "name": f"Kantor Cabang Contoh {n}",
        "city": "Madiun",
        "signatory_name": "Pejabat Contoh",
        "signatory_title": "Kepala Kantor Cabang",
    }
    return add(session, Branch(**(defaults | values)))


def make_user(
    session: Session, role: Role = Role.TRAINEE, *, branch: Branch | None = None, **values: object
) -> User:
    """Make somebody; staff of ``branch`` have a second factor enrolled (its secret is worthless)."""
    n = next(_numbers)
    defaults: dict[str, object] = {"name": f"Orang {n}", "role": role.value, "created_at": NOW}
    if role is not Role.TRAINEE:
        defaults |= {"login": f"orang{n}@contoh.test", "totp_secret": "-", "totp_enrolled_at": NOW}
    user = User(**(defaults | values))
    if branch is not None:
        user.memberships.append(BranchMembership(branch_id=branch.id))
    return add(session, user)


def make_edition(session: Session, *, lessons: int = 2, **values: object) -> Edition:
    """Make a published edition with one day, one module and ``lessons`` lesson steps."""
    n = next(_numbers)
    course = Course(slug=f"kursus-{n}", title=f"Kursus {n}", title_en=f"Course {n}", created_at=NOW)
    defaults = {
        "number": 1,
        "title": f"Kursus {n}",
        "title_en": f"Course {n}",
        "as_of": date(2026, 11, 22),
        "facts_known_on": date(2026, 11, 22),
        "hours": 16,
        "requirements": [{"kind": "all_steps"}],
        "source_sha256": f"{n:064x}",
        "status": "published",
        "created_at": NOW,
        "published_at": NOW,
    }
    edition = Edition(course=course, **(defaults | values))
    module = Module(position=1, folder="day-1/01-modul", kind="internal", title="Modul", minutes=60)
    edition.days.append(Day(position=1, title="Hari pertama", modules=[module]))
    add(session, edition)
    begin_write(session)
    for i in range(1, lessons + 1):
        step = Step(
            edition_id=edition.id,
            module_id=module.id,
            position=i,
            path=f"day-1/01-modul/materi-{i}",
            kind="lesson",
            title=f"Materi {i}",
            minutes=5,
            release=[{"after": "previous"}] if i > 1 else [],
        )
        step.lesson = Lesson(markdown="Isi.", html="<p>Isi.</p>", word_count=1, outline=[])
        session.add(step)
    session.commit()
    return edition


def make_cohort(
    session: Session, *, branch: Branch | None = None, edition: Edition | None = None, **values: object
) -> Cohort:
    """Make a cohort whose first day is the day before NOW."""
    n = next(_numbers)
    branch = branch or make_branch(session)
    edition = edition or make_edition(session)
    defaults = {
        "branch_id": branch.id,
        "edition_id": edition.id,
        "name": f"Angkatan {n}",
        "place": "Hotel Contoh, Madiun",
        "starts_on": NOW.date() - timedelta(days=1),
        "ends_on": NOW.date(),
        "created_at": NOW,
    }
    return add(session, Cohort(**(defaults | values)))


def make_enrolment(
    session: Session, *, cohort: Cohort | None = None, user: User | None = None, **values: object
) -> Enrolment:
    """Put somebody into a cohort, with a card."""
    n = next(_numbers)
    cohort = cohort or make_cohort(session)
    user = user or make_user(session)
    name = str(values.pop("name", user.name))
    defaults = {
        "cohort_id": cohort.id,
        "user_id": user.id,
        "name": name,
        "name_folded": name.casefold(),
        "element": "village_official",
        "organisation": "Desa Contoh",
        "region_code": "35.19",
        "created_at": NOW,
    }
    enrolment = Enrolment(**(defaults | values))
    enrolment.card = Card(number=f"{10000000 + n}", issued_at=NOW)
    return add(session, enrolment)


def sign_in(client: FlaskClient, user_id: int, *, now: datetime | None = None) -> None:
    """Put a signed-in session with second factor into the browser's cookie."""
    session = db.session()
    at = now or datetime.now(UTC)
    begin_write(session)
    token = open_session(
        session, user_id, via="password", now=at, user_agent="test", expires_at=at + timedelta(days=1)
    )
    _show_second_factor(session, user_id, at)
    session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True


def _show_second_factor(session: Session, user_id: int, at: datetime) -> None:
    session.execute(update(UserSession).where(UserSession.user_id == user_id).values(second_factor_at=at))
