"""Two admins, one new value: from the number's page to the book, in the browser."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from courses.facts.book import load_book, shipped_book
from courses.facts.models import CorrectionState, FactCorrection
from lms.core.accounts.models import Role
from tests import factories
from tests.security.test_query_counts import counted

FUNERAL = "jkm.benefit.funeral"
NEW = f"/fakta/koreksi/baru?jenis=nilai&kunci={FUNERAL}"
FILLED = {
    "value": "12.000.000",
    "unit": "IDR",
    "valid_from": "2027-01-01",
    "valid_to": "",
    "citation": "PP 82/2019 Ps I angka 3",
    "confidence": "verified",
    "source_label": "Naskah PP",
    "source_where": "https://peraturan.go.id/contoh",
}


@pytest.fixture
def one(session: Session, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """The browser of the admin who proposes."""
    return sign_in(factories.make_user(session, Role.ADMIN, name="Bu Ani").id)


@pytest.fixture
def two(session: Session, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """The browser of the admin who confirms."""
    return sign_in(factories.make_user(session, Role.ADMIN, name="Pak Eko").id)


def propose(client: FlaskClient, address: str = NEW, **changes: str) -> TestResponse:
    return client.post(address, data=FILLED | changes)


def made(session: Session) -> FactCorrection:
    return session.scalars(select(FactCorrection).order_by(FactCorrection.id.desc())).first()  # type: ignore[return-value]


def test_a_number_leads_an_admin_to_its_correction(one: FlaskClient) -> None:
    page = one.get(f"/fakta/{FUNERAL}").text

    assert f"/fakta/koreksi/baru?jenis=nilai&amp;kunci={FUNERAL}" in page
    assert "mulai=2019-12-02" in page


def test_a_correction_begins_with_what_is_there(one: FlaskClient) -> None:
    page = one.get(f"/fakta/koreksi/baru?jenis=perbaikan&kunci={FUNERAL}&mulai=2015-07-01").text

    assert 'value="3.000.000"' in page
    assert 'value="2015-07-01"' in page
    assert 'value="2019-12-01"' in page


def test_a_new_value_begins_without_the_citation_of_the_old_one(one: FlaskClient) -> None:
    page = one.get("/fakta/koreksi/baru?jenis=nilai&kunci=jkm.benefit.funeral").text

    assert '<option selected value="IDR">' in page
    assert 'value="PP 82/2019' not in page


def test_a_new_value_goes_through_two_pairs_of_hands(
    session: Session, one: FlaskClient, two: FlaskClient
) -> None:
    sent = propose(one)
    address = sent.headers["Location"]
    assert sent.status_code == 303
    assert "Rp12.000.000" in one.get(address).text
    assert "/setuju" not in one.get(address).text
    assert load_book() is shipped_book()

    page = two.get(address).text
    assert "Bu Ani" in page
    assert page.index("Rp12.000.000") < page.index(f"{address}/setuju")
    done = two.post(f"{address}/setuju")

    assert (done.status_code, done.headers["Location"]) == (303, f"/fakta/{FUNERAL}")
    assert made(session).state == CorrectionState.CONFIRMED
    shown = two.get(f"/fakta/{FUNERAL}?pada=2027-01-01").text
    assert '<p class="big-value">Rp12.000.000</p>' in shown
    assert "Naskah PP" in shown
    assert "fold" in shown  # what we believed before


def test_what_waits_and_what_is_decided_is_listed(one: FlaskClient, two: FlaskClient) -> None:
    assert "parameters.yaml" not in one.get("/fakta/koreksi").text
    address = propose(one).headers["Location"]
    assert f'href="{address}"' in two.get("/fakta/koreksi").text
    two.post(f"{address}/setuju")

    page = two.get("/fakta/koreksi").text

    assert f'href="{address}"' in page
    assert "/fakta/koreksi/parameters.yaml" in page
    file = two.get("/fakta/koreksi/parameters.yaml")
    assert file.mimetype == "application/yaml"
    assert "Naskah PP" in file.text


def test_nobody_confirms_the_own_proposal(session: Session, one: FlaskClient) -> None:
    address = propose(one).headers["Location"]

    assert one.post(f"{address}/setuju").status_code == 409
    assert made(session).state == CorrectionState.PROPOSED


def test_a_refusal_needs_its_reason_and_shows_it(
    session: Session, one: FlaskClient, two: FlaskClient
) -> None:
    address = propose(one).headers["Location"]

    assert two.post(f"{address}/tolak", data={"reason": ""}).status_code == 422
    assert two.post(f"{address}/tolak", data={"reason": "Ini rancangan, belum PP."}).status_code == 303

    assert made(session).state == CorrectionState.REFUSED
    assert "Ini rancangan, belum PP." in one.get(address).text
    assert two.post(f"{address}/setuju").status_code == 409


def test_an_own_proposal_is_taken_back(session: Session, one: FlaskClient, two: FlaskClient) -> None:
    address = propose(one).headers["Location"]

    assert two.post(f"{address}/tarik").status_code == 409
    assert one.post(f"{address}/tarik").status_code == 303
    assert made(session).state == CorrectionState.WITHDRAWN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "12,000,000"}, "value"),
        ({"value": ""}, "value"),
        ({"unit": "fraction", "value": "5%"}, "unit"),
        ({"unit": "rupees"}, "unit"),
        ({"valid_from": "2027-02-30"}, "valid_from"),
        ({"valid_from": "2019-12-02"}, "valid_from"),
        ({"valid_to": "2026-01-01"}, "valid_to"),
        ({"citation": "PP 1/1999"}, "citation"),
        ({"source_label": ""}, "source_label"),
        ({"confidence": ""}, "confidence"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    session: Session, one: FlaskClient, changes: dict[str, str], field: str
) -> None:
    page = propose(one, **changes)

    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    assert made(session) is None


def test_a_key_that_waits_takes_no_second_proposal(one: FlaskClient, two: FlaskClient) -> None:
    propose(one)

    assert propose(two, value="13.000.000").status_code == 409


def test_a_wholly_new_number_gets_names(session: Session, one: FlaskClient, two: FlaskClient) -> None:
    address = "/fakta/koreksi/baru?jenis=kunci"
    assert propose(one, address, key="jkm.benefit.flowers").status_code == 422
    sent = propose(one, address, key="jkm.benefit.flowers", label_id="Karangan bunga", label_en="Flowers")
    two.post(f"{sent.headers['Location']}/setuju")

    assert "<h1>Karangan bunga</h1>" in two.get("/fakta/jkm.benefit.flowers").text
    assert "jkm.benefit.flowers" in two.get("/fakta/koreksi/labels.yaml").text


def test_an_unknown_key_cannot_be_smuggled_in(one: FlaskClient) -> None:
    page = one.get("/fakta/koreksi/baru?jenis=nilai&kunci=<script>").text

    assert 'name="label_id"' in page


def test_a_confirmed_value_costs_every_page_one_query_more_at_most(
    session: Session, one: FlaskClient, two: FlaskClient, client: FlaskClient
) -> None:
    two.post(f"{propose(one).headers['Location']}/setuju")
    client.get("/fakta")

    with counted() as sent:
        client.get("/fakta")
    assert len(sent) == 1
    with counted() as sent:
        client.get("/bantuan")
    assert not sent
