"""The ring of keys: what is missing is not there, what is damaged is told, the rest goes on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask

from certificates.signing.folder import PrivateKey, key_folder
from certificates.signing.making import Maker
from certificates.signing.ring import RENEWED_BEFORE, KeyRing, current_ring, read_ring
from tests.conftest import NOW

Damage = Callable[[Path], object]


@pytest.fixture
def place(template_instance: Path, tmp_path: Path) -> Path:
    """An instance with nothing but keys of certificates; there are two of each kind that rotates."""
    shutil.copytree(key_folder(template_instance), key_folder(tmp_path))
    maker = Maker(tmp_path, base_url="https://belajar.example.id", site="Penggerak", now=NOW)
    maker.make_stamp_key()
    maker.make_badge_key()
    maker.make_signer()
    return tmp_path


def pem(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def cut(name: str) -> Damage:
    return lambda folder: os.truncate(folder / name, 40)


def fill(name: str, body: bytes) -> Damage:
    return lambda folder: (folder / name).write_bytes(body)


def copy(name: str, other: str) -> Damage:
    return lambda folder: shutil.copy(folder / other, folder / name)


def remove(name: str) -> Damage:
    return lambda folder: (folder / name).unlink()


def open_up(name: str) -> Damage:
    return lambda folder: (folder / name).chmod(0o644)


def test_without_keys_the_ring_is_empty_and_nothing_is_wrong(tmp_path: Path) -> None:
    ring = read_ring(tmp_path)

    assert (ring.stamp_key, ring.badge_key, ring.signer, ring.crl) == (None, None, None, b"")
    assert (ring.stamp_publics, ring.roots, ring.faults) == ({}, (), ())
    assert ring.is_empty
    assert "lms keys create" in ring.problem


def test_keys_in_use_are_the_newest_and_old_ones_are_still_known(place: Path) -> None:
    ring = read_ring(place)

    assert ring.problem == ""
    assert ring.stamp_key
    assert ring.badge_key
    assert (ring.stamp_key.id, list(ring.stamp_publics)) == ("2", ["1", "2"])
    assert (ring.badge_key.id, list(ring.badge_publics)) == ("kunci-2026-2", ["kunci-2026-1", "kunci-2026-2"])
    assert ring.signer
    assert ring.signer.serial == f"{ring.signers[1].serial_number:x}"
    assert (len(ring.roots), len(ring.issuers), len(ring.signers)) == (1, 1, 2)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (remove("stamp-2.key"), ("stamp-2.key is not here", "backup", "lms keys rotate stamp")),
        (remove("badge-2026-2.key"), ("badge-2026-2.key is not here", "lms keys rotate badge")),
        (remove("signer-2.key"), ("signer-2.key is not here", "lms keys rotate signer")),
        (open_up("stamp-2.key"), ("stamp-2.key can be read by others", "chmod 600")),
        (open_up("badge-2026-2.key"), ("can be read by others", "chmod 600")),
        (open_up("signer-2.key"), ("can be read by others", "chmod 600")),
        (cut("stamp-2.key"), ("stamp-2.key is damaged", "backup")),
        (cut("badge-2026-2.key"), ("badge-2026-2.key is damaged", "backup")),
        (cut("signer-2.key"), ("signer-2.key is damaged", "backup")),
        (fill("signer-2.key", b""), ("signer-2.key is damaged",)),
        (fill("signer-2.key", os.urandom(500)), ("signer-2.key is damaged",)),
        (fill("stamp-2.key", pem(generate_private_key(SECP384R1()))), ("another kind",)),
        (fill("stamp-2.key", pem(Ed25519PrivateKey.generate())), ("belongs to another", "stamp-2.pub")),
        (fill("badge-2026-2.key", pem(generate_private_key(SECP256R1()))), ("belongs to another",)),
        (copy("stamp-2.key", "stamp-1.key"), ("belongs to another", "stamp-2.pub")),
        (copy("signer-2.key", "signer-1.key"), ("belongs to another certificate", "signer-2.crt")),
        (cut("signer-2.crt"), ("signer-2.crt is damaged", "backup")),
        (cut("issuer-1.crt"), ("issuer-1.crt is damaged", "backup")),
        (remove("issuer-1.crt"), ("No issuer here issued signer-2.crt",)),
        (cut("issuer-1.crl"), ("issuer-1.crl is damaged",)),
        (copy("issuer-1.key", "signer-1.key"), ("issuer's key belongs to another certificate",)),
        (open_up("issuer-1.key"), ("issuer-1.key can be read by others",)),
        (cut("root-1.crt"), ("root-1.crt is damaged",)),
        (cut("stamp-1.pub"), ("stamp-1.pub is damaged",)),
        (fill("badge-2026-1.pub", b"x"), ("badge-2026-1.pub is damaged",)),
    ],
)
def test_damage_is_told_with_what_to_do(place: Path, damage: Damage, words: tuple[str, ...]) -> None:
    damage(key_folder(place))

    problem = read_ring(place).problem

    assert [word for word in words if word not in problem] == [], problem


@pytest.mark.parametrize(
    "damage",
    [cut("signer-2.key"), remove("stamp-2.key"), open_up("badge-2026-2.key"), cut("issuer-1.key")],
)
def test_a_damaged_private_key_stops_no_check(place: Path, damage: Damage) -> None:
    before = read_ring(place)
    damage(key_folder(place))

    after = read_ring(place)

    assert after.problem
    assert (set(after.stamp_publics), set(after.badge_publics)) == (
        set(before.stamp_publics),
        set(before.badge_publics),
    )
    assert (after.roots, after.issuers, after.signers) == (before.roots, before.issuers, before.signers)


def test_no_sentence_holds_a_secret(place: Path) -> None:
    folder = key_folder(place)
    secret = (folder / "signer-2.key").read_text().splitlines()[1]
    (folder / "signer-2.key").write_text(secret)

    assert secret not in read_ring(place).problem
    assert secret not in repr(read_ring(place))


def test_a_public_key_that_was_not_written_yet_is_taken_from_the_private_one(place: Path) -> None:
    (key_folder(place) / "stamp-2.pub").unlink()

    ring = read_ring(place)

    assert (ring.problem, sorted(ring.stamp_publics)) == ("", ["1", "2"])


def test_files_of_others_are_left_alone(place: Path) -> None:
    folder = key_folder(place)
    (folder / "signer-2.crt.orig").write_text("x")
    (folder / "signer-ä ö.crt").write_text("x")
    (folder / ".stamp-9.key-ab12").write_text("x")
    (folder / "notes.txt").write_text("x")

    assert read_ring(place).problem == ""


def test_the_root_s_key_may_be_away(place: Path) -> None:
    (key_folder(place) / "root-1.key").unlink()

    assert read_ring(place).problem == ""


def test_a_signer_that_has_run_out_signs_no_more_and_is_renewed_in_time(place: Path) -> None:
    end = read_ring(place).signers[-1].not_valid_after_utc
    early, soon = end - RENEWED_BEFORE - timedelta(days=1), end - timedelta(days=9)

    assert read_ring(place, now=early).find_renewal(early) == ""
    assert "lms keys rotate signer" in read_ring(place, now=soon).find_renewal(soon)
    late = read_ring(place, now=end + timedelta(days=1))
    assert "lms keys rotate signer" in late.problem
    assert late.signer is None


def test_a_list_nobody_can_date_anew_is_told_when_it_has_run_out(place: Path) -> None:
    (key_folder(place) / "issuer-1.key").unlink()
    begun = x509.load_der_x509_crl(read_ring(place).crl).last_update_utc

    assert read_ring(place).find_renewal(begun + timedelta(days=7)) == ""
    assert "issuer-1.key back" in read_ring(place).find_renewal(begun + timedelta(days=9))


def test_the_application_reads_the_folder_again_when_it_changes(app: Flask, instance: Path) -> None:
    first = current_ring()
    same = current_ring()
    Maker(instance, base_url="https://belajar.example.id", site="Penggerak", now=NOW).make_stamp_key()
    changed = current_ring()
    (key_folder(instance) / "signer-1.key").chmod(0o640)

    assert same is first
    assert changed.stamp_key
    assert changed.stamp_key.id == "2"
    assert "chmod 600" in current_ring().problem


def test_an_unknown_signer_in_the_settings_is_told(place: Path) -> None:
    ring: KeyRing = read_ring(place, signer="ftp://somewhere")

    assert ring.signer is None
    assert "SIGNER" in ring.problem
