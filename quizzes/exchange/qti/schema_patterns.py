"""The regular expressions of XML Schema, which QTI's ``patternMatch`` uses: the whole text must fit.

They are regular in the strict sense, so they are run as a machine with a set of states: time grows with
pattern times text, and no pattern of a stranger's can hold us up. ``^`` and ``$`` mean themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from quizzes.exchange.qti.schema_classes import CharacterReader, Matches
from quizzes.exchange.qti.values import QtiFault

MAX_STATES = 5_000
MAX_WORK = 2_000_000
MAX_DEPTH = 50


@dataclass
class _State:
    matches: Matches | None = None
    """What leads on to the first of `following`; None: all of them are reached without a character."""
    following: list[int] = field(default_factory=list)


Build = Callable[[], tuple[int, int]]
"""Adds states anew each time it is called; returns the first and the last."""


class _Machine:
    """States 0 … n; built from the parts of a pattern."""

    def __init__(self) -> None:
        self.states: list[_State] = []

    def add(self, matches: Matches | None = None, *following: int) -> int:
        if len(self.states) >= MAX_STATES:
            raise QtiFault("A pattern asks for too much.")
        self.states.append(_State(matches, list(following)))
        return len(self.states) - 1

    def join(self, start: int, end: int) -> None:
        self.states[start].following.append(end)

    def one(self, matches: Matches) -> tuple[int, int]:
        last = self.add()
        return self.add(matches, last), last

    def row(self, parts: list[Build]) -> tuple[int, int]:
        first = last = self.add()
        for part in parts:
            start, end = part()
            self.join(last, start)
            last = end
        return first, last

    def either(self, branches: list[Build]) -> tuple[int, int]:
        first, last = self.add(), self.add()
        for branch in branches:
            start, end = branch()
            self.join(first, start)
            self.join(end, last)
        return first, last

    def times(self, part: Build, least: int, most: int | None) -> tuple[int, int]:
        first, last = self.row([part] * least)
        if most is None:
            loop = self.add()
            start, end = part()
            for one, other in ((last, loop), (loop, start), (end, loop)):
                self.join(one, other)
            return first, loop
        final = self.add()
        for _ in range(most - least):
            self.join(last, final)
            start, end = part()
            self.join(last, start)
            last = end
        self.join(last, final)
        return first, final


class _PatternReader(CharacterReader):
    """Reads a pattern: branches of pieces of atoms."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self.machine = _Machine()

    def read(self) -> tuple[int, int]:
        built = self._branches(0)
        if self.place < len(self.pattern):
            self.refuse()
        return built()

    def _branches(self, depth: int) -> Build:
        if depth > MAX_DEPTH:
            raise QtiFault("A pattern is nested too deeply.")
        branches = [self._branch(depth)]
        while self.take("|"):
            branches.append(self._branch(depth))
        return branches[0] if len(branches) == 1 else lambda: self.machine.either(branches)

    def _branch(self, depth: int) -> Build:
        pieces: list[Build] = []
        while self.place < len(self.pattern) and self.peek() not in "|)":
            pieces.append(self._piece(depth))
        return lambda: self.machine.row(pieces)

    def _piece(self, depth: int) -> Build:
        atom = self._atom(depth)
        least, most = self._quantity()
        if (least, most) == (1, 1):
            return atom
        return lambda: self.machine.times(atom, least, most)

    def _atom(self, depth: int) -> Build:
        if self.take("("):
            inner = self._branches(depth + 1)
            self.need(")")
            return inner
        if self.peek() in "?*+{}]":
            self.refuse()
        matches = self.character()
        return lambda: self.machine.one(matches)

    def _quantity(self) -> tuple[int, int | None]:
        for sign, quantity in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self.take(sign):
                return quantity
        if not self.take("{"):
            return 1, 1
        least = self.number()
        most: int | None = least
        if self.take(","):
            most = None if self.peek() == "}" else self.number()
        self.need("}")
        if most is not None and most < least:
            self.refuse()
        return least, most


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> tuple[list[_State], int, int]:
    reader = _PatternReader(pattern)
    first, last = reader.read()
    return reader.machine.states, first, last


def fits(pattern: str, text: str) -> bool:
    """Say whether the whole of ``text`` is of the pattern.

    Raises:
        QtiFault: the pattern is none of XML Schema's, or pattern and text together ask for too much.
    """
    states, first, last = _compiled(pattern)
    if len(states) * (len(text) + 1) > MAX_WORK:
        raise QtiFault("A pattern asks for too much of so long a text.")
    here = _reached(states, {first})
    for sign in text:
        here = _reached(states, _after(states, here, sign))
        if not here:
            return False
    return last in here


def _after(states: list[_State], here: set[int], sign: str) -> set[int]:
    found = set()
    for number in here:
        matches = states[number].matches
        if matches is not None and matches(sign):
            found.add(states[number].following[0])
    return found


def _reached(states: list[_State], start: set[int]) -> set[int]:
    found, waiting = set(start), list(start)
    while waiting:
        state = states[waiting.pop()]
        if state.matches is None:
            fresh = [number for number in state.following if number not in found]
            found.update(fresh)
            waiting += fresh
    return found
