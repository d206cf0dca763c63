"""An installation that would be unsafe does not start (check 33)."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.app import create_app
from lms.core.accounts.models import User
from lms.core.config import KEYS, Config, ConfigError, load_config, prepare_instance


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance as `lms doctor --prepare` makes it."""
    prepare_instance(tmp_path / "instance")
    return tmp_path / "instance"


@pytest.mark.parametrize("name", KEYS)
def test_missing_short_damaged_or_readable_keys_are_refused(folder: Path, name: str) -> None:
    key = folder / "keys" / name
    good = key.read_text()

    for bad in ("dev", "00" * 31, "x" * 64, ""):
        key.write_text(bad)
        with pytest.raises(ConfigError):
            create_app(load_config(folder))
    key.write_text(good)
    key.chmod(0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        create_app(load_config(folder))
    key.unlink()
    with pytest.raises(ConfigError, match="doctor --prepare"):
        create_app(load_config(folder))


def test_short_secret_in_the_environment_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_SECRET_KEY", "dev")

    with pytest.raises(ConfigError):
        load_config(folder)


@pytest.mark.parametrize(
    "line",
    [
        'BASE_URL = "http://pelatihan.example.id"',
        'BASE_URL = "https://pelatihan.example.id/"',
        'BASE_URL = "pelatihan.example.id"',
        'BASE_URL = "ftp://pelatihan.example.id"',
        'COLOUR = "red"',
        "PORT = ",
        'SECRET_KEY = "dev"',
        'PORT = "many"',
        "WORKERS = 0",
        "THREADS = -1",
        'TRUSTED_HOSTS = "evil.test"',
        "BASE_URL = 5",
    ],
)
def test_unsafe_or_unknown_setting_is_refused_with_its_name(folder: Path, line: str) -> None:
    (folder / "config.toml").write_text(line)

    with pytest.raises(ConfigError) as caught:
        create_app(load_config(folder))

    assert line.split("=", maxsplit=1)[0].strip() in str(caught.value) or "config.toml" in str(caught.value)


@pytest.mark.parametrize("text", ["http://pelatihan.example.id", "https://x.example/"])
def test_unsafe_environment_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("LMS_BASE_URL", text)

    with pytest.raises(ConfigError):
        create_app(load_config(folder))


def test_debugger_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    with pytest.raises(ConfigError, match="FLASK_DEBUG"):
        create_app(load_config(folder))


def test_every_default_can_be_uncommented(folder: Path) -> None:
    lines = (folder / "config.toml").read_text().splitlines()
    body = "\n".join(line.removeprefix("# ") for line in lines[1:])
    (folder / "config.toml").write_text(body)

    config = load_config(folder)

    hidden = {"INSTANCE", "DATABASE_URL", "SECRET_KEY", "BASE_URL", "TESTING"}
    for field in fields(Config):
        if field.name not in hidden:
            assert getattr(config, field.name) == field.default
    assert create_app(config)


def test_keys_are_random_and_for_their_owner_only(tmp_path: Path) -> None:
    prepare_instance(tmp_path / "a")
    prepare_instance(tmp_path / "b")

    bodies = {(tmp_path / x / "keys" / name).read_text() for x in "ab" for name in KEYS}
    assert len(bodies) == 2 * len(KEYS)
    assert {(tmp_path / "a" / "keys" / name).stat().st_mode & 0o777 for name in KEYS} == {0o600}
    assert (tmp_path / "a" / "keys").stat().st_mode & 0o777 == 0o700


def test_foreign_host_names_are_not_answered(folder: Path) -> None:
    app = create_app(load_config(folder, BASE_URL="https://pelatihan.example.id"))
    client = app.test_client()

    assert client.get("/healthz", base_url="https://pelatihan.example.id").status_code == 200
    for host in ("https://evil.test", "https://127.0.0.1", "https://pelatihan.example.id.evil.test"):
        response = client.get("/healthz", base_url=host)
        assert response.status_code == 400
        assert b"evil" not in response.data


def test_forwarded_host_counts_only_behind_a_proxy(folder: Path) -> None:
    app = create_app(load_config(folder, BASE_URL="https://pelatihan.example.id"))

    response = app.test_client().get(
        "/", base_url="https://pelatihan.example.id", headers={"X-Forwarded-Host": "evil.test"}
    )

    assert b"evil.test" not in response.data


def test_fresh_database_has_no_users(session: Session, app: Flask) -> None:
    assert session.scalar(select(func.count()).select_from(User)) == 0


@pytest.mark.parametrize("url", ["https://pelatihan.example.id", "http://127.0.0.1:8000"])
def test_cookies_are_prefixed_and_secure_anywhere_but_on_loopback(folder: Path, url: str) -> None:
    app = create_app(load_config(folder, BASE_URL=url))

    is_public = url.startswith("https")
    assert app.config["SESSION_COOKIE_NAME"] == ("__Host-session" if is_public else "session")
    assert app.config["SESSION_COOKIE_SECURE"] is is_public
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
