"""The stamp in the QR code: genuine or not, without asking anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.codes import ALPHABET
from certificates.signing.ring import KeyRing, StampKey
from certificates.signing.stamp import (
    FACTS_LENGTH,
    LENGTH,
    Stamp,
    facts_hash,
    facts_of,
    make_stamp,
    read_stamp,
)
from tests.certificates.samples import make_record

QR_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$%*+-./: "
"""What the short mode of a QR code can write."""


@pytest.fixture(scope="module")
def key(ring: KeyRing) -> StampKey:
    assert ring.stamp_key
    return ring.stamp_key


@pytest.fixture(scope="module")
def text(key: StampKey) -> str:
    return make_stamp(make_record(), key)


def test_a_stamp_says_key_and_facts(ring: KeyRing, key: StampKey, text: str) -> None:
    record = make_record()

    assert read_stamp(record.code, text, ring.stamp_publics) == Stamp(key.id, facts_of(record))


def test_same_record_and_key_give_the_same_text(key: StampKey, text: str) -> None:
    assert {make_stamp(make_record(), key) for _ in range(20)} == {text}


def test_it_fits_the_short_mode_of_a_qr_code(text: str) -> None:
    assert len(text) == LENGTH == 120
    assert set(text) <= set(QR_LETTERS)


def test_one_changed_character_anywhere_is_refused(ring: KeyRing, text: str) -> None:
    code = make_record().code
    forged = [
        text[:place] + letter + text[place + 1 :]
        for place in range(LENGTH)
        for letter in ("A", "Z", "2", "7", "0", "%")
        if text[place] != letter
    ]

    assert len(forged) > 600
    assert not [one for one in forged if read_stamp(code, one, ring.stamp_publics)]


def test_the_last_character_has_one_spelling_only(ring: KeyRing, text: str) -> None:
    """Base32 leaves three bits unused there: eight letters would mean the same."""
    code = make_record().code
    genuine = [letter for letter in QR_LETTERS if read_stamp(code, text[:-1] + letter, ring.stamp_publics)]

    assert genuine == [text[-1]]


@pytest.mark.parametrize("place", range(17))
def test_a_stamp_belongs_to_one_code(ring: KeyRing, text: str, place: int) -> None:
    code = make_record().code
    others = [code[:place] + letter + code[place + 1 :] for letter in ALPHABET if letter != code[place]]

    assert not [other for other in others if read_stamp(other, text, ring.stamp_publics)]


@pytest.mark.parametrize("size", [0, 1, 17, 119, 121, 240, 100_000])
def test_wrong_lengths_are_refused(ring: KeyRing, text: str, size: int) -> None:
    assert read_stamp(make_record().code, (text * 1000)[:size], ring.stamp_publics) is None


@given(st.text(max_size=300))
def test_anything_else_is_no_stamp(ring: KeyRing, text: str) -> None:
    assert read_stamp(make_record().code, text, ring.stamp_publics) is None
    assert read_stamp(make_record().code, "1" + text, ring.stamp_publics) is None


def test_small_letters_are_forgiven(ring: KeyRing, text: str) -> None:
    assert read_stamp(make_record().code, text.lower(), ring.stamp_publics)


def test_letters_that_only_look_alike_are_not(ring: KeyRing, text: str) -> None:
    lookalikes = str.maketrans({"I": "ı", "S": "ſ", "K": "\N{KELVIN SIGN}"})

    assert text.translate(lookalikes) != text
    assert read_stamp(make_record().code, text.translate(lookalikes), ring.stamp_publics) is None


def test_unknown_key_is_refused(ring: KeyRing, text: str) -> None:
    assert read_stamp(make_record().code, "2" + text[1:], ring.stamp_publics) is None
    assert read_stamp(make_record().code, text, {}) is None


@pytest.mark.parametrize("numbers", ["A" * 103, "A" * 51 + "E" + "A" * 51, "7" * 102 + "Y"])
def test_impossible_numbers_are_refused(ring: KeyRing, text: str, numbers: str) -> None:
    assert read_stamp(make_record().code, text[: 1 + FACTS_LENGTH] + numbers, ring.stamp_publics) is None


def test_every_printed_fact_counts() -> None:
    record = make_record()
    changed = [
        replace(record, serial="00002/PK/K1/X/2016"),
        replace(record, holder=replace(record.holder, name="Siti Aminoh")),
        replace(record, programme=replace(record.programme, title="Pelatihan Kader")),
        replace(record, completed_at="2016-10-21T09:04:00Z"),
    ]

    assert len({facts_of(one) for one in [record, *changed]}) == 5


def test_case_blanks_and_forms_of_a_name_do_not_count() -> None:
    hashes = {
        facts_hash("1", name, "P", "2016-10-20")
        for name in ("Siti Nurḥalizah", " SITI  NURḤALIZAH ", "siti nurh\u0323alizah")
    }

    assert len(hashes) == 1


def test_the_day_is_that_of_the_place(key: StampKey) -> None:
    """16.30 UTC is the next day in Jayapura already."""
    late = {"completed_at": "2016-10-20T16:30:00Z"}
    west, east = make_record(), make_record(zone="Asia/Jayapura")

    assert facts_of(replace(west, **late)) != facts_of(replace(east, **late))
