"""One character in a regular expression of XML Schema: escapes, categories, classes, their differences."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NoReturn

from quizzes.exchange.qti.values import QtiFault

Matches = Callable[[str], bool]

_SIGNS = {"n": "\n", "r": "\r", "t": "\t"}
_NAMED = "\\|.?*+(){}-[]^$"
_CATEGORIES = {"L", "M", "N", "P", "Z", "S", "C"}


def _is_space(sign: str) -> bool:
    return sign in " \t\n\r"


def _is_name_start(sign: str) -> bool:
    return sign.isalpha() or sign in "_:"


def _is_name(sign: str) -> bool:
    return _is_name_start(sign) or sign in "-." or unicodedata.category(sign)[0] in "NM"


def _is_digit(sign: str) -> bool:
    return sign.isdecimal()


def _is_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] not in "PZC"


_CLASSES: dict[str, Matches] = {
    "s": _is_space,
    "i": _is_name_start,
    "c": _is_name,
    "d": _is_digit,
    "w": _is_word,
}


def _not(matches: Matches) -> Matches:
    return lambda sign: not matches(sign)


def _same(wanted: str) -> Matches:
    return lambda sign: sign == wanted


def _from_to(low: str, high: str) -> Matches:
    return lambda sign: low <= sign <= high


def _any_of(parts: list[Matches]) -> Matches:
    return lambda sign: any(part(sign) for part in parts)


def _without(left: Matches, right: Matches) -> Matches:
    return lambda sign: left(sign) and not right(sign)


class CharacterReader:
    """Reads one character of a pattern, or a class of them, at a place."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def refuse(self) -> NoReturn:
        """Say that the pattern is none."""
        raise QtiFault(f"The pattern {self.pattern[:80]!r} cannot be read at character {self.place + 1}.")

    def peek(self) -> str:
        """Return the next character, "" at the end."""
        return self.pattern[self.place : self.place + 1]

    def take(self, sign: str) -> bool:
        """Go over ``sign`` if it comes next."""
        if self.peek() != sign:
            return False
        self.place += 1
        return True

    def need(self, sign: str) -> None:
        """Go over ``sign``, which must come next."""
        if not self.take(sign):
            self.refuse()

    def next(self) -> str:
        """Go over one character and return it."""
        sign = self.peek()
        if not sign:
            self.refuse()
        self.place += 1
        return sign

    def number(self) -> int:
        """Return a number of one to four digits."""
        start = self.place
        while self.peek().isdigit() and self.peek().isascii():
            self.place += 1
        if not 1 <= self.place - start <= 4:
            self.refuse()
        return int(self.pattern[start : self.place])

    def character(self) -> Matches:
        """Return what the next character or class fits."""
        sign = self.next()
        if sign == ".":
            return lambda given: given not in "\n\r"
        if sign == "[":
            return self._group(0)
        return self._escape() if sign == "\\" else _same(sign)

    def _escape(self) -> Matches:
        sign = self.next()
        if sign in "pP":
            return self._category(is_other=sign == "P")
        if sign.lower() in _CLASSES:
            return _CLASSES[sign] if sign.islower() else _not(_CLASSES[sign.lower()])
        if sign in _SIGNS or sign in _NAMED:
            return _same(_SIGNS.get(sign, sign))
        return self.refuse()

    def _category(self, *, is_other: bool) -> Matches:
        self.need("{")
        end = self.pattern.find("}", self.place)
        name = self.pattern[self.place : end] if end > 0 else ""
        if name[:1] not in _CATEGORIES or len(name) > 2:
            self.refuse()
        self.place = end + 1

        def matches(sign: str) -> bool:
            return unicodedata.category(sign).startswith(name)

        return _not(matches) if is_other else matches

    def _group(self, depth: int) -> Matches:
        if depth > 10:
            self.refuse()
        is_other = self.take("^")
        parts: list[Matches] = []
        less: Matches | None = None
        while not self.take("]"):
            if parts and self.pattern.startswith("-[", self.place):
                self.place += 2
                less = self._group(depth + 1)
                self.need("]")
                break
            parts.append(self._range())
        if not parts:
            self.refuse()
        whole = _not(_any_of(parts)) if is_other else _any_of(parts)
        return _without(whole, less) if less else whole

    def _range(self) -> Matches:
        low = self._end()
        if not isinstance(low, str):
            return low
        if self.peek() != "-" or self.pattern[self.place + 1 : self.place + 2] in ("]", "[", ""):
            return _same(low)
        self.place += 1
        high = self._end()
        if not isinstance(high, str) or high < low:
            self.refuse()
        return _from_to(low, high)

    def _end(self) -> str | Matches:
        sign = self.next()
        if sign == "[":
            self.refuse()
        if sign != "\\":
            return sign
        named = self.peek()
        if named in _SIGNS or (named and named in _NAMED):
            self.place += 1
            return _SIGNS.get(named, named)
        return self._escape()
