"""Places for costly work in one server process, shared so that no address keeps the others out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from lms.core.errors import Unavailable


@dataclass(frozen=True, eq=False)
class _Turn:
    """Somebody who waits; two of one address are two."""

    whom: str


class Places:
    """A few places and a queue before them; whoever comes from one address has one of each at most."""

    def __init__(self, count: int) -> None:
        self._holders: list[str | None] = [None] * count
        self._queue: list[_Turn] = []
        self._changed = threading.Condition()

    @contextmanager
    def take(self, whom: str, *, seconds: float) -> Iterator[int]:
        """Hold a place and yield its number; the lowest free one goes to the first whose address holds none.

        Args:
            whom: the address they come from; empty is the house itself, which may hold several.
            seconds: how long to wait.

        Raises:
            Unavailable: somebody from there waits already, or no place came free in time.
        """
        place = self._enter(whom, seconds)
        try:
            yield place
        finally:
            with self._changed:
                self._holders[place] = None
                self._changed.notify_all()

    def _enter(self, whom: str, seconds: float) -> int:
        turn = _Turn(whom)
        with self._changed:
            if whom and any(each.whom == whom for each in self._queue):
                raise Unavailable(
                    _l("Other files from your connection are being checked. Send yours again in 10 seconds.")
                )
            self._queue.append(turn)
            self._changed.notify_all()
            try:
                if not self._changed.wait_for(lambda: self._next() is turn, timeout=seconds):
                    raise Unavailable(_l("Many files are being checked right now. Try again in a minute."))
                place = self._holders.index(None)
                self._holders[place] = whom
                return place
            finally:
                self._queue.remove(turn)
                self._changed.notify_all()

    def _next(self) -> _Turn | None:
        """Return whose turn it is."""
        if None not in self._holders:
            return None
        return next((turn for turn in self._queue if not turn.whom or turn.whom not in self._holders), None)
