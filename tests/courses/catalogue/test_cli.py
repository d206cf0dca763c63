"""`lms course`: 0 done, 1 faults, 2 wrong usage; faults on stderr with file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from courses.catalogue.cli import course
from courses.catalogue.quizzes import EXTENSION
from tests.courses.catalogue.folders import COURSE, LESSON, TrustingStore, sample, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "contoh", sample())


def run(app: Flask, *arguments: object) -> Result:
    app.extensions[EXTENSION] = TrustingStore()
    return app.test_cli_runner().invoke(course, [str(argument) for argument in arguments])


def test_a_right_folder_has_no_faults(app: Flask, folder: Path) -> None:
    result = run(app, "check", folder)

    assert result.exit_code == 0
    assert "no faults at 2026-11-22: 1 lessons, 2 quizzes, 2 questions." in result.stdout


def test_faults_go_to_stderr_with_file_and_line(app: Flask, folder: Path) -> None:
    write(folder, {"day-1/01-jkm/materi.md": LESSON.replace("jkm.benefit.", "jkm.x.").encode()})

    result = run(app, "check", folder)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{folder}/day-1/01-jkm/materi.md:5: ")


def test_faults_of_the_structure_too(app: Flask, folder: Path) -> None:
    write(folder, {"course.yaml": COURSE.replace("minutes: 60", "minutes: x").encode()})

    for command in ("check", "load"):
        result = run(app, command, folder)

        assert (result.exit_code, result.stderr.split(": ")[0]) == (1, f"{folder}/course.yaml:16")


def test_faults_as_json(app: Flask, folder: Path) -> None:
    write(folder, {"course.yaml": COURSE.replace("minutes: 60", "minutes: x").encode()})

    result = run(app, "check", folder, "--json")

    assert result.exit_code == 1
    assert [(fault["file"], fault["line"]) for fault in json.loads(result.stdout)["faults"]] == [
        ("course.yaml", 16)
    ]


def test_load_publish_and_load_again(app: Flask, folder: Path) -> None:
    assert "edition 1, draft, law of 2026-11-22" in run(app, "load", folder).stdout
    assert "edition 1, published" in run(app, "load", folder, "--publish").stdout
    assert "edition 1, published" in run(app, "load", folder).stdout
    assert "edition 2, draft, law of 2016-10-19" in run(app, "load", folder, "--as-of", "2016-10-19").stdout


def test_variants_are_shown_before_publishing_and_when_asked_for(app: Flask, folder: Path) -> None:
    assert "Berapa?\t5 rupiah" in run(app, "load", folder).stdout
    assert "Berapa?" not in run(app, "load", folder, "--publish").stdout
    assert "Berapa?" not in run(app, "check", folder).stdout
    assert "jkm-01\t1\tBerapa?" in run(app, "check", folder, "--samples").stdout
    assert json.loads(run(app, "check", folder, "--samples", "--json").stdout)["samples"]


def test_load_as_json(app: Flask, folder: Path) -> None:
    result = run(app, "load", folder, "--json")

    assert json.loads(result.stdout) == {
        "slug": "contoh",
        "edition": 1,
        "status": "draft",
        "as_of": "2026-11-22",
    }


def test_export_writes_the_files_back(app: Flask, folder: Path, tmp_path: Path) -> None:
    run(app, "load", folder)

    result = run(app, "export", "contoh", tmp_path / "out")

    assert result.exit_code == 0
    for path, body in sample().items():
        assert (tmp_path / "out" / path).read_bytes() == body


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", "/nowhere"),
        ("check", "/tmp", "--as-of", "kemarin"),
        ("load", "/tmp", "--as-of", "2016-13-01"),
        ("export", "contoh"),
        ("export", "contoh", "/tmp/x", "--edition", "0"),
        ("unload",),
    ],
)
def test_wrong_usage_is_exit_code_2(app: Flask, arguments: tuple[str, ...]) -> None:
    assert run(app, *arguments).exit_code == 2


def test_every_command_has_help(app: Flask) -> None:
    for command in ("check", "load", "export"):
        assert run(app, command, "--help").exit_code == 0


def test_advice_is_printed_and_strict_refuses_it(app: Flask, folder: Path) -> None:
    result = run(app, "check", folder)

    assert "periksa/kata.txt:0: Tidak ada daftar kata" in result.stderr
    assert run(app, "check", folder, "--strict").exit_code == 1


def test_words_nobody_knows_yet_are_listed_with_their_place(app: Flask, folder: Path) -> None:
    write(folder, {"periksa/kata.txt": b"santunan\n"})

    result = run(app, "words", folder)

    assert result.exit_code == 0
    first = result.stdout.splitlines()[0].split("\t")
    assert len(first) == 3
    assert not any(line.startswith("santunan\t") for line in result.stdout.splitlines())


def test_a_word_that_is_not_in_the_list_is_a_fault(app: Flask, folder: Path) -> None:
    write(folder, {"periksa/kata.txt": b"santunan\n"})

    result = run(app, "check", folder)

    assert result.exit_code == 1
    assert "tidak ada dalam daftar kata" in result.stderr


def test_export_with_edits_differs_only_in_the_edited_files(app: Flask, folder: Path, tmp_path: Path) -> None:
    run(app, "load", folder)

    result = run(app, "export", "contoh", tmp_path / "x", "--edited", "--json")

    assert json.loads(result.stdout)["edited"] == ["questions/jkm.yaml"]
    differing = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.*")
        if path.read_bytes() != (tmp_path / "x" / path.relative_to(folder)).read_bytes()
    }
    assert differing == {"questions/jkm.yaml"}
