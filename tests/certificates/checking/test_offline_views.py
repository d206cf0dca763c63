"""What a phone takes along: a page of nobody's, public keys, and the list of those that do not stand."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

import brotli
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicNumbers
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from certificates.checking.ended import hash_code
from certificates.models import Certificate
from certificates.record import read_record
from certificates.signing.ring import current_ring
from certificates.signing.stamp import read_stamp
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from tests.certificates.checking.stamp_vectors import PATH, write_vectors
from tests.factories import make_user
from tests.security.test_certificate_codes import statements

SCRIPTS = ("stamp", "scan", "offline", "worker")
MOST_BYTES = 6_000
"""All scripts together, as they go over the air."""


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "="), "big")


def test_the_keys_are_those_that_check_stamps(
    app: Flask, client: FlaskClient, certificate: Certificate, stamp: str
) -> None:
    answer = client.get("/periksa/kunci.json")
    facts = answer.get_json()
    publics = {
        key["kid"]: EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), SECP256R1()).public_key()
        for key in facts["keys"]
    }
    assert publics.keys() == current_ring().stamp_publics.keys()
    assert read_stamp(certificate.code, stamp, publics) is not None
    assert all("d" not in key for key in facts["keys"]), "the private half stays here"
    assert read_record(certificate.record).programme.title in facts["programmes"]
    assert facts["at"].endswith("Z")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers


def test_the_list_names_who_does_not_stand(
    session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    begin_write(session)
    certificate.state = "revoked"
    session.commit()
    facts = client.get("/periksa/dicabut.json").get_json()
    assert base64.b64decode(facts["lists"]["revoked"]) == hash_code(certificate.code)
    assert facts["count"] == 1
    squeezed = client.get("/periksa/dicabut.json", headers={"Accept-Encoding": "br"})
    assert squeezed.headers["Content-Encoding"] == "br"
    assert b'"count":1' in brotli.decompress(squeezed.data)
    assert len(statements(lambda: client.get("/periksa/dicabut.json"))) <= 4


def test_whoever_keeps_the_page_keeps_nothing_of_anybody(
    session: Session, client: FlaskClient, sign_in: Callable[[int], FlaskClient]
) -> None:
    stranger = client.get("/periksa/luring").get_data(as_text=True)
    trainee = sign_in(make_user(session, Role.TRAINEE, name="Rahasia Sekali").id)
    body = trainee.get("/periksa/luring").get_data(as_text=True)
    assert "Rahasia" not in body
    for page in (stranger, body):
        assert "csrf_token" not in page
        assert "<style" not in page


def test_the_address_tells_the_language_because_a_phone_keeps_both(client: FlaskClient) -> None:
    for address, language, other in (
        ("/periksa/luring", "id", "English"),
        ("/periksa/luring/en", "en", "Bahasa"),
    ):
        response = client.get(address)
        body = response.get_data(as_text=True)
        assert f'<html lang="{language}"' in body
        assert f">{other}" in body
        assert "camera=(self)" in response.headers["Permissions-Policy"]


def test_the_page_and_its_worker_are_told_apart_from_the_one_of_quizzes(client: FlaskClient) -> None:
    worker = client.get("/periksa/pekerja.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-store"
    assert worker.data != client.get("/pekerja.js").data


def test_all_scripts_together_are_small(app: Flask) -> None:
    assets, sizes = app.extensions["assets"], {}
    for name in SCRIPTS:
        url = assets.url(f"checking/{name}.js")
        with app.test_request_context(headers={"Accept-Encoding": "br"}):
            sizes[name] = len(assets.response(url).get_data())
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_what_the_browser_is_measured_by_is_what_python_makes() -> None:
    """After a change: ``python -m tests.certificates.checking.stamp_vectors``."""
    assert PATH.read_text(encoding="ascii") == write_vectors()


def test_a_hash_in_the_list_is_none_a_code_has_elsewhere() -> None:
    assert hash_code("X" * 17) != hashlib.sha256(b"X" * 17).digest()[:5]
