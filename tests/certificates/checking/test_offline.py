"""A certificate is checked where no database is: with public keys and lists that were taken along."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from certificates.badges.credential import write_credential
from certificates.badges.status_lists import Purpose, make_list
from certificates.checking.cli import verify
from certificates.checking.ended import write_ended
from certificates.checking.file_verdict import FileFinding
from certificates.checking.inspection import Inspection, inspect_file
from certificates.checking.known_status import KnownStatus, StatusBits, find_status, read_lists
from certificates.checking.offline_verdict import verdict_offline
from certificates.checking.trust import Trusted, read_trusted, write_trusted
from certificates.checking.verdict import Verdict
from certificates.signing.ring import KeyRing
from lms.core.errors import Invalid
from tests.certificates.checking import tampering
from tests.certificates.conftest import STATUS_INDEX, SealedSample
from tests.conftest import NOW

LATER = NOW + timedelta(days=1)


@pytest.fixture(scope="module")
def inspection(sealed_sample: SealedSample) -> Inspection:
    return inspect_file(sealed_sample.signed, ring=sealed_sample.ring)


def list_text(sample: SealedSample, purpose: Purpose, places: list[int]) -> str:
    assert sample.ring.badge_key
    made = make_list(places, base_url=sample.base_url, purpose=purpose, number=1, now=NOW)
    return made.write(sample.ring.badge_key)


@pytest.fixture
def folder(sealed_sample: SealedSample, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes what a checker takes along, with these places set in its lists."""

    def write(revoked: list[int] | None = None, suspended: list[int] | None = None) -> Path:
        lists = {}
        if revoked is not None:
            lists = {
                "revocation-1": list_text(sealed_sample, Purpose.REVOCATION, revoked),
                "suspension-1": list_text(sealed_sample, Purpose.SUSPENSION, suspended or []),
            }
        path = tmp_path / "bekal"
        write_trusted(path, sealed_sample.ring, base_url=sealed_sample.base_url, lists=lists)
        return path

    return write


@pytest.fixture
def check(sealed_sample: SealedSample, tmp_path: Path) -> Callable[..., Result]:
    """Return a function that checks a file by the command."""

    def run(body: bytes, *words: object) -> Result:
        path = tmp_path / "sertifikat.pdf"
        path.write_bytes(body)
        return CliRunner().invoke(verify, ["--json", *map(str, words), str(path)])

    return run


def words(finding: FileFinding) -> dict[str, str]:
    return {check.name: check.word for check in finding.checks}


def test_a_folder_gives_back_the_keys_and_lists_written_into_it(
    sealed_sample: SealedSample, folder: Callable[..., Path]
) -> None:
    found = read_trusted(folder([7], []))
    ring = sealed_sample.ring
    assert (found.ring.roots, found.ring.issuers) == (ring.roots, ring.issuers)
    assert found.ring.signers == ring.signers
    assert list(found.ring.crls.values()) == list(ring.crls.values())
    assert found.ring.stamp_publics.keys() == ring.stamp_publics.keys()
    assert found.ring.badge_publics.keys() == ring.badge_publics.keys()
    assert {each.purpose for each in found.lists} == {"revocation", "suspension"}


def test_no_private_key_is_taken_along(folder: Callable[..., Path]) -> None:
    assert not [path for path in folder([]).iterdir() if b"PRIVATE" in path.read_bytes()]


def test_a_genuine_file_is_valid_by_what_was_taken_along(
    sealed_sample: SealedSample, folder: Callable[..., Path], check: Callable[..., Result]
) -> None:
    result = check(sealed_sample.signed, "--trust", folder([]))
    found = json.loads(result.output)
    assert (result.exit_code, found["verdict"]) == (0, "valid"), result.output
    assert all(each["ok"] for each in found["checks"])
    assert {each["name"] for each in found["checks"]} >= {"signature", "signer", "page", "qr", "credential"}
    assert found["record"]["holder"]["name"] == sealed_sample.record.holder.name
    assert found["code"] == sealed_sample.record.code


