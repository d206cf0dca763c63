"""What an independent verifier says of our credentials, lists and keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from certificates.badges.credential import write_credential
from certificates.badges.did import name_issuer, write_did_document
from certificates.badges.status_lists import LIST_BITS, Purpose, list_address, make_list
from certificates.models import Certificate
from certificates.record import iso, read_record
from certificates.signing.making import Maker
from certificates.signing.ring import KeyRing, read_ring
from lms.core.clock import utc_now
from lms.core.db import begin_write
from tests.certificates.badges.conftest import BASE, INDEX, Key, make_key
from tests.certificates.badges.strangers import Found, verify
from tests.certificates.badges.test_credential import changed_documents
from tests.certificates.samples import make_record
from tests.factories import complete, make_enrolment

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLACES = {"standing": 1, "revoked": 2, "last": LIST_BITS - 1}
"""Places in the second list: those of `revoked` and `last` are set."""
FORGED_LIST, FOREIGN_LIST, LOST_LIST = 3, 4, 5


def status_list(key: Key, number: int = 2, *, base_url: str = BASE) -> Any:
    """Return a signed list."""
    places = [PLACES["revoked"], PLACES["last"]]
    made = make_list(places, base_url=base_url, purpose=Purpose.REVOCATION, number=number, now=NOW)
    return json.loads(made.write(key))


def at(key: Key, *, number: int = 2, place: int = 1, **changes: Any) -> Any:
    """Return the credential of the sample at a place of a list."""
    index = (number - 1) * LIST_BITS + place
    record = replace(make_record(), **changes)
    return json.loads(write_credential(record, status_index=index, key=key, base_url=BASE))


def foreign_list() -> Any:
    """Return a list another issuer has signed, at our address."""
    key = make_key(seed=6)
    said = status_list(key, FOREIGN_LIST, base_url="https://lain.example.org")
    return said | {"id": list_address(BASE, Purpose.REVOCATION, FOREIGN_LIST)}


@pytest.fixture(scope="module")
def asked(key: Key) -> dict[str, Any]:
    """Every credential the verifier is shown."""
    genuine = at(key)
    changed = {f"changed {path}": document for path, document in changed_documents(genuine)}
    return changed | {
        **{name: at(key, place=place) for name, place in PLACES.items()},
        "no score": at(key, result=replace(make_record().result, percent=None)),
        "demo": at(key, is_demo=True),
        "old key": at(make_key("kunci-2025-1", seed=2)),
        "unknown key": at(make_key("kunci-2099-1", seed=5)),
        "wrong key": at(make_key(seed=5)),
        "run out": at(key, expires_on="2018-10-19"),
        "runs out later": at(key, expires_on="2028-10-19"),
        "forged list": at(key, number=FORGED_LIST),
        "foreign list": at(key, number=FOREIGN_LIST),
        "lost list": at(key, number=LOST_LIST),
    }


@pytest.fixture(scope="module")
def found(asked: dict[str, Any], key: Key, publics: Mapping[str, Ed25519PublicKey]) -> dict[str, Found]:
    """What it says of them."""
    documents = {
        name_issuer(BASE): write_did_document(publics, base_url=BASE),
        list_address(BASE, Purpose.REVOCATION, 2): status_list(key),
        list_address(BASE, Purpose.REVOCATION, FORGED_LIST): status_list(make_key(seed=5), FORGED_LIST),
        list_address(BASE, Purpose.REVOCATION, FOREIGN_LIST): foreign_list(),
    }
    return verify(asked, documents=documents)


@pytest.mark.parametrize("name", ["standing", "no score", "demo", "old key", "runs out later"])
def test_genuine_ones_are_accepted(found: dict[str, Found], name: str) -> None:
    assert found[name].accepted, found[name]


@pytest.mark.parametrize("name", ["revoked", "last"])
def test_a_set_bit_is_seen(found: dict[str, Found], name: str) -> None:
    assert found[name].verified
    assert found[name].statuses == [True]
    assert not found[name].accepted


@pytest.mark.parametrize("name", ["unknown key", "wrong key", "run out"])
def test_bad_proofs_are_refused(found: dict[str, Found], name: str) -> None:
    assert not found[name].verified


@pytest.mark.parametrize("name", ["forged list", "foreign list", "lost list"])
def test_a_list_that_is_not_ours_says_nothing(found: dict[str, Found], name: str) -> None:
    assert not found[name].accepted
    assert not found[name].statusVerified


def test_no_changed_value_is_accepted(found: dict[str, Found]) -> None:
    changed = {name: one for name, one in found.items() if name.startswith("changed ")}

    assert len(changed) > 50
    assert not [name for name, one in changed.items() if one.accepted]


def test_what_we_serve_is_accepted_and_a_suspended_one_refused(
    app: Flask, client: FlaskClient, session: Session, ring: KeyRing
) -> None:
    base = app.config["BASE_URL"]
    standing, suspended = [sign(session, ring, base_url=base, index=INDEX + n) for n in range(2)]
    begin_write(session)
    session.get_one(Certificate, suspended.id).state = "suspended"
    session.commit()
    credentials = {row.code: json.loads(row.credential or "") for row in (standing, suspended)}
    address = credentials[standing.code]["credentialStatus"]["statusListCredential"]
    keys = client.get("/.well-known/did.json").json
    documents = {keys["id"]: keys, address: client.get(address.removeprefix(base)).json}

    found = verify(credentials, documents=documents, now=iso(utc_now()))

    assert found[standing.code].accepted
    assert (found[suspended.code].verified, found[suspended.code].statuses) == (True, [True])


def test_what_an_old_key_signed_is_accepted_after_a_rotation(
    app: Flask, client: FlaskClient, session: Session, ring: KeyRing
) -> None:
    base = app.config["BASE_URL"]
    old = sign(session, ring, base_url=base, index=INDEX)
    Maker(app.config["INSTANCE"], base_url=base, site="Penggerak", now=NOW).make_badge_key()
    rotated = read_ring(app.config["INSTANCE"])
    new = sign(session, rotated, base_url=base, index=INDEX + 1)
    credentials = {row.code: json.loads(row.credential or "") for row in (old, new)}
    address = credentials[new.code]["credentialStatus"]["statusListCredential"]
    keys = client.get("/.well-known/did.json").json
    documents = {keys["id"]: keys, address: client.get(address.removeprefix(base)).json}

    found = verify(credentials, documents=documents, now=iso(utc_now()))

    methods = {document["proof"]["verificationMethod"] for document in credentials.values()}
    assert len(methods) == 2
    assert documents[address]["proof"]["verificationMethod"] in methods - {
        keys["verificationMethod"][0]["id"]
    }
    assert all(one.accepted for one in found.values())


def sign(session: Session, ring: KeyRing, *, base_url: str, index: int) -> Certificate:
    """Return a certificate with a credential."""
    certificate = complete(session, make_enrolment(session))
    assert ring.badge_key
    text = write_credential(
        read_record(certificate.record), status_index=index, key=ring.badge_key, base_url=base_url
    )
    begin_write(session)
    session.refresh(certificate)
    certificate.status_index, certificate.credential = index, text
    session.commit()
    return certificate
