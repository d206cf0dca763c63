"""A branch office is added by command, before anybody works there."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.cli import branch as group
from lms.core.accounts.models import Branch
from lms.core.audit.models import AuditEvent
from lms.core.errors import Invalid

MADIUN = ["add", "mdn", "--name", "Kantor Cabang Madiun", "--city", "Madiun", "--signatory", "Pejabat Contoh"]


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(group, list(arguments))


def test_a_branch_is_added_under_its_code_and_leaves_a_trace(app: Flask, session: Session) -> None:
    result = run(app, *MADIUN)

    assert result.exit_code == 0
    branch = session.scalars(select(Branch)).one()
    assert (branch.code, branch.city, branch.time_zone) == ("MDN", "Madiun", "Asia/Jakarta")
    assert session.scalars(select(AuditEvent.action)).all() == ["branch.created"]


def test_a_code_is_given_once(app: Flask, session: Session) -> None:
    run(app, *MADIUN)

    assert isinstance(run(app, *MADIUN).exception, Invalid)
    assert len(session.scalars(select(Branch)).all()) == 1


@pytest.mark.parametrize("zone", ["WIB", "Asia/Madiun", ""])
def test_a_time_zone_that_does_not_exist_is_refused(app: Flask, session: Session, zone: str) -> None:
    assert isinstance(run(app, *MADIUN, "--time-zone", zone).exception, Invalid)
    assert session.scalars(select(Branch)).all() == []