def test_the_key_folder_of_an_installation_does_as_well(
    sealed_sample: SealedSample, template_instance: Path, check: Callable[..., Result]
) -> None:
    result = check(sealed_sample.signed, "--trust", template_instance)
    found = json.loads(result.output)
    assert (result.exit_code, found["verdict"]) == (0, "valid")
    assert found["checks"][-1]["ok"] is None


def test_without_a_list_a_person_reads_that_its_standing_is_not_known(
    sealed_sample: SealedSample, folder: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "sertifikat.pdf"
    path.write_bytes(sealed_sample.signed)
    result = CliRunner().invoke(verify, ["--trust", str(folder()), str(path)])
    assert result.exit_code == 0
    assert "whether it still stands is not known here" in result.output


def test_the_installation_of_the_environment_is_asked_where_no_folder_is_named(
    sealed_sample: SealedSample,
    template_instance: Path,
    check: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LMS_INSTANCE", str(template_instance))
    assert check(sealed_sample.signed, "--offline").exit_code == 0


@pytest.mark.parametrize(
    ("revoked", "suspended", "verdict"),
    [
        ([STATUS_INDEX], [], "revoked"),
        ([STATUS_INDEX], [STATUS_INDEX], "suspended"),
        ([STATUS_INDEX - 1, STATUS_INDEX + 1], [], "valid"),
    ],
)
def test_a_list_says_what_no_longer_stands(
    sealed_sample: SealedSample,
    folder: Callable[..., Path],
    check: Callable[..., Result],
    revoked: list[int],
    suspended: list[int],
    verdict: str,
) -> None:
    result = check(sealed_sample.signed, "--trust", folder(revoked, suspended))
    assert json.loads(result.output)["verdict"] == verdict
    assert result.exit_code == (0 if verdict == "valid" else 1)


@pytest.mark.parametrize("state", ["replaced", "revoked", "suspended", "expired"])
def test_a_list_by_codes_says_what_became_of_it(
    sealed_sample: SealedSample, folder: Callable[..., Path], check: Callable[..., Result], state: str
) -> None:
    rows = [(Verdict(state), sealed_sample.record.code), (Verdict.REVOKED, "0" * 17)]
    path = folder([])
    (path / "dicabut.json").write_text(json.dumps(write_ended(rows, now=NOW)))
    result = check(sealed_sample.signed, "--trust", path)
    assert (result.exit_code, json.loads(result.output)["verdict"]) == (1, state)


def test_a_list_by_codes_alone_says_that_it_stands(
    sealed_sample: SealedSample, folder: Callable[..., Path], check: Callable[..., Result]
) -> None:
    path = folder()
    (path / "dicabut.json").write_text(json.dumps(write_ended([], now=NOW)))
    found = json.loads(check(sealed_sample.signed, "--trust", path).output)
    assert (found["verdict"], found["checks"][-1]["ok"]) == ("valid", True)


def test_the_newer_of_two_lists_counts_and_one_of_another_number_does_not() -> None:
    bits = bytes(131_072 // 8)
    old = StatusBits("revocation", 1, b"\xff" * len(bits), "2026-11-01")
    new = StatusBits("revocation", 1, bits, "2026-11-02")
    assert find_status([new, old], 5) == KnownStatus(Verdict.VALID, "2026-11-02", "listed")
    assert find_status([new, old], 131_072 + 5) is None


def test_a_list_somebody_else_signed_is_refused(
    sealed_sample: SealedSample, folder: Callable[..., Path], check: Callable[..., Result]
) -> None:
    path = folder([STATUS_INDEX]) / "revocation-1.json"
    document = json.loads(path.read_text())
    document["validFrom"] = "2030-01-01T00:00:00Z"
    path.write_text(json.dumps(document))
    result = check(sealed_sample.signed, "--trust", path.parent)
    assert (result.exit_code, json.loads(result.output)["verdict"]) == (2, "unchecked")
    with pytest.raises(ValueError, match="not signed"):
        list(read_lists([document], sealed_sample.ring.badge_publics))


@pytest.mark.parametrize("name", ["root.crt", "did.json", "kunci.json", "daftar.crl"])
def test_a_damaged_file_in_the_folder_is_said_by_its_folder(folder: Callable[..., Path], name: str) -> None:
    path = folder([])
    (path / name).write_bytes(b"rusak")
    with pytest.raises(Invalid, match=str(path)):
        read_trusted(path)


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no root"):
        read_trusted(tmp_path)


CHANGES: list[tuple[Callable[[bytes], bytes], str, dict[str, str]]] = [
    (tampering.turned, "tampered", {"signature": "updated"}),
    (tampering.rewritten, "tampered", {"signature": "broken"}),
    (lambda body: body + b"\n% more", "tampered", {"signature": "appended"}),
    (lambda body: body[:-30], "tampered", {"file": "truncated"}),
    (tampering.encrypted, "unchecked", {"file": "encrypted"}),
    (tampering.scripted, "tampered", {"signature": "updated", "actions": "some"}),
]


@pytest.mark.parametrize(("change", "verdict", "faults"), CHANGES)
def test_a_change_is_told_apart_offline(
    sealed_sample: SealedSample, change: Callable[[bytes], bytes], verdict: str, faults: dict[str, str]
) -> None:
    found = inspect_file(change(sealed_sample.signed), ring=sealed_sample.ring)
    finding = verdict_offline(found, Trusted(sealed_sample.ring), LATER)
    assert finding.verdict == verdict
    assert {check.name: check.word for check in finding.checks if check.ok is False} == faults


def test_the_credential_of_another_certificate_is_told_apart(
    sealed_sample: SealedSample, inspection: Inspection
) -> None:
    assert sealed_sample.ring.badge_key
    other = replace(sealed_sample.record, code="0" * 17)
    text = write_credential(
        other, status_index=1, key=sealed_sample.ring.badge_key, base_url=sealed_sample.base_url
    )
    finding = verdict_offline(replace(inspection, credential=text), Trusted(sealed_sample.ring), LATER)
    assert (finding.verdict, words(finding)["credential"]) == ("tampered", "other")


def test_a_name_on_the_page_that_is_not_in_the_credential_is_told_apart(
    sealed_sample: SealedSample, inspection: Inspection
) -> None:
    text = inspection.text.replace("Siti Aminah", "Siti Amanah")
    finding = verdict_offline(replace(inspection, text=text), Trusted(sealed_sample.ring), LATER)
    assert (finding.verdict, words(finding)["page"]) == ("tampered", "name")


def test_with_no_keys_nothing_can_be_said(inspection: Inspection, sealed_sample: SealedSample) -> None:
    found = inspect_file(sealed_sample.signed, ring=KeyRing())
    finding = verdict_offline(found, Trusted(KeyRing()), LATER)
    assert (finding.verdict, words(finding)["signature"]) == ("unchecked", "unpinned")


def test_a_signer_revoked_later_leaves_it_open(sealed_sample: SealedSample, inspection: Inspection) -> None:
    found = replace(inspection, revoked_at=LATER.isoformat(), revoked_for="key_compromise")
    finding = verdict_offline(found, Trusted(sealed_sample.ring), LATER)
    assert (finding.verdict, words(finding)["signer"]) == ("unchecked", "doubtful")


def test_one_that_ran_out_has_expired(sealed_sample: SealedSample, inspection: Inspection) -> None:
    assert sealed_sample.ring.badge_key
    record = replace(sealed_sample.record, expires_on="2026-11-20")
    text = write_credential(
        record, status_index=1, key=sealed_sample.ring.badge_key, base_url=sealed_sample.base_url
    )
    finding = verdict_offline(replace(inspection, credential=text), Trusted(sealed_sample.ring), LATER)
    assert (finding.verdict, words(finding)["state"]) == ("expired", "expired")
