"""`lms cohort import`: the dry run as text, decisions by row, exit codes a script can use."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from courses.cohorts.cli import cohort as group
from courses.cohorts.models import Cohort, Enrolment
from lms.core.errors import LmsError
from tests import factories
from tests.courses.cohorts import files
from tests.courses.cohorts.files import BUDI, HEADER, SITI

TWIN = ["Siti Aminah", "PSM", "Dinas Contoh", "Kab. Ngawi", ""]


@pytest.fixture
def cohort(session: Session) -> Cohort:
    return factories.make_cohort(session)


def run(app: Flask, folder: Path, rows: list[list[str]], *options: str) -> Result:
    file = folder / "daftar.csv"
    file.write_bytes(files.csv_bytes(HEADER, *rows))
    return app.test_cli_runner().invoke(group, ["import", str(file), *options])


def people(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count()).select_from(Enrolment)).one()


def test_a_dry_run_shows_every_row_and_changes_nothing(
    app: Flask, session: Session, cohort: Cohort, tmp_path: Path
) -> None:
    result = run(app, tmp_path, [SITI, BUDI], "--cohort", str(cohort.id), "--dry-run")

    assert result.exit_code == 0
    assert "new 2" in result.output
    assert people(session) == 0


def test_a_dry_run_with_a_faulty_row_says_why_and_fails(app: Flask, cohort: Cohort, tmp_path: Path) -> None:
    result = run(app, tmp_path, [SITI, ["", *BUDI[1:]]], "--cohort", str(cohort.id), "--dry-run")

    assert result.exit_code == 1
    assert "The name is missing." in result.output


def test_an_import_enrols_everybody(app: Flask, session: Session, cohort: Cohort, tmp_path: Path) -> None:
    result = run(app, tmp_path, [SITI, BUDI], "--cohort", str(cohort.id))

    assert result.exit_code == 0
    assert people(session) == 2


def test_twins_are_decided_by_row(app: Flask, session: Session, cohort: Cohort, tmp_path: Path) -> None:
    asked = run(app, tmp_path, [SITI, TWIN], "--cohort", str(cohort.id))
    assert asked.exit_code == 1
    assert "--decide 3=new" in asked.output
    assert people(session) == 0

    decided = run(app, tmp_path, [SITI, TWIN], "--cohort", str(cohort.id), "--decide", "3=row-2")
    assert decided.exit_code == 0
    assert people(session) == 1


def test_a_decision_that_cannot_be_read_is_wrong_usage(app: Flask, cohort: Cohort, tmp_path: Path) -> None:
    assert run(app, tmp_path, [SITI], "--cohort", str(cohort.id), "--decide", "x").exit_code == 2


def test_a_cohort_that_is_not_there_is_an_error(app: Flask, tmp_path: Path) -> None:
    assert isinstance(run(app, tmp_path, [SITI], "--cohort", "999").exception, LmsError)
