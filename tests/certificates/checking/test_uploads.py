"""A photo or a PDF instead of a code."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from certificates import life
from certificates.checking import inspection, inspection_process, limits, photo
from certificates.checking.inspection_process import Process
from certificates.models import Certificate, CertificateCheck
from certificates.paper import render_paper
from certificates.papers import open_paper
from certificates.reasons import Reason
from certificates.record import read_record
from certificates.sealing import seal_certificate
from lms.core.accounts.models import Role, Throttle
from tests.certificates.checking import tampering
from tests.certificates.checking.conftest import HOST, NAME, draw
from tests.certificates.conftest import SealedSample
from tests.factories import NOW, make_user


def send(
    client: FlaskClient, body: bytes, name: str = "foto.jpg", *, address: str = "127.0.0.1"
) -> TestResponse:
    """Send a file as the form does; put together here, because the test client leaves large files open."""
    part = f'--batas\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return client.post(
        "/periksa",
        data=part.encode() + body + b"\r\n--batas--\r\n",
        content_type="multipart/form-data; boundary=batas",
        environ_base={"REMOTE_ADDR": address},
    )


def test_a_photo_of_the_paper_shows_the_full_name_and_is_noted_as_one(
    session: Session, client: FlaskClient, certificate: Certificate, qr_path: str
) -> None:
    answer = send(client, draw(f"HTTP://{HOST}{qr_path}", form="JPEG", turned=17))
    body = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "verdict valid" in body
    assert NAME in body
    note = session.scalars(select(CertificateCheck)).one()
    assert (note.certificate_id, note.way, note.verdict) == (certificate.id, "photo", "valid")


def test_a_photo_of_a_qr_without_stamp_is_like_the_typed_code(
    client: FlaskClient, certificate: Certificate
) -> None:
    body = send(client, draw(f"HTTP://{HOST}/V/{certificate.code}")).get_data(as_text=True)
    assert "verdict valid" in body
    assert NAME not in body


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://situs-lain.test/v/T3V33JGXVEMDPE7K2", "situs-lain.test"),
        ("WIFI:T:WPA;S:aula;P:rahasia;;", "bukan QR sertifikat kami"),
        ("https://127.0.0.1/lain", "bukan QR sertifikat kami"),
    ],
)
def test_a_qr_of_something_else_is_told_as_such(client: FlaskClient, text: str, said: str) -> None:
    answer = send(client, draw(text))
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_a_file_that_is_none_of_ours_gets_a_sentence_beside_the_field(client: FlaskClient) -> None:
    for body, said in (
        (b"GIF89a...", "Ini bukan foto"),
        (b"", "Ini bukan foto"),
        (draw("x", form="JPEG")[:2000], "rusak"),
    ):
        answer = send(client, body)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert said in page, said
        assert 'id="file-error"' in page


def test_nothing_chosen_is_asked_for(client: FlaskClient) -> None:
    answer = client.post("/periksa", data={})
    assert answer.status_code == 422
    assert "Pilih dulu" in answer.get_data(as_text=True)


def test_a_photo_beyond_ten_megabytes_is_not_taken(client: FlaskClient) -> None:
    assert send(client, bytes(10_100_000)).status_code == 413
    assert send(client, bytes(9_900_000)).status_code == 422


def test_useless_files_are_slowed_down_and_good_ones_never_count(
    session: Session, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, qr_path: str
) -> None:
    monkeypatch.setattr(limits, "FREE_FILES", 2)
    good = draw(f"HTTP://{HOST}{qr_path}")
    for _ in range(4):
        assert send(client, good).status_code == 200
    assert session.scalars(select(Throttle)).all() == []
    for _ in range(2):
        assert send(client, b"GIF89a").status_code == 422
    assert send(client, b"GIF89a").status_code == 429


@pytest.fixture
def slow_files(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """Two events: a file called slow is being read; it has been read to its end."""
    begun, end, read = threading.Event(), threading.Event(), Process.ask

    def ask(process: Process, question: bytes) -> bytes:
        if b"slow" in question:
            begun.set()
            assert end.wait(timeout=60)
        return read(process, question)

    monkeypatch.setattr(Process, "ask", ask)
    return begun, end


def test_slow_files_of_one_address_do_not_stop_another(
    app: Flask,
    client: FlaskClient,
    slow_files: tuple[threading.Event, threading.Event],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(inspection_process, "QUEUE_SECONDS", 0.05)
    begun, end = slow_files
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(send, app.test_client(), b"%PDF-1.7 slow", address="192.0.2.1")
        assert begun.wait(timeout=60)
        for _ in range(2):
            refused = send(client, b"%PDF-1.7 slow", address="192.0.2.1")
            assert refused.status_code == 503
            assert refused.headers["Retry-After"]
            assert send(client, b"%PDF-1.7 quick", address="192.0.2.2").status_code == 200
        assert not held.done()
        end.set()
    assert held.result().status_code == 200


@pytest.mark.parametrize("reply", [b'{"fault": "costly"}', b'{"fault": "damaged", "cpu_seconds": 3}'])
def test_whoever_sends_costly_files_waits_long_and_nobody_else(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, reply: bytes
) -> None:
    monkeypatch.setattr(inspection, "ask", lambda _question, **_values: reply)
    for _ in range(limits.FREE_COSTLY):
        assert send(client, b"%PDF-1.7").status_code == 200
    refused = send(client, b"%PDF-1.7")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= limits.LONGEST_WAIT_FOR_COSTLY_SECONDS
    assert send(client, b"%PDF-1.7", address="192.0.2.2").status_code == 200


def test_whoever_sends_costly_photos_waits_too(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo, "_ask", lambda _body: {"fault": "costly"})
    for _ in range(limits.FREE_COSTLY):
        assert send(client, b"JFIF").status_code == 422
    assert send(client, b"JFIF").status_code == 429


@pytest.fixture
def paper(app: Flask, session: Session, certificate: Certificate) -> bytes:
    """Siti's signed PDF."""
    seal_certificate(session, certificate.id, now=NOW)
    session.commit()
    return open_paper(session.get_one(Certificate, certificate.id), instance=app.config["INSTANCE"])


