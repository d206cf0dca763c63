"""A person's own link opens all their certificates without signing in, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from certificates.links import link_token, own_token, read_own_token
from certificates.models import Certificate, CertificateEvent
from lms.core.accounts.models import User
from lms.core.db import begin_write
from tests.factories import complete, make_cohort, make_enrolment

pytestmark = pytest.mark.usefixtures("renderer")


@pytest.fixture
def certificates(session: Session) -> list[Certificate]:
    """Two of one person, and one of somebody else."""
    first = make_enrolment(session, name="Siti Aminah")
    again = make_enrolment(
        session, cohort=make_cohort(session), user=session.get_one(User, first.user_id), name="Siti Aminah"
    )
    return [complete(session, row) for row in (first, again, make_enrolment(session, name="Orang Lain"))]


def own_path(app: Flask, user_id: int) -> str:
    return f"/milik/{user_id}/{own_token(app.config['CARD_KEY'], user_id, 1)}"


def test_it_works_when_the_account_is_closed_and_shows_ones_own_only(
    app: Flask, session: Session, client: FlaskClient, certificates: list[Certificate]
) -> None:
    mine, also_mine, anothers = certificates
    begin_write(session)
    session.execute(update(User).where(User.id == mine.user_id).values(is_active=False))
    session.commit()

    answer = client.get(own_path(app, mine.user_id))

    page = answer.get_data(as_text=True)
    assert mine.code[:4] in page
    assert also_mine.code[:4] in page
    assert anothers.code[:4] not in page
    assert f"/v/{mine.code}/" in page, "the link to share"
    assert answer.headers["Referrer-Policy"] == "no-referrer, strict-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "noindex" in answer.headers["X-Robots-Tag"]


def test_the_signed_file_is_made_by_the_button_and_sent(
    app: Flask, session: Session, client: FlaskClient, certificates: list[Certificate]
) -> None:
    mine, _also_mine, anothers = certificates
    path = own_path(app, mine.user_id)
    assert client.get(f"{path}/{mine.id}.pdf").location == path, "looking makes nothing"
    answer = client.post(f"{path}/{mine.id}/berkas")
    assert answer.location == f"{path}/{mine.id}.pdf"
    assert client.get(answer.location).data.startswith(b"%PDF")
    events = session.scalars(select(CertificateEvent.kind).where(CertificateEvent.certificate_id == mine.id))
    assert list(events) == ["issued", "signed", "delivered"]
    assert client.get(f"{path}/{anothers.id}.pdf").status_code == 404
    assert client.post(f"{path}/{anothers.id}/berkas").status_code == 404


def test_a_wrong_token_finds_nothing(
    app: Flask, client: FlaskClient, certificates: list[Certificate]
) -> None:
    mine, _also_mine, anothers = certificates
    key = app.config["CARD_KEY"]
    right = own_token(key, mine.user_id, 1)
    assert read_own_token(key, mine.user_id, right.upper()) == 1
    for user_id, token in (
        (mine.user_id, own_token(key, anothers.user_id, 1)),
        (mine.user_id, own_token(key, mine.user_id, 2)),
        (mine.user_id, f"{right[:-1]}2"),
        (mine.user_id, f"{right[:-1]}01"),
        (mine.user_id, right[:-1] + "9" * 5000),
        (mine.user_id, link_token(key, mine.code)),
        (mine.user_id, right[:-1]),
        (mine.user_id, "x"),
        (10**9, right),
    ):
        assert client.get(f"/milik/{user_id}/{token}").status_code == 404
        assert client.post(f"/milik/{user_id}/{token}/{mine.id}/berkas").status_code == 404


def test_a_person_withdraws_their_link_and_nobody_else_s(
    app: Flask,
    session: Session,
    client: FlaskClient,
    sign_in: Callable[[int], FlaskClient],
    certificates: list[Certificate],
) -> None:
    mine, _also_mine, anothers = certificates
    old, other = own_path(app, mine.user_id), own_path(app, anothers.user_id)
    browser = sign_in(mine.user_id)
    assert old in browser.get("/sertifikat").get_data(as_text=True)

    assert browser.post("/sertifikat/tautan").location == "/sertifikat#own"

    assert client.get(old).status_code == 404
    assert client.post(f"{old}/{mine.id}/berkas").status_code == 404
    assert client.get(other).status_code == 200
    new = f"/milik/{mine.user_id}/{own_token(app.config['CARD_KEY'], mine.user_id, 2)}"
    assert new in browser.get("/sertifikat").get_data(as_text=True)
    assert client.get(new).status_code == 200
