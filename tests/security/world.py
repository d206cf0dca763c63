"""A small world with two branch offices: whatever an address can name exists on both sides.

Side ``a`` is the one the tests look from: its trainee owns the enrolment, attempts and certificate that
addresses name. Everything on side ``b`` carries MARKER in its words, so that it is seen where it must not be.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.models import Certificate
from courses.catalogue.models import Module, Step
from courses.catalogue.queries import list_module_pages
from courses.cohorts import models as cohort_models
from courses.cohorts.card_codes import card_token
from courses.cohorts.models import Card, Cohort, Enrolment, RosterDraft, Speaker
from courses.cohorts.queries import get_own_enrolment
from courses.facts.book import load_book
from courses.learning.services import finish_lesson
from lms.core.accounts.models import Branch, Role, User, UserSession
from lms.core.accounts.passwords import hash_password
from lms.core.accounts.services import open_session
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.services import save_answer, start_attempt, submit_attempt
from quizzes.bank.models import Question, QuestionVersion, Quiz, QuizSlot, QuizVersion, SlotCandidate
from quizzes.types import TYPES, get_type
from tests import factories

MARKER = "Zzbravo"
PASSWORD = "kuda laut biru 47"

PEOPLE = ("anonymous", "trainee", "other", "trainer", "organiser", "admin", "trainer_b", "organiser_b")
"""``other`` sits beside the trainee in the same cohort; ``…_b`` work at the other branch."""


@dataclass(frozen=True)
class World:
    """Ids and names of everything, as plain values, so that it outlives its database session."""

    objects: dict[str, dict[str, Any]]
    """Parameter of an address → side → value."""
    users: dict[str, int]
    logins: dict[str, str]
    """What a person signs in with, password PASSWORD; `card` is the number of the trainee's card."""
    tokens: dict[str, str]
    pages: list[str]
    """Addresses on side a that show more than their twin in ``objects``: a version that is published."""
    now: datetime

    def params(self, endpoint: str, names: set[str], side: str) -> dict[str, Any]:
        """Return what an address needs to name things of ``side``."""
        found = {}
        for name in names:
            values = self.objects.get(f"{endpoint}:{name}") or self.objects.get(name)
            assert values is not None, f"tests/security/world.py has no {name} for {endpoint}: add one"
            found[name] = values[side]
        return found


def build(app: Flask, *, marker: str = MARKER) -> World:
    """Fill an empty database; ``marker`` is in every name on side b."""
    session, now = db.session(), utc_now()
    sides = {side: _build_side(session, app, side, marker, now) for side in "ab"}
    admin = factories.make_user(session, Role.ADMIN, name="Admin Pusat")
    users = {
        "trainee": sides["a"]["trainee"],
        "other": sides["a"]["other"],
        "trainer": sides["a"]["trainer"],
        "organiser": sides["a"]["organiser"],
        "trainer_b": sides["b"]["trainer"],
        "organiser_b": sides["b"]["organiser"],
        "trainee_b": sides["b"]["trainee"],
        "admin": admin.id,
    }
    objects = {name: {side: sides[side][name] for side in "ab"} for name in sides["a"]["objects"]}
    objects |= _shared_objects(app)
    for user_id in users.values():
        open_for(session, user_id, now)  # another device
    tokens = {person: open_for(session, user_id, now) for person, user_id in users.items()}
    logins = _set_passwords(session, users) | {"card": sides["a"]["card"]}
    return World(
        objects=objects, users=users, logins=logins, tokens=tokens, pages=sides["a"]["pages"], now=now
    )


def _shared_objects(app: Flask) -> dict[str, dict[str, Any]]:
    """Return what is the same from everywhere: facts and files."""
    book = load_book()
    key = "jkm.benefit.death_grant"
    assert book.get(key, book.as_of)
    with app.test_request_context():
        file = app.extensions["assets"].url("core/app.css").removeprefix("/aset/")
    return {"key": {"a": key, "b": key}, "_name": {"a": file, "b": file}}