def test_the_issued_pdf_shows_everything_line_by_line(
    session: Session, client: FlaskClient, certificate: Certificate, paper: bytes
) -> None:
    answer = send(client, paper, "sertifikat.pdf")
    body = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "verdict valid" in body
    assert NAME in body
    assert 'class="failed"' not in body
    assert [note.way for note in session.scalars(select(CertificateCheck))] == ["file"]


def test_a_pdf_that_was_changed_is_told_and_shows_nobody(
    client: FlaskClient, certificate: Certificate, paper: bytes
) -> None:
    body = send(client, paper + b"\n% more", "sertifikat.pdf").get_data(as_text=True)
    assert "<title>Dokumen berubah" in body
    assert NAME not in body
    assert 'class="failed"' in body
    assert f"/v/{certificate.code}" in body


def test_names_made_up_around_a_code_are_not_told_to_be_right(
    app: Flask, client: FlaskClient, certificate: Certificate
) -> None:
    record = read_record(certificate.record)
    pages = []
    for name in (NAME, "Nama Tebakan"):
        guess = replace(record, holder=replace(record.holder, name=name))
        body = render_paper(guess, base_url=app.config["BASE_URL"], stamp=None, credential=None)
        pages.append(send(client, body, "tebakan.pdf").get_data(as_text=True))
    right, wrong = (re.findall(r"<li\b.*?</li>", page, re.DOTALL) for page in pages)
    assert right
    assert right == wrong
    assert "verdict tampered" in pages[0]


def test_whoever_has_the_file_reads_what_was_changed_on_its_page(
    client: FlaskClient, certificate: Certificate, paper: bytes
) -> None:
    body = send(client, tampering.painted_over(paper), "sertifikat.pdf").get_data(as_text=True)
    assert "Tidak ada kata yang terbaca" in body
    assert "verdict tampered" in body


def test_a_genuine_pdf_of_a_revoked_one_says_revoked(
    session: Session, client: FlaskClient, certificate: Certificate, paper: bytes
) -> None:
    staff = make_user(session, Role.ADMIN)
    values = {"certificate_id": certificate.id, "reason": Reason.CHEATING, "note": "", "now": NOW}
    life.revoke(session, staff.id, **values)  # type: ignore[arg-type]
    session.commit()
    assert "<title>Dicabut" in send(client, paper, "s.pdf").get_data(as_text=True)


def test_a_pdf_without_a_record_is_not_found_and_one_that_is_none_cannot_be_checked(
    client: FlaskClient, sealed_sample: SealedSample
) -> None:
    body = send(client, sealed_sample.signed, "lain.pdf").get_data(as_text=True)
    assert "verdict unknown" in body
    assert sealed_sample.record.holder.name not in body
    assert "verdict unchecked" in send(client, b"%PDF-1.7 nothing", "rusak.pdf").get_data(as_text=True)
