"""Questions come in: everything is shown first, what is ticked is stored once, nothing else is."""

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

from lms.core.accounts.models import Branch, Role, User
from lms.core.audit.models import AuditEvent
from lms.core.clock import utc_now
from lms.core.jobs.runner import run_due
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.origin_models import QuestionOrigin
from quizzes.exchange.imports import pages as import_pages
from quizzes.exchange.imports import services as imports
from quizzes.exchange.imports.models import ImportedQuestion, QuestionImport
from tests import factories
from tests.quizzes.exchange.fixtures import FOLDER

SignIn = Callable[[int], FlaskClient]
ERRORS = (FOLDER / "aiken" / "errors.txt").read_bytes()


@pytest.fixture
def branch(session: Session) -> Branch:
    return factories.make_branch(session)


@pytest.fixture
def trainer(session: Session, branch: Branch) -> User:
    return factories.make_user(session, Role.TRAINER, branch=branch)


@pytest.fixture
def browser(sign_in: SignIn, trainer: User) -> FlaskClient:
    return sign_in(trainer.id)


def send(browser: FlaskClient, branch: Branch, data: bytes = b"", name: str = "soal.txt", **more: str) -> str:
    """Send a file or a text, and return the address of what was read."""
    fields: dict[str, object] = {
        "topic": "Iuran Baru",
        "branch_id": str(branch.id),
        "use": "graded",
        "format": "",
        **more,
    }
    if data:
        fields["file"] = (io.BytesIO(data), name)
    response = browser.post("/soal/impor", data=fields, content_type="multipart/form-data")
    assert response.status_code == 303, response.get_data(as_text=True)
    return str(response.location)


def items(session: Session) -> list[ImportedQuestion]:
    session.rollback()
    return list(session.scalars(select(ImportedQuestion).order_by(ImportedQuestion.position)))


def press(browser: FlaskClient, address: str, action: str, shown: list[int], ticked: list[int]) -> str:
    response = browser.post(address, data={"aksi": action, "tampil": shown, "centang": ticked})
    assert response.status_code == 303
    return str(response.location)


def test_a_file_with_three_good_questions_and_four_errors_shows_both(
    browser: FlaskClient, branch: Branch, session: Session
) -> None:
    address = send(browser, branch, ERRORS)
    page = browser.get(address).get_data(as_text=True)
    assert re.findall(r"<dd>(\d+)</dd>", page)[:2] == ["3", "4"]
    assert "Ke mana iuran disetor?" in page
    assert "B) Baris tanpa soal" in page
    assert [item.kind for item in items(session)].count(None) == 4
    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_what_is_ticked_is_stored_once_as_drafts_with_their_origin(
    browser: FlaskClient, branch: Branch, trainer: User, session: Session
) -> None:
    address = send(browser, branch, ERRORS, "kelas/soal.txt")
    good = [item.id for item in items(session) if item.kind]
    for _press in range(2):
        press(browser, address, "store", good, good[:2])
    stored = list(session.scalars(select(Question).order_by(Question.id)))
    assert [(one.status, one.topic, one.branch_id, one.created_by_id) for one in stored] == [
        ("draft", "iuran-baru", branch.id, trainer.id)
    ] * 2
    origins = session.scalars(select(QuestionOrigin).order_by(QuestionOrigin.question_id)).all()
    assert [(one.format, one.file_name, one.line) for one in origins] == [
        ("aiken", "soal.txt", 9),
        ("aiken", "soal.txt", 18),
    ]
    events = session.scalars(select(AuditEvent).where(AuditEvent.action == "question.imported")).all()
    assert [event.details["count"] for event in events] == [2]
    assert "Tersimpan" in browser.get(address).get_data(as_text=True)
    assert "Ke mana iuran" in browser.get("/soal?q=iuran").get_data(as_text=True)
    assert "soal.txt, baris 9" in browser.get(f"/soal/{stored[0].id}").get_data(as_text=True)


def test_an_error_is_mended_by_writing_its_lines_anew(
    browser: FlaskClient, branch: Branch, session: Session
) -> None:
    address = send(browser, branch, ERRORS)
    faulty = next(item for item in items(session) if not item.kind)
    at = press(browser, address, f"mend-{faulty.id}", [], [])
    assert "Hanya ini" in browser.get(at).get_data(as_text=True)
    refused = browser.post(at, data={"text": "Siapa?\nA) Hanya ini\nANSWER: A"})
    assert (refused.status_code, "Hanya ini" in refused.get_data(as_text=True)) == (422, True)
    two = "1. Satu?\na. x\nb. y\nKunci: A\n2. Dua?\na. x\nb. y\nKunci: A"
    assert browser.post(at, data={"text": two}).status_code == 422
    mended = browser.post(at, data={"text": "Siapa yang mendaftarkan?\na) Pemberi kerja\nb) Lurah\nKunci: A"})
    assert (mended.status_code, mended.location.endswith(f"#bagian-{faulty.id}")) == (303, True)
    row = next(item for item in items(session) if item.id == faulty.id)
    assert (row.kind, row.is_ticked, row.line) == ("single_choice", True, 1)


