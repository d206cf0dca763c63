"""Words that have cost others dearly do not occur, or in one named place only (check 31)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_architecture import modules, tree
from tests.test_templates import sources

ROOT = Path(__file__).parents[2]

CALLS = {
    "render_template_string": "a template made of what somebody typed runs code",
    "Markup": "what is believed is cleaned first: lms.core.web.trusted",
    "uuid4": "122 bits, not made for secrets: secrets.token_urlsafe",
    "eval": "runs code",
    "exec": "runs code",
    "extractall": "writes where the archive says",
    "extract": "writes where the archive says",
    "unpack_archive": "writes where the archive says",
}
ONLY_IN = {"Markup": {"lms.core.web.trusted"}}

IMPORTS = {
    "pickle": "loading runs code",
    "marshal": "loading runs code",
    "shelve": "is pickle",
    "jwt": "no tokens that carry their own rights",
    "sqlite3": "the system's library can corrupt a WAL: pysqlite3",
    "xml": "entities: hardened readers in lms.core, of what strangers send and of our own pages for the PDF",
    "lxml": "entities: one hardened reader in lms.core",
    "requests": "the server fetches nothing",
    "urllib.request": "the server fetches nothing",
    "httpx": "the server fetches nothing",
}

IMPORTED_ONLY_IN = {"xml": {"lms.core.xml_reader", "lms.core.pdf_reading"}}

RANDOM = {
    "lms.demo.lives",
    "quizzes.trials.papers",
    "quizzes.statistics.bootstrap",
    "quizzes.exchange.qti.scoring",
    "quizzes.exchange.qti.marks",
}
"""Where a seeded generator is made: demo results are the same on every machine, each page of a trial, which
counts for nothing, draws the same paper again, a report says the same each time it is opened, and an item of
QTI that draws numbers draws them again. All else uses `secrets`."""


def attributes(name: str) -> set[str]:
    """Return every dotted name a module mentions."""
    return {ast.unparse(node) for node in ast.walk(tree(name)) if isinstance(node, ast.Attribute | ast.Name)}


def called(name: str) -> set[str]:
    """Return the last part of everything a module calls."""
    return {
        ast.unparse(node.func).rsplit(".", 1)[-1]
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
    }


@pytest.mark.parametrize("name", modules())
def test_module_calls_nothing_forbidden(name: str) -> None:
    found = {word: reason for word, reason in CALLS.items() if word in called(name)}
    found = {word: reason for word, reason in found.items() if name not in ONLY_IN.get(word, set())}

    assert not found, f"{name}: {found}"


@pytest.mark.parametrize("name", modules())
def test_module_imports_nothing_forbidden(name: str) -> None:
    imported = {
        full
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for full in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    found = {w: r for w, r in IMPORTS.items() if any(i == w or i.startswith(f"{w}.") for i in imported)}
    found = {w: r for w, r in found.items() if name not in IMPORTED_ONLY_IN.get(w, set())}

    assert not found, f"{name}: {found}"


@pytest.mark.parametrize("name", modules())
def test_input_comes_from_the_form_or_the_address_never_from_either(name: str) -> None:
    assert not attributes(name) & {"request.values", "flask.request.values"}


@pytest.mark.parametrize("name", modules())
def test_no_shell_and_no_unchecked_certificate(name: str) -> None:
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.keyword):
            said = (node.arg, ast.unparse(node.value))
            assert said not in {
                ("shell", "True"),
                ("verify", "False"),
                ("autoescape", "False"),
                ("debug", "True"),
            }


@pytest.mark.parametrize("name", modules())
def test_chance_that_can_be_guessed_is_made_in_one_place(name: str) -> None:
    makes = "Random" in called(name) or any(a.startswith("random.") for a in attributes(name))

    assert name in RANDOM or not makes


def test_that_place_is_there() -> None:
    assert set(modules()) >= RANDOM


@pytest.mark.parametrize("name", sources())
def test_no_template_believes_what_it_is_given(name: str) -> None:
    text = re.sub(r"{#.*?#}", "", sources()[name], flags=re.S)

    assert not re.search(r"\|\s*safe\b|autoescape\s+false|\|\s*format\b.*\|\s*trusted", text)


def test_no_file_of_ours_is_a_secret() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for path in listed.stdout.splitlines():
        assert not re.search(r"(^|/)(keys/|\.env$|.*\.(pem|key|sqlite)$)", path), path


def test_ruff_finds_nothing_unsafe() -> None:
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "check",
            "--select",
            "S,B",
            "--ignore",
            "S101",
            "lms",
            "courses",
            "quizzes",
            "certificates",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout
