"""A trainer looks at a question whose facts have changed and decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import load_book
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from lms.core.errors import Conflict, NotFound
from quizzes.bank.models import QuestionVersion
from quizzes.bank.publication.publishing import publish
from quizzes.bank.quiz.drafts import create_draft
from quizzes.bank.stale.releasing import Review, get_review, keep_question, renew_question
from quizzes.bank.stale.staleness import count_paused
from tests import factories
from tests.courses.facts.changes import change
from tests.factories import NOW
from tests.quizzes.bank.actors import actor_of
from tests.quizzes.bank.folder.test_loading import newest_quiz
from tests.quizzes.bank.stale.test_fact_users import scanned
from tests.quizzes.bank.stale.test_staleness import rows
from tests.quizzes.bank.users import KEY, load, newest, question


@pytest.fixture
def admin(session: Session) -> Actor:
    return actor_of(factories.make_user(session, Role.ADMIN))


def review(session: Session, name: str, actor: Actor) -> Review:
    return get_review(session, question(session, name).id, actor=actor, book=load_book())


def renew(session: Session, name: str, actor: Actor) -> QuestionVersion:
    found = review(session, name, actor)
    version = renew_question(
        session,
        actor,
        question_id=found.version.question_id,
        mark=found.mark,
        book=load_book(),
        now=NOW,
    )
    session.commit()
    return version


def keep(session: Session, name: str, actor: Actor, *, mark: str = "") -> None:
    found = review(session, name, actor)
    keep_question(
        session,
        actor,
        question_id=found.version.question_id,
        mark=mark or found.mark,
        reason="Soal menyebut tahunnya.",
        book=load_book(),
        now=NOW,
    )
    session.commit()


def last_event(session: Session) -> AuditEvent:
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


def test_a_new_version_says_what_holds_now(session: Session, tmp_path: Path, admin: Actor) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    version = renew(session, "iuran-01", admin)

    assert (version.number, version.stem_html) == (2, "Iuran JHT bagian pekerja 3%.")
    assert rows(session)["iuran-01 1"] == ("replaced", True)
    assert "coba/iuran-01" not in {one.user.name for fact in scanned(session) for one in fact.findings}
    assert last_event(session).action == "question.renewed"


def test_the_old_version_stays_off_papers_until_a_quiz_names_the_new_one(
    session: Session, tmp_path: Path, admin: Actor
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    for name in ("iuran-01", "iuran-02", "iuran-03"):
        renew(session, name, admin)
    old = newest_quiz(session)
    assert count_paused(session, [old.id]) == {old.id: 3}

    draft = create_draft(session, admin, quiz_id=old.quiz_id, from_version_id=old.id, branch_id=None, now=NOW)
    session.commit()
    made = publish(
        session,
        admin,
        quiz_id=old.quiz_id,
        version_id=draft.id,
        base=draft.source_sha256,
        book=load_book(),
        now=NOW,
    )
    session.commit()

    assert count_paused(session, [made.id]) == {}


def test_a_question_is_kept_with_a_reason(session: Session, tmp_path: Path, admin: Actor) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    keep(session, "iuran-01", admin)

    assert rows(session)["iuran-01 1"] == ("released", False)
    assert newest(session, "iuran-01").number == 1
    event = last_event(session)
    assert (event.action, event.details["reason"]) == ("question.kept", "Soal menyebut tahunnya.")
    assert event.details["facts"] == {KEY: ["2%", "3%"]}


def test_a_question_that_was_kept_is_paused_again_by_the_next_change(
    session: Session, tmp_path: Path, admin: Actor
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    keep(session, "iuran-01", admin)

    change(session, KEY, "0.04")

    assert rows(session)["iuran-01 1"] == ("open", True)
    assert [one.now for one in review(session, "iuran-01", admin).stale] == ["4%"]


def test_what_changed_while_somebody_looked_is_not_released(
    session: Session, tmp_path: Path, admin: Actor
) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    seen = review(session, "iuran-01", admin).mark

    change(session, KEY, "0.04")

    with pytest.raises(Conflict):
        keep(session, "iuran-01", admin, mark=seen)
    session.rollback()
    assert rows(session)["iuran-01 1"] == ("open", True)


def test_a_question_of_the_nation_is_not_a_trainers_to_decide(session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    branch = factories.make_branch(session)
    trainer = actor_of(factories.make_user(session, Role.TRAINER, branch=branch), branch)

    with pytest.raises(NotFound):
        keep(session, "iuran-01", trainer)
    session.rollback()
    with pytest.raises(NotFound):
        renew(session, "iuran-01", trainer)


def test_with_nothing_changed_there_is_nothing_to_decide(
    session: Session, tmp_path: Path, admin: Actor
) -> None:
    load(session, tmp_path)

    assert not review(session, "iuran-01", admin).is_open
    with pytest.raises(Conflict):
        keep(session, "iuran-01", admin)
