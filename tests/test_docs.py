"""What can be set, typed or written stands in the papers."""

from __future__ import annotations

import pkgutil
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import pytest

from lms.cli import main
from lms.core.config import Config
from quizzes.types import TYPES
from tests.test_architecture import FLOORS, modules

ROOT = Path(__file__).parents[1]
INTERNAL = {"INSTANCE", "SECRET_KEY", "TESTING"}
SETTINGS = [field.name for field in fields(Config) if field.name not in INTERNAL]


@cache
def paper(name: str) -> str:
    """Return a document of the house."""
    return (ROOT / name).read_text(encoding="utf-8")


def commands(group: click.Group = main, prefix: str = "lms") -> dict[str, click.Command]:
    """Return every command of ours by what one types."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix} {name}") if name != "db" else {}
        if not isinstance(command, click.Group) or command.invoke_without_command:
            found[f"{prefix} {name}"] = command
    return found


def test_names_of_settings_were_read() -> None:
    assert {"DATABASE_URL", "BASE_URL", "PORT"} <= set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_setting_stands_in_the_readme(name: str) -> None:
    assert re.search(rf"^\|\s*`{name}`", paper("README.md"), flags=re.M)


@pytest.mark.parametrize("name", SETTINGS)
def test_setting_has_a_docstring(name: str) -> None:
    source = paper("lms/core/config.py")

    assert re.search(rf'^    {name}: .*\n    """\w', source, flags=re.M)


@pytest.mark.parametrize("line", commands())
def test_command_stands_in_the_readme(line: str) -> None:
    assert re.search(rf"{line}\b", paper("README.md"))


@pytest.mark.parametrize("line", commands())
def test_command_has_help(line: str) -> None:
    assert commands()[line].get_short_help_str()


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.key)
def test_question_type_stands_in_the_papers(kind: object) -> None:
    assert f"`{kind.key}`" in paper("courses/curriculum/README.md") + paper("README.md")  # type: ignore[attr-defined]


@pytest.mark.parametrize("room", [room for room in FLOORS if not room.startswith("lms.w")])
def test_room_stands_in_the_architecture(room: str) -> None:
    assert room.replace(".", "/") in paper("ARCHITECTURE.md") or room in paper("ARCHITECTURE.md")


def names_in(document: str) -> list[str]:
    """Return the files, modules and functions of ours a document names."""
    ours = r"`((?:lms|courses|quizzes|certificates|tests)[./][\w./-]+)`"
    return sorted(set(re.findall(ours, paper(document))))


@pytest.mark.parametrize("name", names_in("ARCHITECTURE.md"))
def test_name_in_the_architecture_leads_somewhere(name: str) -> None:
    assert (ROOT / name).exists() if "/" in name else name in modules() or pkgutil.resolve_name(name)


def test_names_in_the_architecture_were_read() -> None:
    assert {"tests/pages.py", "quizzes.attempts.saving.save_answers"} <= set(names_in("ARCHITECTURE.md"))


def test_targets_of_make_stand_in_the_readme() -> None:
    assert all(f"make {target}" in paper("README.md") for target in ("run", "test", "help", "bench"))


def test_readme_says_first_what_debian_lacks() -> None:
    head = paper("README.md").split("```")[0]

    assert "git make python3-venv" in head


def test_changelog_and_licence_are_there() -> None:
    assert "## [" in paper("CHANGELOG.md") or "## Unreleased" in paper("CHANGELOG.md")
    assert "MIT" in paper("LICENSE")


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "instance/README.md"])
def test_links_to_files_lead_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", paper(name)):
        assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"
