"""Nothing with a known hole is installed, and the lock file says exactly what is (check 32)."""

from __future__ import annotations

import configparser
import re
from importlib import metadata
from pathlib import Path

import pysqlite3.dbapi2
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parents[2]
FLOOR = [
    line.split("#")[0].split()
    for line in (ROOT / "tests" / "security-floor.txt").read_text(encoding="utf-8").splitlines()
    if line.split("#")[0].strip()
]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def locked() -> dict[str, str]:
    """Return name and version of every line of the lock file."""
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==(\S+)", LOCK, flags=re.M))


@pytest.mark.parametrize(("name", "least"), FLOOR)
def test_version_is_above_the_floor(name: str, least: str) -> None:
    if name == "sqlite":
        assert Version(pysqlite3.dbapi2.sqlite_version) >= Version(least)
        return

    assert Version(metadata.version(name)) >= Version(least)
    assert Version(locked()[name]) >= Version(least)


def test_lock_has_a_hash_for_everything_and_names_no_host() -> None:
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.strip())

    assert len(entries) > 40
    assert not [entry.split("\n")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry]
    assert not re.search(r"https?://|^\s*-(i|f)\b|--index-url|--find-links|--trusted-host", LOCK, flags=re.M)


def test_everything_that_is_installed_for_use_is_used() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = [line for line in settings["options"]["install_requires"].splitlines() if line.strip()]
    rooms = [ROOT / room for room in ("lms", "courses", "quizzes", "certificates")]
    source = "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py"))
    words = set(re.findall(r"[a-z0-9_]+", source, flags=re.I))
    modules: dict[str, set[str]] = {}
    for module, packages in metadata.packages_distributions().items():
        for package in packages:
            modules.setdefault(re.sub(r"[-_.]+", "-", package).lower(), set()).add(module)

    wanted = [re.sub(r"[-_.]+", "-", Requirement(line.strip()).name).lower() for line in lines]

    assert [name for name in wanted if not modules[name] & words] == []


def test_lock_fulfils_what_setup_cfg_asks() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = settings["options"]["install_requires"] + "".join(settings["options.extras_require"].values())

    for line in filter(None, map(str.strip, lines.splitlines())):
        wanted = Requirement(line)
        version = locked().get(re.sub(r"[-_.]+", "-", wanted.name).lower())
        assert version is not None, f"{wanted.name} is not locked: run `make lock`"
        assert wanted.specifier.contains(version), f"{wanted} but {version} is locked"
