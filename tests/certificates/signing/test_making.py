"""Keys are made once, renewed without harm to what was signed, and taken back."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

from certificates.codes import ALPHABET
from certificates.signing.copying import copy_keys
from certificates.signing.folder import KeyFault, key_folder, write_once
from certificates.signing.making import Maker, prepare_keys
from certificates.signing.ring import read_folder, read_ring
from certificates.signing.stamp import make_stamp, read_stamp
from lms.core.config import prepare_instance
from tests.certificates.samples import make_record
from tests.conftest import NOW


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_kind_is_made_once(tmp_path: Path, maker: Maker) -> None:
    before = {path: path.read_bytes() for path in key_folder(tmp_path).iterdir()}

    assert maker.make_missing() == []
    assert {path: path.read_bytes() for path in key_folder(tmp_path).iterdir()} == before
    assert read_ring(tmp_path, now=NOW).problem == ""


def test_files_are_their_owner_s_alone(tmp_path: Path, maker: Maker) -> None:
    folder = key_folder(tmp_path)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_set_up_makes_keys_for_an_installation_that_never_had_any(tmp_path: Path) -> None:
    prepare_instance(tmp_path)
    prepare_keys(tmp_path)
    first = names(key_folder(tmp_path))
    (key_folder(tmp_path) / "stamp-1.key").unlink()
    prepare_keys(tmp_path)

    assert len(first) == 11
    assert names(key_folder(tmp_path)) == [name for name in first if name != "stamp-1.key"]


def test_stamps_of_old_keys_stay_genuine(tmp_path: Path, maker: Maker) -> None:
    record = make_record()
    stamps = []
    for _ in range(4):
        key = read_ring(tmp_path).stamp_key
        assert key
        stamps.append(make_stamp(record, key))
        maker.make_stamp_key()

    publics = read_ring(tmp_path).stamp_publics
    assert [stamp[0] for stamp in stamps] == ["1", "2", "3", "4"]
    assert all(read_stamp(record.code, stamp, publics) for stamp in stamps)


def test_ids_of_stamp_keys_go_through_the_alphabet_and_then_end(tmp_path: Path, maker: Maker) -> None:
    for _ in ALPHABET[2:]:
        maker.make_stamp_key()

    assert list(read_ring(tmp_path).stamp_publics) == list(ALPHABET[1:])
    with pytest.raises(KeyFault, match="no sign left"):
        maker.make_stamp_key()


def test_badge_keys_are_named_after_the_year(tmp_path: Path, maker: Maker) -> None:
    later = Maker(tmp_path, base_url="https://x.example", site="P", now=NOW.replace(year=2027))

    assert [maker.make_badge_key(), later.make_badge_key()] == ["badge-2026-2", "badge-2027-1"]
    ring = read_ring(tmp_path)
    assert list(ring.badge_publics) == ["kunci-2026-1", "kunci-2026-2", "kunci-2027-1"]
    assert ring.badge_key
    assert ring.badge_key.id == "kunci-2027-1"


def test_without_the_root_s_key_signers_are_renewed_but_no_issuer(tmp_path: Path, maker: Maker) -> None:
    root = key_folder(tmp_path) / "root-1.key"
    away = root.rename(tmp_path / "stick.key")

    assert maker.make_signer() == "signer-2"
    with pytest.raises(KeyFault, match=r"root-1\.key is not here"):
        maker.renew_issuer()
    with_stick = Maker(tmp_path, base_url="https://x.example", site="Penggerak", now=NOW, root_key=away)
    assert with_stick.renew_issuer() == ["issuer-2", "signer-3"]
    assert not root.exists()
    ring = read_ring(tmp_path, now=NOW)
    assert ring.problem == ""
    ring.signers[-1].verify_directly_issued_by(ring.issuers[-1])
    ring.issuers[-1].verify_directly_issued_by(ring.roots[0])


def test_a_new_root_comes_with_all_below_it_and_the_old_one_stays(tmp_path: Path, maker: Maker) -> None:
    before = read_ring(tmp_path, now=NOW)

    assert maker.renew_root() == ["root-2", "issuer-2", "signer-2"]

    ring = read_ring(tmp_path, now=NOW)
    assert ring.problem == ""
    assert ring.roots[:1] == before.roots
    assert ring.issuers[:1] == before.issuers
    ring.issuers[0].verify_directly_issued_by(ring.roots[0])
    ring.issuers[1].verify_directly_issued_by(ring.roots[1])
    ring.signers[1].verify_directly_issued_by(ring.issuers[1])
    assert ring.roots[0].subject != ring.roots[1].subject


def test_a_new_root_needs_nothing_of_the_old_one(tmp_path: Path, maker: Maker) -> None:
    for name in ("root-1.key", "issuer-1.key", "signer-1.key"):
        (key_folder(tmp_path) / name).unlink()

    maker.renew_root()

    assert read_ring(tmp_path, now=NOW).problem == ""


@pytest.mark.parametrize("place", [0, 1])
def test_of_two_roots_the_one_whose_key_is_given_makes_the_issuer(
    tmp_path: Path, maker: Maker, place: int
) -> None:
    maker.renew_root()
    keys = [key_folder(tmp_path) / f"root-{label}.key" for label in (1, 2)]
    away = keys[place].rename(tmp_path / "stick.key")
    keys[1 - place].unlink()

    replace(maker, root_key=away).renew_issuer()

    ring = read_ring(tmp_path, now=NOW)
    ring.issuers[-1].verify_directly_issued_by(ring.roots[place])


def test_a_wrong_root_key_is_refused(tmp_path: Path, maker: Maker) -> None:
    wrong = Maker(
        tmp_path,
        base_url="https://x.example",
        site="P",
        now=NOW,
        root_key=key_folder(tmp_path) / "stamp-1.key",
    )

    with pytest.raises(KeyFault, match="belongs to another certificate"):
        wrong.renew_issuer()
    assert read_ring(tmp_path, now=NOW).problem == ""


def test_a_signer_taken_back_signs_no_more_until_there_is_another(tmp_path: Path, maker: Maker) -> None:
    before = read_ring(tmp_path).signers[0]
    maker.revoke_signer("1", reason="key_compromise")

    ring = read_ring(tmp_path)
    assert ring.signer is None
    assert "lms keys rotate signer" in ring.problem
    assert ring.revoked == {before.serial_number: maker.now}
    (entry,) = x509.load_der_x509_crl(ring.crl)
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value == "keyCompromise"
    maker.make_signer()
    assert read_ring(tmp_path, now=NOW).problem == ""


def test_a_signer_is_taken_back_once_and_by_its_own_issuer(tmp_path: Path, maker: Maker) -> None:
    maker.renew_issuer()
    maker.revoke_signer("1", reason="superseded")

    with pytest.raises(KeyFault, match="taken back before"):
        maker.revoke_signer("1", reason="superseded")
    with pytest.raises(KeyFault, match="no signer-7"):
        maker.revoke_signer("7", reason="superseded")
    ring = read_ring(tmp_path)
    assert {label: len(list(x509.load_der_x509_crl(body))) for label, body in ring.crls.items()} == {
        "1": 1,
        "2": 0,
    }
    assert ring.problem == ""


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    write_once(tmp_path / "keys" / "a.key", b"first")

    with pytest.raises(KeyFault, match="not overwritten"):
        write_once(tmp_path / "keys" / "a.key", b"second")
    assert (tmp_path / "keys" / "a.key").read_bytes() == b"first"
    assert names(tmp_path / "keys") == ["a.key"]


def test_twelve_who_set_up_at_once_make_one_set_of_keys(tmp_path: Path) -> None:
    prepare_instance(tmp_path)
    with ThreadPoolExecutor(12) as pool:
        for done in [pool.submit(prepare_keys, tmp_path) for _ in range(12)]:
            done.result()

    assert len(names(key_folder(tmp_path))) == 11
    assert read_ring(tmp_path).problem == ""


def test_of_many_who_renew_at_once_some_are_refused_and_nothing_is_mixed_up(
    tmp_path: Path, maker: Maker
) -> None:
    def renew() -> bool:
        try:
            maker.make_signer()
            maker.make_stamp_key()
        except KeyFault:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = [each.result() for each in [pool.submit(renew) for _ in range(8)]]

    assert any(done)
    assert read_ring(tmp_path, now=NOW).problem == ""
    assert not [name for name in names(key_folder(tmp_path)) if name.startswith(".")]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_makes_belongs_to_the_owner_of_the_folder(tmp_path: Path, maker: Maker) -> None:
    os.chown(key_folder(tmp_path), 65534, 65534)
    maker.make_signer()
    maker.revoke_signer("1", reason="superseded")

    owners = {path.name: path.stat().st_uid for path in key_folder(tmp_path).iterdir()}
    assert [owners[name] for name in ("signer-2.key", "signer-2.crt", "issuer-1.crl")] == [65534] * 3


def test_a_copy_for_the_safe_is_all_that_signing_needs(tmp_path: Path, maker: Maker) -> None:
    safe = tmp_path / "safe"
    maker.make_signer()

    assert copy_keys(tmp_path, safe) == names(key_folder(tmp_path)) == names(safe)
    assert {stat.S_IMODE(path.stat().st_mode) for path in safe.iterdir()} == {0o600}
    assert read_folder(safe, now=NOW).problem == ""


def test_a_copy_overwrites_nothing_and_needs_something_to_copy(tmp_path: Path, maker: Maker) -> None:
    with pytest.raises(KeyFault, match="Name a new folder"):
        copy_keys(tmp_path, key_folder(tmp_path))
    with pytest.raises(KeyFault, match="lms keys create"):
        copy_keys(tmp_path / "empty", tmp_path / "target")
