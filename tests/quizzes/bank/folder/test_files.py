"""Questions that were taken out as files are files of a course: they come back with all they show."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from courses.catalogue.folder import read_files
from courses.catalogue.services import CourseFaults, load_course
from courses.catalogue.sources import CourseFolder, FolderFaults
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from lms.core.errors import Invalid
from quizzes.bank.folder.exporting import edited_files
from quizzes.bank.folder.loading import BankStore
from quizzes.bank.models import Question, QuestionPicture, QuestionVersion
from quizzes.bank.pictures.storing import Picture, keep_picture, read_kept, read_picture
from quizzes.bank.pictures.texts import TextPicture
from quizzes.types import get_type
from tests import factories
from tests.factories import NOW
from tests.quizzes.bank.folders import LAW_2026, make_folder
from tests.quizzes.bank.pictures.test_storing import picture
from tests.quizzes.bank.users import newest

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def slip(session: Session) -> Picture:
    """A picture as the editor keeps it for a text."""
    found = read_picture(picture(), kept_as="WEBP").as_kept()
    keep_picture(session, found, now=NOW, actor_id=None)
    session.commit()
    return found


def mark_of(slip: Picture) -> str:
    return TextPicture(slip.sha256, slip.width, slip.height, "Slip gaji").mark


def load(session: Session, folder: CourseFolder) -> None:
    load_course(session, folder, as_of=LAW_2026, quizzes=BankStore(), publish=True, now=NOW, actor_id=None)
    session.commit()


def forget_pictures(session: Session) -> None:
    """As in another house."""
    begin_write(session)
    session.execute(delete(QuestionPicture))
    session.commit()


def write(session: Session, key: str, **changed: object) -> None:
    """Save a question of the course with something else in its source."""
    version = newest(session, key)
    columns = {column.key: getattr(version, column.key) for column in QuestionVersion.__table__.columns}
    kept = {name: value for name, value in columns.items() if name not in {"id", "number", "source"}}
    source = dict(version.source) | changed
    factories.add(session, QuestionVersion(**kept, number=version.number + 1, source=source))


def test_ticked_questions_come_back_with_pictures_of_texts_and_parts_of_cases(
    session: Session, sign_in: SignIn, slip: Picture, tmp_path: Path
) -> None:
    source = dict(get_type("single_choice").examples()[0].source)
    plain = factories.make_question(session, source=source | {"stem": "Siapa membayar?"})
    stem = f"Berapa potongannya? {mark_of(slip)}"
    shown = factories.make_question(session, source=source | {"stem": stem})
    case = factories.make_question(
        session, "case_set",
        source={"stem": "Lapak", "text": "Bu Sri.", "parts": [{"question": f"#{shown.question_id}"}]},
        content={},
    )  # fmt: skip
    browser = sign_in(factories.make_user(session, Role.TRAINER, branch=factories.make_branch(session)).id)
    response = browser.post(
        "/soal/banyak", data={"aksi": "export", "soal": [plain.question_id, case.question_id]}
    )
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        taken = {name: archive.read(name) for name in archive.namelist()}
    forget_pictures(session)

    load(session, read_files(dict(make_folder(tmp_path).files) | taken))

    (row,) = session.scalars(select(QuestionPicture))
    assert (row.sha256, row.body, row.media_type) == (slip.sha256, slip.body, "image/webp")
    names = {one.question_id: f"coba/contoh-{one.question_id:05}" for one in (plain, shown, case)}
    query = select(Question.key, QuestionVersion).join(QuestionVersion.question)
    loaded = dict(session.execute(query.where(Question.key.in_(names.values()))).all())
    assert set(loaded) == set(names.values())
    assert loaded[names[shown.question_id]].source["stem"] == stem
    assert f'src="/gambar-soal/{slip.sha256}"' in loaded[names[shown.question_id]].stem_html
    parts = loaded[names[case.question_id]].source["parts"]
    assert [part["question"] for part in parts] == [f"contoh-{shown.question_id:05}"]


def test_an_edited_course_takes_its_pictures_along_and_loading_it_changes_nothing(
    session: Session, slip: Picture, tmp_path: Path
) -> None:
    folder = make_folder(tmp_path)
    load(session, folder)
    write(session, "iuran-01", explanation=f"Lihat slipnya: {mark_of(slip)}")

    files = edited_files(session, folder)

    assert files[f"questions/gambar/{slip.sha256[:16]}.webp"] == slip.body
    forget_pictures(session)
    course = read_files(dict(folder.files) | files)
    load(session, course)
    assert session.scalars(select(QuestionPicture.sha256)).all() == [slip.sha256]
    assert edited_files(session, course) == {}


def test_a_picture_that_is_not_there_or_that_nothing_shows_is_a_fault(
    session: Session, slip: Picture, tmp_path: Path
) -> None:
    folder = make_folder(tmp_path)
    load(session, folder)
    write(session, "iuran-01", explanation=f"Lihat slipnya: {mark_of(slip)}")
    files = edited_files(session, folder)
    (image,) = [path for path in files if path.endswith(".webp")]
    texts = dict(folder.files) | {path: body for path, body in files.items() if path != image}

    with pytest.raises(CourseFaults) as refused:
        load(session, read_files(texts))
    assert [(fault.file, fault.line > 0) for fault in refused.value.faults] == [
        ("questions/iuran.yaml", True)
    ]
    assert slip.sha256[:16] in refused.value.faults[0].message
    with pytest.raises(FolderFaults):
        read_files(dict(folder.files) | {image: slip.body})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body + b"GPS",
        lambda body: body[:12] + b"VP8X" + body[16:],
        lambda body: body[:-40],
        lambda body: b"\x89PNG\r\n\x1a\n" + body,
        lambda body: body[:30] + bytes(len(body) - 30),
    ],
    ids=["behind its end", "with chunks beside it", "cut off", "another kind", "nonsense"],
)
def test_a_kept_picture_is_taken_as_it_is_or_not_at_all(spoil: Callable[[bytes], bytes]) -> None:
    body = read_picture(picture(), kept_as="WEBP").as_kept().body

    assert read_kept(body).body == body
    with pytest.raises(Invalid):
        read_kept(spoil(body))
