"""The credential: its form, its proof, and that nothing in it can be changed unseen."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError
from pyld import jsonld

from certificates.badges.credential import (
    DEMO_MARK,
    MAX_CHARACTERS,
    Problem,
    check_credential,
    write_credential,
)
from certificates.record import Record, canonical
from tests.certificates.badges.conftest import BASE, INDEX, Key, make_key
from tests.certificates.samples import make_record

Publics = Mapping[str, Ed25519PublicKey]
SCHEMA = Path(__file__).parent / "ob_v3p0_achievementcredential_schema.json"


def write(record: Record, key: Key) -> str:
    """Return a credential of a record."""
    return write_credential(record, status_index=INDEX, key=key, base_url=BASE)


def other(value: Any) -> Any:
    """Return something else of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value + "1"
    if isinstance(value, list):
        return value[1:] if value else ["x"]
    if isinstance(value, dict):
        return value | {"x": "y"}
    return "x"


def changed_documents(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield a document once for every value in it, with that value changed."""
    values = document.items() if isinstance(document, dict) else enumerate(document)
    for name, value in list(values):
        if isinstance(value, dict | list):
            for path, inner in changed_documents(value):
                yield f"{name}/{path}", _with(document, name, inner)
        yield str(name), _with(document, name, other(value))


def _with(document: Any, name: Any, value: Any) -> Any:
    copy = dict(document) if isinstance(document, dict) else list(document)
    copy[name] = value
    return copy


def without_one(document: Any) -> Iterator[tuple[str, Any]]:
    """Yield a document once for every value in it, without that value."""
    for name in list(document) if isinstance(document, dict) else range(len(document)):
        value = document[name]
        copy = dict(document) if isinstance(document, dict) else list(document)
        del copy[name]
        yield str(name), copy
        if isinstance(value, dict | list):
            for path, inner in without_one(value):
                yield f"{name}/{path}", _with(document, name, inner)


def fields_of(record: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every single fact of a record."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if dataclasses.is_dataclass(value):
            yield from fields_of(value, (*path, field.name))
        else:
            yield (*path, field.name)


def change(record: Any, path: tuple[str, ...]) -> Any:
    """Return a record with one fact changed so that it still makes sense."""
    value = getattr(record, path[0])
    if len(path) > 1:
        return dataclasses.replace(record, **{path[0]: change(value, path[1:])})
    replacements = {
        "issued_at": "2016-10-21T00:00:00Z",
        "completed_at": "2016-10-20T01:00:00Z",
        "time_zone": "Asia/Makassar",
        "starts_on": "2016-10-18",
        "ends_on": "2016-10-21",
        "expires_on": "2018-10-19",
        "percent": "99.9",
    }
    return dataclasses.replace(record, **{path[0]: replacements.get(path[0], other(value))})


@pytest.mark.parametrize(
    "record",
    [
        make_record(),
        make_record(is_demo=True),
        dataclasses.replace(make_record(), expires_on="2019-10-19"),
        dataclasses.replace(make_record(), result=dataclasses.replace(make_record().result, percent=None)),
    ],
    ids=["plain", "demo", "runs out", "no score"],
)
def test_form_is_the_one_of_open_badges(record: Record, key: Key, publics: Publics) -> None:
    text = write(record, key)

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    faults = jsonschema.Draft201909Validator(schema).iter_errors(json.loads(text))
    assert not [fault.message for fault in faults]
    assert check_credential(text, publics).agrees_with(record)


def test_the_schema_would_see_a_fault(document: Any) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    del document["credentialSubject"]["achievement"]["criteria"]

    assert list(jsonschema.Draft201909Validator(schema).iter_errors(document))


def test_same_record_same_text(key: Key, credential: str) -> None:
    assert write(make_record(), key) == credential
    assert canonical(json.loads(credential)) == credential


def test_made_up_people_are_marked(key: Key) -> None:
    assert json.loads(write(make_record(is_demo=True), key))["name"].startswith(DEMO_MARK)


def test_own_check_says_what_it_states(credential: str, publics: Publics) -> None:
    found = check_credential(credential, publics)

    assert found.ok
    assert found.facts
    assert (found.facts.code, found.facts.name) == (make_record().code, "Siti Aminah")
    assert (found.facts.status_index, found.key_id) == (INDEX, "kunci-2026-1")


@pytest.mark.parametrize("path", list(fields_of(make_record())), ids=".".join)
def test_every_fact_of_the_record_is_in_the_proof(
    path: tuple[str, ...], key: Key, credential: str, publics: Publics
) -> None:
    changed = change(make_record(), path)

    assert json.loads(write(changed, key))["proof"] != json.loads(credential)["proof"]
    assert not check_credential(credential, publics).agrees_with(changed)


def test_nothing_can_be_changed_unseen(document: Any, publics: Publics) -> None:
    count = 0
    for path, changed in changed_documents(document):
        count += 1
        assert not check_credential(json.dumps(changed), publics).ok, path
    assert count > 50


def test_nothing_can_be_left_out_or_added_unseen(document: Any, publics: Publics) -> None:
    for path, changed in without_one(document):
        assert not check_credential(json.dumps(changed), publics).ok, path
    assert not check_credential(json.dumps(document | {"evidence": []}), publics).ok


def test_a_changed_name_is_told_from_something_foreign(document: Any, publics: Publics) -> None:
    document["credentialSubject"]["identifier"][0]["identityHash"] = "Orang Lain"

    assert check_credential(json.dumps(document), publics).problem is Problem.CHANGED
    document["credentialSubject"]["nickname"] = "x"
    assert check_credential(json.dumps(document), publics).problem is Problem.FOREIGN


def test_the_same_in_other_white_space_and_order_is_still_ours(document: Any, publics: Publics) -> None:
    turned = dict(reversed(document.items()))

    assert check_credential(json.dumps(turned, indent=4), publics).ok


def test_a_name_that_stands_there_twice_is_foreign(credential: str, publics: Publics) -> None:
    twice = credential.replace('"name":', '"name":"Lain","name":', 1)

    assert check_credential(twice, publics).problem is Problem.FOREIGN


def test_a_key_nobody_knows_is_told(publics: Publics) -> None:
    text = write(make_record(), make_key("kunci-2099-1"))

    assert check_credential(text, publics).problem is Problem.UNKNOWN_KEY


def test_another_key_under_a_known_name_is_no_proof(publics: Publics) -> None:
    text = write(make_record(), make_key(seed=3))

    assert check_credential(text, publics).problem is Problem.CHANGED


def test_a_credential_by_an_old_key_stays_good(publics: Publics) -> None:
    text = write(make_record(), make_key("kunci-2025-1", seed=2))

    assert check_credential(text, publics).agrees_with(make_record())


@pytest.mark.parametrize(
    "text",
    ["", "null", "[]", "{}", "12", '"x"', "{", "\ud800", '{"credentialSubject":[]}', "[" * 20_000,
     "9" * 20_001, "x" * (MAX_CHARACTERS + 1)],
    ids=lambda text: str(len(text)) + text[:1],
)  # fmt: skip
def test_anything_else_is_foreign(text: str, publics: Publics) -> None:
    assert check_credential(text, publics).problem is Problem.FOREIGN


def test_a_foreign_document_never_gets_to_the_canonicalization(
    document: Any, publics: Publics, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes time beyond all measure for a hostile one: some knots of nodes without a name are enough."""

    def refuse(*args: object) -> None:
        raise AssertionError("canonicalized")

    monkeypatch.setattr(jsonld, "normalize", refuse)
    knot = [{"type": "Profile", "endorsement": [{"id": f"_:b{m}"} for m in range(9)]} for _ in range(9)]
    document["credentialSubject"]["source"] = knot
    texts = [json.dumps(document), json.dumps(document | {"@context": ["https://evil.example/context"]})]

    assert {check_credential(text, publics).problem for text in texts} == {Problem.FOREIGN}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_nothing_put_in_place_of_a_part_is_taken_or_breaks_it(
    credential: str, publics: Publics, data: st.DataObject
) -> None:
    document = json.loads(credential)
    inner: Any = document
    while isinstance(inner, dict | list) and inner:
        parent, place = (
            inner,
            data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner)))),
        )
        inner = parent[place]
        if data.draw(st.booleans()):
            break
    parent[place] = data.draw(anything.filter(lambda value: value != inner))

    assert not check_credential(json.dumps(document), publics).ok


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_single_changed_letter_goes_unseen(credential: str, publics: Publics, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(credential) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda c: c != credential[place]))
    changed = credential[:place] + letter + credential[place + 1 :]

    assert not check_credential(changed, publics).ok


