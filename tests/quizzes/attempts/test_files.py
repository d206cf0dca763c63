"""Files that come with answers: what may come in, and who gets it back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lms.core.accounts.models import Role
from lms.core.errors import Invalid
from quizzes.attempts.drawing import draw_ahead
from quizzes.attempts.files import MAX_FILES
from quizzes.attempts.models import AnswerFile, Attempt
from quizzes.attempts.uploads import MAX_FILE_BYTES, MAX_SIDE, read_upload
from quizzes.types import get_type
from tests import factories
from tests.quizzes.attempts.conftest import Desk, make_desk

SignIn = Callable[[int], FlaskClient]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    body = io.BytesIO()
    Image.new("RGB", size, "red").save(body, form, **options)
    return body.getvalue()


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session, [factories.make_question(session, "essay"), factories.make_question(session)])


def send(client: FlaskClient, item_id: int, body: bytes = PDF, name: str = "tugas.pdf") -> TestResponse:
    data = {"file": (io.BytesIO(body), name)}
    return client.post(f"/jawaban/{item_id}/berkas", data=data, content_type="multipart/form-data")


def essay_of(desk: Desk, attempt: Attempt) -> int:
    return next(item.id for item in desk.items(attempt) if item.question_version.type == "essay")


def place_of(desk: Desk, attempt: Attempt) -> int:
    return next(item.position for item in desk.items(attempt) if item.question_version.type == "essay")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "tugas.pdf"),
        (SVG, "gambar.svg"),
        (SVG, "gambar.png"),
        (b"<html><script>alert(1)</script>", "tugas.pdf"),
        (PDF, "tugas.html"),
        (PDF, "tugas.jpg"),
        (PDF, "tugas"),
        (PDF[:-6], "tugas.pdf"),
        (picture(), "foto.png"),
        (picture()[:-300], "foto.jpg"),
        (b"\xff\xd8\xff" + b"x" * 100, "foto.jpg"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 100, "foto.png"),
        (b"PK\x03\x04" + b"x" * 100, "tugas.docx"),
        (PDF + b" " * MAX_FILE_BYTES + b"%%EOF", "besar.pdf"),
        (picture("PNG", (5000, 4000)), "bom.png"),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_at_the_field(body: bytes, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_upload(body, name)

    assert refused.value.field == "file"


def test_a_picture_is_drawn_anew_upright_and_without_place_or_device() -> None:
    exif = Image.Exif()
    exif[0x0110] = "HP RAHASIA"
    exif[0x0112] = 6  # lies on its side
    body = picture(size=(3000, 1500), exif=exif, comment=b"RAHASIA")

    upload = read_upload(body, "C:\\Foto\\lembar kerja.JPG")

    with Image.open(io.BytesIO(upload.body)) as kept:
        assert kept.size == (MAX_SIDE // 2, MAX_SIDE)
        assert not dict(kept.getexif())
    assert b"RAHASIA" in body
    assert b"RAHASIA" not in upload.body
    assert upload.name == "lembar kerja.JPG"


def test_a_file_becomes_part_of_the_answer_and_the_text_stays(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    client, item_id, position = (
        sign_in(desk.enrolment.user_id),
        essay_of(desk, attempt),
        place_of(desk, attempt),
    )
    desk.save(attempt, position, raw={"text": ["Menurut saya begitu saja."]})

    reply = send(client, item_id)

    assert reply.status_code == 303
    assert reply.location == f"/percobaan/{attempt.id}#q{position}"
    standing = desk.standing(attempt, position)
    assert standing is not None
    assert standing.answer is not None
    assert standing.answer["text"] == "Menurut saya begitu saja."
    (file,) = desk.session.scalars(select(AnswerFile)).all()
    assert standing.answer["file"] == file.digest
    assert f'value="{file.digest}"' in client.get(f"/percobaan/{attempt.id}").text


def test_a_second_file_takes_the_place_of_the_first_and_both_are_kept(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    client, item_id = sign_in(desk.enrolment.user_id), essay_of(desk, attempt)

    for body, name in ((PDF, "satu.pdf"), (picture(), "dua.jpg"), (PDF, "satu.pdf")):
        assert send(client, item_id, body, name).status_code == 303

    standing = desk.standing(attempt, place_of(desk, attempt))
    files = {file.name: file.digest for file in desk.session.scalars(select(AnswerFile))}
    assert standing is not None
    assert standing.raw == {"file": [files["satu.pdf"]]}
    assert len(files) == 2


def test_it_comes_back_as_a_download_that_runs_nothing_and_names_nobody(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    client, item_id = sign_in(desk.enrolment.user_id), essay_of(desk, attempt)
    send(client, item_id, name="tugas Bu Sari <b>.pdf")
    digest = desk.session.scalars(select(AnswerFile.digest)).one()

    reply = client.get(f"/jawaban/{item_id}/berkas/{digest}")

    assert reply.data == PDF
    assert re.fullmatch(r'attachment; filename="jawaban-\d+\.pdf"', reply.headers["Content-Disposition"])
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.content_type == "application/pdf"


def test_nobody_but_owner_and_trainers_of_the_branch_gets_it(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    item_id = essay_of(desk, attempt)
    send(sign_in(desk.enrolment.user_id), item_id)
    digest = desk.session.scalars(select(AnswerFile.digest)).one()
    branch = desk.enrolment.cohort.branch
    people = {
        200: [desk.enrolment.user_id, factories.make_user(desk.session, Role.TRAINER, branch=branch).id],
        404: [
            factories.make_user(desk.session).id,
            factories.make_user(desk.session, Role.ORGANISER, branch=branch).id,
            factories.make_user(desk.session, Role.TRAINER, branch=factories.make_branch(desk.session)).id,
        ],
    }

    for status, ids in people.items():
        for user_id in ids:
            assert sign_in(user_id).get(f"/jawaban/{item_id}/berkas/{digest}").status_code == status


def test_the_hash_of_a_file_of_somebody_else_opens_nothing(desk: Desk, sign_in: SignIn) -> None:
    mine, item_id = desk.start(), 0
    item_id = essay_of(desk, mine)
    send(sign_in(desk.enrolment.user_id), item_id)
    digest = desk.session.scalars(select(AnswerFile.digest)).one()
    other = Desk(
        desk.session,
        factories.make_enrolment(desk.session, cohort=desk.enrolment.cohort),
        desk.step,
        desk.now,
    )
    theirs = other.start()
    other.save(theirs, place_of(other, theirs), raw={"text": ["a"], "file": [digest]})

    client = sign_in(other.enrolment.user_id)

    assert client.get(f"/jawaban/{essay_of(other, theirs)}/berkas/{digest}").status_code == 404
    assert client.get(f"/jawaban/{item_id}/berkas/{digest}").status_code == 404
    assert send(client, item_id).status_code == 404


def test_a_question_without_files_takes_none(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    other = next(item.id for item in desk.items(attempt) if item.question_version.type != "essay")

    assert sign_in(desk.enrolment.user_id).get(f"/jawaban/{other}/berkas").status_code == 404


def test_a_file_after_the_end_is_kept_as_late(session: Session, sign_in: SignIn) -> None:
    desk = make_desk(session, [factories.make_question(session, "essay")], time_limit_minutes=1)
    attempt = desk.start(now=desk.now - timedelta(minutes=5))

    reply = send(sign_in(desk.enrolment.user_id), essay_of(desk, attempt))

    assert reply.status_code == 303
    assert desk.standing(attempt) is None
    assert [event.outcome for event in desk.events(attempt)] == ["late"]
    assert session.scalars(select(AnswerFile)).one().name == "tugas.pdf"


def test_a_refused_file_leaves_everything_and_says_why(desk: Desk, sign_in: SignIn, instance: Path) -> None:
    attempt = desk.start()

    reply = send(sign_in(desk.enrolment.user_id), essay_of(desk, attempt), SVG, "gambar.svg")

    assert reply.status_code == 422
    assert "PDF, JPEG" in reply.text
    assert desk.session.scalars(select(AnswerFile)).all() == []
    assert not list((instance / "files").rglob("*.*"))


def test_there_is_an_end_to_sending(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    client, item_id = sign_in(desk.enrolment.user_id), essay_of(desk, attempt)

    replies = [send(client, item_id, PDF + b"%%%d %%%%EOF" % n) for n in range(MAX_FILES + 1)]

    assert [reply.status_code for reply in replies] == [303] * MAX_FILES + [409]


def test_without_a_script_what_was_written_is_saved_on_the_way_to_the_file(
    desk: Desk, sign_in: SignIn
) -> None:
    attempt = desk.start()
    item_id, position = essay_of(desk, attempt), place_of(desk, attempt)
    fields = {
        f"q{position}-{name}": text for name, text in (("seq", "1"), ("event", "form"), ("text", "Satu."))
    }

    reply = sign_in(desk.enrolment.user_id).post(
        f"/percobaan/{attempt.id}/jawaban", data=fields | {"then": f"file-{item_id}"}
    )

    assert reply.location == f"/jawaban/{item_id}/berkas"
    standing = desk.standing(attempt, position)
    assert standing is not None
    assert standing.raw == {"text": ["Satu."]}


def test_a_long_text_is_saved_and_a_long_choice_is_not(desk: Desk, sign_in: SignIn) -> None:
    attempt = desk.start()
    client, essay = sign_in(desk.enrolment.user_id), place_of(desk, attempt)
    text = "Iuran “dibayar” tiap bulan.\n" * 300

    def save(position: int, raw: dict[str, list[str]]) -> int:
        entry = {
            "position": position,
            "event": f"long-{position}",
            "sequence": 1,
            "raw": raw,
            "flagged": False,
        }
        return client.post(f"/percobaan/{attempt.id}/jawaban", json=entry).status_code

    assert save(essay, {"text": [text]}) == 200
    assert save(3 - essay, {"choice": ["1"], "text": [text]}) == 422
    standing = desk.standing(attempt, essay)
    assert standing is not None
    assert standing.answer == {"text": text.strip(), "file": ""}
    assert get_type("essay").max_bytes >= len(text.encode())


def test_nobody_sends_a_file_with_a_question_they_have_not_come_to(session: Session, sign_in: SignIn) -> None:
    versions = [factories.make_question(session), factories.make_question(session, "essay")]
    desk = make_desk(session, versions, is_sequential=True, shuffle_questions=False)
    attempt = desk.start()
    client, item_id = sign_in(desk.enrolment.user_id), essay_of(desk, attempt)

    assert client.get(f"/jawaban/{item_id}/berkas").status_code == 404
    assert send(client, item_id).status_code == 404
    assert session.scalars(select(AnswerFile)).all() == []
    client.post(f"/percobaan/{attempt.id}/langkah", data={"place": "1", "do": "next"})
    assert client.get(f"/jawaban/{item_id}/berkas").status_code == 200


def test_a_question_that_was_left_takes_no_file_and_says_so(session: Session, sign_in: SignIn) -> None:
    versions = [factories.make_question(session, "essay"), factories.make_question(session)]
    desk = make_desk(session, versions, is_sequential=True, shuffle_questions=False)
    attempt = desk.start()
    client, item_id = sign_in(desk.enrolment.user_id), essay_of(desk, attempt)
    client.post(f"/percobaan/{attempt.id}/langkah", data={"place": "1", "do": "next"})

    assert send(client, item_id).location == f"/percobaan/{attempt.id}"

    assert "Soal ini sudah ditutup" in client.get(f"/percobaan/{attempt.id}").text
    assert desk.standing(attempt, 1) is None


def test_a_paper_drawn_ahead_shows_no_question_to_whoever_would_send_a_file(
    desk: Desk, sign_in: SignIn
) -> None:
    place = {"cohort_id": desk.enrolment.cohort_id, "step_id": desk.step.id}
    draw_ahead(desk.session, **place, rng=desk.rng, now=desk.now)
    desk.session.commit()
    query = select(Attempt).where(Attempt.enrolment_id == desk.enrolment.id, Attempt.state == "drawn")
    ahead = desk.session.scalars(query).one()

    client = sign_in(desk.enrolment.user_id)

    assert client.get(f"/jawaban/{essay_of(desk, ahead)}/berkas").status_code == 404
