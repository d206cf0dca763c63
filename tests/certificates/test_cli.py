"""`lms certificate render`: the papers of a cohort ahead of time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from certificates.cli import certificate as group
from certificates.models import Certificate
from tests.factories import complete, make_enrolment

pytestmark = pytest.mark.usefixtures("renderer")

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *words: app.test_cli_runner().invoke(group, [str(word) for word in words])


@pytest.fixture
def certificate(session: Session) -> Certificate:
    return complete(session, make_enrolment(session, name="Siti Aminah"))


def test_render_makes_each_paper_once(run: Run, session: Session, certificate: Certificate) -> None:
    assert "1 PDFs" in run("render", "--cohort", certificate.cohort_id).output
    assert "0 PDFs" in run("render").output
    session.rollback()
    assert session.scalars(select(Certificate.pdf_sha256)).one() is not None


def test_help_has_exit_code_0(run: Run) -> None:
    for words in (["--help"], ["render", "--help"]):
        assert run(*words).exit_code == 0
