"""`lms certificate`: a file is valid, fallen, changed, foreign or unreadable."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates import services
from certificates.cli import certificate as group
from certificates.embedded import MAX_FILE_BYTES, UnreadableFileError, find_code
from certificates.models import Certificate
from certificates.papers import open_paper
from certificates.services import Reason
from lms.core import pdf
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from tests.factories import NOW, complete, make_enrolment, make_user

Run = Callable[..., Result]


@pytest.fixture(scope="module", autouse=True)
def _close_renderer() -> Iterator[None]:
    yield
    pdf._close()


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)

    def _run(*words: object) -> Result:
        return app.test_cli_runner().invoke(group, [str(word) for word in words])

    return _run


@pytest.fixture
def certificate(session: Session) -> Certificate:
    return complete(session, make_enrolment(session, name="Siti Aminah"))


@pytest.fixture
def paper(app: Flask, certificate: Certificate, tmp_path: Path) -> Path:
    path = tmp_path / "sertifikat.pdf"
    path.write_bytes(open_paper(certificate, instance=tmp_path, base_url=app.config["BASE_URL"]))
    return path


def verdict(result: Result) -> str:
    return str(json.loads(result.output)["verdict"])


def test_a_genuine_file_is_valid_before_and_after_it_was_kept(
    run: Run, paper: Path, certificate: Certificate
) -> None:
    for _ in range(2):
        result = run("verify", paper)
        assert (result.exit_code, "VALID" in result.output) == (0, True), result.output
        assert "Siti Aminah" in result.output
        assert run("render").exit_code == 0
    found = json.loads(run("verify", "--json", paper).output)
    assert found["verdict"] == "valid"
    assert found["code"] == certificate.code
    assert found["record"]["holder"]["name"] == "Siti Aminah"
    assert all(check["ok"] for check in found["checks"])
    assert {check["name"] for check in found["checks"]} == {"file", "code", "record", "bytes", "state"}


def test_one_changed_byte_is_told(run: Run, paper: Path) -> None:
    body = bytearray(paper.read_bytes())
    body[200] ^= 1
    paper.write_bytes(body)
    result = run("verify", "--json", paper)
    assert (result.exit_code, verdict(result)) == (1, "tampered")


def test_bytes_behind_the_end_are_told(run: Run, paper: Path) -> None:
    paper.write_bytes(paper.read_bytes() + b"\n% more")
    assert verdict(run("verify", "--json", paper)) == "tampered"


def test_a_fallen_certificate_is_not_valid(
    run: Run, session: Session, paper: Path, certificate: Certificate
) -> None:
    staff = make_user(session, Role.ADMIN)
    values = {"certificate_id": certificate.id, "reason": Reason.OTHER, "note": "", "now": NOW}
    services.revoke(session, staff.id, **values)  # type: ignore[arg-type]
    session.commit()
    result = run("verify", "--json", paper)
    assert (result.exit_code, verdict(result)) == (1, "revoked")


def test_a_foreign_pdf_is_unknown(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lain.pdf"
    path.write_bytes(pdf.render_pdf("<html lang=id><title>x</title><p>x"))
    result = run("verify", "--json", path)
    assert (result.exit_code, verdict(result)) == (1, "unknown")


def test_a_code_we_never_issued_is_unknown(
    run: Run, session: Session, paper: Path, certificate: Certificate
) -> None:
    begin_write(session)
    row = session.get_one(Certificate, certificate.id)
    row.code = "0" * 17
    session.commit()
    assert verdict(run("verify", "--json", paper)) == "unknown"


@pytest.mark.parametrize("body", [None, b"", b"no pdf", b"%PDF-1.7" + b"x" * MAX_FILE_BYTES])
def test_what_cannot_be_read_has_exit_code_2(run: Run, tmp_path: Path, body: bytes | None) -> None:
    path = tmp_path / "rusak.pdf"
    if body is not None:
        path.write_bytes(body)
    result = run("verify", "--json", path)
    assert (result.exit_code, verdict(result)) == (2, "unchecked")


def test_several_files_have_one_line_each_and_the_worst_exit_code(
    run: Run, paper: Path, tmp_path: Path
) -> None:
    result = run("verify", "--json", paper, tmp_path / "tiada.pdf")
    assert result.exit_code == 2
    assert [json.loads(line)["verdict"] for line in result.output.splitlines()] == ["valid", "unchecked"]


def test_wrong_use_has_exit_code_2_and_help_0(run: Run) -> None:
    assert run("verify").exit_code == 2
    for words in (["--help"], ["verify", "--help"], ["render", "--help"]):
        assert run(*words).exit_code == 0


def test_render_makes_each_paper_once(run: Run, session: Session, certificate: Certificate) -> None:
    assert "1 PDFs" in run("render", "--cohort", certificate.cohort_id).output
    assert "0 PDFs" in run("render").output
    session.rollback()
    assert session.scalars(select(Certificate.pdf_sha256)).one() is not None


def test_a_packed_bomb_ends_early() -> None:
    bomb = zlib.compress(b"\0" * 50_000_000)
    body = b"%PDF-1.7\n" + b"".join(b"stream\n" + bomb[:400_000] + b"\nendstream\n" for _ in range(10))
    assert find_code(body) is None


def test_a_damaged_stream_does_not_stop_the_search() -> None:
    packed = zlib.compress(b"/Keywords (penggerak:T3V33JGXVEMDPE7K7)")
    body = b"%PDF-1.7\nstream\nnot packed\nendstream\nstream\n" + packed + b"\nendstream"
    assert find_code(body) == "T3V33JGXVEMDPE7K7"
    with pytest.raises(UnreadableFileError):
        find_code(body[1:])
