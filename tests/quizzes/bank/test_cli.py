"""The command that makes the index of the bank anew."""

from __future__ import annotations

from click.testing import CliRunner
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from quizzes.bank.cli import questions
from quizzes.bank.search.models import QuestionSearch
from tests import factories


def test_reindexing_brings_back_what_was_lost(app: Flask, session: Session) -> None:
    version = factories.make_question(session)
    begin_write(session)
    session.execute(delete(QuestionSearch))
    session.commit()

    result = CliRunner().invoke(questions, ["reindex"])

    assert result.output == "Questions that can be found: 1\n"
    assert session.scalars(select(QuestionSearch.question_id)).all() == [version.question_id]
