"""Health pages: alive, and able to work."""

import shutil
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from certificates.sealing import seal_certificate
from certificates.signing.authority import YEAR
from certificates.signing.making import Maker
from lms.core.clock import utc_now
from lms.core.db import begin_write, db
from lms.core.jobs import services
from lms.home import health
from tests import factories
from tests.conftest import NOW, make_keys


def test_alive_asks_nothing_of_the_database(app: Flask, client: FlaskClient) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))

    response = client.get("/healthz")

    assert (response.status_code, asked) == (200, [])


def test_ready_when_everything_is_there(client: FlaskClient) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert set(response.get_json().values()) == {"ok"}


def test_not_ready_with_an_old_schema_and_it_says_what_to_type(
    app: Flask, session: Session, client: FlaskClient
) -> None:
    begin_write(session)
    session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    session.commit()

    assert client.get("/readyz").status_code == 503
    assert "lms db upgrade" in health.problems()["schema"]


def test_not_ready_when_a_key_can_be_read_by_others(app: Flask, client: FlaskClient, instance: Path) -> None:
    (instance / "keys" / "card").chmod(0o644)

    assert client.get("/readyz").status_code == 503
    assert "chmod 600" in health.problems()["keys"]


def test_not_ready_without_the_keys_of_certificates_and_it_says_what_to_type(
    app: Flask, client: FlaskClient, instance: Path
) -> None:
    shutil.rmtree(instance / "keys" / "certificates")

    assert client.get("/readyz").get_json()["signing"] == "missing"
    assert "lms keys create" in health.problems()["signing"]


def test_keys_that_did_not_sign_the_certificates_here_are_told(
    app: Flask, session: Session, instance: Path
) -> None:
    certificate = factories.complete(session, factories.make_enrolment(session))
    seal_certificate(session, certificate.id, now=NOW)
    session.commit()
    before = health.problems()["signing"]
    shutil.rmtree(instance / "keys" / "certificates")
    make_keys(instance)

    assert before == ""
    assert "bring that folder back from the backup" in health.problems()["signing"]


def test_a_signer_that_runs_out_soon_is_named_but_serving_goes_on(
    app: Flask, client: FlaskClient, instance: Path
) -> None:
    folder = instance / "keys" / "certificates"
    shutil.rmtree(folder)
    begun = utc_now() - 4 * YEAR + timedelta(days=20)
    Maker(instance, base_url="https://belajar.example.id", site="Penggerak", now=begun).make_missing()

    assert client.get("/readyz").status_code == 200
    assert "lms keys rotate signer" in health.problems()["renewal"]


def test_what_is_missing_is_named_to_strangers_but_not_explained(client: FlaskClient, instance: Path) -> None:
    (instance / "keys" / "card").unlink()

    answer = client.get("/readyz").get_json()

    assert answer["keys"] == "missing"
    assert str(instance) not in str(answer)


def test_not_ready_when_a_job_waits_for_a_runner_that_is_not_there(
    session: Session, client: FlaskClient
) -> None:
    now = utc_now()
    for minutes in (5, 30):
        services.enqueue(session, "note", key=f"{minutes}", now=now - timedelta(minutes=minutes))
        session.commit()
        assert client.get("/readyz").get_json()["jobs"] == ("ok" if minutes == 5 else "missing")

    assert client.get("/readyz").status_code == 503
    assert "Jobs wait for 30 minutes" in health.problems()["jobs"]
