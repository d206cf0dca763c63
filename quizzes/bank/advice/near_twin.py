"""Questions of a bank that ask nearly the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from flask_babel import lazy_gettext as _l

from courses.facts.book import load_book
from quizzes.bank.advice.item import Item
from quizzes.bank.advice.twins import INSTRUCTION, MAX_COMPARED, Wording, find_alike, find_twins, likeness
from quizzes.bank.advice.weights import weigher
from quizzes.bank.advice.words import telling

KEY = "near_twin"
REASON = _l("Who knows one knows both: two marks for one thing. Let one of them ask something else.")
BAD = "Siapa urutan pertama penerima santunan? / Siapa yang di urutan pertama menerima santunan?"
GOOD = "Siapa urutan pertama penerima santunan? / Siapa penerimanya bila peserta bujang?"
_NAME = re.compile(r"\b(?:Pak|Bu|Bapak|Ibu|Mas|Mbak|Kang|Mbah) [A-Z][a-z]+|(?<=[\w,] )[A-Z][a-z]+\b")
FACT = re.compile(r"\b[a-z][a-z_0-9]*(?:\.[a-z_0-9]+)+\b")
ALIKE_AND_SAME = 0.23
"""The same where the same is right."""
ALIKE = 0.47
"""Share of the weight of the roots of two stems from which on they ask the same."""
ALIKE_BUT_ASKED = 0.6
"""The same where one asks who and the other says no such word; who and when are no twins."""
ENOUGH = 3
"""Roots two stems share at least, where not nearly all is alike and the same is right."""
_ASKING = re.compile(
    r"\b(siapa|berapa|kapan|mengapa|kenapa|bagaimana|(?:di|ke|dari) mana)(?:kah)?\b", re.IGNORECASE
)
_GROUP = re.compile(r"\b(?:pekerja |peserta )?(bukan )?penerima upah\b", re.IGNORECASE)
"""What the law calls people by: one thing, however many words."""
_TURNED = re.compile(r"\b(?:tidak|tak|bukan|belum|kecuali|selain|keliru|salah(?! satu))\b", re.IGNORECASE)
_TYPED = re.compile(r"(?<![\w.])0[.,]\d+|(?<=')\d+(?=')")
"""A share, or another factor that is typed as the law has it and not as an amount of the case."""


def says(other: str) -> object:
    """Return what is said of a question that has a twin."""
    return _l("It asks nearly the same as “%(other)s”.", other=other)


def list_twins(items: Mapping[str, Item], *, about: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield the ids of each two questions that ask nearly the same.

    Args:
        items: questions by their ids.
        about: the id of the only question whose twins are wanted.
    """
    found = set(_worded_alike(items, about))
    yield from sorted(found)
    if len(items) <= MAX_COMPARED:
        yield from (pair for pair in _alike(items, about) if pair not in found)


def _worded_alike(items: Mapping[str, Item], about: str | None) -> Iterator[tuple[str, str]]:
    wordings = [_wording(id_, item) for id_, item in items.items()]
    if about is None:
        found = find_twins(wordings)
    else:
        new, known = (
            [wording for wording in wordings if (wording.id == about) is own] for own in (True, False)
        )
        found = find_alike(new, known)
    yield from ((twins.first, twins.second) for twins in found)


def _wording(id_: str, item: Item) -> Wording:
    return Wording(id_, item.stem, tuple(item.shown[1:]), str(item.source.get("pair") or ""))


def _alike(items: Mapping[str, Item], about: str | None) -> Iterator[tuple[str, str]]:
    asked = {id_: _Asked.read(item) for id_, item in items.items()}
    weigh = weigher([each.words for each in asked.values()])
    for first, second in combinations(items, 2) if about is None else ((about, id_) for id_ in items):
        if first != second and _are_twins(asked[first], asked[second], weigh):
            yield first, second


def _are_twins(first: _Asked, second: _Asked, weigh: Callable[[str], float]) -> bool:
    if first.is_turned != second.is_turned:
        return False
    alike = likeness(first.words, second.words, weigh)
    has_enough = len(first.words & second.words) >= ENOUGH
    if alike < ALIKE_AND_SAME:
        return False
    if _is_same(first.answer, second.answer):
        return has_enough or alike >= ALIKE
    if first.asking and second.asking and not first.asking & second.asking:
        return False
    enough = ALIKE if first.asking == second.asking else ALIKE_BUT_ASKED
    return has_enough and alike >= enough


@dataclass(frozen=True)
class _Asked:
    """A question as it is compared: its roots, whether it asks who or when, and what is right."""

    words: frozenset[str]
    asking: frozenset[str]
    answer: frozenset[str]
    # Whether it asks for what is not so: who is, and who is not, are no twins.
    is_turned: bool

    @classmethod
    def read(cls, item: Item) -> _Asked:
        words = telling(_GROUP.sub(_as_one, _NAME.sub(" ", INSTRUCTION.sub("", item.body))))
        return cls(words, frozenset(_asked_for(item)), _answer(item), bool(_TURNED.search(item.asked)))


def _as_one(match: re.Match[str]) -> str:
    return "bukanpenerimaupah" if match[1] else "penerimaupah"


def _asked_for(item: Item) -> Iterator[str]:
    """Yield the words that ask for a person, a number, a time, a place, a reason or a way."""
    yield from (
        match.casefold().split()[-1].replace("kenapa", "mengapa") for match in _ASKING.findall(item.asked)
    )


def _is_same(first: frozenset[str], second: frozenset[str]) -> bool:
    return bool(first) and (first == second or _values(first) == _values(second) != frozenset())


def _values(answer: frozenset[str]) -> frozenset[Decimal]:
    """Return the numbers of an answer, be they facts or typed; none where it has other parts."""
    found = [_value_of(part) for part in answer]
    return frozenset(value for value in found if value is not None) if None not in found else frozenset()


def _value_of(part: str) -> Decimal | None:
    if part[0].isdigit():
        return Decimal(part.replace(",", ".")).normalize()
    history = load_book().facts.get(part, ())
    value = history[-1].value if history else None
    return value.normalize() if isinstance(value, Decimal) else None


def _answer(item: Item) -> frozenset[str]:
    """Return what is right: the facts and shares it is reckoned with, or the words of the key."""
    right = [option for group in item.choices for option in group if option.is_right]
    answer = str(item.source.get("answer"))
    parts = {
        *FACT.findall(answer),
        *FACT.findall(" ".join(o.written for o in right)),
        *_TYPED.findall(answer),
    }
    return frozenset(parts) or telling(" ".join(option.text for option in right))
