"""Places are few, and nobody takes them all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from certificates.checking.places import Places
from lms.core.errors import Unavailable

SOON = 0.02
LONG = 30


@contextmanager
def waiting(places: Places, whom: str, order: list[str]) -> Iterator[None]:
    """Let somebody queue who notes that they had their turn; they must have had it at the end."""

    def wait() -> None:
        with places.take(whom, seconds=LONG):
            order.append(whom)

    length = len(places._queue) + 1
    thread = threading.Thread(target=wait)
    thread.start()
    until(places, lambda: len(places._queue) == length)
    yield
    thread.join(timeout=LONG)
    assert not thread.is_alive()


def until(places: Places, is_so: object) -> None:
    """Wait for something that happens when places change hands."""
    with places._changed:
        assert places._changed.wait_for(is_so, timeout=LONG)  # type: ignore[arg-type]


def test_one_address_with_slow_work_leaves_the_other_place_to_others() -> None:
    places = Places(2)
    with places.take("slow", seconds=SOON) as first:
        for whom in ("b", "c"):
            with places.take(whom, seconds=SOON) as place:
                assert {first, place} == {0, 1}
        with pytest.raises(Unavailable, match="Many"), places.take("slow", seconds=SOON):
            pytest.fail("one address has both places")


def test_a_third_one_of_an_address_does_not_wait_at_all() -> None:
    places, order = Places(2), list[str]()
    with ExitStack() as last, places.take("slow", seconds=SOON):
        last.enter_context(waiting(places, "slow", order))
        with pytest.raises(Unavailable, match="from your connection"), places.take("slow", seconds=LONG):
            pytest.fail("one address has the queue")
    assert order == ["slow"]


def test_who_came_first_is_next_unless_they_hold_a_place() -> None:
    places, order = Places(2), list[str]()
    with ExitStack() as last, places.take("slow", seconds=SOON):
        with places.take("other", seconds=SOON):
            for whom in ("slow", "first", "second"):
                last.enter_context(waiting(places, whom, order))
            assert order == []
        until(places, lambda: len(order) == 2)
    assert order == ["first", "second", "slow"]


def test_the_house_itself_may_hold_all_places_and_nobody_waits_for_ever() -> None:
    places = Places(2)
    with places.take("", seconds=SOON), places.take("", seconds=SOON), pytest.raises(Unavailable):
        places.take("", seconds=SOON).__enter__()
    with places.take("", seconds=SOON) as place:
        assert place == 0
