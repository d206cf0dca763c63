"""Making the demo: course, people, cohorts and results, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.catalogue.folder import read_folder
from courses.catalogue.models import Edition
from courses.catalogue.services import CourseFaults, load_course
from courses.catalogue.sources import FolderFaults
from courses.cohorts.models import Cohort, Enrolment
from courses.facts.book import load_book
from lms.core.accounts.models import User
from lms.core.accounts.passwords import hash_password
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.core.errors import LmsError
from lms.demo.bank import make_waiting_question
from lms.demo.lives import live_halfway, live_through
from lms.demo.office import find_office, make_office
from lms.demo.people import STAFF, TRAINEE_LOGIN
from lms.demo.removing import delete_cohorts, delete_papers
from lms.demo.runs import MADIUN_DAY, RUNNING, make_finished, make_running
from lms.demo.sign_ins import derive_password
from quizzes.bank.folder.loading import BankStore

COURSE = Path(__file__).parents[2] / "courses" / "curriculum" / "kader-penggerak"


def exists() -> bool:
    """Return whether demo people are in the database."""
    return db.session.scalar(select(User.id).where(User.is_demo).limit(1)) is not None


def seed() -> None:
    """Load course, people, cohorts and results, once; again changes nothing."""
    if exists():
        return
    old, new = load_shipped_course()
    logins = [login for _, _, login in STAFF] + [TRAINEE_LOGIN]
    hashes = {login: hash_password(derive_password(login)) for login in logins}
    # One transaction: whoever interrupts this finds nothing, not half a demo that looks complete.
    session = db.session()
    begin_write(session)
    office = make_office(session, hashes=hashes)
    finished_id = make_finished(session, office, edition_id=old.id)
    running_id = make_running(session, office, edition_id=new.id)
    make_waiting_question(session, office[0], now=utc_now())
    live_through(session, finished_id, now=utc_now())
    live_halfway(session, running_id, now=utc_now())
    _give_password(session, finished_id, hashed=hashes[TRAINEE_LOGIN])
    session.commit()


def restart() -> None:
    """Begin the running cohort again, its second day being today."""
    _, edition = load_shipped_course()
    session = db.session()
    begin_write(session)
    office = find_office(session)
    if office is None:
        session.rollback()
        seed()
        return
    old = session.scalars(select(Cohort.id).where(Cohort.is_demo, Cohort.name == RUNNING)).all()
    papers = delete_cohorts(session, old)
    running_id = make_running(session, office, edition_id=edition.id)
    live_halfway(session, running_id, now=utc_now())
    session.commit()
    delete_papers(session, papers)


def load_shipped_course() -> tuple[Edition, Edition]:
    """Load the shipped folder at both law dates and publish; return the editions of 2016 and of now.

    Raises:
        LmsError: somebody changed the folder, and it has faults.
    """
    try:
        return _load_shipped_course()
    except (FolderFaults, CourseFaults) as error:
        db.session.rollback()
        raise LmsError(
            f"The shipped course has faults: {error.faults[0]} `lms course check {COURSE}` names them all."
        ) from error


def _load_shipped_course() -> tuple[Edition, Edition]:
    session, folder = db.session(), read_folder(COURSE)
    editions = []
    for as_of in (MADIUN_DAY, load_book().as_of):
        edition = load_course(
            session, folder, as_of=as_of, quizzes=BankStore(), publish=True, now=utc_now(), actor_id=None
        )
        session.commit()
        editions.append(edition)
    return editions[0], editions[1]


def _give_password(session: Session, cohort_id: int, *, hashed: str) -> None:
    """Let the first trainee of a cohort sign in by password."""
    query = select(Enrolment.user_id).where(Enrolment.cohort_id == cohort_id).order_by(Enrolment.id).limit(1)
    user_id = session.scalars(query).one()
    session.execute(update(User).where(User.id == user_id).values(login=TRAINEE_LOGIN, password_hash=hashed))
