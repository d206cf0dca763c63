"""Tests of lms.core.web.application: what it takes for granted is true here."""

from __future__ import annotations

from inspect import iscoroutinefunction
from itertools import chain
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

from lms.core.web import application
from lms.core.web.application import House


def test_no_view_and_no_hook_is_asynchronous(app: Flask) -> None:
    hooks = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    of_rooms = chain.from_iterable(found.values() for found in hooks)
    functions = [*app.view_functions.values(), *chain.from_iterable(of_rooms), *app.teardown_appcontext_funcs]

    assert len(functions) > 100
    assert not [function for function in functions if iscoroutinefunction(function)]


def test_a_cookie_counts_as_signed_and_not_when_a_letter_was_changed(app: Flask) -> None:
    client = app.test_client()
    with client.session_transaction() as held:
        held["theme"] = "dark"
    cookie = client.get_cookie("session")
    assert cookie is not None

    def is_dark(value: str) -> bool:
        client.set_cookie("session", value)
        return 'data-theme="dark"' in client.get("/masuk").get_data(as_text=True)

    forged = cookie.value[:-10] + ("a" if cookie.value[-10] != "a" else "b") + cookie.value[-9:]
    assert is_dark(cookie.value)
    assert not is_dark(forged)


def test_an_address_that_is_remembered_is_the_one_flask_would_make(app: Flask) -> None:
    told: list[tuple[str, dict[str, Any]]] = [
        ("home.index", {}),
        ("learning.lesson", {"enrolment_id": 1, "step_id": 2}),
        ("learning.lesson", {"step_id": 3, "enrolment_id": 1}),
        ("learning.lesson", {"enrolment_id": 1, "step_id": 2, "_anchor": "a b"}),
        ("home.index", {"page": 1}),
        ("home.index", {"page": True}),
        ("home.index", {"page": "1"}),
        ("home.index", {"page": None}),
        ("home.index", {"_external": True}),
        ("accounts.sign_in", {"next": "/akun?x=1&y=ä"}),
    ]

    for base_url in ("http://localhost/", "http://localhost/below/"):
        with app.test_request_context(base_url=base_url):
            expected = [Flask.url_for(app, endpoint, **dict(values)) for endpoint, values in told]
            assert [url_for(endpoint, **values) for endpoint, values in told] == expected
            assert [url_for(endpoint, **values) for endpoint, values in told] == expected


def test_what_no_rule_answers_to_is_an_error_each_time(app: Flask) -> None:
    with app.test_request_context():
        for _time in range(2):
            with pytest.raises(BuildError):
                url_for("no.such", number=1)


def test_no_more_addresses_are_remembered_than_there_is_room_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "KEPT_ADDRESSES", 3)
    assert isinstance(app, House)

    with app.test_request_context():
        for number in range(20):
            assert url_for("learning.outline", enrolment_id=number) == f"/belajar/{number}"

    assert 0 < len(app._addresses) <= 3
