"""Tests of lms.core.web.floods: one address cannot keep a process busy, and nobody else pays for it."""

from __future__ import annotations

import pytest
from flask import Flask

from lms.core.web import floods
from lms.core.web.floods import Floods


def test_a_flood_of_one_address_waits_and_others_do_not(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floods, "PER_MINUTE", 2)
    monkeypatch.setattr("lms.core.web.floods.time.monotonic", lambda: 130.0)
    monkeypatch.setattr(app.extensions["floods"], "is_on", True)
    client = app.test_client()

    def ask(address: str) -> int:
        return client.get("/masuk", environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask("192.0.2.1") for _ in range(3)] == [200, 200, 429]
    assert ask("192.0.2.2") == 200
    refused = client.get("/masuk", environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert refused.headers["Retry-After"] == "51", "until 180, the next minute"


def test_each_minute_counts_anew() -> None:
    counting = Floods(is_on=True)

    assert [counting.count("a", seconds=at) for at in (0, 59.9, 60, 61)] == [1, 2, 1, 2]
