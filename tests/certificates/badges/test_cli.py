"""`lms badge check`, as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy.orm import Session

from certificates.badges.cli import badge
from certificates.badges.credential import write_credential
from certificates.models import Certificate
from certificates.signing.ring import KeyRing
from lms.core.db import begin_write
from tests.certificates.badges.conftest import make_key
from tests.certificates.badges.test_strangers import sign
from tests.certificates.samples import make_record


@pytest.fixture
def certificate(app: Flask, session: Session, ring: KeyRing) -> Certificate:
    return sign(session, ring, base_url=app.config["BASE_URL"], index=5)


def check(app: Flask, folder: Path, *texts: str | bytes) -> Result:
    """Write files and check them."""
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"{number}.json"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(str(path))
    return CliRunner().invoke(badge, ["check", *paths], obj=ScriptInfo(create_app=lambda: app))


def test_a_standing_one_is_valid(app: Flask, tmp_path: Path, certificate: Certificate) -> None:
    result = check(app, tmp_path, certificate.credential or "")

    assert result.exit_code == 0, result.output
    assert "VALID – genuine and standing" in result.output
    assert certificate.serial in result.output


@pytest.mark.parametrize("state", ["suspended", "replaced", "revoked"])
def test_a_fallen_one_says_how(
    app: Flask, tmp_path: Path, session: Session, certificate: Certificate, state: str
) -> None:
    text = certificate.credential or ""
    begin_write(session)
    session.get_one(Certificate, certificate.id).state = state
    session.commit()

    result = check(app, tmp_path, text)

    assert result.exit_code == 1
    assert state.upper() in result.output


def test_a_changed_one_is_told_and_its_name_is_not_repeated(
    app: Flask, tmp_path: Path, certificate: Certificate
) -> None:
    document = json.loads(certificate.credential or "")
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Orang Lain"

    result = check(app, tmp_path, json.dumps(document))

    assert result.exit_code == 1
    assert "TAMPERED" in result.output
    assert "Orang Lain" not in result.output


def test_what_cannot_be_checked_says_why(app: Flask, tmp_path: Path, ring: KeyRing) -> None:
    base = app.config["BASE_URL"]
    assert ring.badge_key
    foreign_key = write_credential(make_record(), status_index=1, key=make_key("kunci-9"), base_url=base)
    no_record = write_credential(make_record(), status_index=1, key=ring.badge_key, base_url=base)

    result = check(app, tmp_path, foreign_key, no_record, b"\xff\xfe")

    assert result.exit_code == 2
    assert [line.partition(": ")[2] for line in result.output.splitlines() if ".json" in line] == [
        "UNCHECKED – signed with a key this installation does not have",
        "UNCHECKED – signed here, but there is no record to it: was a backup restored?",
        "UNCHECKED – cannot be read",
    ]


def test_anything_else_is_unknown_and_one_bad_file_decides(
    app: Flask, tmp_path: Path, certificate: Certificate
) -> None:
    result = check(app, tmp_path, certificate.credential or "", "{}", b"\xff")

    assert result.exit_code == 1
    assert "UNKNOWN" in result.output
