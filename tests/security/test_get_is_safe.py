"""Looking changes nothing (check 12)."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from lms.core.db import db
from tests.security.conftest import Stage
from tests.security.observe import TRACES, contents, differences
from tests.security.world import PEOPLE


@pytest.mark.parametrize("person", PEOPLE)
def test_reading_every_page_leaves_only_the_agreed_traces(stage: Stage, person: str) -> None:
    before = contents(without={})

    for _rule, _side, response in stage.crawl(person):
        assert response.status_code < 500
    for path in (*stage.world.pages, f"/soal/ekspor?soal={stage.world.objects['question_id']['a']}"):
        assert stage.browser(person).get(path).status_code < 500

    changed = differences(before, contents(without={}))
    allowed = {"throttle+", "audit_event+", "certificate_check+"}
    allowed |= {f"{table}.{column}" for table, columns in TRACES.items() for column in columns or ()}
    assert not {change for change in changed - allowed if not change.startswith("throttle.")}


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_safe_methods_change_nothing_either(stage: Stage, method: str) -> None:
    before = contents()

    for rule in stage.rules(method):
        response = stage.browser("admin").open(stage.url(rule), method=method)
        assert response.status_code < 500
        assert not response.data or method == "OPTIONS"

    assert contents() == before


def test_reading_takes_no_write_lock(stage: Stage) -> None:
    """A page that begins a write transaction waits for every save, and holds them up."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks rows, not the database")
    stage.browser("trainee").get("/")  # the session is noted as seen
    begun: list[str] = []
    event.listen(
        db.engine,
        "before_cursor_execute",
        lambda conn, cursor, statement, *rest: begun.append(statement) if "IMMEDIATE" in statement else None,
    )

    for rule, _side, _response in stage.crawl("trainee", sides="a"):
        assert not begun, f"{rule.endpoint} takes the write lock"
