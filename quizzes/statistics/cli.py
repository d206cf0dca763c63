"""Commands for the analysis of quizzes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from lms.core.db import db
from quizzes.statistics.matrix import Analysis, Matrix, MatrixFault, analyse, read_matrix
from quizzes.statistics.rebuilding import tally_all

MOST_BYTES = 100_000_000
"""About a million people with fifty questions each."""

QUIZ_FIELDS = (
    "mean",
    "median",
    "sd",
    "skewness",
    "kurtosis",
    "cic",
    "error_ratio",
    "standard_error",
)
IN_PERCENT = ("mean", "median", "sd", "standard_error")
"""Of the maximum marks of the quiz; worked out in marks."""
QUESTION_FIELDS = (
    "name",
    "facility",
    "sd",
    "guess",
    "intended_weight",
    "effective_weight",
    "discrimination_index",
    "discriminative_efficiency",
)


@click.group()
def quiz() -> None:
    """How quizzes did."""


@quiz.command("analyse")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def analyse_file(file: Path, as_json: bool) -> None:
    """Analyse a table of marks in FILE (CSV), without a database.

    One row a person, one column a question; the first row has the maximum marks, and a second one that
    begins with "guess" what blind guessing earns (0 to 1, or percent). Names of the questions may stand
    above, names of people before. As Moodle's report shows them, mean, median, sd and standard error of the
    quiz are percentages of its maximum, and sd of a question of that of the question; all percentages are
    0 to 100. What is not defined is null.
    """
    found = analyse(_read(file))
    if as_json:
        click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(as_lines(found)))


@quiz.command("tally")
@with_appcontext
def tally() -> None:
    """Tally all papers anew, for the reports; needed after a restore only if they are in doubt."""
    count = 0
    for tallied in tally_all(db.session()):
        db.session.commit()
        count += tallied
    db.session.rollback()
    click.echo(f"Papers tallied: {count}")


def _read(file: Path) -> Matrix:
    if file.stat().st_size > MOST_BYTES:
        raise MatrixFault(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return read_matrix(lines)
    except UnicodeDecodeError:
        raise MatrixFault("the file is not UTF-8; save it as “CSV UTF-8”") from None


def as_data(found: Analysis) -> dict[str, Any]:
    """Return the result as it is printed in JSON.

    Moodle works the quiz out in marks and shows it as percentages of the maximum (`mod_quiz`, report
    "statistics": ``summarks_as_percentage``), which do not depend on what a question is worth.
    """
    of_quiz = asdict(found.quiz)
    of_quiz |= {name: found.quiz.percent(of_quiz[name]) for name in IN_PERCENT}
    return {
        "attempts": found.quiz.attempts,
        "quiz": {name: of_quiz[name] for name in QUIZ_FIELDS},
        "questions": [
            {name: value for name, value in asdict(question).items() if name in QUESTION_FIELDS}
            for question in found.questions
        ],
    }


def as_lines(found: Analysis) -> list[str]:
    """Return the result as two tables to read."""
    of_quiz = as_data(found)
    lines = [f"Papers: {of_quiz['attempts']}, maximum marks: {found.quiz.maximum:g}", ""]
    lines += [f"{name.replace('_', ' '):16}{_figure(of_quiz['quiz'][name]):>10}" for name in QUIZ_FIELDS]
    rows = [
        [question["name"], *map(_figure, list(question.values())[1:])] for question in of_quiz["questions"]
    ]
    return [*lines, "", *_table([[name.replace("_", " ") for name in QUESTION_FIELDS], *rows])]


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines, each column as wide as its longest cell; the first to the left."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(_aligned(row, widths)) for row in rows]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    name, *cells = row
    return [name.ljust(widths[0]), *(cell.rjust(wide) for cell, wide in zip(cells, widths[1:], strict=True))]


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
