"""The command `lms`: help everywhere, exit codes a script can use, errors a person can act on."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy.orm import Session

import lms.cli
from lms.app import create_app
from lms.cli import main
from lms.core.accounts.models import Role, User
from lms.core.config import Config, load_config, prepare_instance
from lms.core.db import db
from lms.demo import seeding
from lms.serving import settings
from tests import conftest, factories
from tests.courses.cohorts import files

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]


def commands(group: click.Group = main, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command and group by the words one types."""
    yield words
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that types a command; what it sets in the environment is forgotten."""
    monkeypatch.setenv("LMS_INSTANCE", "/nonexistent/instance")
    made: list[Flask] = []

    def _create_app(config: Config) -> Flask:
        made.append(create_app(config))
        return made[-1]

    monkeypatch.setattr(lms.cli, "create_app", _create_app)

    def _run(*words: object) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words])
        while made:
            _let_go(made.pop())
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
        return result

    return _run


def _let_go(app: Flask) -> None:
    """Close what the end of a process would close."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def here(run: Run, instance: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same on an installation with keys and an empty, migrated database."""
    monkeypatch.setenv("LMS_INSTANCE", str(instance))
    monkeypatch.setenv("LMS_DATABASE_URL", database_url)
    return run


@pytest.fixture
def fresh_database(database_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database without any table, for whatever instance comes."""
    name = f"fresh_{secrets.token_hex(6)}"
    if database_server:
        monkeypatch.setenv("LMS_DATABASE_URL", conftest.create_postgres(name))
    yield
    if database_server:
        conftest.drop_postgres(name)


@pytest.fixture
def bare(run: Run, tmp_path: Path, fresh_database: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same on an installation with keys, but without a schema."""
    prepare_instance(tmp_path / "bare")
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "bare"))
    return run


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[Flask]:
    """What would have been served."""
    found: list[Flask] = []
    monkeypatch.setattr(lms.cli, "serve_forever", lambda app, config: found.append(app))
    return found


