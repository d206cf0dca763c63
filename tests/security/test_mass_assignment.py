"""A form changes what it shows and nothing else; what staff change is written down (check 22)."""

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
    "POST moves.move": "no course of this world has a second edition: tests/courses/learning/test_moving.py",
    "POST drafts.answer": "nobody waits for a review in this world: tests/courses/catalogue/drafts",
    "POST drafts.publish": "no working copy of this world is approved: tests/courses/catalogue/drafts",
    "POST drafts.preview": "its script sends it: tests/courses/catalogue/drafts",
    "POST drafts.autosave": "the same",
    "POST editions.publish": "every edition of this world is published: tests/courses/catalogue",
    "POST together.open_door": "no papers are drawn in this world: tests/quizzes/attempts",
    "POST together.release": "the same",
    "POST hall.resume": "no hall is stopped in this world: tests/quizzes/attempts",
    "POST live.resume": "no hall is stopped in this world: tests/quizzes/live",
    "POST live.open_door": "no papers are drawn in this world: tests/quizzes/live",
    "POST hall.remove_code": "no hall has a code in this world: tests/quizzes/attempts",
    "POST attempts.go_on": "all questions come at once in this world: tests/quizzes/attempts",
    "POST quizzes.blueprint": "no draft of this world has a course: tests/quizzes/bank/builder/test_pages.py",
    "POST quizzes.publish_version": "the draft of this world cannot be published yet: the same",
    "POST trials.go_on": "the page after a button has its form: tests/quizzes/trials",
    "POST radar.keep": "no edition of this world shows a fact that has changed: tests/courses/facts",
    "POST marking.correct_mark": "no mark of this world was given by hand: tests/quizzes/grading",
    "POST walks.answer": "no story is told in this world: tests/quizzes/attempts/test_walks.py",
    "POST certificates.reinstate": "no certificate is suspended in this world: tests/certificates",
    "POST certificates.renew": "every certificate says what is written down: tests/certificates",
    "POST own_certificates.keep": "needs a link only its person has: tests/certificates",
    "POST bank.keep_draft": "a script sends it: tests/quizzes/bank/editor/test_keeping.py",
    "POST bank.drop_draft": "nobody has a draft in this world: the same",
    "POST bank.bring_back": "nothing was saved just now: tests/quizzes/bank/editor/test_pages.py",
    "POST certificates.repair": "no certificate is missing in this world: tests/certificates",
}
"""Addresses no page of this world has a form for, each with where they are tried instead."""

NEVER_RIGHT = {"POST cards.sign_in", "POST accounts.enrol_second_factor", "POST checking.confirm"}
"""What nobody can make up: a PIN, the second factor, a name behind a mask. tests/lms/core/accounts,
tests/courses/cohorts, tests/certificates/checking."""

SCRATCH = {
    "roster_draft+",
    "roster_draft-",
    "course_upload+",
    "course_upload-",
    "certificate_doubt+",
    "question_draft+",
    "question_import+",
    "question_import-",
    "imported_question+",
    "imported_question-",
    "imported_question.is_ticked",
}
"""Changes that are nobody's business yet: the audit log has them when staff apply or settle them."""
SCRATCH |= {
    *(f"course_draft_file.{name}" for name in ("body", "revision", "changed_at", "changed_by_id")),
    *("course_draft.revision", "course_draft_author+", "course_draft_file+", "course_draft_file-"),
}

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
    untried = sorted(posts - set(met) - set(NOT_BY_FORM))
    assert untried == [], f"no page has a form for these: {untried}"
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
