"""Everything `lms demo` prints opens a door."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from certificates.models import Certificate
from courses.cohorts.models import Card, Cohort, Enrolment
from lms.core import pdf
from lms.core.config import DEFAULT_INSTANCE, name_command
from lms.core.db import begin_write, db
from lms.core.pdf import RendererMissing
from lms.demo.describing import describe, describe_as_text
from lms.demo.papers import sign_papers
from lms.demo.runs import RUNNING
from tests.pages import CheckedClient

ROLES = ["admin", "organiser", "trainer", "trainee"]


@pytest.fixture
def found(demo: Flask) -> dict[str, Any]:
    return describe()


def new_browser(app: Flask) -> FlaskClient:
    app.test_client_class = CheckedClient
    return app.test_client()


def sign_in(app: Flask, account: dict[str, str]) -> FlaskClient:
    """Sign in as a person would, with what was printed."""
    browser = new_browser(app)
    browser.post("/masuk", data={"login": account["login"], "password": account["password"]})
    if account["totp"]:
        browser.post("/masuk/kode", data={"code": account["totp"]})
    return browser


def path_of(url: str) -> str:
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == "http://127.0.0.1:8000"
    return parts.path


def test_what_is_printed_has_just_these_fields(found: dict[str, Any]) -> None:
    assert list(found) == ["url", "accounts", "cards", "certificates"]
    assert found["url"] == "http://127.0.0.1:8000"
    assert all(list(account) == ["role", "login", "password", "totp"] for account in found["accounts"])
    assert all(list(card) == ["number", "pin", "url"] for card in found["cards"])
    assert all(list(paper) == ["url", "pdf"] for paper in found["certificates"])
    assert [account["role"] for account in found["accounts"]] == ROLES
    assert len(found["cards"]) == 25
    assert len(found["certificates"]) > 15


def test_secrets_have_the_form_people_type(found: dict[str, Any]) -> None:
    for account in found["accounts"]:
        assert re.fullmatch(r"([a-z2-7]{5}-){3}[a-z2-7]{5}", account["password"])
        expected = r"None" if account["role"] == "trainee" else r"\d{6}"
        assert re.fullmatch(expected, str(account["totp"]))
    for card in found["cards"]:
        assert re.fullmatch(r"\d{8} \d{6}", f"{card['number']} {card['pin']}")


def test_no_secret_is_shown_twice(found: dict[str, Any]) -> None:
    secrets = [account["password"] for account in found["accounts"]] + [c["url"] for c in found["cards"]]

    assert len(set(secrets)) == len(secrets)


@pytest.mark.parametrize("role", ROLES)
def test_every_account_signs_in_and_sees_that_it_is_made_up(
    demo: Flask, found: dict[str, Any], role: str
) -> None:
    account = next(account for account in found["accounts"] if account["role"] == role)

    page = sign_in(demo, account).get("/", follow_redirects=True)

    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert 'class="demo-banner"' in text
    assert 'name="password"' not in text


def test_staff_do_not_get_in_without_their_code(demo: Flask, found: dict[str, Any]) -> None:
    for account in found["accounts"][:3]:
        browser = sign_in(demo, account | {"totp": ""})
        assert browser.get("/").status_code in {302, 303, 403}, account["role"]


def test_a_card_signs_in_by_its_address(demo: Flask, found: dict[str, Any]) -> None:
    browser, path = new_browser(demo), path_of(found["cards"][0]["url"])

    assert browser.get(path).status_code == 200
    assert browser.post(path).status_code == 303
    assert 'class="demo-banner"' in browser.get("/").get_data(as_text=True)


def test_a_card_signs_in_by_number_and_pin(demo: Flask, found: dict[str, Any]) -> None:
    browser, card = new_browser(demo), found["cards"][-1]

    answer = browser.post("/masuk/kartu", data={"number": card["number"], "pin": card["pin"]})

    assert (answer.status_code, answer.location) == (303, "/")
    assert 'class="demo-banner"' in browser.get("/").get_data(as_text=True)


def test_a_stranger_reads_that_a_certificate_is_valid_and_a_sample(
    demo: Flask, found: dict[str, Any]
) -> None:
    page = new_browser(demo).get(path_of(found["certificates"][0]["url"]))

    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert "Sertifikat asli" in text or "asli" in text.casefold()
    assert "rekaan" in text


def test_the_paper_comes_to_its_holder_and_to_the_organiser(demo: Flask, found: dict[str, Any]) -> None:
    trainee, organiser = found["accounts"][3], found["accounts"][1]
    path = path_of(found["certificates"][0]["pdf"])

    assert sign_papers() == len(found["certificates"])
    bodies = {sign_in(demo, account).get(path).data for account in (trainee, organiser)}
    pdf._close()

    assert len(bodies) == 1
    assert bodies.pop().startswith(b"%PDF-")
    assert sign_papers() == 0


def test_without_the_renderer_the_papers_are_made_later(
    demo: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(*_args: object, **_kwargs: object) -> None:
        raise RendererMissing("libpango is missing")

    monkeypatch.setattr("certificates.sealing.seal", missing)

    assert sign_papers() == 0
    assert "libpango is missing" in caplog.text


def test_the_text_names_one_way_for_each_role(demo: Flask, found: dict[str, Any]) -> None:
    text = describe_as_text()

    for account in found["accounts"]:
        assert re.search(rf"{account['role']} +{account['login']} +{account['password']}", text)
    card = found["cards"][0]
    assert f"number {card['number']}  PIN {card['pin']}" in text
    assert card["url"] in text
    assert found["certificates"][0]["url"] in text
    assert str(demo.config["INSTANCE"]) in text
    assert f"--instance {demo.config['INSTANCE']} demo restart" in text


def test_the_command_names_the_folder_only_where_it_is_another(demo: Flask) -> None:
    assert name_command(DEFAULT_INSTANCE) == "lms"
    assert name_command(demo.config["INSTANCE"]) == f"lms --instance {demo.config['INSTANCE']}"


def test_what_no_longer_opens_is_not_shown(demo: Flask, found: dict[str, Any]) -> None:
    session = db.session()
    card = session.scalars(
        select(Card).join(Enrolment).join(Cohort).where(Cohort.name == RUNNING).order_by(Card.id)
    ).first()
    assert card
    begin_write(session)
    session.execute(update(Enrolment).where(Enrolment.id == card.enrolment_id).values(status="withdrawn"))
    first = session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert first
    session.execute(update(Certificate).where(Certificate.id == first.id).values(state="revoked"))
    session.commit()

    after = describe()

    assert after["cards"] == found["cards"][1:]
    assert after["certificates"] == found["certificates"][1:]


def test_it_is_told_in_words_when_a_visitor_renamed_the_running_cohort(demo: Flask) -> None:
    session = db.session()
    begin_write(session)
    session.execute(update(Cohort).where(Cohort.name == RUNNING).values(name="Punya saya"))
    session.commit()

    assert describe()["cards"] == []
    assert "demo restart" in describe_as_text()


def test_it_is_told_when_the_running_cohort_is_over(demo: Flask) -> None:
    assert "is over" not in describe_as_text()
    session = db.session()
    begin_write(session)
    session.execute(
        update(Cohort)
        .where(Cohort.name == RUNNING)
        .values(starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 2))
    )
    session.commit()

    assert "is over since 2020-01-02" in describe_as_text()
