"""Which passwords are taken, and how they are stored."""

from __future__ import annotations

import argon2
import pytest

from lms.core.accounts.passwords import (
    _NOBODY,
    check_password,
    common_passwords,
    hash_password,
    needs_rehash,
    verify_password,
)
from lms.core.errors import Invalid

ABOUT = ["Siti Nurhaliza Wulandari", "siti@contoh.test"]


@pytest.mark.parametrize(
    "password",
    [
        "sawah langit kopi tebu",
        "   spasi di depan  ",
        "😀😀 kopi dan tebu 🌾",
        "Xk29!fjw02kd",
        "x9" + "kopi tebu sawah langit " * 8,
        "ꦱꦮꦃꦭꦔꦶꦠ꧀ꦏꦺꦴꦥꦶ",
    ],
)
def test_long_and_uncommon_passwords_are_taken(password: str) -> None:
    check_password(password, about=ABOUT)

    assert verify_password(hash_password(password), password)


@pytest.mark.parametrize("password", ["", "x", "kopi tebu 1", "k" * 201, "kopi tebu sawah " * 13])
def test_short_and_endless_ones_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_password(password)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PASSWORD1234",
        "Password2031!!",
        "P@ssw0rd!!2031",
        "passwordpassword",
        "bismillahirrahmanirrahim",
        "Indonesia1945!",
        "correct horse battery staple",
        "qwertyuiopas",
        "123456789012",
        "210987654321",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "abc1abc1abc1abc1",
        "1qaz2wsx3edc",
        "rahasiarahasia",
        "madiun madiun madiun",
        "ｐａｓｓｗｏｒｄ１２３４",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "bpjsketenagakerjaan",
        "BPJS-Ketenagakerjaan-77",
        "penggerak 2033 !!",
        "jamsostek-bpjs-99",
        "Siti Nurhaliza 88",
        "wulandari1990!",
        "siti@contoh.test",
    ],
)
def test_words_of_the_site_and_the_person_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        check_password(password, about=ABOUT)


def test_list_is_long_enough_for_the_policy() -> None:
    assert sum(len(entry) >= 12 for entry in common_passwords()) >= 3000


def test_every_listed_password_is_refused() -> None:
    taken = []
    for entry in sorted(common_passwords()):
        try:
            check_password(entry)
        except Invalid:
            continue
        taken.append(entry)
    assert taken == []


def test_hash_is_argon2id_with_the_agreed_costs() -> None:
    stored = hash_password("kopi tebu sawah")

    parameters = argon2.extract_parameters(stored)

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert parameters == argon2.extract_parameters(_NOBODY)
    assert not needs_rehash(stored)


def test_all_of_a_long_password_counts() -> None:
    stored = hash_password("a" * 64 + "b" * 136)

    assert verify_password(stored, "a" * 64 + "b" * 136)
    assert not verify_password(stored, "a" * 64 + "b" * 135 + "c")


def test_no_hash_and_a_damaged_hash_are_never_right() -> None:
    assert not verify_password(None, "tidak-ada-orang-ini")
    assert not verify_password("plain", "plain")
