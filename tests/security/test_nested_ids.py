"""An own thing does not open a foreign one that is named beside it (check 23)."""

from __future__ import annotations

import itertools

import pytest
from werkzeug.routing import Rule

from tests.security.conftest import Stage
from tests.security.forms import Form, forms_of, submit
from tests.security.observe import contents, differences, plain_body
from tests.security.test_authz_matrix import TABLE, ask, expected

ANSWERED_ALIKE = {name.split(":")[0] for name in TABLE["unknown_is_answered"]}
OF_NOBODY = {"badges.status_list", "badges.achievement"}
"""Lists and courses belong to the nation: there is no other side to take a part from."""
PLACES = {"part"}
"""Parameters that count within what the rest of the address names: of the other side they are no other."""
LEADS_ON = {"/soal/ekspor"}
"""Only leads to another page; the ids beside its button belong to the other buttons of the same form."""


def mixed(rule: Rule) -> list[tuple[str, ...]]:
    """Return the ways to take some, but not all, of an address's parameters from the other side."""
    names = sorted(rule.arguments - PLACES)
    return [chosen for count in range(1, len(names)) for chosen in itertools.combinations(names, count)]


def routes_with_two_ids(stage: Stage) -> list[tuple[str, Rule]]:
    """Return method and rule of every address that names two things."""
    return [
        (method, rule)
        for rule in stage.app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if len(rule.arguments) > 1 and rule.endpoint not in ANSWERED_ALIKE | OF_NOBODY
    ]


@pytest.mark.parametrize("person", ["trainee", "organiser", "trainer", "admin"])
def test_parts_of_an_address_belong_together(stage: Stage, person: str) -> None:
    before = contents()
    tried = 0
    for method, rule in routes_with_two_ids(stage):
        if expected(person, f"{method} {rule.endpoint}", "a") != "ok":
            continue
        for chosen in mixed(rule):
            foreign = stage.world.params(rule.endpoint, set(chosen), "b")
            response = ask(stage, person, rule, method, "a", **foreign)
            missing = ask(stage, person, rule, method, "a", **dict.fromkeys(chosen, 999_999_999))
            assert response.status_code == 404, f"{method} {rule.endpoint} with foreign {chosen}"
            assert plain_body(response) == plain_body(missing)
            tried += 1
    assert tried or person in {"trainer"}
    assert contents() == before


@pytest.mark.parametrize("person", ["trainee", "organiser", "trainer"])
def test_ids_in_a_form_are_those_the_form_offered(stage: Stage, person: str) -> None:
    found: list[tuple[Form, str]] = []
    for _rule, _side, response in stage.crawl(person, sides="a"):
        for form in forms_of(response):
            found += [(form, name) for name in form.names_of_ids()]
    foreign = {str(values["b"]) for values in stage.world.objects.values() if isinstance(values["b"], int)}

    for form, name in found:
        offered = form.offered(name)
        before = contents()
        for value in sorted(foreign - offered):
            response = submit(stage.browser(person), form, {name: value})
            allowed = {200, 404, 409, 422} | ({303} if form.action in LEADS_ON else set())
            assert response.status_code in allowed, f"{form.action}: {name}={value}: {response.status}"
        assert not differences(before, contents()), f"{form.action}: {name}"
