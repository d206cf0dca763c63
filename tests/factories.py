"""Rows for tests: plain functions with defaults. Each commits, so that requests see them."""

from __future__ import annotations

import html
import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.catalogue.models import (
    Checklist,
    Course,
    Day,
    Edition,
    Lesson,
    Module,
    ModulePage,
    Scenario,
    Scene,
    Step,
)
from courses.cohorts.models import Card, Cohort, Enrolment
from courses.learning.services import finish_lesson
from lms.core.accounts.models import Branch, BranchMembership, Role, User, UserSession
from lms.core.accounts.sessions import open_session
from lms.core.clock import utc_now
from lms.core.db import Base, begin_write, db
from quizzes.bank.models import (
    CohortQuiz,
    Question,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
)
from quizzes.bank.search.indexing import note_words
from quizzes.types import get_type

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
    module.pages = [
        ModulePage(kind=kind, title=kind, html="<p>Isi.</p>") for kind in ("pocket_sheet", "trainer_guide")
    ]
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


def make_scenario(session: Session, edition_id: int, **values: object) -> Scenario:
    """Make a scenario of two scenes: a choice of two, one of which leads to the ending."""
    n = next(_numbers)
    first, last = f"awal-{n}", f"akhir-{n}"
    choices = [
        {"text": "Bertanya dulu", "why": "Ia menjawab.", "next": last},
        {"text": "Menunggu", "why": "Tidak terjadi apa-apa.", "next": first},
    ]
    defaults: dict[str, object] = {
        "position": n,
        "slug": f"cerita-{n}",
        "title": f"Cerita {n}",
        "subject": "Pendaftaran",
        "programmes": ["jkk"],
        "summary": "Seorang pedagang bertanya.",
        "minutes": 5,
    }
    scenes = [
        Scene(position=1, key=first, html="<p>Pasar.</p>", choices=choices, citations=[], readings=[]),
        Scene(
            position=2,
            key=last,
            ending="good",
            html="<p>Selesai.</p>",
            debrief_html="Anda bertanya dulu.",
            choices=[],
            citations=[{"label": "Pasal 15 UU 24/2011", "url": "/hukum#uu-24-2011"}],
            readings=[{"path": "day-1/01-modul/materi-1", "anchor": "", "title": "Materi 1"}],
        ),
    ]
    return add(session, Scenario(edition_id=edition_id, scenes=scenes, **(defaults | values)))


def make_checklist(session: Session, edition_id: int, **values: object) -> Checklist:
    """Make a checklist."""
    n = next(_numbers)
    defaults: dict[str, object] = {
        "position": n,
        "slug": f"daftar-{n}",
        "title": f"Daftar {n}",
        "subject": "Klaim",
        "html": "<p>☐ KTP</p>",
    }
    return add(session, Checklist(edition_id=edition_id, **(defaults | values)))


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
    at = now or utc_now()
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


class PlainResolver:
    """Resolves texts and numbers of a question as they stand, without facts."""

    def html(self, text: str) -> str:
        """Return the text, escaped."""
        return html.escape(text)

    def plain(self, text: str) -> str:
        """Return the text."""
        return text

    def number(self, expression: object) -> Decimal:
        """Return a plain number."""
        return Decimal(str(expression))


def make_question(
    session: Session,
    type_key: str = "single_choice",
    *,
    source: dict[str, Any] | None = None,
    **values: object,
) -> QuestionVersion:
    """Make a ready question with one version; the source is the type's first example unless given."""
    n = next(_numbers)
    kind = get_type(type_key)
    source = source or dict(kind.examples()[0].source)
    question = Question(topic="contoh", use="graded", status="ready", created_at=NOW)
    defaults = {
        "number": 1,
        "type": type_key,
        "source": source,
        "content": {} if "content" in values else kind.resolve(source, PlainResolver()),
        "stem_html": f"Soal contoh {n}?",
        "summary": f"Soal contoh {n}?",
        "as_of": date(2026, 11, 22),
        "facts_known_on": date(2026, 11, 22),
        "source_sha256": f"{n:064x}",
        "created_at": NOW,
    }
    version = QuestionVersion(question=question, **(defaults | values))
    begin_write(session)
    session.add(question)
    session.flush()
    note_words(session, [question.id])
    session.commit()
    return version


