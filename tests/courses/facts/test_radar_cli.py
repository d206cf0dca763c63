"""`lms facts radar` prints what the page shows, and pauses what has to be."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from courses.facts.radar_cli import radar
from lms.core.db import begin_write
from lms.core.schema import upgrade
from quizzes.bank.models import StaleVersion
from tests.courses.facts.changes import change, succeed
from tests.quizzes.bank.stale.test_staleness import rows
from tests.quizzes.bank.users import KEY, load


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(radar, arguments)


def forget_pauses(session: Session) -> None:
    """Leave things as new data shipped with the code would: changed, and nobody told."""
    begin_write(session)
    session.execute(delete(StaleVersion))
    session.commit()


def test_it_says_that_all_is_well(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)

    assert run(app).stdout == "All is well, law of 2026-11-22.\n"


def test_it_lists_every_use(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    lines = run(app).stdout.splitlines()

    assert lines[0] == f"{KEY}: 2% → 3%"
    assert lines[-1] == "1 facts to look at, law of 2026-11-22."
    assert [line.split()[0] for line in lines[1:-1]] == [
        "lesson",
        "stem",
        "key",
        "option",
        "feedback",
        "explanation",
        "quiz",
    ]
    assert lines[2].endswith("coba/iuran-01  stem  paused")


def test_it_prints_json(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")

    found: dict[str, Any] = json.loads(run(app, "--json").stdout)

    (fact,) = found["facts"]
    assert (found["as_of"], fact["key"], fact["changes"]) == (
        "2026-11-22",
        KEY,
        [{"saw": "2%", "now": "3%"}],
    )
    assert [use["kind"] for use in fact["uses"] if use["is_paused"]] == ["stem", "key", "option"]
    assert fact["quizzes"] == [{"title": "Kuis iuran", "version": 1, "as_of": "2026-11-22"}]


def test_it_pauses_what_new_data_changed(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    forget_pauses(session)

    run(app)

    assert rows(session)["iuran-01 1"] == ("open", True)


def test_looking_ahead_pauses_nothing(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    succeed(session, KEY, "0.03", valid_from=date(2027, 3, 1))

    assert "2% → 3%" in run(app, "--as-of", "2027-03-01").stdout
    assert rows(session) == {}


def test_bringing_the_schema_up_to_date_looks_again(app: Flask, session: Session, tmp_path: Path) -> None:
    load(session, tmp_path)
    change(session, KEY, "0.03")
    forget_pauses(session)

    assert app.test_cli_runner().invoke(upgrade).exit_code == 0

    assert rows(session)["iuran-01 1"] == ("open", True)
