"""Drawings and whole folders come in after the same look as everywhere; a folder comes back as it went."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from courses.catalogue.archives import write_archive
from courses.catalogue.drafts.models import CourseDraft
from courses.catalogue.drafts.queries import read_files_of
from courses.catalogue.folder import read_files
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import load_course
from lms.core.accounts.models import Role, User
from tests import factories
from tests.conftest import NOW
from tests.courses.catalogue.drafts.copies import PAGE, begin, file_of
from tests.courses.catalogue.folders import LESSON, TrustingStore, sample

SignIn = Callable[[int], FlaskClient]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 90"><text x="9" y="30">Jalan</text></svg>'


@pytest.fixture
def trainer(app: Flask, session: Session) -> User:
    app.extensions[EXTENSION] = TrustingStore()
    return factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))


@pytest.fixture
def draft(session: Session, trainer: User) -> CourseDraft:
    load_course(
        session, read_files(sample()), as_of=NOW.date(), quizzes=TrustingStore(), publish=True, now=NOW,
        actor_id=None,
    )  # fmt: skip
    session.commit()
    return begin(session, trainer)


def kept(session: Session, draft: CourseDraft) -> dict[str, bytes]:
    session.rollback()
    return read_files_of(session, draft.id)


def test_a_question_a_term_and_a_drawing_are_found_with_their_marks(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), f"/naskah/berkas/{file_of(session, draft, PAGE).id}"
    sent = browser.post(f"{place}/gambar", data={"drawing": (io.BytesIO(SVG), "Jalan Klaim.svg")})

    page = browser.get(f"{place}/sisipan").text

    assert sent.status_code == 303
    assert kept(session, draft)["day-1/01-jkm/gambar/jalan-klaim.svg"] == SVG
    assert "::: cek jkm-02" in page
    assert "cek jkm-01" not in page
    assert "{istilah:jkp}" in page
    assert "(gambar/jalan-klaim.svg" in page
    assert "::: cek" not in browser.get(f"{place}/sisipan?q=zebra").text


@pytest.mark.parametrize(
    "body", [b"\x89PNG\r\n\x1a\n" + b"0" * 99, b"", SVG.replace(b"<text", b"<script"), SVG + b" " * 13_000]
)
def test_what_is_no_drawing_gets_a_sentence_and_nothing_is_kept(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft, body: bytes
) -> None:
    browser, place = sign_in(trainer.id), f"/naskah/berkas/{file_of(session, draft, PAGE).id}/gambar"
    before = kept(session, draft)

    page = browser.post(place, data={"drawing": (io.BytesIO(body), "foto.svg")})
    told = browser.post(
        place, data={"drawing": (io.BytesIO(body), "foto.svg")}, headers={"Accept": "application/json"}
    )

    assert (page.status_code, told.status_code) == (422, 422)
    assert "error-summary" in page.text
    assert told.json["message"]
    assert kept(session, draft) == before


def test_a_folder_comes_back_byte_for_byte_and_a_hostile_one_changes_nothing(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), f"/naskah/{draft.id}"
    file = file_of(session, draft, PAGE)
    text = LESSON.replace("berjumlah", "seluruhnya “tepat”")
    browser.post(f"/naskah/berkas/{file.id}/simpan", data={"text": text, "revision": "1"})
    archive, edited = browser.get(f"{place}/berkas.zip").data, kept(session, draft)
    browser.post(f"/naskah/berkas/{file.id}/simpan", data={"text": "Rusak", "revision": "2"})

    browser.post(f"{place}/berkas", data={"file": (io.BytesIO(archive), "x.zip"), "revision": "3"})
    assert kept(session, draft) == edited

    for body, revision in ((b"PK nothing", "4"), (write_archive({"x": b"y"}, "x"), "1")):
        browser.post(f"{place}/berkas", data={"file": (io.BytesIO(body), "x.zip"), "revision": revision})
        assert kept(session, draft) == edited
