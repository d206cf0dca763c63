"""A form changes what it shows and nothing else; what staff change is written down (research: check 22)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Boolean, CheckConstraint, Integer, func, select
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from lms.core.audit.models import AuditEvent
from lms.core.db import Base, UtcDateTime, db
from tests.security.conftest import Stage
from tests.security.forms import Form, forms_of, submit
from tests.security.observe import contents, differences, settled
from tests.security.test_authz_matrix import TABLE

VISITORS = ("anonymous", "trainee", "other", "organiser", "trainer", "admin")

NOT_BY_FORM = {
    "POST accounts.choose_password": "needs a one-time token: tests/lms/core/accounts",
    "POST staff.unblock": "nobody is blocked in this world: tests/lms/core/accounts",
    "POST accounts.enter_code": "a second factor is shown already in this world: tests/lms/core/accounts",
    "POST accounts.enter_recovery_code": "the same",
    "POST cohorts.reinstate": "nobody is withdrawn in this world: tests/courses/cohorts",
    "POST cohorts.resolve_correction": "nobody asked for a correction in this world: tests/courses/cohorts",
    "POST attempts.begin": "a sitting is going on in this world: tests/quizzes/attempts",
    "POST cohorts.draft_timetable": "this world has a timetable: tests/courses/cohorts",
    "POST certificates.repair": "no certificate is missing in this world: tests/certificates",
}
"""Addresses no page of this world has a form for, each with where they are tried instead."""

NEVER_RIGHT = {"POST cards.sign_in", "POST accounts.enrol_second_factor"}
"""Codes nobody can make up: a PIN, the second factor. tests/lms/core/accounts, tests/courses/cohorts."""

SCRATCH = {"roster_draft+", "roster_draft-"}
"""Changes by staff that are nobody's business yet: the audit log has them when they are applied."""

OWN_SESSION = re.compile(r"user_session[.+-]|recovery_code[+-]|password_reset[.+-]|throttle")


def extras() -> dict[str, str]:
    """Return a value for every column of every table, one that would be taken if anything took it."""
    found: dict[str, str] = {}
    for table in Base.metadata.sorted_tables:
        checks = " ".join(str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint))
        for column in table.columns:
            allowed = re.search(rf"\b{column.name} IN \(([^)]*)\)", checks)
            if allowed:
                words = re.findall(r"'(\w+)'", allowed[1])
                found[column.name] = "admin" if "admin" in words else words[-1]
            elif isinstance(column.type, Boolean):
                found.setdefault(column.name, "1")
            elif isinstance(column.type, UtcDateTime):
                found.setdefault(column.name, "2020-01-01T00:00:00")
            else:
                found.setdefault(column.name, "2" if isinstance(column.type, Integer) else "Zzextra")
    return found


def forms_for(stage: Stage, person: str) -> Iterator[Form]:
    """Yield every form that changes something on the pages of a person, once."""
    seen = set()
    pages = [response for _rule, _side, response in stage.crawl(person, sides="a")]
    pages += [stage.browser(person).get(path) for path in stage.world.pages]
    for page in pages:
        for form in forms_of(page):
            if form.method == "POST" and form.identity not in seen:
                seen.add(form.identity)
                yield form


def endpoint_of(stage: Stage, form: Form) -> str:
    """Return the line of access.yaml a form goes to."""
    path = urlsplit(form.action).path
    try:
        endpoint, _ = stage.app.url_map.bind("localhost").match(path, method="POST")
    except RequestRedirect:
        pytest.fail(f"form goes to {path}, which redirects")
    return f"POST {endpoint}"


def audit_count() -> int:
    """Return how many events the audit log has."""
    return db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0


reached: dict[str, dict[str, set[int]]] = {}
"""Person → line of access.yaml → how its forms were met."""


@pytest.mark.parametrize("person", VISITORS)
def test_a_form_changes_what_it_shows_and_staff_leave_a_note(stage: Stage, person: str) -> None:
    tried = reached.setdefault(person, {})
    silent: list[str] = []
    forms = list(forms_for(stage, person))
    stage.reset()
    before, count = contents(), audit_count()
    for form in forms:
        stage.reset()
        plain = submit(stage.browser(person), form)
        after, noted = contents(), audit_count() > count
        tried.setdefault(endpoint_of(stage, form), set()).add(plain.status_code)
        changed = {c for c in differences(before, after) - SCRATCH if not OWN_SESSION.match(c)}
        if changed and not noted and person in {"organiser", "trainer", "admin"}:
            silent.append(f"{form.action} changed {sorted(changed)}")
        stage.reset()
        response = _send_with_more(stage, person, form)
        more = contents()
        if response.status_code in {404, 422} and not differences(before, more):
            continue  # it knows the field, and refused what was in it
        assert response.status_code == plain.status_code, form.action
        assert settled(more) == settled(after), f"{form.action} takes a field it does not show"
    assert not silent, "and wrote nothing down"


def _send_with_more(stage: Stage, person: str, form: Form) -> TestResponse:
    """Send the form with every column of every table beside its own fields."""
    shown = {name for name, _ in form.values} | set(form.options)
    more = {name: value for name, value in extras().items() if name not in shown}
    return submit(stage.browser(person), form, more)


def test_every_address_that_changes_something_was_tried_by_its_form() -> None:
    if set(reached) != set(VISITORS):
        pytest.skip("counts what the tests above have tried")
    met: dict[str, set[int]] = {}
    for tried in reached.values():
        for route, codes in tried.items():
            met.setdefault(route, set()).update(codes)

    posts = {route for route in TABLE["routes"] if route.startswith("POST")}
    assert sorted(posts - set(met) - set(NOT_BY_FORM)) == [], "no page has a form for these"
    assert sorted(set(NOT_BY_FORM) & set(met)) == [], "exceptions that are none any more"
    refused = {route for route, codes in met.items() if not codes & {200, 303}}
    assert not refused - NEVER_RIGHT, f"no form got through: {sorted(refused - NEVER_RIGHT)}"


def test_a_save_by_script_takes_nothing_but_the_answer(stage: Stage) -> None:
    rule = next(rule for rule in stage.rules("POST") if rule.endpoint == "attempts.save")
    answer = {"position": 1, "event": "mass-1", "sequence": 9, "raw": {"choice": ["1"]}, "flagged": False}

    stage.browser("trainee").post(stage.url(rule), json=answer)
    expected = settled(contents())
    stage.reset()
    response = stage.browser("trainee").post(stage.url(rule), json={**extras(), **answer})

    assert response.status_code == 200
    assert settled(contents()) == expected
