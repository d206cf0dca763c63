"""What an address proves before the database is asked; pure."""

from __future__ import annotations

import secrets

import pytest

from certificates.checking.arrivals import Arrival, Proof, Way, read_arrival
from certificates.links import link_token
from certificates.signing.stamp import LENGTH
from tests.certificates.conftest import SealedSample

CARD_KEY = b"k" * 32


@pytest.fixture
def sample(sealed_sample: SealedSample) -> SealedSample:
    """A certificate with a stamp."""
    return sealed_sample


def come(sample: SealedSample, code: str, token: str = "", *, is_qr: bool = False) -> Arrival:
    """Return who comes to this address."""
    return read_arrival(code, token, publics=sample.ring.stamp_publics, card_key=CARD_KEY, is_qr=is_qr)


def test_a_code_alone_proves_nothing(sample: SealedSample) -> None:
    arrival = come(sample, sample.record.code.lower())
    assert (arrival.way, arrival.code, arrival.proof) == (Way.CODE, sample.record.code, Proof.NONE)
    assert not arrival.is_trusted
    assert come(sample, sample.record.code, is_qr=True).way is Way.QR


def test_a_stamp_proves_the_paper(sample: SealedSample) -> None:
    arrival = come(sample, sample.record.code, sample.stamp.lower())
    assert (arrival.way, arrival.proof, arrival.facts) == (Way.QR, Proof.STAMP, sample.stamp[1:17])
    assert arrival.is_trusted
    assert arrival.by(Way.PHOTO).way is Way.PHOTO


def test_no_character_of_three_hundred_stamps_can_be_another(sample: SealedSample) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    for _ in range(300):
        place = secrets.randbelow(LENGTH - 1) + 1
        other = secrets.choice(alphabet.replace(sample.stamp[place], ""))
        changed = sample.stamp[:place] + other + sample.stamp[place + 1 :]
        assert come(sample, sample.record.code, changed).proof is Proof.FORGED, changed


def test_a_key_that_is_not_here_is_told_apart_from_a_forgery(sample: SealedSample) -> None:
    assert come(sample, sample.record.code, "Z" + sample.stamp[1:]).proof is Proof.FOREIGN_KEY


def test_the_holders_link_is_for_one_code(sample: SealedSample) -> None:
    token = link_token(CARD_KEY, sample.record.code)
    arrival = come(sample, sample.record.code, token.upper())
    assert (arrival.way, arrival.proof) == (Way.LINK, Proof.LINK)
    assert come(sample, "0" * 17, token).proof is Proof.NONE


@pytest.mark.parametrize("token", ["x", "é" * 120, "A" * 119, "A" * 121, "\x00" * 26, "💥"])
def test_what_was_cut_or_garbled_is_like_the_code_alone(sample: SealedSample, token: str) -> None:
    arrival = come(sample, sample.record.code, token)
    assert (arrival.proof, arrival.token) == (Proof.NONE, "")
