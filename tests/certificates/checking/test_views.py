"""The public check: a verdict for everybody, the facts for whom they concern."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from certificates import life, services
from certificates.codes import new_code, show_code
from certificates.links import link_token, read_link_token
from certificates.models import Certificate
from certificates.paper import Printing, paper_html
from certificates.reasons import Reason
from courses.cohorts.models import Enrolment
from lms.core.accounts.models import Role
from lms.core.web.headers import NO_REFERER
from tests.certificates.samples import make_record
from tests.factories import NOW, complete, make_enrolment, make_user

NAME = "Siti Aminah, S.Sos."


@pytest.fixture
def enrolment(session: Session) -> Enrolment:
    make_noise(session)
    return make_enrolment(session, name=NAME, organisation="Desa Rahasia")


@pytest.fixture
def certificate(session: Session, enrolment: Enrolment) -> Certificate:
    return complete(session, enrolment)


def make_noise(session: Session) -> None:
    """Add somebody else's certificate, so that a forgotten condition shows."""
    complete(session, make_enrolment(session, name="Orang Lain"))


def test_a_typed_code_shows_all_but_a_masked_name(client: FlaskClient, certificate: Certificate) -> None:
    page = client.get(f"/v/{show_code(certificate.code).lower()}")
    body = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "<title>Asli dan berlaku" in body
    assert "S*** A*** S***" in body
    assert certificate.serial in body
    assert "Aminah" not in body
    assert "Desa Rahasia" in body
    assert "Orang" not in body
    assert 'class="verdict valid"' in body


def test_the_address_in_the_qr_is_upper_case_and_works(client: FlaskClient, certificate: Certificate) -> None:
    assert "verdict valid" in client.get(f"/V/{certificate.code}").get_data(as_text=True)


def test_the_holders_link_shows_the_full_name_and_a_wrong_token_does_not(
    app: Flask, client: FlaskClient, certificate: Certificate
) -> None:
    token = link_token(app.config["CARD_KEY"], certificate.code)
    assert NAME in client.get(f"/v/{certificate.code}/{token}").get_data(as_text=True)
    other = link_token(app.config["CARD_KEY"], new_code())
    for wrong in (other, token[:-1], "x", "é"):
        body = client.get(f"/v/{certificate.code}/{wrong}").get_data(as_text=True)
        assert NAME not in body
        assert "verdict valid" in body


def test_a_link_token_belongs_to_one_code_and_one_machine() -> None:
    for generation in (1, 2, 17):
        token = link_token(b"k" * 32, "A", generation)
        assert read_link_token(b"k" * 32, "A", token) == generation
        assert read_link_token(b"k" * 32, "B", token) is None
        assert read_link_token(b"j" * 32, "A", token) is None
        assert read_link_token(b"k" * 32, "A", f"{token[:26]}{generation + 1}") is None
    assert read_link_token(b"k" * 32, "A", link_token(b"k" * 32, "A", 0)) is None