def make_quiz_step(
    session: Session,
    cohort: Cohort,
    versions: Sequence[QuestionVersion] = (),
    *,
    draw: int | None = None,
    release: Sequence[object] = (),
    **settings: object,
) -> Step:
    """Put a quiz at the end of the cohort's first module and pin it to the cohort.

    Each of ``versions`` (five single choices unless given) has a slot of its own; with ``draw`` there is one
    slot that takes so many of them at random.
    """
    n = next(_numbers)
    versions = list(versions) or [make_question(session) for _ in range(5)]
    module = session.scalars(
        select(Module).join(Day).where(Day.edition_id == cohort.edition_id).order_by(Module.id)
    ).first()
    assert module is not None
    title = str(settings.pop("title", f"Kuis {n}"))
    step = Step(
        edition_id=cohort.edition_id,
        module_id=module.id,
        position=len(module.steps) + 1,
        path=f"{module.folder}/kuis-{n}",
        kind="quiz",
        title=title,
        minutes=10,
        release=list(release),
    )
    slug = session.get_one(Edition, cohort.edition_id).course.slug
    defaults = {
        "number": 1,
        "status": "published",
        "title": title,
        "purpose": "module",
        "pass_percent": 60,
        "attempts_allowed": 3,
        "as_of": date(2026, 11, 22),
        "source_sha256": f"{n:064x}",
        "created_at": NOW,
        "published_at": NOW,
    }
    version = QuizVersion(quiz=Quiz(key=f"{slug}/{step.path}", title=title), **(defaults | settings))
    groups = [[v] for v in versions] if draw is None else [versions]
    for position, group in enumerate(groups, 1):
        slot = QuizSlot(position=position, draw_topic="contoh" if draw else None, draw_count=draw or 1)
        slot.candidates = [SlotCandidate(question_version_id=v.id) for v in group]
        version.slots.append(slot)
    begin_write(session)
    session.add_all([step, version])
    session.flush()
    session.add(
        CohortQuiz(cohort_id=cohort.id, quiz_id=version.quiz_id, quiz_version_id=version.id, pinned_at=NOW)
    )
    session.commit()
    return step


def make_branch_quiz(
    session: Session, cohort: Cohort, versions: Sequence[QuestionVersion] = (), **values: object
) -> QuizVersion:
    """Publish a quiz that stands in no step, of the branch and law date of a cohort, a slot a question."""
    n = next(_numbers)
    edition = session.get_one(Edition, cohort.edition_id)
    title = str(values.pop("title", f"Kuis cabang {n}"))
    defaults = {
        "number": 1,
        "status": "published",
        "title": title,
        "purpose": "module",
        "branch_id": cohort.branch_id,
        "pass_percent": 60,
        "as_of": edition.as_of,
        "source_sha256": f"{n:064x}",
        "created_at": NOW,
        "published_at": NOW,
    }
    version = QuizVersion(**(defaults | values))
    key = f"{edition.course.slug}/kantor-{cohort.branch_id}/kuis-{n}"
    version.quiz = Quiz(key=key, title=title, branch_id=version.branch_id)
    version.slots = [
        QuizSlot(position=position, candidates=[SlotCandidate(question_version_id=one.id)])
        for position, one in enumerate(versions or [make_question(session) for _ in range(2)], 1)
    ]
    return add(session, version)


def complete(session: Session, enrolment: Enrolment, *, now: datetime = NOW) -> Certificate:
    """Finish every lesson of an enrolment, so that the course is complete, and return its certificate."""
    query = select(Step).where(Step.edition_id == enrolment.cohort.edition_id).order_by(Step.id)
    for step in session.scalars(query).all():
        finish_lesson(session, enrolment.id, step.id, now=now)
    session.commit()
    return session.scalars(select(Certificate).where(Certificate.enrolment_id == enrolment.id)).one()
