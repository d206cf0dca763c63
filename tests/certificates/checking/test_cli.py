"""`lms certificate verify`: a file is valid, fallen, changed, foreign or unreadable."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from certificates import life, queries
from certificates.checking.file_checks import SENTENCES
from certificates.checking.inspection import MAX_FILE_BYTES
from certificates.cli import certificate as group
from certificates.models import Certificate
from certificates.papers import open_paper
from certificates.reasons import Reason
from certificates.sealing import seal_certificate
from lms.core import pdf
from lms.core.accounts.models import Role
from lms.core.config import ConfigError
from lms.core.db import begin_write
from tests.factories import NOW, complete, make_enrolment, make_user

pytestmark = pytest.mark.usefixtures("renderer")

Run = Callable[..., Result]


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
def paper(app: Flask, session: Session, certificate: Certificate, tmp_path: Path) -> Path:
    path = tmp_path / "sertifikat.pdf"
    session.rollback()
    seal_certificate(session, certificate.id, now=NOW)
    session.commit()
    path.write_bytes(open_paper(certificate, instance=app.config["INSTANCE"]))
    return path


def verdict(result: Result) -> str:
    return str(json.loads(result.output)["verdict"])


def test_a_genuine_file_is_valid(run: Run, paper: Path, certificate: Certificate) -> None:
    result = run("verify", paper)
    assert (result.exit_code, "VALID" in result.output) == (0, True), result.output
    assert "Siti Aminah" in result.output
    found = json.loads(run("verify", "--json", paper).output)
    assert found["verdict"] == "valid"
    assert found["code"] == certificate.code
    assert found["record"]["holder"]["name"] == "Siti Aminah"
    assert all(check["ok"] for check in found["checks"])
    assert {check["name"] for check in found["checks"]} == set(SENTENCES)


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
    life.revoke(session, staff.id, **values)  # type: ignore[arg-type]
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
    for words in (["verify", "--help"],):
        assert run(*words).exit_code == 0


def test_what_a_checker_takes_along_is_written_and_serves_offline(
    run: Run, session: Session, paper: Path, certificate: Certificate, tmp_path: Path
) -> None:
    result = run("trust", tmp_path / "bekal")
    assert result.exit_code == 0, result.output
    assert "revocation-1.json" in result.output
    found = json.loads(run("verify", "--json", "--trust", tmp_path / "bekal", paper).output)
    assert (found["verdict"], found["code"]) == ("valid", certificate.code)
    staff = make_user(session, Role.ADMIN)
    values = {"certificate_id": certificate.id, "reason": Reason.OTHER, "note": "", "now": NOW}
    life.revoke(session, staff.id, **values)  # type: ignore[arg-type]
    session.commit()
    assert run("trust", tmp_path / "bekal").exit_code == 0
    assert verdict(run("verify", "--json", "--trust", tmp_path / "bekal", paper)) == "revoked"


def test_a_folder_that_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    result = run("trust", tmp_path / "berkas" / "bekal")
    assert result.exit_code == 1
    assert "Error" in result.output


def test_when_the_database_is_away_a_file_is_not_checked_and_the_way_offline_is_said(
    run: Run, paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("no such table"))

    monkeypatch.setattr(queries, "find_by_code", fail)
    result = run("verify", paper)
    assert (result.exit_code, "--offline" in result.output) == (2, True)


def test_without_an_installation_every_file_is_unchecked(tmp_path: Path) -> None:
    def fail() -> Flask:
        raise ConfigError("There is no installation.")

    result = CliRunner().invoke(group, ["verify", "--json", "x.pdf"], obj=ScriptInfo(create_app=fail))
    found = json.loads(result.output)
    assert (result.exit_code, found["verdict"]) == (2, "unchecked")
    assert found["checks"] == [{"name": "keys", "ok": False, "detail": "There is no installation."}]