def test_a_link_that_was_withdrawn_shows_no_more_than_the_code(
    app: Flask, session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    old, new = (link_token(app.config["CARD_KEY"], certificate.code, generation) for generation in (1, 2))
    code, path = certificate.code, f"/v/{certificate.code}"
    assert NAME not in client.get(f"{path}/{new}").get_data(as_text=True), "not given out yet"
    services.renew_link(session, certificate.user_id, certificate_id=certificate.id)
    session.commit()

    body = client.get(f"{path}/{old}").get_data(as_text=True)

    assert "verdict valid" in body
    assert NAME not in body
    assert "S*** A*** S***" in body
    assert client.get(f"{path}/{old}", headers={"Accept": "application/json"}).mimetype == "text/html"
    assert client.get(f"/kredensial/{code}/{old}").status_code == 404
    assert NAME in client.get(f"{path}/{new}").get_data(as_text=True)


def test_the_signed_in_holder_sees_the_full_name_and_a_stranger_does_not(
    session: Session, sign_in: Callable[[int], FlaskClient], certificate: Certificate
) -> None:
    assert NAME in sign_in(certificate.user_id).get(f"/v/{certificate.code}").get_data(as_text=True)
    stranger = sign_in(make_user(session).id)
    assert NAME not in stranger.get(f"/v/{certificate.code}").get_data(as_text=True)


def test_a_hidden_one_is_called_genuine_and_tells_nothing_else(
    app: Flask, session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    services.set_hidden(session, certificate.user_id, certificate_id=certificate.id, is_hidden=True)
    session.commit()
    body = client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert "verdict hidden" in body
    assert certificate.serial not in body
    assert "S***" not in body
    token = link_token(app.config["CARD_KEY"], certificate.code)
    assert NAME in client.get(f"/v/{certificate.code}/{token}").get_data(as_text=True)


def test_a_revoked_one_says_when_and_why_but_not_the_note(
    session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    staff = make_user(session, Role.ADMIN)
    values = {"certificate_id": certificate.id, "reason": Reason.CHEATING, "note": "two phones", "now": NOW}
    life.revoke(session, staff.id, **values)  # type: ignore[arg-type]
    session.commit()
    body = client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert "verdict revoked" in body
    assert "23 November 2026" in body
    assert "two phones" not in body
    assert "KTP" not in body
    assert 'class="failed"' in body


def test_a_replaced_one_says_so_without_leading_to_the_new_one(
    session: Session, client: FlaskClient, certificate: Certificate
) -> None:
    staff = make_user(session, Role.ADMIN)
    new = services.reissue(
        session, staff.id, certificate_id=certificate.id, name="Sita", organisation="", now=NOW
    )
    session.commit()
    body = client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert "verdict replaced" in body
    assert new.code not in body
    assert "verdict valid" in client.get(f"/v/{new.code}").get_data(as_text=True)


@pytest.mark.parametrize("column", ["record", "serial"])
def test_a_row_changed_behind_our_back_is_noticed(
    session: Session, client: FlaskClient, certificate: Certificate, column: str
) -> None:
    change = f"UPDATE certificate SET {column} = replace({column}, '0', '1') WHERE id = :id"
    session.execute(text(change), {"id": certificate.id})
    session.commit()
    body = client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert "verdict tampered" in body
    assert NAME not in body


@pytest.mark.parametrize("path", ["/v/{code}", "/periksa", "/v/0"])
def test_public_pages_are_small_private_and_out_of_search_engines(
    client: FlaskClient, certificate: Certificate, path: str
) -> None:
    page = client.get(path.format(code=certificate.code))
    assert len(page.data) < 20_000
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert page.headers["Referrer-Policy"] == NO_REFERER
    assert page.headers["Cache-Control"] == "no-store"
    assert path == "/periksa" or "<script" not in page.get_data(as_text=True), "camera and drop are extras"


def test_the_form_leads_to_the_page_of_the_code(client: FlaskClient, certificate: Certificate) -> None:
    answer = client.get("/periksa", query_string={"kode": f" {show_code(certificate.code).lower()} "})
    assert answer.status_code == 303
    assert answer.location == f"/v/{certificate.code}"
    for typed in ("0000-0000-0000-00000", "x?y/z" * 3 + "ab", "💥" * 17):
        answer = client.get("/periksa", query_string={"kode": typed})
        assert answer.status_code == 303
        assert "verdict unknown" in client.get(answer.location).get_data(as_text=True)


@pytest.mark.parametrize(("typed", "count"), [("T3V3", "4"), (" t3v3-3jgx ", "8"), ("x" * 5000, "200")])
def test_a_code_too_short_or_too_long_is_said_to_be_so_and_stays_in_its_field(
    client: FlaskClient, typed: str, count: str
) -> None:
    answer = client.get("/periksa", query_string={"kode": typed})

    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f"Anda mengetik {count}." in body
    assert f'value="{typed.strip()[:60]}"' in body


def test_an_unknown_code_stands_in_the_form_of_its_page(client: FlaskClient) -> None:
    body = client.get("/v/0000000000000000A").get_data(as_text=True)

    assert 'value="0000000000000000A"' in body


@pytest.mark.parametrize("path", ["/v", "/V", "/v/", "/V/"])
def test_the_printed_address_leads_to_the_form(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.location) == (303, "/periksa")


def test_the_address_on_the_paper_is_one_of_ours(client: FlaskClient) -> None:
    html = paper_html(Printing(make_record(), "https://contoh.test", None))
    (printed,) = re.findall(r"contoh\.test(/\S+) dan ketik kode ini", html)

    assert client.get(printed, follow_redirects=True).request.path == "/periksa"


def test_an_empty_form_asks_for_the_code(client: FlaskClient) -> None:
    assert client.get("/periksa").status_code == 200
    assert client.get("/periksa?kode=%20").status_code == 422


def test_a_demo_certificate_is_marked(session: Session, client: FlaskClient) -> None:
    from tests.factories import make_cohort

    certificate = complete(session, make_enrolment(session, cohort=make_cohort(session, is_demo=True)))
    body = client.get(f"/v/{certificate.code}").get_data(as_text=True)
    assert 'class="message warning"' in body


@pytest.mark.parametrize("path", ["/v/%00%07x", "/periksa?kode=%00%07x"])
def test_signs_that_no_page_may_hold_are_not_shown_again(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {200, 422}
    assert not {"\x00", "\x07"} & set(answer.get_data(as_text=True))