def _build_side(session: Session, app: Flask, side: str, marker: str, now: datetime) -> dict[str, Any]:
    mark = "" if side == "a" else f" {marker}"
    branch = factories.make_branch(session, name=f"Kantor Cabang {side.upper()}{mark}", city=f"Kota{mark}")
    trainer = factories.make_user(session, Role.TRAINER, branch=branch, name=f"Pelatih{mark}")
    organiser = factories.make_user(session, Role.ORGANISER, branch=branch, name=f"Panitia{mark}")
    cohort = _make_cohort(session, branch, mark, now)  # the course itself belongs to the nation
    lessons = list(_steps(session, cohort))
    versions = [_make_question(session, kind.key, None, "") for kind in TYPES]
    quiz = factories.make_quiz_step(session, cohort, versions, title="Kuis")
    extra = factories.make_quiz_step(session, cohort, versions, title="Latihan", attempts_allowed=0)
    begin_write(session)
    session.execute(update(Step).where(Step.id == extra.id).values(is_required=False))
    session.commit()
    enrolment = _enrol(session, cohort, f"Bu Sari{mark}", mark)
    other = _enrol(session, cohort, f"Pak Budi{mark}", mark)
    for step in lessons:
        finish_lesson(session, enrolment.id, step.id, now=now)
        session.commit()
    submitted = _sit(session, enrolment, quiz, now)
    submit_attempt(session, submitted.id, by="person", now=now)
    session.commit()
    going_on = _sit(session, enrolment, extra, now)
    certificate = session.scalars(select(Certificate).where(Certificate.enrolment_id == enrolment.id)).one()
    return {
        "trainee": enrolment.user_id,
        "other": other.user_id,
        "trainer": trainer.id,
        "organiser": organiser.id,
        "card": _card(session, enrolment).number,
        **(
            objects := _objects(
                session,
                app,
                side,
                branch,
                cohort,
                enrolment,
                going_on,
                submitted,
                certificate,
                organiser.id,
            )
        ),
        **(
            steps := {
                "learning.lesson:step_id": lessons[0].id,
                "learning.finish_lesson:step_id": lessons[0].id,
                **_page_ids(session, cohort),
            }
        ),
        **(more := {"step_id": extra.id, **_make_own_things(session, branch, cohort, organiser.id, mark)}),
        **(newer := {"published_id": _make_newer_version(session, branch, quiz, versions, now)}),
        "pages": [_published_page(session, quiz)],
        "objects": [*objects, *steps, *more, *newer],
    }


def _page_ids(session: Session, cohort: Cohort) -> dict[str, int]:
    pages = {page.kind: page.id for page in list_module_pages(session, cohort.edition_id)}
    return {
        "learning.sheet:page_id": pages["pocket_sheet"],
        "guides.sheet:page_id": pages["pocket_sheet"],
        "guides.guide:page_id": pages["trainer_guide"],
    }


def _objects(
    session: Session,
    app: Flask,
    side: str,
    branch: Branch,
    cohort: Cohort,
    enrolment: Enrolment,
    going_on: Attempt,
    submitted: Attempt,
    certificate: Certificate,
    organiser_id: int,
) -> dict[str, Any]:
    card = _card(session, enrolment)
    return {
        "branch_id": branch.id,
        "staff_id": organiser_id,
        "cohort_id": cohort.id,
        "edition_id": cohort.edition_id,
        "enrolment_id": enrolment.id,
        "user_id": enrolment.user_id,
        "attempt_id": going_on.id,
        "attempts.result:attempt_id": submitted.id,
        "certificate_id": certificate.id,
        "code": certificate.code,
        "certificates.verify:token": "x" * 20,
        "accounts.open_reset:token": "x" * 43,
        "token": card_token(app.config["CARD_KEY"], card.id, card.generation),
    }


def _card(session: Session, enrolment: Enrolment) -> Card:
    return session.scalars(select(Card).where(Card.enrolment_id == enrolment.id)).one()


