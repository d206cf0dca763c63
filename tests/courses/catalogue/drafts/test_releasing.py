"""A working copy becomes an edition after a colleague looked at it; what it changes is told word by word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.archives import read_archive
from courses.catalogue.drafts.differences import compare, compare_words
from courses.catalogue.drafts.models import CourseDraft
from courses.catalogue.folder import read_files
from courses.catalogue.models import Edition
from courses.catalogue.queries import read_files_of
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import load_course
from courses.facts.book import load_book
from lms.core.accounts.models import Branch, Role, User
from lms.core.audit.models import AuditEvent
from tests import factories
from tests.conftest import NOW
from tests.courses.catalogue.drafts.copies import PAGE, begin, file_of
from tests.courses.catalogue.folders import COURSE, LESSON, QUESTIONS, TrustingStore, reviewed, sample

SignIn = Callable[[int], FlaskClient]
DAY = date(2026, 11, 22)


@pytest.fixture
def trainer(app: Flask, session: Session) -> User:
    app.extensions[EXTENSION] = TrustingStore()
    return factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))


@pytest.fixture
def draft(session: Session, trainer: User) -> CourseDraft:
    folder = read_files(reviewed())
    load_course(session, folder, as_of=DAY, quizzes=TrustingStore(), publish=True, now=NOW, actor_id=None)
    session.commit()
    return begin(session, trainer)


def colleague_of(session: Session, trainer: User) -> User:
    branch = session.get_one(Branch, trainer.memberships[0].branch_id)
    return factories.make_user(session, Role.TRAINER, branch=branch)


def write(browser: FlaskClient, session: Session, draft: CourseDraft, text: str) -> None:
    file = file_of(session, draft, PAGE)
    answer = browser.post(
        f"/naskah/berkas/{file.id}/simpan", data={"text": text, "revision": str(file.revision)}
    )
    assert answer.status_code == 200


def status_of(session: Session, draft: CourseDraft) -> tuple[str, str]:
    session.rollback()
    session.refresh(draft)
    return draft.status, str(draft.revision)


def test_a_course_goes_from_its_writer_over_a_colleague_to_an_edition(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    place = f"/naskah/{draft.id}"
    colleague, admin = colleague_of(session, trainer), factories.make_user(session, Role.ADMIN)
    writer, text = sign_in(trainer.id), LESSON.replace("berjumlah", "seluruhnya")
    write(writer, session, draft, text)
    data = {"revision": "2", "words": "Kata yang lebih jelas."}

    page = writer.get(f"{place}/perubahan").text
    assert "<del> berjumlah</del><ins> seluruhnya</ins>" in page
    assert writer.post(f"{place}/kirim", data=data).status_code == 303
    assert writer.post(f"{place}/tinjauan", data={"revision": "2", "aksi": "approve"}).status_code == 409
    assert status_of(session, draft) == ("review", "2")

    other = sign_in(colleague.id)
    assert "Kata yang lebih jelas." in other.get(f"{place}/perubahan").text
    assert other.post(f"{place}/tinjauan", data={"revision": "2", "aksi": "back"}).status_code == 422
    assert other.post(f"{place}/tinjauan", data={"revision": "2", "aksi": "approve"}).status_code == 303
    assert other.post(f"{place}/terbit", data={"revision": "2"}).status_code == 404

    assert sign_in(admin.id).post(f"{place}/terbit", data={"revision": "2"}).status_code == 303
    assert status_of(session, draft)[0] == "published"
    edition = session.scalars(select(Edition).order_by(Edition.id.desc())).first()
    assert edition is not None
    assert (edition.number, edition.status, edition.id) == (2, "published", draft.published_edition_id)
    assert read_files_of(session, edition.id) == reviewed() | {PAGE: text.encode()}
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.object_type == "course_draft")).all()
    assert actions == [f"course_draft.{word}" for word in ("begun", "sent", "approved", "published")]
    late = {"text": text + "Lagi.\n", "revision": "2"}
    assert (
        sign_in(trainer.id)
        .post(f"/naskah/berkas/{file_of(session, draft, PAGE).id}/simpan", data=late)
        .status_code
        == 409
    )


def test_what_is_changed_after_the_approval_is_not_approved(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    place, colleague = f"/naskah/{draft.id}", colleague_of(session, trainer)
    write(sign_in(trainer.id), session, draft, LESSON.replace("berjumlah", "seluruhnya"))
    sign_in(trainer.id).post(f"{place}/kirim", data={"revision": "2"})
    sign_in(colleague.id).post(f"{place}/tinjauan", data={"revision": "2", "aksi": "approve"})
    write(sign_in(trainer.id), session, draft, LESSON.replace("berjumlah", "mencapai"))

    admin = sign_in(factories.make_user(session, Role.ADMIN).id)

    assert status_of(session, draft) == ("writing", "3")
    assert admin.post(f"{place}/terbit", data={"revision": "3"}).status_code == 409
    assert len(session.scalars(select(Edition.id)).all()) == 1


def test_a_course_with_faults_is_not_sent(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    writer = sign_in(trainer.id)
    write(writer, session, draft, LESSON.replace("jkm.benefit.", "jkm.x."))

    assert writer.post(f"/naskah/{draft.id}/kirim", data={"revision": "2"}).status_code == 409
    assert status_of(session, draft)[0] == "writing"


def test_the_files_of_a_working_copy_come_back_byte_for_byte(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    writer, text = sign_in(trainer.id), LESSON.replace("berjumlah", "seluruhnya “tepat”")
    write(writer, session, draft, text.replace("\n", "\r\n"))

    body = writer.get(f"/naskah/{draft.id}/berkas.zip")

    assert read_archive(body.data, "x.zip") == reviewed() | {PAGE: text.encode()}


@pytest.mark.usefixtures("app")
def test_what_changes_is_told_by_words_steps_questions_and_facts() -> None:
    steps = "          - {lesson: materi}\n          - {quiz: kuis, release: [{after: previous}]}\n"
    turned = "          - {quiz: kuis}\n          - {lesson: materi}\n          - {lesson: lagi}\n"
    new = read_files(
        sample(
            **{
                "course.yaml": COURSE.replace(steps, turned),
                PAGE: LESSON.replace("jkm.benefit.total_without_scholarship", "jkm.benefit.death_grant"),
                "day-1/01-jkm/lagi.md": "---\ntitle: Lagi\nminutes: 3\n---\nSatu kata.\n",
                "questions/jkm.yaml": QUESTIONS.replace("Ada santunan?", "Adakah santunan?", 1),
            }
        )
    )

    found = compare(read_files(sample()), new, book=load_book(), old_day=DAY, new_day=DAY)

    assert (found.added, found.removed) == (["Lagi"], [])
    assert len(found.moved) == 1
    assert [(one.name, one.inserted, one.deleted) for one in found.lessons] == [
        ("day-1/01-jkm/materi", 1, 1),
        ("day-1/01-jkm/lagi", 3, 0),
    ]
    assert [(one.name, one.inserted, one.deleted) for one in found.questions] == [("jkm-01", 1, 1)]
    assert {fact.key: bool(fact.before) for fact in found.facts} == {
        "jkm.benefit.death_grant": False,
        "jkm.benefit.total_without_scholarship": True,
    }
    assert compare(new, new, book=load_book(), old_day=DAY, new_day=DAY).is_empty


def test_long_runs_that_stay_are_left_out() -> None:
    words = " ".join(f"kata{number}" for number in range(200))

    pieces = compare_words(f"{words} lama.\n{words}\n", f"{words} baru.\n{words}\n")

    assert [piece.kind for piece in pieces] == ["skipped", "same", "deleted", "inserted", "same", "skipped"]
    assert len("".join(piece.text for piece in pieces).split()) == 26
