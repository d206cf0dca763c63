"""The house stands: floors, no cycles, doors where they belong (ARCHITECTURE.md)."""

from __future__ import annotations

import ast
import graphlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("lms", "courses", "quizzes", "certificates")

FLOORS = {
    "lms.core": 0,
    "courses.facts": 1,
    "courses.catalogue": 2,
    "courses.cohorts": 3,
    "courses.learning": 4,
    "quizzes": 5,
    "quizzes.live": 5,
    "certificates": 6,
    "lms.home": 7,
    "lms.app": 8,
    "lms.demo": 8,
    "lms.serving": 8,
    "lms.cli": 9,
    "lms.wsgi": 9,
}
"""The longest name that fits decides. `lms.demo` fills every room through its services. `quizzes.live` looks
on: it stands beside the rooms it reads, and none of them knows it."""

HEADLINES = {"lms", "courses"}
"""Packages that hold nothing but their rooms."""

MAY_IMPORT_THE_ROOF = {"lms.cli", "lms.wsgi"}
PURE = {"models", "queries", "services", "policies", "signals"}
"""Modules without a request: the session and everything else comes as an argument."""

WITH_IMPORTS = {"quizzes.types"}
"""The one `__init__` that imports: the register of question types."""

BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}


@cache
def modules() -> dict[str, Path]:
    """Return every module of the house by name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(name: str) -> ast.Module:
    """Return the module's syntax tree."""
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


def imports(name: str) -> Iterator[str]:
    """Yield what a module imports, also inside functions and for types: modules where they are ones."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(name, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in modules() else base


def _absolute(name: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    is_package = modules()[name].name == "__init__.py"
    parts = name.split(".")
    parts = parts[: len(parts) - node.level + is_package]
    return ".".join([*parts, *([node.module] if node.module else [])])


def floor(name: str) -> int | None:
    """Return the floor a module of ours stands on; None for a package that only holds rooms."""
    fitting = [room for room in FLOORS if name == room or name.startswith(f"{room}.")]
    if not fitting:
        assert name in HEADLINES, f"{name} stands on no floor: add it to FLOORS"
        return None
    return FLOORS[max(fitting, key=len)]


def our_imports(name: str) -> set[str]:
    """Return the modules of the house that a module imports."""
    return {target for target in imports(name) if target.split(".")[0] in PACKAGES}


def names_of(kind: set[str]) -> list[str]:
    """Return the modules whose last part is one of ``kind``."""
    return [name for name in modules() if name.rsplit(".", 1)[-1] in kind]


@pytest.mark.parametrize("name", modules())
def test_module_imports_its_own_floor_or_a_lower_one(name: str) -> None:
    own = floor(name)
    if own is None:
        return

    above = {target for target in our_imports(name) if (floor(target) or 0) > own}

    assert not above, f"{name} reaches up to {sorted(above)}: call down, signal up"


def test_no_module_imports_itself_by_a_detour() -> None:
    graph = {name: {t for t in our_imports(name) if t in modules() and t != name} for name in modules()}

    try:
        tuple(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        pytest.fail(f"import cycle: {' → '.join(error.args[1])}")


@pytest.mark.parametrize("house", ["quizzes.bank", "quizzes.exchange"])
def test_no_room_within_a_room_leads_back_to_itself(house: str) -> None:
    graph: dict[str, set[str]] = {}
    for name in modules():
        room = _room_within(house, name)
        if room:
            graph.setdefault(room, set()).update(_room_within(house, target) for target in our_imports(name))

    try:
        tuple(graphlib.TopologicalSorter({room: graph[room] - {room, ""} for room in graph}).static_order())
    except graphlib.CycleError as error:
        pytest.fail(f"rooms of {house} in a circle: {' → '.join(error.args[1])}")


def _room_within(house: str, name: str) -> str:
    """Return the room of a module within a larger one; nothing for what stands at its top or outside."""
    if not name.startswith(f"{house}."):
        return ""
    room = ".".join(name.split(".")[: house.count(".") + 2])
    return room if modules()[room].name == "__init__.py" else ""


def test_nobody_imports_the_roof_but_the_command_line_and_the_server() -> None:
    guests = {name for name in modules() if "lms.app" in our_imports(name)}

    assert guests <= MAY_IMPORT_THE_ROOF


def test_no_room_that_keeps_answers_knows_what_happens_in_the_hall() -> None:
    keepers = tuple(f"quizzes.{room}." for room in ("types", "bank", "attempts", "grading"))
    guests = {name for name in modules() if any(t.startswith("quizzes.live") for t in our_imports(name))}

    assert not [name for name in guests if name.startswith(keepers)]


@pytest.mark.parametrize("name", [n for n in modules() if n.startswith("quizzes.types")] + names_of(PURE))
def test_what_decides_knows_no_request(name: str) -> None:
    webby = {t for t in imports(name) if t.split(".")[0] in {"flask", "flask_login", "flask_wtf"}}
    webby |= {
        t for t in our_imports(name) if t.startswith("lms.core.web") or t.endswith((".views", ".manage"))
    }

    assert not webby, f"{name} imports {sorted(webby)}"


@pytest.mark.parametrize("name", names_of({"signals"}))
def test_signals_import_nothing_of_ours(name: str) -> None:
    assert not our_imports(name)


@pytest.mark.parametrize("name", [n for n, path in modules().items() if path.name == "__init__.py"])
def test_package_files_import_nothing(name: str) -> None:
    assert name in WITH_IMPORTS or not [t for t in imports(name) if t != "__future__"]


@pytest.mark.parametrize("name", modules())
def test_module_and_its_public_things_have_docstrings(name: str) -> None:
    silent = [] if ast.get_docstring(tree(name)) else [name]
    for node in tree(name).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            silent += [] if ast.get_docstring(node) else [node.name]

    assert not silent, f"{name} without docstring: {silent}"


@pytest.mark.parametrize("name", modules())
def test_only_the_clock_looks_at_the_clock(name: str) -> None:
    looks = [
        ast.unparse(node)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)
        in {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time"}
    ]

    assert name == "lms.core.clock" or not looks, f"{name}: {looks}; take `now` as an argument"


@pytest.mark.parametrize("name", names_of({"services", "queries", "policies"}))
def test_services_and_queries_never_commit(name: str) -> None:
    commits = [
        node.lineno
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]

    assert not commits, f"{name} commits in line {commits}: views and commands do"


@pytest.mark.parametrize("name", names_of({"services", "queries"}))
def test_session_comes_first_and_names_from_the_third_argument_on(name: str) -> None:
    for node in tree(name).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            given = [argument.arg for argument in node.args.posonlyargs + node.args.args]
            assert len(given) <= 3, f"{name}.{node.name} takes {given} by position"
            assert "session" not in given[1:], f"{name}.{node.name}: session is not the first argument"


def test_no_module_is_named_after_nothing() -> None:
    assert not [name for name in modules() if name.rsplit(".", 1)[-1] in BANNED_NAMES]


def test_rooms_have_no_python_in_the_shipped_course() -> None:
    assert not list((ROOT / "courses" / "curriculum").rglob("*.py"))


def test_a_floor_violation_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = ast.parse("def f():\n    from certificates.models import Certificate\n")
    monkeypatch.setitem(globals(), "tree", lambda name: bad)

    assert our_imports("lms.core.db") == {"certificates.models"}
    with pytest.raises(AssertionError, match="reaches up"):
        test_module_imports_its_own_floor_or_a_lower_one("lms.core.db")