def _make_cohort(session: Session, branch: Branch, mark: str, now: datetime) -> Cohort:
    edition = factories.make_edition(session, lessons=2)
    cohort = factories.make_cohort(
        session,
        branch=branch,
        edition=edition,
        name=f"Angkatan{mark}",
        place=f"Aula{mark}",
        starts_on=(now - timedelta(days=2)).date(),
        ends_on=(now + timedelta(days=2)).date(),
    )
    slot = cohort_models.Session(
        cohort_id=cohort.id, title=f"Sesi{mark}", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    slot.speakers.append(Speaker(name=f"Narasumber{mark}"))
    factories.add(session, slot)
    return cohort


def _steps(session: Session, cohort: Cohort) -> list[Step]:
    query = (
        select(Step)
        .where(Step.edition_id == cohort.edition_id, Step.kind == "lesson")
        .order_by(Step.position)
    )
    return list(session.scalars(query))


def _make_question(session: Session, kind: str, branch_id: int | None, mark: str) -> QuestionVersion:
    stem = f"Soal {kind}{mark}?"
    version = factories.make_question(session, kind, stem_html=stem, summary=stem)
    begin_write(session)
    session.execute(update(Question).where(Question.id == version.question_id).values(branch_id=branch_id))
    session.commit()
    return version


def _enrol(session: Session, cohort: Cohort, name: str, mark: str) -> Enrolment:
    user = factories.make_user(session, name=name)
    return factories.make_enrolment(
        session,
        cohort=cohort,
        user=user,
        name=name,
        organisation=f"Desa{mark}",
        certificate_name=name,
        name_confirmed_at=utc_now(),
    )


def _sit(session: Session, enrolment: Enrolment, step: Step, now: datetime) -> Attempt:
    """Start a sitting and answer everything rightly."""
    own = get_own_enrolment(session, enrolment.id, user_id=enrolment.user_id)
    attempt = start_attempt(session, enrolment=own, step_id=step.id, now=now, rng=Random(1))
    session.commit()
    items = session.scalars(select(PaperItem).where(PaperItem.attempt_id == attempt.id)).all()
    for item in items:
        version = item.question_version
        raw = get_type(version.type).solve(version.content, item.prepared)
        save_answer(
            session,
            attempt_id=attempt.id,
            position=item.position,
            event_id=f"world-{item.position}",
            sequence=1,
            raw={name: list(values) for name, values in raw.items()},
            is_flagged=False,
            now=now,
        )
        session.commit()
    return attempt


def _make_own_things(
    session: Session, branch: Branch, cohort: Cohort, organiser_id: int, mark: str
) -> dict[str, Any]:
    """Make what staff of a branch own: a question, a quiz in draft, a roster half sent in, a slot."""
    question = _make_question(session, "single_choice", branch.id, mark)
    now = utc_now()
    version = QuizVersion(
        quiz=Quiz(key=f"cabang-{branch.id}/kuis", title=f"Kuis cabang{mark}", branch_id=branch.id),
        branch_id=branch.id,
        number=1,
        status="draft",
        title=f"Kuis cabang{mark}",
        purpose="module",
        pass_percent=60,
        as_of=cohort.edition.as_of,
        source_sha256=f"{branch.id:064x}",
        created_at=now,
    )
    slot = QuizSlot(position=1, candidates=[SlotCandidate(question_version_id=question.id)])
    version.slots.append(slot)
    factories.add(session, version)
    module = session.scalars(select(Module).where(Module.id == _steps(session, cohort)[0].module_id)).one()
    draft = RosterDraft(
        cohort_id=cohort.id,
        user_id=organiser_id,
        file_name=f"peserta{mark}.xlsx",
        rows=[[2, f"Bu Tuti{mark}", "Perangkat desa", f"Desa{mark}", "35.19", ""]],
        created_at=now,
    )
    factories.add(session, draft)
    slot_id = session.scalars(
        select(cohort_models.Session.id).where(cohort_models.Session.cohort_id == cohort.id)
    ).one()
    return {
        "question_id": question.question_id,
        "version_id": version.id,
        "quiz_id": version.quiz_id,
        "slot_id": slot.id,
        "module_id": module.id,
        "draft_id": draft.id,
        "session_id": slot_id,
    }


def _make_newer_version(
    session: Session, branch: Branch, step: Step, versions: list[QuestionVersion], now: datetime
) -> int:
    """Publish a version of the cohort's quiz of the branch's own, to which the cohort may be moved."""
    pinned = session.scalars(
        select(QuizVersion)
        .join(Quiz)
        .where(Quiz.key.endswith(f"/{step.path}"))
        .order_by(QuizVersion.id.desc())
    ).first()
    assert pinned is not None
    version = QuizVersion(
        quiz_id=pinned.quiz_id,
        branch_id=branch.id,
        number=2,
        status="published",
        title=pinned.title,
        purpose=pinned.purpose,
        pass_percent=50,
        as_of=pinned.as_of,
        source_sha256=f"{branch.id + 1000:064x}",
        created_at=now,
        published_at=now,
    )
    version.slots = [
        QuizSlot(position=position, candidates=[SlotCandidate(question_version_id=question.id)])
        for position, question in enumerate(versions, 1)
    ]
    return factories.add(session, version).id


def _published_page(session: Session, step: Step) -> str:
    query = select(QuizVersion).join(Quiz).where(Quiz.key.endswith(f"/{step.path}"), QuizVersion.number == 1)
    version = session.scalars(query).one()
    return f"/kuis/{version.quiz_id}/versi/{version.id}"


def _set_passwords(session: Session, users: dict[str, int]) -> dict[str, str]:
    """Give everybody but ``other`` the same password, and all a login."""
    hashed = hash_password(PASSWORD)
    logins = {person: f"{person}@contoh.test" for person in users}
    begin_write(session)
    for person, user_id in users.items():
        known = None if person == "other" else hashed
        session.execute(
            update(User).where(User.id == user_id).values(login=logins[person], password_hash=known)
        )
    session.commit()
    return logins


def open_for(session: Session, user_id: int, now: datetime) -> str:
    """Open a session with second factor shown and return its token."""
    begin_write(session)
    token = open_session(
        session, user_id, via="password", now=now, user_agent="test", expires_at=now + timedelta(days=1)
    )
    shown = update(UserSession).where(UserSession.user_id == user_id)
    # A whole run of tests takes longer than a sign-in stays fresh.
    shown = shown.values(second_factor_at=now, fresh_at=now + timedelta(hours=2))
    session.execute(shown)
    session.commit()
    return token


def to_json(world: World) -> str:
    """Return the world as text, to be kept beside its database."""
    return json.dumps(
        [world.objects, world.users, world.logins, world.tokens, world.pages, world.now.isoformat()]
    )


def from_json(text: str) -> World:
    """Return the world of :func:`to_json`."""
    objects, users, logins, tokens, pages, now = json.loads(text)
    return World(objects, users, logins, tokens, pages, datetime.fromisoformat(now))
