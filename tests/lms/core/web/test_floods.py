"""One address cannot keep a process busy, and nobody else pays for it."""

from __future__ import annotations

from pathlib import Path

from lms.app import create_app
from lms.core.config import load_config

PER_MINUTE = 1_200


def test_a_flood_of_one_address_waits_and_others_do_not(instance: Path) -> None:
    client = create_app(load_config(instance)).test_client()

    def ask(address: str) -> int:
        return client.get("/pekerja.js", environ_base={"REMOTE_ADDR": address}).status_code

    # A minute may turn while we ask.
    answers = {ask("192.0.2.1") for _ in range(2 * PER_MINUTE + 1)}

    assert answers == {200, 429}
    assert ask("192.0.2.2") == 200
