"""The ways through a case: which part follows which answer, what nobody reaches, what never ends. Pure.

A way is a pair of a sign and the name of a part. The sign is the number of an option as written ("2"),
"right" or "wrong" for what the whole answer earns, or "else" for every answer without a way of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from quizzes.types.base import Json

ELSE, RIGHT, WRONG = "else", "right", "wrong"
ENDINGS = ("good", "partly", "bad")
"""How a way may end."""
CHOOSING = frozenset({"single_choice", "true_false"})
"""Types whose every option may have a way of its own."""


@dataclass(frozen=True)
class Stop:
    """A part as the map sees it: where its answers lead; an end leads nowhere."""

    name: str
    index: int
    ways: Mapping[str, str] = field(default_factory=dict)
    end: str = ""


def read_ways(value: object) -> dict[str, str]:
    """Return the ways on as an author writes them: one name for all, or a name by sign."""
    if isinstance(value, Mapping):
        return {_sign(sign): str(name) for sign, name in value.items()}
    return {ELSE: str(value)} if value else {}


def _sign(sign: object) -> str:
    return str(sign).lower() if isinstance(sign, bool) else str(sign)


def way_on(ways: Mapping[str, str], signs: Iterable[str]) -> str | None:
    """Return the part the first sign with a way leads to, None where none does."""
    return next((ways[sign] for sign in (*signs, ELSE) if sign in ways), None)


def stops_of(parts: Sequence[Json]) -> list[Stop]:
    """Return the stops of a case as written; what stands there in another shape leads nowhere."""
    return [_stop(index, part) for index, part in enumerate(parts)]


def _stop(index: int, part: Json) -> Stop:
    name, end = str(part.get("name") or index + 1), str(part.get("end") or "")
    choices = part.get("choices")
    if isinstance(choices, list):
        rows = [choice for choice in choices if isinstance(choice, dict)]
        ways = {str(number): str(row.get("next") or "") for number, row in enumerate(rows, 1)}
    else:
        ways = read_ways(part.get("next"))
    return Stop(name, index, {} if end else ways, end)


def is_branching(parts: Sequence[Json]) -> bool:
    """Return whether parts depend on answers: a part says what follows it, or is an end."""
    return any(stop.ways or stop.end for stop in stops_of(parts))


def list_way_faults(stops: Sequence[Stop]) -> Iterator[tuple[int, str]]:
    """Yield the index of a part and what is wrong with the ways from it or to it."""
    known = {stop.name: stop for stop in stops}
    if len(known) < len(stops):
        names = [stop.name for stop in stops]
        twice = next(stop for stop in stops if names.index(stop.name) != stop.index)
        yield twice.index, str(_l("Two parts are called “%(name)s”.", name=twice.name))
        return
    lost = [(stop, name) for stop in stops for name in stop.ways.values() if name not in known]
    for stop, name in lost:
        yield (
            stop.index,
            str(
                _l(
                    "From “%(part)s” a way leads to “%(name)s”, which is not there.",
                    part=stop.name,
                    name=name,
                )
            ),
        )
    if not lost:
        yield from _graph_faults(stops)


def _graph_faults(stops: Sequence[Stop]) -> Iterator[tuple[int, str]]:
    forward = {stop.name: set(stop.ways.values()) for stop in stops}
    backward: dict[str, set[str]] = {stop.name: set() for stop in stops}
    for name, following in forward.items():
        for other in following:
            backward[other].add(name)
    reached = _reach([stops[0].name], forward)
    ending = _reach([stop.name for stop in stops if stop.end], backward)
    for stop in stops:
        if stop.name not in reached:
            yield stop.index, str(_l("No answer leads to “%(name)s”.", name=stop.name))
        if stop.name not in ending:
            yield stop.index, str(_l("From “%(name)s” no way leads to an end.", name=stop.name))
    if not any(stop.end == "good" for stop in stops):
        yield 0, str(_l("No way ends well: one end must be “good”."))


def _reach(begin: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    found, waiting = set[str](), list(begin)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += edges[name] - found
    return found