def test_a_question_is_mended_in_the_form_of_its_type(
    browser: FlaskClient, branch: Branch, session: Session
) -> None:
    address = send(browser, branch, ERRORS)
    item = next(item for item in items(session) if item.kind)
    at = press(browser, address, f"mend-{item.id}", [item.id], [])
    page = browser.get(at).get_data(as_text=True)
    assert "Ke mana iuran disetor?" in page
    wrong = {"stem": "Ke mana?", "topic": "iuran", "aksi": "save", "difficulty": "", "level": ""}
    wrong["detail-options-0-text"] = "Ke bank"
    refused = browser.post(at, data=wrong)
    assert (refused.status_code, "Ke mana?" in refused.get_data(as_text=True)) == (422, True)
    right = wrong | {"detail-options-1-text": "Ke kas", "detail-right": "1", "explanation": "Sebab."}
    kept = browser.post(at, data=right)
    assert kept.status_code == 303, kept.get_data(as_text=True).partition("error-summary")[2][:900]
    row = next(one for one in items(session) if one.id == item.id)
    assert row.source["options"] == [{"text": "Ke bank"}, {"text": "Ke kas", "correct": True}]
    assert (row.source["explanation"], row.topic, row.is_ticked) == ("Sebab.", "iuran", True)


def test_pasted_text_is_read_and_a_mark_in_it_is_only_letters(
    browser: FlaskClient, branch: Branch, session: Session
) -> None:
    text = "1. Benarkah {fakta:jht.rate.worker}?\na. ya\nb. tidak\nKunci: A"
    address = send(browser, branch, text=text)
    page = browser.get(address).get_data(as_text=True)
    assert "{fakta:jht.rate.worker}" in page
    only = items(session)[0].id
    press(browser, address, "store", [only], [only])
    version = session.scalars(select(QuestionVersion)).one()
    assert "{fakta:jht.rate.worker}" in version.stem_html


def test_what_the_bank_has_already_is_shown_and_not_ticked(
    browser: FlaskClient, branch: Branch, session: Session
) -> None:
    text = "1. Siapa yang wajib mendaftarkan seluruh pekerja?\na. Pemberi kerja\nb. Kepala desa\nKunci: A"
    first = send(browser, branch, text=text)
    only = items(session)[0].id
    press(browser, first, "store", [only], [only])
    again = send(browser, branch, text=text.replace("1.", "5."))
    row = items(session)[-1]
    assert (len(row.twins), row.is_ticked) == (1, False)
    page = browser.get(f"{again}?hanya=kembar").get_data(as_text=True)
    assert "Sudah ada di bank" in page
    press(browser, again, "all", [], [])
    assert items(session)[-1].is_ticked


def test_what_stands_twice_in_a_file_is_shown_at_the_second(
    browser: FlaskClient, branch: Branch, session: Session
) -> None:
    asked = "Siapa yang wajib mendaftarkan seluruh pekerja?\na. Pemberi kerja\nb. Kepala desa\nKunci: A\n\n"
    other = "Kapan upah dibayar?\na. Tiap bulan\nb. Tidak pernah\nKunci: A\n\n"
    address = send(browser, branch, text=f"1. {asked}2. {other}3. {asked}4. Ini bukan soal\n\n5. {asked}")
    assert [(row.position, row.before) for row in items(session)] == [
        (1, []),
        (2, []),
        (3, [1]),
        (4, []),
        (5, [1, 3]),
    ]
    page = browser.get(f"{address}?hanya=kembar").get_data(as_text=True)
    assert page.count("Dua kali di berkas ini") == 2
    assert "Kapan upah" not in page


@pytest.mark.parametrize("data", [b"\0\1\2", b"PK\x03\x04half", b"\xff\xfea"])
def test_what_cannot_be_read_is_refused_at_the_form_with_nothing_stored(
    browser: FlaskClient, branch: Branch, session: Session, data: bytes
) -> None:
    fields = {
        "topic": "x",
        "branch_id": str(branch.id),
        "use": "graded",
        "format": "",
        "file": (io.BytesIO(data), "a.txt"),
    }
    response = browser.post("/soal/impor", data=fields, content_type="multipart/form-data")
    assert response.status_code == 422
    assert 'aria-describedby="file-hint file-error"' in response.get_data(as_text=True)
    assert session.scalar(select(func.count()).select_from(QuestionImport)) == 0