@pytest.fixture
def quick_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo whose people have not lived: it is there in a second."""
    for name in ("live_through", "live_halfway"):
        monkeypatch.setattr(seeding, name, lambda *_, now: None)


def a_roster(folder: Path, *rows: list[str]) -> Path:
    path = folder / "daftar.csv"
    path.write_bytes(files.csv_bytes(files.HEADER, *rows))
    return path


# Help and usage


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_explains_itself(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words, "--help")

    assert result.exit_code == 0
    usage, _, text = result.output.partition("\n\n")
    assert usage.startswith("Usage:")
    assert text.strip()[0].isupper()


def test_every_option_of_ours_is_explained() -> None:
    for words in commands():
        command: click.Command = main
        for word in words:
            assert isinstance(command, click.Group)
            command = command.commands[word]
        silent = [
            option.name for option in command.params if isinstance(option, click.Option) and not option.help
        ]
        assert not silent, f"{words}: {silent}"


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_wrong_usage_is_exit_code_2_and_says_where_help_is(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words, "--no-such-option")

    assert result.exit_code == 2
    assert "No such option" in result.output
    assert "--help" in result.output


@pytest.mark.parametrize("words", [(), ("user",), ("course",), ("demo",), ("db",)], ids=" ".join)
def test_an_unknown_command_is_exit_code_2(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words, "tidak-ada")

    assert result.exit_code == 2
    assert "No such command 'tidak-ada'" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("user", "add", "--name", "X", "--login", "x@contoh.test", "--role", "raja"),
        ("cohort", "import"),
        ("cohort", "import", __file__, "--cohort", "satu"),
        ("course", "load", "/nonexistent/course"),
        ("course", "check", "/nonexistent/course"),
        ("certificate", "verify"),
        ("backup",),
        ("restore",),
    ],
    ids=" ".join,
)
def test_missing_and_impossible_arguments_are_exit_code_2(here: Run, words: tuple[str, ...]) -> None:
    assert here(*words).exit_code == 2


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").exit_code == 0


# Nothing there yet


@pytest.fixture
def needy(tmp_path: Path) -> list[tuple[object, ...]]:
    """Commands that need an installation with a schema."""
    paper = tmp_path / "sertifikat.pdf"
    paper.write_bytes(b"%PDF-1.7\n" + b"0" * 100)
    return [
        ("user", "add", "--name", "X", "--login", "x@contoh.test", "--role", "admin"),
        ("user", "reset", "x@contoh.test"),
        ("branch", "add", "MDN", "--name", "Madiun", "--city", "Madiun", "--signatory", "X"),
        ("course", "load", ROOT / "courses" / "curriculum" / "kader-penggerak"),
        ("course", "export", "kader-penggerak", tmp_path / "out"),
        ("cohort", "import", a_roster(tmp_path, files.SITI), "--cohort", "1"),
        ("attempts", "close-overdue"),
        ("certificate", "render"),
        ("demo", "restart"),
        ("demo", "remove"),
    ]


def test_without_a_schema_each_says_how_to_get_one(bare: Run, needy: list[tuple[object, ...]]) -> None:
    for words in needy:
        result = bare(*words)
        assert result.exit_code == 1, words
        assert "lms db upgrade" in result.output, (words, result.output)
        assert len(result.output.splitlines()) <= 2, (words, result.output)


def test_beyond_loopback_serving_without_a_schema_says_so_too(
    bare: Run, served: list[Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_HOST", "0.0.0.0")

    result = bare("serve")

    assert (result.exit_code, served) == (1, [])
    assert "lms db upgrade" in result.output


def test_without_an_installation_each_says_how_to_begin_one(
    run: Run, needy: list[tuple[object, ...]], tmp_path: Path
) -> None:
    nowhere = tmp_path / "mana saja"
    for words in (*needy, ("serve",), ("doctor",), ("db", "upgrade"), ("backup", tmp_path / "b.tar")):
        result = run("--instance", nowhere, *words)
        assert result.exit_code == 1, words
        assert f"There is no installation in {nowhere}" in result.output
        assert f"lms --instance '{nowhere}' doctor --prepare" in result.output
    assert not nowhere.exists()


def test_a_missing_key_is_named(here: Run, instance: Path) -> None:
    (instance / "keys" / "vault").unlink()

    result = here("user", "reset", "x@contoh.test")

    assert result.exit_code == 1
    assert f"Key {instance}/keys/vault is missing" in result.output


def test_an_unknown_setting_is_named(here: Run, instance: Path) -> None:
    (instance / "config.toml").write_text('HOTS = "127.0.0.1"\n')

    result = here("attempts", "close-overdue")

    assert result.exit_code == 1
    assert "Unknown setting HOTS" in result.output


@pytest.mark.postgres_only
@pytest.mark.skipif(not conftest.POSTGRES, reason="PostgreSQL's own way")
def test_a_database_that_does_not_answer_is_one_line(here: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    result = here("attempts", "close-overdue")

    assert result.exit_code == 1
    assert "The database does not answer" in result.output


# From nothing to everything


def test_doctor_leads_from_nothing_to_a_sound_installation(
    run: Run, tmp_path: Path, fresh_database: None
) -> None:
    words = ("--instance", tmp_path / "new")

    first = run(*words, "doctor")
    second = run(*words, "doctor", "--prepare")
    upgraded = run(*words, "db", "upgrade")
    third = run(*words, "doctor")

    assert (first.exit_code, second.exit_code, upgraded.exit_code) == (1, 1, 0)
    assert "MISSING  settings: There is no installation" in first.output
    assert "MISSING  schema: Schema is at nothing" in second.output
    assert "lms db upgrade" in second.output
    assert "MISSING" not in third.output.replace("MISSING  pdf", "")
    assert {line.split()[1].rstrip(":") for line in third.output.splitlines()} == {
        "database",
        "schema",
        "keys",
        "signing",
        "renewal",
        "disk",
        "pdf",
        "font",
        "jobs",
    }


def test_doctor_says_what_to_install_for_pdfs(here: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lms.core.pdf.check", lambda: "Type: apt-get install libpango-1.0-0")

    result = here("doctor")

    assert result.exit_code == 1
    assert "MISSING  pdf: Type: apt-get install libpango-1.0-0" in result.output


def test_demo_on_a_new_folder_is_one_command(
    run: Run, tmp_path: Path, fresh_database: None, quick_demo: None
) -> None:
    words = ("--instance", tmp_path / "new")

    first = run(*words, "demo", "--json")
    again = run(*words, "demo", "--json")
    text = run(*words, "demo")

    assert (first.exit_code, again.exit_code, text.exit_code) == (0, 0, 0)
    found = json.loads(first.stdout)
    assert json.loads(again.stdout)["cards"] == found["cards"]
    assert len(found["cards"]) == 25
    assert found["accounts"][0]["password"] in text.stdout
    assert "Loading the demo" in first.stderr
    assert "Loading the demo" not in again.stderr
    assert run(*words, "demo", "restart").exit_code == 0
    assert json.loads(run(*words, "demo", "--json").stdout)["cards"] != found["cards"]
    assert "The demo is gone." in run(*words, "demo", "remove").output


# Refusals of single commands


def test_a_login_that_nobody_has_is_named(here: Run, app: Flask) -> None:
    result = here("user", "reset", "tidakada@contoh.test")

    assert result.exit_code == 1
    assert result.output.startswith("Error: Nobody signs in with tidakada@contoh.test.")


def test_a_login_that_is_taken_is_refused(here: Run, app: Flask, session: Session) -> None:
    factories.make_user(session, Role.ADMIN, login="ada@contoh.test")

    result = here("user", "add", "--name", "X", "--login", "ADA@contoh.test", "--role", "admin")

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert session.query(User).count() == 1


def test_a_branch_that_is_not_there_is_named(here: Run, app: Flask) -> None:
    result = here("user", "add", "--name", "X", "--login", "x@a.test", "--role", "trainer", "--branch", "XXX")

    assert result.exit_code == 1
    assert "XXX" in result.output


def test_a_folder_without_a_course_is_refused(here: Run, app: Flask, tmp_path: Path) -> None:
    for command in ("check", "load"):
        result = here("course", command, tmp_path)
        assert result.exit_code == 1
        assert "course.yaml" in result.output


def test_a_course_that_is_not_there_is_not_exported(here: Run, app: Flask, tmp_path: Path) -> None:
    result = here("course", "export", "tidak-ada", tmp_path / "out")

    assert result.exit_code == 1
    assert "tidak-ada" in result.output


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 no workbook", b"\xff\xfe\x00", b"a;b\n1;2\n"])
def test_a_file_that_is_no_roster_is_refused(
    here: Run, app: Flask, session: Session, tmp_path: Path, body: bytes
) -> None:
    cohort = factories.make_cohort(session)
    for name in ("daftar.csv", "daftar.xlsx"):
        (tmp_path / name).write_bytes(body)
        result = here("cohort", "import", tmp_path / name, "--cohort", cohort.id)
        assert result.exit_code == 1, result.output
        assert result.output.startswith("Error: ")


def test_a_roster_with_a_faulty_row_enrols_nobody(
    here: Run, app: Flask, session: Session, tmp_path: Path
) -> None:
    cohort = factories.make_cohort(session)

    result = here(
        "cohort", "import", a_roster(tmp_path, files.SITI, ["", *files.BUDI[1:]]), "--cohort", cohort.id
    )

    assert result.exit_code == 1
    assert "The name is missing." in result.output
    assert session.query(User).filter_by(role="trainee").count() == 0


def test_a_cohort_that_is_not_there_is_named(here: Run, app: Flask, tmp_path: Path) -> None:
    result = here("cohort", "import", a_roster(tmp_path, files.SITI), "--cohort", 999)

    assert result.exit_code == 1
    assert "There is no cohort 999." in result.output


def test_a_file_that_is_no_paper_of_ours_is_told(here: Run, app: Flask, tmp_path: Path) -> None:
    (tmp_path / "note.pdf").write_text("bukan PDF")

    result = here("certificate", "verify", tmp_path / "note.pdf")

    assert result.exit_code == 2
    assert "UNCHECKED" in result.output


def test_a_shipped_course_that_somebody_broke_is_told_with_its_place(
    here: Run, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(seeding.COURSE, tmp_path / "course")
    (tmp_path / "course" / "course.yaml").write_text("title: [")
    monkeypatch.setattr(seeding, "COURSE", tmp_path / "course")

    for words in (("demo",), ("demo", "restart")):
        result = here(*words)
        assert result.exit_code == 1
        assert "course.yaml" in result.output
        assert f"lms course check {tmp_path / 'course'}" in result.output


# Serving


def test_serving_hands_the_application_over(here: Run, served: list[Flask]) -> None:
    assert here("serve").exit_code == 0
    assert len(served) == 1


def test_demo_people_are_not_served_beyond_this_machine(
    here: Run, app: Flask, session: Session, served: list[Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_user(session, is_demo=True)
    monkeypatch.setenv("LMS_HOST", "0.0.0.0")

    for words in (("serve",), ("serve", "--demo")):
        result = here(*words)
        assert result.exit_code == 1, words
        assert "does not listen at 0.0.0.0" in result.output
        assert "lms demo remove" in result.output
    assert served == []


@pytest.mark.parametrize("words", [("demo",), ("demo", "--json"), ("demo", "restart")], ids=" ".join)
def test_demo_people_are_not_made_beyond_this_machine(
    here: Run, instance: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LMS_HOST", "192.0.2.1")

    result = here(*words)

    assert result.exit_code == 1
    assert "loopback only" in result.output


def test_a_demo_for_the_network_is_the_course_without_people(
    here: Run, session: Session, served: list[Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMS_HOST", "0.0.0.0")

    result = here("serve", "--demo")

    assert result.exit_code == 0, result.output
    assert len(served) == 1
    assert "without demo people" in result.output
    assert "lms user add --role admin" in result.output
    assert session.query(User).count() == 0
    assert here("course", "export", "kader-penggerak", tmp_path / "out").exit_code == 0


def test_nobody_is_in_a_database_that_nobody_seeded(app: Flask, session: Session) -> None:
    assert session.query(User).count() == 0


@pytest.mark.parametrize(
    ("host", "bind"),
    [("127.0.0.1", "127.0.0.1:8123"), ("::1", "[::1]:8123"), ("localhost", "localhost:8123")],
)
def test_the_server_listens_where_it_is_told(instance: Path, host: str, bind: str) -> None:
    config = load_config(instance, HOST=host, PORT=8123, WORKERS=3, THREADS=5)

    told = settings(config)

    assert (told["bind"], told["workers"], told["threads"]) == (bind, 3, 5)
