"""The commands: nothing is stored where something is wrong, unless asked; 0, 1 and 2 say how it went."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lms.core.accounts.models import Role
from lms.core.audit.models import AuditEvent
from quizzes.bank.models import Question
from quizzes.bank.origin_models import QuestionOrigin
from quizzes.exchange.cli import convert, export_questions, import_questions
from tests import factories
from tests.quizzes.exchange.fixtures import FOLDER

ERRORS = FOLDER / "aiken" / "errors.txt"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "soal.txt"
    path.write_text("1. Siapa?\na. Saya\nb. Anda\nKunci: A\n\n2. Benarkah?\nKunci: Salah\n")
    return path


def bring(*arguments: object) -> Result:
    return CliRunner().invoke(import_questions, [str(argument) for argument in arguments])


def test_a_file_is_stored_as_drafts_of_a_branch(app: Flask, session: Session, good: Path) -> None:
    branch = factories.make_branch(session)
    person = factories.make_user(session, Role.TRAINER, branch=branch, login="pelatih@contoh.test")
    result = bring(good, "--branch", branch.code, "--topic", "Iuran", "--by", "pelatih@contoh.test")
    assert (result.exit_code, "2 questions, 0 errors. Stored: 2." in result.output) == (0, True)
    stored = session.scalars(select(Question)).all()
    assert {(one.status, one.branch_id, one.topic, one.created_by_id) for one in stored} == {
        ("draft", branch.id, "iuran", person.id)
    }
    assert {one.format for one in session.scalars(select(QuestionOrigin))} == {"teks"}
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "question.imported")).one()
    assert event.actor_id == person.id


def test_nothing_is_stored_where_something_is_wrong(app: Flask, session: Session) -> None:
    result = bring(ERRORS)
    assert (result.exit_code, "errors.txt:14: " in result.stderr) == (1, True)
    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_the_rest_is_stored_where_that_is_asked(app: Flask, session: Session) -> None:
    result = bring(ERRORS, "--skip-errors", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["stored"], len(told["errors"])) == (1, 3, 4)
    ids = session.scalars(select(Question.id).order_by(Question.id)).all()
    assert [one["question_id"] for one in told["questions"]] == list(ids)
    assert told["questions"][0]["source"]["stem"] == "Ke mana iuran disetor?"


def test_a_dry_run_needs_no_installation(good: Path) -> None:
    result = bring(good, "--dry-run", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["stored"], told["format"]) == (0, 0, "teks")
    assert told["questions"][1]["guesses"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["tidak-ada.txt"], 2),
        ([ERRORS, "--format", "tidak-ada"], 2),
        ([ERRORS, "--topic", "!!"], 2),
        ([__file__, "--format", "kahoot"], 1),
    ],
)
def test_wrong_usage_and_unreadable_files_have_codes_of_their_own(arguments: list[object], code: int) -> None:
    assert bring(*arguments, "--dry-run").exit_code == code


def test_who_is_not_there_is_wrong_usage_and_nothing_is_stored(
    app: Flask, session: Session, good: Path
) -> None:
    for option in ("--branch", "--by"):
        assert bring(good, option, "tidak-ada").exit_code == 2
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_a_file_becomes_one_of_another_format_without_a_database(good: Path) -> None:
    said = CliRunner().invoke(convert, [str(good), "--to", "gift"])
    assert said.exit_code == 0, said.output
    target = good.with_suffix(".gift") if good.with_suffix(".gift").exists() else good.with_suffix(".txt")
    assert "=Saya" in target.read_text()


def test_a_conversion_writes_nothing_over_what_is_there_and_nothing_of_a_faulty_file(
    tmp_path: Path, good: Path
) -> None:
    def run(*arguments: object) -> Result:
        return CliRunner().invoke(convert, [str(argument) for argument in arguments])

    before = good.read_text()
    assert (run(good, "--to", "aiken").exit_code, good.read_text()) == (1, before)
    goal = tmp_path / "x.aiken"
    assert (run(ERRORS, "--to", "aiken", "--output", goal).exit_code, goal.exists()) == (1, False)
    skipped = run(ERRORS, "--to", "aiken", "--output", goal, "--skip-errors")
    assert (skipped.exit_code, goal.read_text().count("ANSWER: ")) == (1, 3)


def test_questions_of_the_bank_go_out_and_that_is_noted(
    app: Flask, session: Session, tmp_path: Path, good: Path
) -> None:
    bring(good, "--topic", "a")
    goal = tmp_path / "keluar.txt"
    said = CliRunner().invoke(export_questions, ["--to", "aiken", "--topic", "a", "--output", str(goal)])
    assert (said.exit_code, "2 of 2 questions" in said.output) == (0, True)
    assert goal.read_text().count("ANSWER: ") == 2
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "question.exported")).one()
