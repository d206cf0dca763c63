"""`lms keys`: what it makes, says and answers with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from certificates.signing.folder import key_folder
from certificates.signing.ring import read_ring
from lms.cli import main
from lms.core.config import prepare_instance

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))
    prepare_instance(tmp_path / "instance")

    def _run(*words: object) -> Result:
        result = CliRunner().invoke(main, ["keys", *map(str, words)])
        assert "PRIVATE KEY" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return result

    return _run


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def test_keys_are_made_once_and_advice_is_given_on_the_root(run: Run, instance: Path) -> None:
    first, again = run("create"), run("create")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.output.startswith("Made: root-1, issuer-1, signer-1, stamp-1, badge-")
    assert "Keep the root's key off this machine" in first.output
    assert f"delete {key_folder(instance) / 'root-1.key'}" in " ".join(first.output.split())
    assert again.output == "All keys are there: nothing was made.\n"


def test_before_there_are_keys_every_command_says_what_to_do(run: Run, tmp_path: Path) -> None:
    for words in (
        ("list",),
        ("rotate", "signer"),
        ("rotate", "issuer"),
        ("backup", tmp_path / "safe"),
    ):
        result = run(*words)
        assert (result.exit_code, "lms keys create" in result.output) == (1, True), result.output
    assert run("revoke-signer", "1").exit_code == 1


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("stamp", "stamp-2"),
        ("badge", "-2"),
        ("signer", "signer-2"),
        ("issuer", "issuer-2 and signer-2"),
        ("root", "root-2 and issuer-2 and signer-2"),
    ],
)
def test_every_kind_rotates_and_the_list_shows_it(run: Run, kind: str, made: str) -> None:
    run("create")

    result = run("rotate", kind)

    assert (result.exit_code, made in result.output) == (0, True), result.output
    listed = {line.split()[0]: line for line in run("list").output.splitlines()}
    new, old = sorted((name for name in listed if name.startswith(kind)), reverse=True)
    assert "in use" in listed[new]
    assert "old" in listed[old]


def test_a_new_root_comes_with_advice_for_those_who_believed_the_old_one(run: Run, instance: Path) -> None:
    run("create")

    told = " ".join(run("rotate", "root").output.split())

    assert f"delete {key_folder(instance) / 'root-2.key'}" in told
    assert "/sertifikat/kunci/akar-2.cer" in told
    assert "Older roots stay beside it" in told
    both = run("backup", instance.parent / "safe").output
    assert all(str(key_folder(instance) / f"root-{label}.key") in both for label in (1, 2))


def test_the_list_says_until_when_whether_the_key_is_here_and_what_is_wrong(run: Run, instance: Path) -> None:
    run("create")
    (key_folder(instance) / "root-1.key").unlink()
    well = run("list")
    (key_folder(instance) / "stamp-1.key").chmod(0o644)
    ill = run("list")

    root = next(line for line in well.output.splitlines() if line.startswith("root-1"))
    fingerprint = read_ring(instance).roots[0].fingerprint
    assert (well.exit_code, "no key" in root, " to 20" in root) == (0, True, True)
    assert fingerprint(read_ring(instance).roots[0].signature_hash_algorithm).hex() in root  # type: ignore[arg-type]
    assert (ill.exit_code, "chmod 600" in ill.output) == (1, True)


def test_the_root_s_key_comes_from_where_it_is_kept(run: Run, instance: Path, tmp_path: Path) -> None:
    run("create")
    away = (key_folder(instance) / "root-1.key").rename(tmp_path / "root.key")

    refused, done = run("rotate", "issuer"), run("rotate", "issuer", "--root-key", away)

    assert (refused.exit_code, "root-1.key is not here" in refused.output) == (1, True)
    assert done.exit_code == 0, done.output
    assert run("rotate", "issuer", "--root-key", tmp_path / "nothing").exit_code == 2


def test_a_signer_is_taken_back(run: Run, instance: Path) -> None:
    run("create")

    result = run("revoke-signer", "signer-1", "--reason", "superseded")

    assert (result.exit_code, "keys rotate signer" in result.output) == (0, True)
    assert len(read_ring(instance).revoked) == 1
    listed = run("list")
    assert (listed.exit_code, "revoked" in listed.output) == (1, True)
    assert run("revoke-signer", "1").exit_code == 1
    assert run("revoke-signer", "1", "--reason", "boredom").exit_code == 2


def test_keys_are_copied_with_advice(run: Run, instance: Path, tmp_path: Path) -> None:
    run("create")

    safe = run("backup", tmp_path / "safe")
    (key_folder(instance) / "root-1.key").unlink()
    without_root = run("backup", tmp_path / "without")

    assert (safe.exit_code, "Lock it away" in safe.output) == (0, True)
    assert "off this machine" in safe.output
    assert "off this machine" not in without_root.output
    assert len(list((tmp_path / "safe").glob("*.key"))) == 5
    assert run("backup", tmp_path / "safe").exit_code == 1


def test_wrong_words_are_wrong_usage(run: Run) -> None:
    assert run("rotate", "timestamp").exit_code == 2
    assert run("rotate").exit_code == 2
    assert run("melt").exit_code == 2
    assert run("--help").exit_code == 0
