"""A picture in the folder of a course: read, kept, asked about, written back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.folder import read_folder
from courses.catalogue.services import load_course
from courses.catalogue.sources import CourseFolder, FolderFaults
from lms.core.db import begin_write
from quizzes.bank.folder.exporting import edited_files
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import QuestionPicture, QuestionVersion
from quizzes.bank.pictures.storing import keep_picture, read_picture
from tests.factories import NOW, make_user
from tests.quizzes.bank.folders import LAW_2026, QUESTIONS, make_folder
from tests.quizzes.bank.pictures.test_storing import picture
from tests.quizzes.bank.users import newest

HOTSPOT = """\
- id: iuran-06
  type: hotspot
  use: graded
  stem: Di mana potongan JHT pada slip ini?
  picture: gambar/slip-gaji.png
  alt: Slip gaji dengan lima baris
  options:
    - {text: Potongan JHT, area: "40 40 200 60", correct: true}
    - {text: Upah pokok, area: "400 100 60"}
"""


def folder_with(path: Path, body: bytes | None, text: str = HOTSPOT) -> CourseFolder:
    make_folder(path, questions=QUESTIONS + text)
    if body is not None:
        place = path / "coba" / "questions" / "gambar" / "slip-gaji.png"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(body)
    return read_folder(path / "coba")


def load(session: Session, folder: CourseFolder) -> None:
    load_course(session, folder, as_of=LAW_2026, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
    session.commit()


def test_it_is_kept_with_the_course_and_the_question_names_it_by_hash(
    session: Session, tmp_path: Path
) -> None:
    folder = folder_with(tmp_path, picture())

    load(session, folder)
    load(session, folder)

    row = session.scalars(select(QuestionPicture)).one()
    version = newest(session, "iuran-06")
    assert version.number == 1
    assert version.source["picture"]["sha256"] == row.sha256
    assert f"/gambar-soal/{row.sha256}" in version.content["drawing_html"]
    assert version.content["options"][0]["area"] == "40 40 200 60"
    assert edited_files(session, folder) == {}


@pytest.mark.parametrize(("body", "said"), [(None, "questions/gambar/slip-gaji.png"), (b"<svg/>", "PNG")])
def test_one_that_cannot_be_shown_is_a_fault_of_the_question(
    tmp_path: Path, body: bytes | None, said: str
) -> None:
    folder = folder_with(tmp_path, body)

    faults = BankStore().faults(folder, LAW_2026)

    assert [fault.file for fault in faults] == ["questions/iuran.yaml"]
    assert said in faults[0].message


def test_one_no_question_names_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FolderFaults) as refused:
        folder_with(tmp_path, picture(), text="")

    assert "questions/gambar/slip-gaji.png" in str(refused.value)


def test_one_that_came_by_a_form_is_written_beside_the_questions(session: Session, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, picture())
    load(session, folder)
    sent = read_picture(picture("JPEG", (500, 300))).as_kept()
    keep_picture(session, sent, now=NOW, actor_id=None)
    version = newest(session, "iuran-06")
    edited = QuestionVersion(
        **{
            column.key: getattr(version, column.key)
            for column in QuestionVersion.__table__.columns
            if column.key not in {"id", "number", "source"}
        },
        number=2,
        source=dict(version.source) | {"picture": sent.source()},
    )
    begin_write(session)
    session.add(edited)
    session.commit()

    files = edited_files(session, folder)

    name = f"gambar/{sent.sha256[:16]}.jpg"
    assert files[f"questions/{name}"] == sent.body
    assert f'picture: "{name}"' in files["questions/iuran.yaml"].decode()


@pytest.fixture
def kept(session: Session) -> str:
    found = read_picture(picture())
    keep_picture(session, found, now=NOW, actor_id=None)
    session.commit()
    return found.sha256


def test_whoever_is_signed_in_sees_it_and_keeps_it(
    session: Session, sign_in: Callable[[int], FlaskClient], kept: str
) -> None:
    trainee_browser = sign_in(make_user(session).id)

    reply = trainee_browser.get(f"/gambar-soal/{kept}")

    assert reply.status_code == 200
    assert reply.content_type == "image/png"
    assert reply.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert trainee_browser.get(f"/gambar-soal/{'0' * 64}").status_code == 404
