"""Every template can be used, every page says what it is, and nothing named in a template is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from lms.core.web.icons import IN_STYLESHEET, icon
from tests.test_architecture import modules, tree

ROOT = Path(__file__).parents[1]

NOT_AN_ENDPOINT = {
    "core/base.html": "the frame of all pages",
    "core/error.html": "shown by the error handlers",
    "certificates/backdrop.html": "lies under the first page of a certificate",
    "certificates/paper.html": "becomes the PDF of a certificate",
    "certificates/papers.html": "becomes the PDF of all certificates of a cohort",
    "cohorts/card_sheet.html": "becomes the PDF of cards",
    "teach_again/paper.html": "becomes the PDF of what to teach again",
    "cohorts/session.html": "one form to add and to change a session",
    "guides/page.html": "a guide or a pocket sheet, for staff",
    "staff/confirm.html": "asks before something is done to an account",
}
"""Templates that no endpoint is named after, each with its reason."""

STATES = {
    "trials/paper.html": "trials.go_on",
    "trials/result.html": "trials.go_on",
    "home/desk.html": "home.index",
    "home/trainee.html": "home.index",
    "accounts/reset_over.html": "accounts.choose_password",
    "accounts/show_recovery_codes.html": "accounts.recovery_codes",
    "cards/closed.html": "cards.confirm",
    "cards/unknown.html": "cards.confirm",
    "attempts/overdue.html": "attempts.show",
    "attempts/step.html": "attempts.show",
    "practice/scene.html": "practice_preview.scene",
    "exchange/progress.html": "exchange.review",
    "exchange/write_anew.html": "exchange.mend",
}
"""Pages an endpoint shows instead of its own in some states."""

NO_FRAME = {
    "core/base.html",
    "certificates/paper.html",
    "certificates/papers.html",
    "certificates/_sheets.html",
    "certificates/backdrop.html",
    "cohorts/card_sheet.html",
    "teach_again/paper.html",
}
"""The frame itself, and papers: they have a look of their own and both languages at once."""


@cache
def sources() -> dict[str, str]:
    """Return the source of every template by the name it is loaded with."""
    found: dict[str, str] = {}
    for package in ("lms", "courses", "quizzes", "certificates"):
        for folder in sorted((ROOT / package).rglob("templates")):
            for path in sorted(folder.rglob("*.html")):
                name = path.relative_to(folder).as_posix()
                assert name not in found, f"two templates are called {name}"
                found[name] = path.read_text(encoding="utf-8")
    return found


def is_page(name: str) -> bool:
    """Return whether a template is a page: not a partial, a component or part of a question type."""
    folder, _, file = name.rpartition("/")
    return not file.startswith("_") and folder not in {"components", "types"}


@cache
def parsed(name: str) -> nodes.Template:
    """Return the syntax tree of a template."""
    return Environment(autoescape=True).parse(sources()[name], name)


def named(text: str, function: str) -> Iterator[str]:
    """Yield the literal first argument of every call of ``function`` in a template."""
    yield from re.findall(rf"""\b{function}\(\s*["']([^"']+)["']\s*[,)]""", text)


pages = [name for name in sources() if is_page(name)]


@pytest.mark.parametrize("name", sources())
def test_template_compiles(app: Flask, name: str) -> None:
    assert app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", [name for name in pages if name not in NO_FRAME])
def test_page_extends_the_frame_and_has_a_title(name: str) -> None:
    blocks: set[str] = set()
    while True:
        blocks |= {block.name for block in parsed(name).find_all(nodes.Block)}
        extends = parsed(name).find(nodes.Extends)
        assert extends is not None, f"{name} does not extend core/base.html"
        assert isinstance(extends.template, nodes.Const)
        if extends.template.value == "core/base.html":
            break
        name = extends.template.value

    assert "title" in blocks


@pytest.mark.parametrize("name", pages)
def test_page_is_named_after_its_endpoint(app: Flask, name: str) -> None:
    if name not in NOT_AN_ENDPOINT:
        assert STATES.get(name, name.removesuffix(".html").replace("/", ".")) in app.view_functions


def test_no_exception_is_stale() -> None:
    assert set(NOT_AN_ENDPOINT) | NO_FRAME | set(STATES) <= set(sources())


def _rendered() -> set[str]:
    return {
        node.value
        for module in modules()
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"\w\.html$", node.value)
    }


def test_every_template_that_is_rendered_exists_and_every_page_is_rendered() -> None:
    assert not _rendered() - set(sources())
    assert not set(pages) - _rendered() - {"core/base.html"}, "pages nobody renders"


def test_every_partial_is_included() -> None:
    used = {
        node.template.value
        for name in sources()
        for node in parsed(name).find_all((nodes.Include, nodes.Import, nodes.FromImport))
        if isinstance(node.template, nodes.Const)
    }
    used |= _rendered() | {name for name in sources() if name.startswith("types/")}

    assert not {name for name in sources() if not is_page(name)} - used


def test_every_macro_of_the_components_is_used() -> None:
    for name in sources():
        if not name.startswith("components/"):
            continue
        for macro in parsed(name).find_all(nodes.Macro):
            elsewhere = "".join(
                text for other, text in sources().items() if other != name and f'"{name}"' in text
            )
            inside = sources()[name].replace(f"macro {macro.name}(", "")
            assert re.search(rf"\b{macro.name}\(", elsewhere + inside), (
                f"macro {macro.name} of {name} is used nowhere"
            )


@pytest.mark.parametrize("name", sources())
def test_files_icons_and_addresses_a_template_names_exist(app: Flask, name: str) -> None:
    text = sources()[name]

    for file in named(text, "asset"):
        assert app.extensions["assets"].has(file), f"{name}: no file {file}"
    for picture in named(text, "icon"):
        assert picture in IN_STYLESHEET or "<svg" in icon(picture), f"{name}: no icon {picture}"
    for endpoint in named(text, "url_for"):
        assert endpoint in app.view_functions, f"{name}: no endpoint {endpoint}"


def test_addresses_that_code_names_exist(app: Flask) -> None:
    for module in modules():
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "url_for" and node.args:
                target = node.args[0]
                if isinstance(target, ast.Constant) and not target.value.startswith("."):
                    assert target.value in app.view_functions, f"{module}: no endpoint {target.value}"


@pytest.mark.parametrize("name", sources())
def test_nothing_is_inline(name: str) -> None:
    paper = name in NO_FRAME and name != "core/base.html"
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", sources()[name], flags=re.S)

    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline handler"
    assert paper or not re.search(r"\sstyle\s*=|<style\b", text), "inline style"
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or "application/json" in script, "inline script"


@pytest.mark.parametrize("name", [name for name in sources() if name not in NO_FRAME])
def test_text_is_translated(name: str) -> None:
    """Words between tags and in attributes people meet stand in ``_()``."""
    text = sources()[name].replace("Penggerak", "")  # the name of the house
    text = re.sub(r"{% block (page_class|body_attributes) %}.*?{% endblock %}", "", text)
    text = re.sub(
        r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<script.*?</script>|<style.*?</style>", " ", text, flags=re.S
    )
    shown = re.findall(r"""\b(?:placeholder|title|alt|aria-label)\s*=\s*["']([^"']*)["']""", text)
    shown.append(re.sub(r"<[^>]*>", "\n", text))
    words = re.findall(r"[A-Za-zÀ-ÿ]{3,}", re.sub(r"&\w+;", " ", " ".join(shown)))

    assert not set(words) - KNOWN_WORDS


KNOWN_WORDS = {
    "English",
    "Bahasa",
    "Indonesia",
    "PIN",
    "BPJS",
    "CSV",
    "Excel",
    "Ketenagakerjaan",
    "XLSX",
    "PDF",
    "WIB",
}
"""The same in every language."""
