"""When the demo goes, everything of it goes, also what its visitors did; everybody else stays."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from certificates import life
from certificates.models import Certificate, CertificateBatch, CertificateEvent
from certificates.reasons import Reason
from courses.cohorts import enrolling
from courses.cohorts import services as cohorts
from courses.cohorts.card_codes import card_token
from courses.cohorts.models import Card, Cohort, Enrolment
from courses.cohorts.roster import Person
from courses.facts import corrections
from courses.facts.book import load_book, shipped_book
from courses.facts.models import CorrectionKind, FactCorrection, FactUse, Standing, UseKind, UseOwner
from courses.facts.readings import Reading
from courses.learning.models import Completion, Progress
from lms.core.accounts.models import Branch, Role, User
from lms.core.accounts.services import make_password_reset
from lms.core.audit.models import AuditEvent
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.core.errors import NotFound
from lms.core.files import keep_file, read_file
from lms.demo import runs, seeding
from lms.demo.removing import remove
from quizzes.attempts import starting
from quizzes.attempts.models import AnswerFile, Attempt, PaperItem, Response
from quizzes.bank.models import Question, QuestionVersion, Quiz, StaleState, StaleVersion
from tests import factories

GONE = (User, Branch, Cohort, Enrolment, Card, Attempt, PaperItem, Response, Certificate, CertificateEvent)
GONE += (Completion, Progress)


@pytest.fixture
def session(demo: Flask) -> Session:
    return db.session()


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def demo_person(session: Session, role: Role) -> User:
    return session.scalars(select(User).where(User.is_demo, User.role == role.value).limit(1)).one()


def demo_branch(session: Session) -> Branch:
    return session.scalars(select(Branch).where(Branch.is_demo)).one()


def test_what_demo_people_said_about_the_law_goes_with_them(session: Session) -> None:
    visitor = demo_person(session, Role.ADMIN).id
    other = factories.make_user(session, Role.ADMIN).id
    reading = Reading(
        kind=CorrectionKind.SUCCESSOR,
        key="jkm.benefit.funeral",
        value="12000000",
        unit="IDR",
        valid_from=date(2027, 1, 1),
        valid_to=None,
        citation="PP 82/2019",
        confidence="memory",
    )
    proposed = corrections.propose(session, visitor, reading=reading, now=utc_now()).id
    session.commit()
    corrections.confirm(session, other, correction_id=proposed, now=utc_now())
    session.commit()

    remove()

    assert count(session, FactCorrection) == 0
    assert load_book() is shipped_book()


def test_nothing_of_the_demo_stays_but_the_course(session: Session) -> None:
    of_the_course = select(func.count()).select_from(Question).where(Question.key.is_not(None))
    questions, quizzes = session.scalar(of_the_course) or 0, count(session, Quiz)
    assert count(session, Question) == questions + 1  # the one that waits for a review is the demo's

    remove()

    assert {model.__name__: count(session, model) for model in GONE} == {m.__name__: 0 for m in GONE}
    assert not seeding.exists()
    assert (count(session, Question), count(session, Quiz)) == (questions, quizzes)
    assert questions > 100


def test_the_audit_log_keeps_its_account(session: Session) -> None:
    before = count(session, AuditEvent)

    remove()

    assert count(session, AuditEvent) == before


def test_everybody_else_stays(session: Session) -> None:
    cohort = factories.make_cohort(session)
    organiser = factories.make_user(session, Role.ORGANISER, branch=cohort.branch)
    certificate = factories.complete(session, factories.make_enrolment(session, cohort=cohort))
    kept = [
        (User, organiser.id),
        (User, certificate.user_id),
        (Cohort, cohort.id),
        (Branch, cohort.branch_id),
        (Enrolment, certificate.enrolment_id),
        (Certificate, certificate.id),
    ]

    remove()

    session.expire_all()
    assert all(session.get(model, number) is not None for model, number in kept)
    assert count(session, User) == 2
    assert count(session, Certificate) == 1


def test_signed_papers_of_the_demo_go_and_those_of_others_stay(demo: Flask, session: Session) -> None:
    instance = demo.config["INSTANCE"]
    other = factories.complete(session, factories.make_enrolment(session))
    theirs = session.scalars(select(Certificate).where(Certificate.id != other.id).limit(2)).all()
    papers = [keep_file(instance, f"%PDF- {number}".encode()) for number in range(4)]
    begin_write(session)
    for row, digest in zip((*theirs, other), papers, strict=False):
        row.pdf_sha256 = digest
    batch = {"cohort_id": theirs[0].cohort_id, "kind": "print", "asked_by_id": theirs[0].user_id}
    made = {"certificate_ids": [], "failed_ids": [], "files": [papers[3], papers[2]]}
    session.add(CertificateBatch(**batch, **made, asked_at=utc_now(), finished_at=utc_now()))
    session.commit()

    remove()

    assert read_file(instance, papers[2]) == b"%PDF- 2", "somebody else's certificate names it"
    for digest in (papers[0], papers[1], papers[3]):
        with pytest.raises(NotFound):
            read_file(instance, digest)


def test_files_sent_with_answers_of_the_demo_go_and_those_of_others_stay(
    demo: Flask, session: Session
) -> None:
    instance = demo.config["INSTANCE"]
    theirs = session.scalars(select(PaperItem).limit(2)).all()
    enrolment = factories.make_enrolment(session)
    stays = factories.add(
        session,
        Attempt(
            **{
                column.key: getattr(theirs[0].attempt, column.key)
                for column in Attempt.__table__.columns
                if column.key not in ("id", "enrolment_id")
            },
            enrolment_id=enrolment.id,
        ),
    )
    item = factories.add(
        session,
        PaperItem(
            **{
                column.key: getattr(theirs[0], column.key)
                for column in PaperItem.__table__.columns
                if column.key not in ("id", "attempt_id")
            },
            attempt_id=stays.id,
        ),
    )
    kept = [keep_file(instance, f"photo {number}".encode()) for number in range(2)]
    for place, digest in ((theirs[0], kept[0]), (theirs[1], kept[1]), (item, kept[1])):
        factories.add(
            session,
            AnswerFile(
                item_id=place.id,
                digest=digest,
                name="foto.jpg",
                media_type="image/jpeg",
                size=7,
                uploaded_at=utc_now(),
            ),
        )

    remove()

    assert read_file(instance, kept[1]) == b"photo 1", "somebody else sent the same"
    with pytest.raises(NotFound):
        read_file(instance, kept[0])


def test_removing_twice_is_as_good_as_once(session: Session) -> None:
    remove()
    remove()

    assert count(session, User) == 0


def test_the_demo_can_come_back(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("live_through", "live_halfway"):
        monkeypatch.setattr(seeding, name, lambda *_, now: None)
    remove()

    seeding.seed()

    assert count(session, Cohort) == 2
    assert count(session, User) == 53


def test_a_cohort_that_a_visitor_makes_at_the_demo_office_is_demo_and_goes(session: Session) -> None:
    branch, organiser = demo_branch(session), demo_person(session, Role.ORGANISER)
    edition = session.scalars(select(Cohort.edition_id).where(Cohort.name == runs.RUNNING)).one()
    today = utc_now().date()
    cohort = cohorts.create_cohort(
        session,
        organiser.id,
        branch_id=branch.id,
        edition_id=edition,
        name="Angkatan coba-coba",
        place="",
        time_zone="Asia/Jakarta",
        starts_on=today,
        ends_on=today + timedelta(days=1),
        now=utc_now(),
    )
    known_id = session.scalars(select(Enrolment.user_id).order_by(Enrolment.id)).all()[-1]
    person = Person("Peserta Baru", "union", "Serikat", "35.77", "+6281234567890")
    enrolling.enrol_all(
        session,
        organiser.id,
        cohort=cohort,
        people=[(person, None), (Person("Lama Demo", "union", "Serikat", "35.77"), known_id)],
        now=utc_now(),
    )
    session.commit()
    assert cohort.is_demo
    assert session.scalars(select(User.is_demo).where(User.name == "Peserta Baru")).one()

    # Whoever is in another cohort, too, outlives the running one.
    seeding.restart()
    assert session.get(User, known_id, populate_existing=True) is not None

    remove()
    assert count(session, User) == 0
    assert count(session, Cohort) == 0


def test_what_visitors_were_in_the_middle_of_goes(demo: Flask, session: Session) -> None:
    enrolment = session.scalars(select(Enrolment).join(Cohort).where(Cohort.name == runs.RUNNING)).first()
    assert enrolment
    step = next(
        step
        for day in enrolment.cohort.edition.days
        for module in day.modules
        for step in module.steps
        if step.kind == "quiz" and not step.release
    )
    starting.start_attempt(session, enrolment=enrolment, step_id=step.id, now=utc_now(), rng=Random(1))
    make_password_reset(session, None, user_id=demo_person(session, Role.TRAINER).id, now=utc_now())
    session.commit()
    factories.sign_in(demo.test_client(), demo_person(session, Role.ADMIN).id)

    remove()

    assert count(session, Attempt) == 0
    assert count(session, User) == 0


def test_a_certificate_that_a_demo_admin_revoked_stays_revoked(session: Session) -> None:
    certificate = factories.complete(session, factories.make_enrolment(session))
    admin = demo_person(session, Role.ADMIN)
    life.revoke(session, admin.id, certificate_id=certificate.id, reason=Reason.OTHER, note="", now=utc_now())
    session.commit()

    remove()

    found = session.get(Certificate, certificate.id, populate_existing=True)
    assert found is not None
    assert found.state == "revoked"


def test_questions_of_the_demo_office_go_but_those_that_others_have_on_their_papers(session: Session) -> None:
    trainer, branch = demo_person(session, Role.TRAINER), demo_branch(session)
    mine, shared, national = (factories.make_question(session) for _ in range(3))
    factories.make_quiz_step(session, factories.make_cohort(session), [shared])
    begin_write(session)
    for version in (mine, shared, national):
        version.question.created_by_id = version.created_by_id = trainer.id
    mine.question.branch_id = shared.question.branch_id = branch.id
    session.commit()

    mine_id, shared_id, national_id = (row.question_id for row in (mine, shared, national))

    remove()

    assert session.get(Question, mine_id, populate_existing=True) is None
    kept = session.get(Question, shared_id, populate_existing=True)
    assert kept is not None
    assert (kept.branch_id, kept.status, kept.created_by_id) == (None, "retired", None)
    also = session.get(Question, national_id, populate_existing=True)
    assert also is not None
    assert also.status != "retired"


def test_no_number_and_no_card_comes_again(demo: Flask, session: Session) -> None:
    """The audit log names people by number, and secrets of cards come of theirs."""
    key = demo.config["CARD_KEY"]
    old = {model: session.scalar(select(func.max(model.id))) for model in (User, Card, Cohort, Certificate)}
    tokens = {card_token(key, card.id, card.generation) for card in session.scalars(select(Card))}

    remove()
    enrolment = factories.make_enrolment(session)
    certificate = factories.complete(session, enrolment)

    assert enrolment.card
    assert card_token(key, enrolment.card.id, enrolment.card.generation) not in tokens
    fresh = {User: enrolment.user_id, Card: enrolment.card.id, Cohort: enrolment.cohort_id}
    assert all(
        number > (old[model] or 0) for model, number in (fresh | {Certificate: certificate.id}).items()
    )


def test_the_radar_forgets_questions_of_the_demo_and_who_of_it_decided(session: Session) -> None:
    branch, admin = demo_branch(session), demo_person(session, Role.ADMIN)
    theirs, stays = factories.make_question(session), factories.make_question(session)
    begin_write(session)
    session.get_one(Question, theirs.question_id).branch_id = branch.id
    for version, branch_id in ((theirs, branch.id), (stays, None)):
        session.add(use_of(version, branch_id))
        session.add(
            StaleVersion(
                question_version_id=version.id,
                state=StaleState.RELEASED,
                is_paused=False,
                found_at=utc_now(),
                closed_by_id=admin.id,
            )
        )
    session.commit()
    before = count(session, FactUse)

    remove()

    assert count(session, FactUse) == before - 1
    assert session.scalars(select(StaleVersion.closed_by_id)).all() == [None]


def use_of(version: QuestionVersion, branch_id: int | None) -> FactUse:
    return FactUse(
        key="jht.rate.worker",
        kind=UseKind.STEM,
        owner_type=UseOwner.QUESTION_VERSION,
        owner_id=version.id,
        place="stem",
        branch_id=branch_id,
        as_of=version.as_of,
        saw="2%",
        standing=Standing.LIVE,
    )
