"""Health pages: alive, and able to work."""

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from lms.core.db import begin_write, db
from lms.home import health


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


def test_what_is_missing_is_named_to_strangers_but_not_explained(client: FlaskClient, instance: Path) -> None:
    (instance / "keys" / "card").unlink()

    answer = client.get("/readyz").get_json()

    assert answer["keys"] == "missing"
    assert str(instance) not in str(answer)
