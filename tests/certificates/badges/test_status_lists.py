"""Status lists: which bit is which, and what a list says."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.badges.proof import has_valid_proof
from certificates.badges.status_lists import (
    LAST_LIST,
    LIST_BITS,
    Purpose,
    StatusList,
    encode_bits,
    list_address,
    list_number,
    make_list,
    read_bit,
    status_position,
    write_bits,
)
from tests.certificates.badges.conftest import BASE, Key, make_key

NOW = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
places = st.sets(st.integers(0, LIST_BITS - 1), max_size=40)


def unpack(text: str) -> bytes:
    """Return the bits of a list as a stranger reads them."""
    return gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))


@settings(max_examples=30, deadline=None)
@given(places)
def test_just_the_bits_asked_for_are_set(places: set[int]) -> None:
    bits = write_bits(places)

    assert len(bits) * 8 == LIST_BITS
    assert all(read_bit(bits, place) for place in places)
    assert sum(byte.bit_count() for byte in bits) == len(places)


@pytest.mark.parametrize(
    ("place", "byte", "value"), [(0, 0, 0x80), (7, 0, 0x01), (8, 1, 0x80), (13, 1, 0x04)]
)
def test_place_nought_is_the_leftmost_bit(place: int, byte: int, value: int) -> None:
    assert write_bits([place])[byte] == value


@settings(max_examples=20, deadline=None)
@given(places)
def test_a_packed_list_unpacks_to_itself(places: set[int]) -> None:
    bits = write_bits(places)
    text = encode_bits(bits)

    assert text[0] == "u"
    assert unpack(text) == bits
    assert encode_bits(bits) == text


@given(st.integers(0, LAST_LIST * LIST_BITS - 1))
def test_index_goes_to_list_and_place_and_back(index: int) -> None:
    address = list_address(BASE, Purpose.REVOCATION, list_number(index))

    assert status_position(address, str(index % LIST_BITS)) == index


@pytest.mark.parametrize(
    ("list_name", "place"),
    [("0", "1"), ("1", str(LIST_BITS)), ("1", "-1"), (str(LAST_LIST + 1), "0"), ("x", "1")],
)
def test_places_there_are_not_are_refused(list_name: str, place: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        status_position(f"{BASE}/kredensial/status/revocation/{list_name}", place)


def some_list(*places: int, now: datetime = NOW) -> StatusList:
    """Return a list with some bits set."""
    return make_list(places, base_url=BASE, purpose=Purpose.REVOCATION, number=2, now=now)


def test_list_is_signed_by_the_issuer_of_the_credentials(
    key: Key, credential: str, publics: Mapping[str, Ed25519PublicKey]
) -> None:
    said = json.loads(some_list(5).write(key))

    assert has_valid_proof(said, publics[key.id])
    assert said["issuer"] == json.loads(credential)["issuer"]["id"]
    assert said["id"] == json.loads(credential)["credentialStatus"]["statusListCredential"]
    assert said["credentialSubject"]["statusPurpose"] == "revocation"


def test_list_may_be_believed_for_a_week(key: Key) -> None:
    said = json.loads(some_list().write(key))

    assert (said["validFrom"], said["validUntil"]) == ("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z")


def test_same_bits_on_the_same_day_give_the_same_text(key: Key) -> None:
    later = NOW + timedelta(hours=3)

    assert some_list(5, now=later).write(key) == some_list(5).write(key)
    assert some_list(5, now=later).tag(key) == some_list(5).tag(key)


def test_tag_is_another_when_anything_is(key: Key) -> None:
    tags = {
        some_list(5).tag(key),
        some_list(6).tag(key),
        some_list(5, 6).tag(key),
        some_list(5, now=NOW + timedelta(days=1)).tag(key),
        some_list(5).tag(make_key("kunci-2027-1", seed=9)),
        make_list([5], base_url=BASE, purpose=Purpose.SUSPENSION, number=2, now=NOW).tag(key),
        make_list([5], base_url=BASE, purpose=Purpose.REVOCATION, number=3, now=NOW).tag(key),
    }

    assert len(tags) == 7
