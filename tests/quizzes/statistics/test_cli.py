"""`lms quiz`: numbers anyone can check against their own tool, without a database."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path

import pytest
from click.testing import CliRunner

from lms.cli import main
from quizzes.statistics import cli

TABLE = "name,Tarif,Iuran\nmax,1,2\nguess,0.25,\nAni,1,2\nBudi,0,0.5\nCici,1,1\nDodi,0,1.5\n"


def run(tmp_path: Path, text: str | bytes, *options: str) -> tuple[int, str]:
    file = tmp_path / "marks.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    # No installation there: a command that opened its database would fail.
    found = CliRunner().invoke(main, ["--instance", str(tmp_path), "quiz", "analyse", str(file), *options])
    return found.exit_code, found.output


def test_a_table_is_analysed_as_json(tmp_path: Path) -> None:
    code, output = run(tmp_path, TABLE, "--json")

    found = json.loads(output)
    assert code == 0
    assert list(found) == ["attempts", "quiz", "questions"]
    assert found["attempts"] == 4
    assert list(found["quiz"]) == [
        "mean",
        "median",
        "sd",
        "skewness",
        "kurtosis",
        "cic",
        "error_ratio",
        "standard_error",
    ]
    # Totals 3, 0.5, 2 and 1.5 of 3 marks: 1.75 on average, squares about it 3.25.
    assert found["quiz"]["mean"] == found["quiz"]["median"] == pytest.approx(100 * 1.75 / 3)
    assert found["quiz"]["sd"] == pytest.approx(100 * sqrt(3.25 / 3) / 3)
    # Variances of the questions 1/3 and 1.25/3 beside 3.25/3: 200·(1 − 2.25/3.25).
    assert found["quiz"]["cic"] == pytest.approx(200 * (1 - 2.25 / 3.25))
    assert found["quiz"]["error_ratio"] == pytest.approx(100 * sqrt(1 - found["quiz"]["cic"] / 100))
    error = found["quiz"]["error_ratio"] * found["quiz"]["sd"] / 100
    assert found["quiz"]["standard_error"] == pytest.approx(error)
    first, second = found["questions"]
    assert list(first) == [
        "name",
        "facility",
        "sd",
        "guess",
        "intended_weight",
        "effective_weight",
        "discrimination_index",
        "discriminative_efficiency",
    ]
    assert (first["name"], first["facility"], first["guess"]) == ("Tarif", 50, 25)
    assert (second["facility"], second["guess"]) == (62.5, None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["marks.csv"]


def test_what_is_undefined_is_null(tmp_path: Path) -> None:
    code, output = run(tmp_path, "1,1\n1,0\n", "--json")

    found = json.loads(output)
    assert code == 0
    assert found["quiz"] == {**dict.fromkeys(found["quiz"]), "mean": 50, "median": 50}
    assert found["questions"][0]["discrimination_index"] is None


def test_without_json_it_is_a_table_to_read(tmp_path: Path) -> None:
    code, output = run(tmp_path, TABLE)

    assert code == 0
    assert output.startswith("Papers: 4, maximum marks: 3\n")
    assert "Iuran     62.50" in output


def test_errors_say_where_and_exit_with_1(tmp_path: Path) -> None:
    assert run(tmp_path, "1,1\n1,x\n", "--json") == (1, "Error: row 2, column 2: “x” is no number\n")
    code, output = run(tmp_path, "1,1\n1,é".encode("cp1252"))
    assert (code, "UTF-8" in output) == (1, True)


def test_a_file_without_end_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "MOST_BYTES", 1_000_000)

    assert run(tmp_path, "1,1\n" * 250_001) == (1, "Error: the file is larger than 1 MB\n")


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["quiz", "analyse", str(tmp_path / "none.csv")]).exit_code == 2
