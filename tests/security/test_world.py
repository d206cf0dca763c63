from __future__ import annotations

from tests.security.conftest import Stage
from tests.security.world import PEOPLE


def test_every_address_can_be_named_on_both_sides(stage: Stage) -> None:
    for rule in stage.app.url_map.iter_rules():
        for side in "ab":
            assert stage.url(rule, side).startswith("/")


def test_everybody_is_signed_in_as_somebody(stage: Stage) -> None:
    for person in PEOPLE:
        response = stage.browser(person).get("/akun")
        assert response.status_code == (303 if person == "anonymous" else 200), person
