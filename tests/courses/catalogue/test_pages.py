"""Trainers look at a zipped course; admins load it, once; faults change nothing."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from courses.catalogue.archives import read_archive, write_archive
from courses.catalogue.models import CourseUpload, Edition
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.uploads import UPLOAD_LIFE, look_at, store_upload
from lms.core.accounts.models import Role
from tests import factories
from tests.conftest import NOW
from tests.courses.catalogue.folders import COURSE, LESSON, TrustingStore, sample
from tests.courses.catalogue.hostile import HOSTILE

PAGE = "day-1/01-jkm/materi.md"
SignIn = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def _store(app: Flask) -> None:
    app.extensions[EXTENSION] = TrustingStore()


@pytest.fixture
def admin(session: Session, sign_in: SignIn) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.ADMIN).id)


@pytest.fixture
def trainer(session: Session, sign_in: SignIn) -> FlaskClient:
    return sign_in(factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session)).id)


def send(client: FlaskClient, files: dict[str, bytes] | bytes, as_of: str = "2026-11-22") -> TestResponse:
    body = files if isinstance(files, bytes) else write_archive(files, "contoh")
    data = {"file": (io.BytesIO(body), "contoh.zip"), "as_of": as_of}
    return client.post("/edisi/unggah", data=data, content_type="multipart/form-data")


def count(session: Session, model: type[Edition] | type[CourseUpload]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_admin_sends_looks_and_publishes(admin: FlaskClient, session: Session) -> None:
    page = admin.get(send(admin, sample()).headers["Location"])
    assert "Edisi pertama" in page.text
    assert count(session, Edition) == 0

    loaded = admin.post(f"{page.request.path}/muat", data={"publish": "yes"})

    assert loaded.status_code == 303
    assert session.scalars(select(Edition.status)).all() == ["published"]
    assert count(session, CourseUpload) == 0
    assert admin.post(f"{page.request.path}/muat").status_code == 404


def test_a_draft_is_published_later(admin: FlaskClient, session: Session) -> None:
    address = send(admin, sample(), "2016-10-19").headers["Location"]
    admin.post(f"{address}/muat")
    edition = session.scalars(select(Edition)).one()
    assert (edition.status, edition.as_of.isoformat()) == ("draft", "2016-10-19")

    admin.post(f"/edisi/{edition.id}/terbit")

    session.expire_all()
    assert session.scalars(select(Edition.status)).one() == "published"


def test_the_page_says_what_would_change_against_the_newest_edition(admin: FlaskClient) -> None:
    admin.post(f"{send(admin, sample()).headers['Location']}/muat")
    changed = sample(**{"day-1/01-jkm/materi.md": f"{LESSON}\nLagi.\n"})

    page = admin.get(send(admin, changed).headers["Location"])

    assert "Terhadap edisi 1" in page.text
    assert "day-1/01-jkm/materi" in page.text
    assert "jkm-01" not in page.text


def test_the_files_of_an_edition_come_back_as_they_were_sent(admin: FlaskClient, session: Session) -> None:
    admin.post(f"{send(admin, sample()).headers['Location']}/muat")
    edition_id = session.scalars(select(Edition.id)).one()

    response = admin.get(f"/edisi/{edition_id}/berkas.zip")

    assert response.mimetype == "application/zip"
    assert read_archive(response.data, "x.zip") == sample()
    edited = admin.get(f"/edisi/{edition_id}/berkas.zip?suntingan=ya")
    changed = read_archive(edited.data, "x.zip")
    assert {path for path, body in changed.items() if body != sample()[path]} == {"questions/jkm.yaml"}


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({**sample(), "course.yaml": b"schema: 1\n  slug: ["}, "course.yaml:"),
        (sample(**{PAGE: LESSON.replace("jkm.benefit.", "jkm.x.")}), f"{PAGE}:5"),
        (sample(**{PAGE: f"{LESSON}\nSantunannya Rp42.000.000.\n"}), f"{PAGE}:16"),
        ({**sample(), "notes.txt": b"x"}, "notes.txt"),
        (b"PK nothing", "contoh.zip"),
        (sample(**{"course.yaml": COURSE.replace("summary:", "sumary:")}), "course.yaml:5"),
        (sample(**{PAGE: f"{LESSON}\n::: contoh Kotak\nTidak ditutup.\n"}), f"{PAGE}:16"),
        (sample(**{PAGE: f"{LESSON}\n::: berlaku <2026-02-30\nKata.\n:::\n"}), f"{PAGE}:16"),
        ({**sample(), PAGE: LESSON.encode() + b"\xff"}, f"{PAGE}:15"),
    ],
)
def test_faults_are_shown_with_file_and_line_and_nothing_is_changed(
    trainer: FlaskClient, session: Session, files: dict[str, bytes] | bytes, place: str
) -> None:
    page = send(trainer, files)

    assert page.status_code == 422
    assert f"<code>{place}" in page.text
    assert count(session, CourseUpload) == count(session, Edition) == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_gets_a_sentence_and_nothing_is_changed(
    trainer: FlaskClient, session: Session, name: str
) -> None:
    page = send(trainer, HOSTILE[name]())

    assert page.status_code == 422
    assert re.search(r"<code>[^<]+</code> <span>[^<]+</span>|error-summary", page.text)
    assert count(session, CourseUpload) == count(session, Edition) == 0


def test_a_trainer_looks_but_does_not_load(trainer: FlaskClient, session: Session) -> None:
    address = send(trainer, sample()).headers["Location"]

    assert "/muat" not in trainer.get(address).text
    assert trainer.post(f"{address}/muat", data={"publish": "yes"}).status_code == 404
    assert count(session, Edition) == 0
    assert trainer.post(f"{address}/buang").status_code == 303
    assert count(session, CourseUpload) == 0


@pytest.mark.parametrize("missing", ["file", "as_of"])
def test_file_and_law_date_must_be_there(trainer: FlaskClient, missing: str) -> None:
    data = {"file": (io.BytesIO(b"x"), "contoh.zip"), "as_of": "2026-11-22"}
    del data[missing]

    page = trainer.post("/edisi/unggah", data=data, content_type="multipart/form-data")

    assert page.status_code == 422
    assert "error-summary" in page.text


def test_what_lay_a_day_is_thrown_away(app: Flask, session: Session) -> None:
    body = write_archive(sample(), "contoh")
    look = look_at(session, body, "a.zip", as_of=NOW.date(), quizzes=TrustingStore())
    first, second = factories.make_user(session, Role.ADMIN), factories.make_user(session, Role.ADMIN)

    for user, at in (
        (first, NOW),
        (second, NOW + UPLOAD_LIFE - timedelta(minutes=1)),
        (second, NOW + UPLOAD_LIFE),
    ):
        store_upload(session, user.id, body=body, file_name="a.zip", as_of=NOW.date(), look=look, now=at)
        session.commit()

    assert session.scalars(select(CourseUpload.user_id)).all() == [second.id]
