"""A limit on requests of one address: no hall reaches it, a script gone wild does.

A hook of three lines instead of a library: each request pays for it, and the throttles that must hold over
all processes are in the database (`lms.core.accounts.throttle`).
"""

from __future__ import annotations

import time

from flask import Flask, request

from lms.core.errors import TooMany

PER_MINUTE = 1_200
"""Of one address, in each process."""
SECONDS = 60


class Floods:
    """How often each address has asked in the minute that runs."""

    def __init__(self, *, is_on: bool) -> None:
        self.is_on = is_on
        self._minute = 0
        self._counts: dict[str, int] = {}

    def count(self, address: str, *, seconds: float) -> int:
        """Count a request at ``seconds`` of any clock; return how many there were in this minute.

        Threads that count in the same moment may lose one: it is a limit on thousands.
        """
        minute = int(seconds // SECONDS)
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        count = self._counts[address] = self._counts.get(address, 0) + 1
        return count


def init_app(app: Flask) -> None:
    """Count every request before anything is done for it; not in tests."""
    floods = app.extensions["floods"] = Floods(is_on=not app.testing)

    @app.before_request
    def _refuse_floods() -> None:
        if not floods.is_on:
            return
        now = time.monotonic()
        if floods.count(request.remote_addr or "", seconds=now) > PER_MINUTE:
            raise TooMany("", retry_after_seconds=int(SECONDS - now % SECONDS) + 1)