def test_a_large_file_is_read_and_stored_by_jobs_all_at_once(
    app: Flask, browser: FlaskClient, branch: Branch, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_pages, "AT_ONCE_BYTES", 100)
    monkeypatch.setattr(import_pages, "AT_ONCE", 1)
    address = send(browser, branch, ERRORS)
    waiting = browser.get(address)
    assert waiting.headers["Refresh"]
    session.rollback()
    run_due(limit=20)
    assert "Ke mana iuran disetor?" in browser.get(address).get_data(as_text=True)
    good = [item.id for item in items(session) if item.kind]
    press(browser, address, "store", good, good)
    press(browser, address, "store", good, good)
    assert browser.get(address).headers["Refresh"]
    run_due(limit=20)
    run_due(limit=20)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Question)) == 3
    assert "Refresh" not in browser.get(address).headers


def test_a_large_file_that_cannot_be_read_says_why(
    browser: FlaskClient, branch: Branch, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_pages, "AT_ONCE_BYTES", 100)
    address = send(browser, branch, b"A. x\n" + b"\0" * 200, "x.txt", format="aiken")
    session.rollback()
    run_due(limit=20)
    page = browser.get(address).get_data(as_text=True)
    assert "tidak dapat dibaca" in page
    assert session.scalar(select(func.count()).select_from(ImportedQuestion)) == 0


def test_an_import_is_of_one_person_and_goes_after_a_day(
    browser: FlaskClient, branch: Branch, sign_in: SignIn, session: Session
) -> None:
    address = send(browser, branch, ERRORS)
    other = sign_in(factories.make_user(session, Role.TRAINER, branch=branch).id)
    assert other.get(address).status_code == 404
    assert other.post(address, data={"aksi": "store"}).status_code == 404
    session.rollback()
    assert imports.forget_old(session, now=utc_now()) == 0
    assert imports.forget_old(session, now=utc_now() + timedelta(days=1, minutes=1)) == 1
    session.commit()
    assert browser.get(address).status_code == 404
    assert items(session) == []


def test_what_was_read_can_be_thrown_away(browser: FlaskClient, branch: Branch, session: Session) -> None:
    address = send(browser, branch, ERRORS)
    assert "soal.txt" in browser.get("/soal/impor").get_data(as_text=True)
    assert browser.post(f"{address}/buang").status_code == 303
    assert items(session) == []


def test_questions_go_to_no_other_branch(browser: FlaskClient, session: Session) -> None:
    strange = factories.make_branch(session)
    fields = {
        "topic": "x",
        "branch_id": str(strange.id),
        "use": "graded",
        "text": "1. a?\na. x\nb. y\nKunci: A",
    }
    assert browser.post("/soal/impor", data=fields).status_code == 422
    assert items(session) == []


def test_pages_keep_the_ticks_of_one_another(browser: FlaskClient, branch: Branch, session: Session) -> None:
    one = "{n}. Soal ke-{n} tentang {w}?\na. x\nb. y\nKunci: A\n"
    words = [f"kata{chr(97 + n)}{chr(107 - n % 10)}unik" for n in range(25)]
    text = "\n".join(one.format(n=n, w=word) for n, word in enumerate(words, 1))
    address = send(browser, branch, text=text)
    first = [item.id for item in items(session)][:20]
    second = press(browser, address, "page-2", first, first[:1])
    assert second.endswith("halaman=2")
    assert "kataykgunik" not in browser.get(address).get_data(as_text=True)
    assert sum(item.is_ticked for item in items(session)) == 6
    press(browser, address, "store", [], [])
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Question)) == 6


def test_a_large_file_is_read_to_its_end_for_trainers_only(
    browser: FlaskClient, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    trainee = sign_in(factories.make_user(session).id)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="soal.txt"\r\n\r\n'
    body, kind = head + bytes(6_000_000) + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"
    for one, status in ((client, 413), (trainee, 413), (browser, 422)):
        # Without a token in its head a request is read for one in its form.
        one.sends_token = one is browser  # type: ignore[attr-defined]
        assert one.post("/soal/impor", data=body, content_type=kind).status_code == status


def test_a_topic_in_the_address_is_one_line_of_words(browser: FlaskClient) -> None:
    assert 'value="a b"' in browser.get("/soal/impor?topik=a%00%0D%0Ab").get_data(as_text=True)
