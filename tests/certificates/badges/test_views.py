"""Addresses for machines: who gets what, under which name, how long it may be kept."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from certificates.badges.credential import check_credential, write_credential
from certificates.badges.proof import has_valid_proof
from certificates.badges.status_lists import LIST_BITS, read_bit
from certificates.links import link_token
from certificates.models import Certificate
from certificates.record import digest, read_record
from certificates.signing.ring import KeyRing
from certificates.signing.stamp import make_stamp
from courses.cohorts.models import Enrolment
from lms.core.accounts.models import Role
from lms.core.db import begin_write
from lms.core.xml_reader import read_xml
from tests.certificates.badges.test_status_lists import unpack
from tests.factories import complete, make_enrolment, make_user
from tests.security.test_query_counts import counted

SignIn = Callable[[int], FlaskClient]
INDEX = LIST_BITS + 77


@pytest.fixture
def enrolment(session: Session) -> Enrolment:
    return make_enrolment(session, name="Siti Aminah")


@pytest.fixture
def waiting(session: Session, enrolment: Enrolment) -> Certificate:
    """A certificate without keys at its issue."""
    return complete(session, enrolment)


@pytest.fixture
def certificate(app: Flask, session: Session, waiting: Certificate, ring: KeyRing) -> Certificate:
    """A certificate with stamp and credential."""
    record = read_record(waiting.record)
    assert ring.stamp_key
    assert ring.badge_key
    begin_write(session)
    session.refresh(waiting)
    waiting.stamp = make_stamp(record, ring.stamp_key)
    waiting.status_index = INDEX
    waiting.credential = write_credential(
        record, status_index=INDEX, key=ring.badge_key, base_url=app.config["BASE_URL"]
    )
    session.commit()
    return waiting


def set_state(session: Session, certificate: Certificate, state: str) -> None:
    """Let a certificate fall, or stand again."""
    begin_write(session)
    session.get_one(Certificate, certificate.id).state = state
    session.commit()


def bit(client: FlaskClient, purpose: str) -> bool:
    """Return what a status list says about the certificate."""
    answer = client.get(f"/kredensial/status/{purpose}/2")
    assert answer.status_code == 200
    return read_bit(unpack(answer.json["credentialSubject"]["encodedList"]), INDEX % LIST_BITS)


def test_keys_are_open_to_everybody(client: FlaskClient, ring: KeyRing) -> None:
    answer = client.get("/.well-known/did.json")

    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "public" in answer.headers["Cache-Control"]
    names = {method["id"].rpartition("#")[2] for method in answer.json["verificationMethod"]}
    assert names == set(ring.badge_publics)


def test_keys_that_did_not_change_are_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/.well-known/did.json").headers["ETag"]

    assert client.get("/.well-known/did.json", headers={"If-None-Match": tag}).status_code == 304


def test_without_keys_there_is_no_list_of_keys(
    client: FlaskClient, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("certificates.badges.views.current_ring", KeyRing)

    assert client.get("/.well-known/did.json").status_code == 404
    assert client.get("/kredensial/status/revocation/2").status_code == 503


@pytest.mark.parametrize("way", ["stamp", "link"])
@pytest.mark.parametrize("state", ["valid", "suspended", "replaced", "revoked"])
def test_paper_and_link_open_the_credential(
    app: Flask, client: FlaskClient, session: Session, certificate: Certificate, way: str, state: str
) -> None:
    set_state(session, certificate, state)
    link = link_token(app.config["CARD_KEY"], certificate.code)
    token = certificate.stamp if way == "stamp" else link

    answer = client.get(f"/kredensial/{certificate.code}/{token}")

    assert answer.get_data(as_text=True) == certificate.credential
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_page_hidden_from_strangers_hides_nothing_from_who_has_the_paper(
    client: FlaskClient, session: Session, certificate: Certificate
) -> None:
    begin_write(session)
    session.get_one(Certificate, certificate.id).is_hidden = True
    session.commit()

    assert client.get(f"/kredensial/{certificate.code}/{certificate.stamp}").status_code == 200


def test_what_is_served_is_what_was_signed(
    client: FlaskClient, certificate: Certificate, ring: KeyRing
) -> None:
    text = client.get(f"/kredensial/{certificate.code}/{certificate.stamp}").get_data(as_text=True)

    assert check_credential(text, ring.badge_publics).agrees_with(read_record(certificate.record))


def test_nothing_else_opens_it(
    app: Flask, client: FlaskClient, session: Session, certificate: Certificate, ring: KeyRing
) -> None:
    other = complete(session, make_enrolment(session, name="Orang Lain"))
    assert ring.stamp_key
    assert certificate.stamp
    strange = make_stamp(read_record(other.record), ring.stamp_key)
    flipped = certificate.stamp[:-1] + ("A" if certificate.stamp[-1] != "A" else "E")
    tokens = ["x", flipped, strange, link_token(app.config["CARD_KEY"], other.code), certificate.stamp[:-1]]

    bodies = {client.get(f"/kredensial/{certificate.code}/{token}").status_code for token in tokens}

    assert bodies == {404}


def test_a_wrong_token_is_refused_before_the_database_is_asked(
    client: FlaskClient, certificate: Certificate
) -> None:
    with counted() as sent:
        client.get(f"/kredensial/{certificate.code}/{'A' * 120}")

    assert not sent


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/vc", "application/vc"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("*/*", "application/json"),
        ("image/png", "application/json"),
    ],
)
def test_it_has_the_name_it_was_asked_for(
    client: FlaskClient, certificate: Certificate, accept: str, kind: str
) -> None:
    answer = client.get(f"/kredensial/{certificate.code}/{certificate.stamp}", headers={"Accept": accept})

    assert answer.mimetype == kind
    assert "Accept" in answer.headers["Vary"].split(", ")


@pytest.mark.parametrize("path", ["v", "V"])
def test_address_of_the_paper_gives_the_credential_to_who_asks_for_it(
    client: FlaskClient, certificate: Certificate, path: str
) -> None:
    address = f"/{path}/{certificate.code}/{certificate.stamp}"

    machine = client.get(address, headers={"Accept": "application/ld+json"})
    browser = client.get(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})

    assert machine.get_data(as_text=True) == certificate.credential
    assert browser.mimetype == "text/html"


def test_a_code_alone_gives_nobody_the_credential(client: FlaskClient, certificate: Certificate) -> None:
    answer = client.get(f"/v/{certificate.code}", headers={"Accept": "application/ld+json"})

    assert "Siti Aminah" not in answer.get_data(as_text=True)


def test_holder_opens_it_signed_in_and_nobody_else(
    session: Session, client: FlaskClient, sign_in: SignIn, certificate: Certificate
) -> None:
    path = f"/kredensial/{certificate.code}"

    assert sign_in(certificate.user_id).get(path).get_data(as_text=True) == certificate.credential
    assert "Access-Control-Allow-Origin" not in sign_in(certificate.user_id).get(path).headers
    assert sign_in(make_user(session).id).get(path).status_code == 404
    assert sign_in(make_user(session, Role.ADMIN).id).get(path).status_code == 404
    assert client.get(path).status_code == 303


def test_holder_finds_it_on_the_page_of_the_certificate(sign_in: SignIn, certificate: Certificate) -> None:
    client = sign_in(certificate.user_id)

    page = client.get(f"/sertifikat/{certificate.id}").get_data(as_text=True)

    assert f'href="/kredensial/{certificate.code}"' in page


def test_before_the_signature_it_says_so(app: Flask, client: FlaskClient, waiting: Certificate) -> None:
    token = link_token(app.config["CARD_KEY"], waiting.code)

    answer = client.get(f"/kredensial/{waiting.code}/{token}")

    assert answer.status_code == 409


@pytest.mark.parametrize("fault", ["record", "facts"])
def test_a_record_that_is_not_what_was_issued_gives_nobody_a_credential(
    app: Flask, client: FlaskClient, session: Session, sign_in: SignIn, certificate: Certificate, fault: str
) -> None:
    begin_write(session)
    row = session.get_one(Certificate, certificate.id)
    row.record = row.record.replace("Siti Aminah", "Siti Amanah")
    if fault == "facts":  # the hash was made to fit; the stamp on the paper was not
        row.record_sha256 = digest(row.record)
    session.commit()
    link = link_token(app.config["CARD_KEY"], certificate.code)
    asking = {"Accept": "application/json"}
    by_stamp = [f"/{path}/{certificate.code}/{certificate.stamp}" for path in ("kredensial", "v", "V")]
    by_link = [f"/{path}/{certificate.code}/{link}" for path in ("kredensial", "v")]

    answers = [client.get(address, headers=asking) for address in by_stamp]
    if fault == "record":
        answers += [client.get(address, headers=asking) for address in by_link]
        answers.append(sign_in(certificate.user_id).get(f"/kredensial/{certificate.code}"))

    assert {answer.status_code for answer in answers} == {409}
    for answer in answers:
        assert "Siti" not in answer.get_data(as_text=True).split("<main")[-1]


def test_lists_follow_the_life_of_a_certificate(
    client: FlaskClient, session: Session, certificate: Certificate
) -> None:
    seen = {}
    for state in ("valid", "suspended", "valid", "replaced", "revoked"):
        set_state(session, certificate, state)
        seen[state] = (bit(client, "revocation"), bit(client, "suspension"))

    assert seen == {
        "valid": (False, False),
        "suspended": (True, True),
        "replaced": (True, False),
        "revoked": (True, False),
    }


def test_a_list_is_signed_by_the_key_in_use(
    client: FlaskClient, certificate: Certificate, ring: KeyRing
) -> None:
    assert ring.badge_key

    said: Any = client.get("/kredensial/status/revocation/2").json

    assert has_valid_proof(said, ring.badge_publics[ring.badge_key.id])
    assert said["issuer"] == json.loads(certificate.credential or "")["issuer"]["id"]


def test_a_list_may_be_kept_and_says_when_it_is_another(
    client: FlaskClient, session: Session, certificate: Certificate
) -> None:
    address = "/kredensial/status/revocation/2"
    first = client.get(address)
    tag = first.headers["ETag"]

    same = client.get(address, headers={"If-None-Match": tag})
    set_state(session, certificate, "revoked")
    later = client.get(address, headers={"If-None-Match": tag})

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert (same.status_code, same.get_data()) == (304, b"")
    assert later.status_code == 200
    assert later.headers["ETag"] != tag


@pytest.mark.parametrize("path", ["revocation/0", "revocation/3", "message/1", "revocation/x"])
def test_lists_there_are_not_are_not_found(client: FlaskClient, certificate: Certificate, path: str) -> None:
    assert client.get(f"/kredensial/status/{path}").status_code == 404


def test_a_list_asks_the_database_once(client: FlaskClient, certificate: Certificate) -> None:
    with counted() as sent:
        client.get("/kredensial/status/revocation/2")

    assert len(sent) == 1


def test_addresses_in_the_credential_open(client: FlaskClient, certificate: Certificate) -> None:
    document = json.loads(certificate.credential or "")
    base = document["issuer"]["url"]
    achievement = document["credentialSubject"]["achievement"]
    addresses = [
        document["id"],
        document["credentialStatus"]["statusListCredential"],
        achievement["id"],
        achievement["criteria"]["id"],
        achievement["image"]["id"],
        achievement["resultDescription"][0]["id"] if "resultDescription" in achievement else base + "/",
    ]

    for address in addresses:
        assert address.startswith(base)
        answer = client.get(address.removeprefix(base))
        assert answer.status_code == 200, address
        if "#" in address:
            assert f'id="{address.partition("#")[2]}"' in answer.get_data(as_text=True)


def test_achievement_says_what_was_asked(client: FlaskClient, enrolment: Enrolment) -> None:
    edition = enrolment.cohort.edition
    page = client.get(f"/capaian/{edition.title.lower().replace(' ', '-')}/{edition.number}")

    body = page.get_data(as_text=True)
    assert page.status_code == 200
    assert edition.title in body
    assert "langkah wajib" in body


@pytest.mark.parametrize("path", ["/capaian/tidak-ada/1", "/capaian/kursus-1/999", "/capaian/lencana.gif"])
def test_achievements_there_are_not_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_picture_is_a_square_and_small(client: FlaskClient) -> None:
    answer = client.get("/capaian/lencana.png")

    picture = Image.open(io.BytesIO(answer.get_data()))
    assert (picture.format, picture.width) == ("PNG", picture.height)
    assert len(answer.get_data()) < 30_000
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_drawing_is_well_formed(client: FlaskClient) -> None:
    answer = client.get("/capaian/lencana.svg")

    assert answer.mimetype == "image/svg+xml"
    assert read_xml(answer.get_data()).name == "svg"
