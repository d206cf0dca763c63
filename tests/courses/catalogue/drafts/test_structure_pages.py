"""The structure of a course is changed by plain buttons: titles typed are kept, and nobody undoes another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.catalogue.drafts.models import CourseDraft
from courses.catalogue.folder import read_files
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import load_course
from lms.core.accounts.models import Role, User
from tests import factories
from tests.conftest import NOW
from tests.courses.catalogue.drafts.copies import begin, body_of
from tests.courses.catalogue.folders import TrustingStore, sample

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def trainer(app: Flask, session: Session) -> User:
    app.extensions[EXTENSION] = TrustingStore()
    return factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))


@pytest.fixture
def draft(session: Session, trainer: User) -> CourseDraft:
    folder = read_files(sample())
    load_course(
        session, folder, as_of=NOW.date(), quizzes=TrustingStore(), publish=True, now=NOW, actor_id=None
    )
    session.commit()
    return begin(session, trainer)


def test_a_button_moves_and_keeps_what_was_typed(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), f"/naskah/{draft.id}/susunan"

    moved = browser.post(place, data={"revision": "1", "aksi": "down:0-0-0", "t-0": "Hari satu"})

    assert moved.headers["Location"].endswith("#p-0-0-1")
    course = body_of(session, draft, "course.yaml").decode()
    assert "title: Hari satu" in course
    assert course.index("quiz: kuis,") < course.index("lesson: materi")


def test_who_saw_an_older_structure_changes_nothing(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), f"/naskah/{draft.id}/susunan"
    browser.post(place, data={"revision": "1", "aksi": "down:0-0-0"})
    before = body_of(session, draft, "course.yaml")

    again = browser.post(place, data={"revision": "1", "aksi": "down:0-0-0"})

    assert again.status_code == 409
    assert body_of(session, draft, "course.yaml") == before


def test_a_lesson_is_added_written_and_removed_after_a_question(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), f"/naskah/{draft.id}/susunan"

    page = browser.post(
        place,
        data={"revision": "1", "aksi": "step:0-0", "kind": "lesson", "title": "Ahli waris", "count": "5"},
        follow_redirects=True,
    )
    assert "Ahli waris" in page.text
    assert body_of(session, draft, "day-1/01-jkm/ahli-waris.md").startswith(b"---\ntitle: Ahli waris\n")

    asked = browser.get(f"{place}?hapus=0-0-2")
    assert 'value="remove:0-0-2"' in asked.text
    browser.post(place, data={"revision": "2", "aksi": "remove:0-0-2"})
    assert body_of(session, draft, "course.yaml") == sample()["course.yaml"]


@pytest.mark.parametrize(
    "data",
    [
        {"aksi": "step:0-9", "title": "X", "count": "5"},
        {"aksi": "step:0-0", "title": "", "count": "5"},
        {"aksi": "step:0-0", "title": "X", "count": "viele"},
        {"aksi": "to:0-0-0:99"},
        {"aksi": "remove:0"},
        {"aksi": "up:x"},
        {"aksi": "module:0", "title": "X", "kind": "lain", "minutes": "5"},
        {"aksi": "names", "t-0": " "},
    ],
)
def test_what_cannot_be_gets_a_sentence_and_changes_nothing(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft, data: dict[str, str]
) -> None:
    page = sign_in(trainer.id).post(f"/naskah/{draft.id}/susunan", data={"revision": "1"} | data)

    assert page.status_code == 422
    assert "error-summary" in page.text
    assert body_of(session, draft, "course.yaml") == sample()["course.yaml"]