def test_openbadgeslib_accepts_it(credential: str, key: Key) -> None:
    badge = verifier(key).verify(credential)

    assert badge.issuer.id == "did:web:pelatihan.example.id"
    assert badge.identifiers[0].identity_hash == "Siti Aminah"
    assert badge.achievement.achievement_type == "CertificateOfCompletion"
    assert badge.credential_status


@pytest.mark.parametrize(
    "path",
    [("validFrom",), ("issuer", "name"), ("credentialSubject", "licenseNumber"),
     ("credentialSubject", "achievement", "name"), ("credentialStatus", "statusListIndex"),
     ("relatedResource", 0, "digestSRI")],
)  # fmt: skip
def test_openbadgeslib_refuses_a_changed_one(path: tuple[Any, ...], document: Any, key: Key) -> None:
    inner = document
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = "2016-10-21T09:04:00Z" if path == ("validFrom",) else other(inner[path[-1]])

    with pytest.raises(OB3VerificationError, match="signature mismatch"):
        verifier(key).verify(json.dumps(document))


def test_openbadgeslib_refuses_another_key(credential: str) -> None:
    with pytest.raises(OB3VerificationError, match="signature mismatch"):
        verifier(make_key(seed=4)).verify(credential)


def verifier(key: Key) -> OB3LdpVerifier:
    """Return the verifier of openbadgeslib with our key pinned."""
    public = key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return OB3LdpVerifier(pubkey_pem=public)
