"""A lesson written in the browser: saved once, never over another's text, kept whatever is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.drafts.models import CourseDraft, DraftAuthor, DraftFile
from courses.catalogue.folder import read_files
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import load_course
from lms.core.accounts.models import Role, User
from tests import factories
from tests.conftest import NOW
from tests.courses.catalogue.drafts.copies import PAGE, begin, body_of, file_of
from tests.courses.catalogue.folders import LESSON, TrustingStore, sample

SignIn = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def _store(app: Flask) -> None:
    app.extensions[EXTENSION] = TrustingStore()


@pytest.fixture
def trainer(session: Session) -> User:
    return factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))


@pytest.fixture
def draft(session: Session, trainer: User) -> CourseDraft:
    load_course(
        session,
        read_files(sample()),
        as_of=NOW.date(),
        quizzes=TrustingStore(),
        publish=True,
        now=NOW,
        actor_id=None,
    )
    session.commit()
    return begin(session, trainer)


def address(session: Session, draft: CourseDraft, path: str = PAGE) -> str:
    return f"/naskah/berkas/{file_of(session, draft, path).id}"


def test_a_working_copy_begins_from_an_edition_by_the_form(
    sign_in: SignIn, session: Session, trainer: User
) -> None:
    load_course(
        session,
        read_files(sample()),
        as_of=NOW.date(),
        quizzes=TrustingStore(),
        publish=True,
        now=NOW,
        actor_id=None,
    )
    session.commit()
    browser = sign_in(trainer.id)
    values = {"edition_id": "1", "branch_id": str(trainer.memberships[0].branch_id), "as_of": "2026-11-22"}

    page = browser.post("/naskah", data=values, follow_redirects=True)

    assert "Jaminan Kematian" in page.text
    assert browser.post("/naskah", data=values | {"branch_id": "0"}).status_code == 422


def test_a_text_is_saved_and_what_it_was_stays_where_it_does_not_change(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), address(session, draft)
    text = LESSON.replace("Santunan", "Uang santunan")

    saved = browser.post(place, data={"text": text.replace("\n", "\r\n"), "revision": "1", "aksi": "save"})

    assert saved.status_code == 303
    assert body_of(session, draft, PAGE) == text.encode()
    assert session.scalars(select(DraftAuthor.user_id)).all() == [trainer.id]
    session.rollback()
    before = {
        file.path for file in session.scalars(select(DraftFile).where(DraftFile.changed_at.is_not(None)))
    }
    assert before == {PAGE}


def test_two_writers_keep_both_texts(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), address(session, draft)
    browser.post(f"{place}/simpan", data={"text": f"{LESSON}Dari Adi.\n", "revision": "1"})

    told = browser.post(f"{place}/simpan", data={"text": f"{LESSON}Dari Budi.\n", "revision": "1"})
    page = browser.post(place, data={"text": f"{LESSON}Dari Budi.\n", "revision": "1", "aksi": "save"})

    assert (told.status_code, page.status_code) == (409, 409)
    assert "Dari Adi." in told.json["html"]
    assert page.text.count("Dari Adi.") == 1
    assert page.text.count("Dari Budi.") >= 1
    assert body_of(session, draft, PAGE).endswith(b"Dari Adi.\n")
    again = {"text": f"{LESSON}Dari Budi.\n", "revision": str(told.json["revision"]), "aksi": "save"}
    assert browser.post(place, data=again).status_code == 303
    assert body_of(session, draft, PAGE).endswith(b"Dari Budi.\n")


def test_the_same_text_twice_is_one_change(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), address(session, draft)
    text = {"text": f"{LESSON}Lagi.\n", "revision": "1"}

    first, second = (browser.post(f"{place}/simpan", data=text) for _ in range(2))

    assert first.json == second.json == {"revision": 2}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{LESSON}\n::: contoh Kotak\nTidak ditutup.\n", 16),
        (LESSON.replace("jkm.benefit.", "jkm.x."), 5),
        ("Tanpa judul", 1),
        (f"{LESSON}\n![Gambar pintu.](gambar/pintu.svg)\n", 16),
    ],
)
def test_broken_text_is_kept_and_its_line_is_named(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft, text: str, line: int
) -> None:
    browser, place = sign_in(trainer.id), address(session, draft)

    saved = browser.post(f"{place}/simpan", data={"text": text, "revision": "1"})
    page = browser.get(place)

    assert saved.status_code == 200
    assert f'data-line="{line}"' in page.text
    assert body_of(session, draft, PAGE) == text.encode()


def test_looking_keeps_nothing(sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft) -> None:
    browser, place = sign_in(trainer.id), address(session, draft)
    text = LESSON.replace("## Jumlahnya", "## Berapa besarnya")

    piece = browser.post(f"{place}/pratinjau", data={"text": text, "revision": "1"})
    page = browser.post(place, data={"text": text, "revision": "1", "aksi": "look"})

    assert "Berapa besarnya</h2>" in piece.json["html"]
    assert "Berapa besarnya</h2>" in page.text
    assert "jkm-02</legend>" in piece.json["html"]
    assert body_of(session, draft, PAGE) == LESSON.encode()


@pytest.mark.parametrize("length", [300_000, 5_200_000])
def test_a_book_is_told_to_be_too_long_and_stays_in_the_field(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft, length: int
) -> None:
    browser, place = sign_in(trainer.id), address(session, draft)
    text = LESSON + "a " * (length // 2)

    page = browser.post(place, data={"text": text, "revision": "1", "aksi": "save"})
    told = browser.post(f"{place}/simpan", data={"text": text, "revision": "1"})

    assert (page.status_code, told.status_code) == (422, 422)
    assert "a a a a" in page.text
    assert "200000" in told.json["message"]
    assert body_of(session, draft, PAGE) == LESSON.encode()


def test_the_whole_course_is_checked_as_on_the_command_line(
    sign_in: SignIn, session: Session, trainer: User, draft: CourseDraft
) -> None:
    browser, place = sign_in(trainer.id), address(session, draft)
    browser.post(f"{place}/simpan", data={"text": f"{LESSON}\nSantunannya Rp42.000.000.\n", "revision": "1"})

    page = browser.get(f"/naskah/{draft.id}/periksa")

    assert f"<code>{PAGE}:16</code>" in page.text
    assert "?baris=16" in page.text


def test_another_branch_sees_nothing_of_it(sign_in: SignIn, session: Session, draft: CourseDraft) -> None:
    place = address(session, draft)
    stranger = factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))
    browser = sign_in(stranger.id)

    assert browser.get(place).status_code == browser.get(f"/naskah/{draft.id}").status_code == 404
    assert browser.post(f"{place}/simpan", data={"text": "x", "revision": "1"}).status_code == 404
    assert "Pelatihan contoh ·" not in browser.get("/naskah").text
    assert body_of(session, draft, PAGE) == LESSON.encode()
