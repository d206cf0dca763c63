"""A device keeps the key: here one in software, SoftHSM."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from certificates.signing.folder import key_folder
from certificates.signing.making import Maker
from certificates.signing.pades import NotSigned
from certificates.signing.ring import read_ring
from tests.certificates.conftest import SealedSample
from tests.certificates.signing.conftest import check
from tests.conftest import NOW

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "123456"
WORDS = {"reason": "Sertifikat", "location": "Madiun", "name": "Kantor"}
SETTING = f"pkcs11:token=penggerak;object=penanda%20tangan?module-path={MODULE}"


@pytest.fixture
def place(maker: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance whose signer's key moved into a device."""
    (tmp_path / "tokens").mkdir()
    settings = tmp_path / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(settings))
    folder = key_folder(maker.instance)
    _softhsm("--init-token", "--free", "--label", "penggerak", "--so-pin", PIN, "--pin", PIN)
    key = ("--import", folder / "signer-1.key", "--token", "penggerak", "--label", "penanda tangan")
    _softhsm(*key, "--id", "01", "--pin", PIN)
    _put_certificate(folder, tmp_path)
    (folder / "device.pin").write_text(PIN)
    (folder / "device.pin").chmod(0o600)
    (folder / "signer-1.key").unlink()
    return maker.instance


def _softhsm(*words: object) -> None:
    subprocess.run(["softhsm2-util", *map(str, words)], check=True, capture_output=True)


def _put_certificate(folder: Path, tmp_path: Path) -> None:
    """Put the signer's certificate into the device, by a process of its own: the library keeps its state."""
    der = tmp_path / "signer.der"
    der.write_bytes(read_ring(folder.parents[1]).signers[0].public_bytes(Encoding.DER))
    program = (
        "import pathlib, pkcs11, sys\n"
        "from pkcs11.util.x509 import decode_x509_certificate\n"
        "token = pkcs11.lib(sys.argv[1]).get_token(token_label='penggerak')\n"
        "values = decode_x509_certificate(pathlib.Path(sys.argv[2]).read_bytes())\n"
        "values |= {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: 'penanda tangan'}\n"
        "with token.open(rw=True, user_pin=sys.argv[3]) as session:\n"
        "    session.create_object(values | {pkcs11.Attribute.ID: b'\\x01'})\n"
    )
    subprocess.run([sys.executable, "-c", program, str(MODULE), str(der), PIN], check=True)


def test_the_device_signs_and_the_signature_is_trusted(place: Path, sealed_sample: SealedSample) -> None:
    ring = read_ring(place, signer=SETTING)
    assert ring.signer, ring.problem

    signed = [ring.signer.sign(sealed_sample.unsigned, **WORDS, at=NOW) for _ in range(2)]

    assert all(check(pdf, ring).bottom_line for pdf in signed)
    assert ring.signer.serial == f"{ring.signers[0].serial_number:x}"
    (key_folder(place) / "device.pin").write_text("999999")
    closed = read_ring(place, signer=SETTING.replace("token=penggerak", "token=lain")).signer
    assert closed
    with pytest.raises(NotSigned, match="could not be made"):
        closed.sign(sealed_sample.unsigned, **WORDS, at=NOW)


def test_without_the_package_the_sentence_says_what_to_install(
    maker: Maker, sealed_sample: SealedSample, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pkcs11", "pyhanko.sign.pkcs11"):
        monkeypatch.setitem(sys.modules, name, None)
    signer = read_ring(maker.instance, signer=SETTING).signer
    assert signer

    with pytest.raises(NotSigned, match="pip install python-pkcs11"):
        signer.sign(sealed_sample.unsigned, **WORDS, at=NOW)


@pytest.mark.parametrize("setting", ["pkcs11:", "pkcs11:token=a;object=b", "pkcs11:token=a?module-path=/x"])
def test_a_setting_that_names_too_little_is_told(maker: Maker, setting: str) -> None:
    assert "module-path" in read_ring(maker.instance, signer=setting).problem
