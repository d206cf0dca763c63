"""Photos in lessons: shown by the hash of their file, kept with the edition, made small on their way in."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.checking import check_course
from courses.catalogue.drafts.queries import read_files_of
from courses.catalogue.folder import read_files
from courses.catalogue.models import Lesson, LessonPicture
from courses.catalogue.queries import read_files_of as files_of_edition
from courses.catalogue.quizzes import EXTENSION
from courses.catalogue.services import load_course
from courses.catalogue.sources import FolderFaults
from lms.core.accounts.models import Role
from lms.core.pictures import Picture, read_picture
from tests import factories
from tests.conftest import NOW
from tests.courses.catalogue.drafts.copies import PAGE, begin, file_of
from tests.courses.catalogue.folders import LESSON, TrustingStore, sample

SignIn = Callable[[int], FlaskClient]
FILE = "day-1/01-jkm/gambar/aula.webp"
FIGURE = '![Dua puluh lima orang duduk di aula.](gambar/aula.webp "Hari pertama")'


def sent(form: str = "JPEG", size: tuple[int, int] = (2400, 1200)) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size, "teal").save(body, form)
    return body.getvalue()


@pytest.fixture
def photo() -> Picture:
    return read_picture(sent(), kept_as="WEBP").as_kept()


def files_with(body: bytes) -> dict[str, bytes]:
    return sample(**{"day-1/01-jkm/materi.md": f"{LESSON}\n{FIGURE}\n"}) | {FILE: body}


def test_a_lesson_shows_a_photo_that_whoever_is_signed_in_can_fetch(
    session: Session, sign_in: SignIn, photo: Picture
) -> None:
    files = files_with(photo.body)
    for _time in range(2):
        edition = load_course(
            session, read_files(files), as_of=NOW.date(), quizzes=TrustingStore(), publish=True, now=NOW,
            actor_id=None,
        )  # fmt: skip
        session.commit()

    html = session.scalars(select(Lesson.html).where(Lesson.html.contains("figure"))).one()
    assert f'<img src="/gambar-materi/{photo.sha256}" alt="Dua puluh lima orang duduk di aula."' in html
    assert 'width="1200" height="600" loading="lazy"' in html
    assert "Hari pertama" in html
    assert session.scalars(select(LessonPicture.sha256)).all() == [photo.sha256]
    assert files_of_edition(session, edition.id) == files
    browser = sign_in(factories.make_user(session).id)
    reply = browser.get(f"/gambar-materi/{photo.sha256}")
    assert (reply.status_code, reply.content_type, reply.data) == (200, "image/webp", photo.body)
    assert browser.get(f"/gambar-materi/{'0' * 64}").status_code == 404


@pytest.mark.parametrize("spoil", [lambda body: body + b"GPS", lambda _body: sent()], ids=["more", "a JPEG"])
def test_a_photo_the_editor_did_not_write_is_a_fault_of_its_file(
    photo: Picture, spoil: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(FolderFaults) as refused:
        read_files(files_with(spoil(photo.body)))

    assert FILE in str(refused.value)


def test_a_photo_sent_to_the_editor_is_made_small_and_shown_beside_the_text(
    app: Flask, session: Session, sign_in: SignIn
) -> None:
    app.extensions[EXTENSION] = TrustingStore()
    trainer = factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session))
    load_course(
        session, read_files(sample()), as_of=NOW.date(), quizzes=TrustingStore(), publish=True, now=NOW,
        actor_id=None,
    )  # fmt: skip
    session.commit()
    draft = begin(session, trainer)
    browser, place = sign_in(trainer.id), f"/naskah/berkas/{file_of(session, draft, PAGE).id}"

    replied = browser.post(f"{place}/gambar", data={"drawing": (io.BytesIO(sent("PNG")), "Aula Kantor.png")})

    assert replied.status_code == 303
    session.rollback()
    body = read_files_of(session, draft.id)["day-1/01-jkm/gambar/aula-kantor.webp"]
    with Image.open(io.BytesIO(body)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (1200, 600))
    text = f"{LESSON}\n{FIGURE.replace('aula.webp', 'aula-kantor.webp')}\n"
    page = browser.post(place, data={"text": text, "revision": "1", "aksi": "look"}).text
    (digest,) = session.scalars(select(LessonPicture.sha256))
    assert f'src="/gambar-materi/{digest}"' in page
    assert browser.get(f"/gambar-materi/{digest}").data == body
    folder = read_files(dict(read_files_of(session, draft.id)) | {"day-1/01-jkm/materi.md": text.encode()})
    assert check_course(folder, as_of=NOW.date(), quizzes=TrustingStore()) == []
