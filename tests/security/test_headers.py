"""Every answer carries the headers: pages, files, errors, redirects (check 28)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from lms.app import create_app
from lms.core.config import load_config
from lms.core.db import db
from lms.core.web.headers import WITH_CAMERA
from tests.security.conftest import Stage
from tests.security.world import PEOPLE

KEPT_BY_THE_BROWSER = {"learning.lesson", "attempts.show"}
"""Pages that may be kept for one person, to be read without signal; asked again each time they are opened."""

FOR_EVERYBODY = {
    "badges.did",
    "badges.status_list",
    "badges.image",
    "offline.keys",
    "offline.ended",
    "signing.certificate",
    "signing.crl",
}
"""Keys, lists of what fell and a picture: nobody is in them, so pages of other sites and caches have them."""
READ_ELSEWHERE = FOR_EVERYBODY | {"badges.credential"}
"""Pages of other sites may read them; that of a credential, because its address is the secret."""


def check(response: TestResponse, *, is_https: bool = False, endpoint: str = "") -> None:
    """Assert what every response carries."""
    headers = response.headers
    parts = [part.split() for part in headers["Content-Security-Policy"].split(";")]
    policy = {name: " ".join(sources) for name, *sources in parts}
    if "sandbox" in policy:  # what somebody sent in: kept, never shown
        assert policy == {"default-src": "'none'", "sandbox": ""}
        assert headers["Content-Disposition"].startswith("attachment;")
        assert headers["X-Content-Type-Options"] == "nosniff"
        return
    assert policy["default-src"] == "'none'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["manifest-src"] == "'self'"
    assert not re.search(r"unsafe|\*|https?:", headers["Content-Security-Policy"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Referrer-Policy"].split(",")[0] in {"same-origin", "no-referrer"}
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert ("camera=(self)" in headers["Permissions-Policy"]) == (response.request.path in WITH_CAMERA)
    access = {name: value for name, value in headers.items() if name.startswith("Access-Control-")}
    if endpoint in READ_ELSEWHERE and response.status_code == 200:
        assert access == {"Access-Control-Allow-Origin": "*"}
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in headers
    else:
        assert not access
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Server" not in headers
    assert "X-Powered-By" not in headers
    assert headers.get("Cache-Control")
    assert response.mimetype
    if response.mimetype.startswith("text/"):
        assert "charset=utf-8" in response.headers["Content-Type"].lower()
    if is_https:
        assert int(re.search(r"max-age=(\d+)", headers["Strict-Transport-Security"])[1]) >= 31_536_000  # type: ignore[index]
        assert "includeSubDomains" in headers["Strict-Transport-Security"]
    check_cookies(response, is_https=is_https)


def check_cookies(response: TestResponse, *, is_https: bool) -> None:
    """Assert what every cookie promises."""
    for line in response.headers.getlist("Set-Cookie"):
        for name, cookie in SimpleCookie(line).items():
            assert cookie["httponly"]
            assert cookie["samesite"] in {"Lax", "Strict"}
            assert cookie["path"] == "/"
            assert not cookie["domain"]
            if is_https:
                assert name.startswith("__Host-")
                assert cookie["secure"]


@pytest.mark.parametrize("person", PEOPLE)
def test_every_page_for_everybody(stage: Stage, person: str) -> None:
    for rule, _side, response in stage.crawl(person):
        check(response, endpoint=rule.endpoint)


@pytest.mark.parametrize("person", ["trainee", "organiser", "trainer", "admin"])
def test_pages_of_somebody_stay_with_the_browser_of_that_person(stage: Stage, person: str) -> None:
    for rule, _side, response in stage.crawl(person):
        if rule.endpoint in {"asset_file", "health.healthz", "health.readyz"}:
            continue
        cache = response.headers["Cache-Control"]
        if rule.endpoint in FOR_EVERYBODY:
            assert cache.startswith("public, max-age=")
            continue
        if rule.endpoint in {"question_pictures.show", "lesson_pictures.show"}:  # never changes
            assert cache == "private, max-age=31536000, immutable"
            continue
        kept = rule.endpoint in KEPT_BY_THE_BROWSER and response.status_code == 200
        assert cache == ("private, no-cache" if kept else "no-store"), rule.endpoint


def test_files_are_kept_for_a_year(stage: Stage) -> None:
    rule = next(rule for rule in stage.rules("GET") if rule.endpoint == "asset_file")

    response = stage.browser("anonymous").get(stage.url(rule))

    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers


@pytest.fixture
def careless(stage: Stage) -> Iterator[Stage]:
    """The world with an application where one address breaks, as in earnest: its error is shown."""
    config = stage.app.config
    app = create_app(load_config(config["INSTANCE"], DATABASE_URL=config["DATABASE_URL"], TESTING=True))
    app.add_url_rule("/rusak", view_func=_break)
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        yield Stage(app, stage.world, stage.template)
        db.session.remove()
        db.engine.dispose()


def _break() -> str:
    raise RuntimeError("secret detail")


def test_errors_too(careless: Stage) -> None:
    client = careless.browser("trainee")
    cases = {
        400: client.get("/", headers={"Host": "evil.test"}),
        404: client.get("/tidak-ada"),
        405: client.delete("/"),
        413: client.post("/tampilan", data=b"x" * 6_000_000, content_type="multipart/form-data; boundary=x"),
        500: client.get("/rusak"),
    }

    for status, response in cases.items():
        assert response.status_code == status
        check(response)


def test_an_error_tells_nothing_about_the_inside(careless: Stage) -> None:
    text = careless.browser("trainee").get("/rusak").get_data(as_text=True)

    assert "secret detail" not in text
    assert "Traceback" not in text
    assert re.search(r"[0-9a-f]{8}", text), "no number to tell the organiser"


def test_a_database_that_is_gone_gives_503_with_a_time_to_come_back(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("server closed the connection"))

    monkeypatch.setattr("sqlalchemy.engine.Connection.execute", gone)
    monkeypatch.setattr("sqlalchemy.engine.Connection.exec_driver_sql", gone)
    monkeypatch.setattr("lms.core.statements.Prepared.rows", gone)

    for person in ("anonymous", "trainee", "organiser"):
        for path in ("/angkatan", "/akun", "/sertifikat"):
            response = stage.browser(person).get(path)
            if person == "anonymous":
                assert response.status_code == 303
                continue
            assert response.status_code == 503, path
            assert int(response.headers["Retry-After"]) >= 1
            assert "secret" not in response.get_data(as_text=True)
            check(response)


@pytest.fixture
def public_app(instance: Path, database_url: str) -> Iterator[Flask]:
    """The application as it stands behind an HTTPS proxy."""
    app = create_app(
        load_config(instance, DATABASE_URL=database_url, BASE_URL="https://pelatihan.example.id", PROXIES=1)
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_behind_https_cookies_are_prefixed_and_transport_is_strict(public_app: Flask) -> None:
    client = public_app.test_client()
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "pelatihan.example.id"}

    assert "Set-Cookie" in client.get("/masuk", headers=headers).headers
    for path in ("/", "/masuk", "/masuk/kartu", "/tidak-ada", "/healthz", "/periksa"):
        response = client.get(path, headers=headers)
        check(response, is_https=True)


def test_nobody_may_read_from_another_site(stage: Stage) -> None:
    for method in ("GET", "OPTIONS"):
        response = stage.browser("trainee").open("/", method=method, headers={"Origin": "https://evil.test"})
        check(response)
