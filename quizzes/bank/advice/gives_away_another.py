"""A question whose stem tells the answer of another."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from quizzes.bank.advice.answer_forms import form_of
from quizzes.bank.advice.item import Item, plain, rows
from quizzes.bank.advice.near_twin import FACT, list_twins
from quizzes.bank.advice.weights import weigher
from quizzes.bank.advice.words import root, telling, words_of

KEY = "gives_away_another"
REASON = _l("On one paper, whoever reads one question has the answer of the other.")
BAD = "JKP diterima setiap bulan. Dari apa besarnya dihitung? / Kapan JKP diterima?"
GOOD = "Dari apa besarnya JKP dihitung? / Kapan JKP diterima?"
_NAME = re.compile(r"\b(?:Pak|Bu|Bapak|Ibu|Mas|Mbak|Kang|Mbah) [A-Z][a-z]+|(?<=[\w,] )[A-Z][a-z]+\b")
_YES_OR_NO = re.compile(
    r"\W*(?:apakah|\w+kah)\b(?<!manakah)(?<!siapakah)(?<!berapakah)(?<!kapankah)", re.IGNORECASE
)
TOLD_KEY = 0.5
"""Share of the weight of a key that another stem has to tell."""
TOLD_STEM = 0.45
"""Share of the weight of what is asked it has to speak of."""
TOLD_WELL = 0.6
"""The same where the key has few words."""
TOLD_WHOLE = 0.8
"""Share of a question to be answered by yes or no that another stem has to say."""
TOLD_RARE = 1.25
"""How much a told key weighs, where a word no other question has weighs one: hardly told by chance."""
LINKED = 0.4
"""How much of what is asked the other question has to speak of, then, anywhere in it."""
TOLD_IN_ALL = 2.3
"""How much both weigh together."""
RARE = 0.8
"""How much a word weighs, then, that hardly any other question has."""
BESIDE = 0.5
"""Share of what is asked that has to stand in one text with such a word of the key."""
MANY = 3
"""Words of a kind from which on they hardly meet by chance."""
MAX_COMPARED = 1500


def says(other: str) -> object:
    """Return what is said of the question that tells."""
    return _l("It tells the answer of “%(other)s”.", other=other)


def says_told_by(other: str) -> object:
    """Return what is said of the question whose answer is told."""
    return _l("“%(other)s” tells its answer.", other=other)


def list_given_away(items: Mapping[str, Item], *, about: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield the id of a question that tells, and of the one it tells the answer of.

    Args:
        items: questions by their ids.
        about: the id of the only question of which it is wanted what it tells and who tells of it.
    """
    if len(items) > MAX_COMPARED:
        return
    twins = {frozenset(pair) for pair in list_twins(items, about=about)}
    told = {id_: _Told.read(item) for id_, item in items.items()}
    asked = {id_: _Asked.read(item) for id_, item in items.items()}
    weigh = weigher([each.all_words for each in told.values()])
    for first, second in _pairs(items, about):
        if _is_false(items[first]) or frozenset((first, second)) in twins:
            continue
        if _tells(told[first], asked[second], weigh, len(items)):
            yield first, second


def _pairs(items: Mapping[str, Item], about: str | None) -> Iterator[tuple[str, str]]:
    """Yield each that may tell with each that may be told."""
    if about is None:
        yield from ((tells, asked) for asked in items for tells in items if tells != asked)
    else:
        yield from (pair for id_ in items if id_ != about for pair in ((about, id_), (id_, about)))


@dataclass(frozen=True)
class _Told:
    """What a question tells before it is answered: the roots of each text, and the facts in its stem."""

    texts: tuple[frozenset[str], ...]
    all_words: frozenset[str]
    facts: frozenset[str]
    # Its stem, word for word.
    roots: tuple[str, ...]

    @classmethod
    def read(cls, item: Item) -> _Told:
        shown = [item.stem, *item.shown[1:]] if item.kind == "ordering" else [item.stem]
        return cls(
            tuple(telling(_nameless(text)) for text in shown),
            telling(_nameless(" ".join(item.shown))),
            frozenset(FACT.findall(str(item.source.get("stem")))),
            tuple(map(root, words_of(item.stem))),
        )


@dataclass(frozen=True)
class _Asked:
    """What a question asks: roots of its stem, of the sentence that asks, and of what is right."""

    stem: frozenset[str]
    subject: frozenset[str]
    key: frozenset[str]
    fact: frozenset[str]
    is_yes_or_no: bool
    # What is to be brought in order, line by line.
    steps: tuple[frozenset[str], ...]
    # Whether what is right is a name, and no act or sentence.
    is_name: bool

    @classmethod
    def read(cls, item: Item) -> _Asked:
        stem = telling(_nameless(item.stem))
        is_yes_or_no = bool(_YES_OR_NO.match(item.asked)) or item.kind == "true_false"
        subject = telling(_nameless(item.asked))
        return cls(
            stem, subject, _key(item) - stem, _fact_asked(item), is_yes_or_no, _steps(item), _is_name(item)
        )


def _tells(told: _Told, asked: _Asked, weigh: Callable[[str], float], count: int) -> bool:
    if asked.fact and asked.fact <= told.facts:
        return True
    if asked.steps:
        return _tells_order(told.roots, asked.steps)
    if asked.is_yes_or_no:
        return len(asked.stem) >= MANY and any(
            _share(asked.stem, words, weigh) >= TOLD_WHOLE for words in told.texts
        )
    return (
        bool(asked.key)
        and any(
            _tells_key(asked, words, weigh) or _tells_what_is_rare(asked, words, told.all_words, weigh, count)
            for words in told.texts
            if _share(asked.key, words, weigh) >= TOLD_KEY
        )
    ) or any(_tells_name(asked, words, weigh, count) for words in told.texts)


def _tells_name(asked: _Asked, words: frozenset[str], weigh: Callable[[str], float], count: int) -> bool:
    """Return whether a text has the rarest word of a key beside what is asked."""
    rarest = math.log(1 + count)
    if not asked.is_name:
        return False
    name = max(asked.key, key=lambda word: (weigh(word), word), default="")
    is_told = name in words and weigh(name) >= RARE * rarest
    return is_told and len(asked.subject & words) > 1 and _share(asked.subject, words, weigh) >= BESIDE


def _tells_order(roots: Sequence[str], steps: Sequence[frozenset[str]]) -> bool:
    """Return whether a stem names all the steps one after the other."""
    place = -1
    for step in steps:
        place = next((at for at in range(place + 1, len(roots)) if roots[at] in step), len(roots))
    return len(steps) >= MANY and place < len(roots)


def _is_name(item: Item) -> bool:
    right = [option.text for group in item.choices for option in group if option.is_right]
    return item.kind == "short_answer" or (len(right) == 1 and form_of(right[0]) == "thing")


def _steps(item: Item) -> tuple[frozenset[str], ...]:
    """Return the words each line to be ordered has alone; none where a line has none."""
    lines = [telling(plain(row.get("text"))) for row in rows(item.source, "items")]
    if item.kind != "ordering":
        return ()
    own = [line - frozenset[str]().union(*(each for each in lines if each is not line)) for line in lines]
    return tuple(own) if all(own) else ()


def _tells_key(asked: _Asked, words: frozenset[str], weigh: Callable[[str], float]) -> bool:
    """Return whether a text that has the key speaks of what is asked."""
    spoken = _share(asked.subject, words, weigh)
    is_rich = len(asked.key & words) >= MANY and spoken >= TOLD_STEM
    return is_rich or (len(asked.subject & words) >= MANY and spoken >= TOLD_WELL)


def _tells_what_is_rare(
    asked: _Asked, words: frozenset[str], spoken: frozenset[str], weigh: Callable[[str], float], count: int
) -> bool:
    """Return whether a text has a key few others have, and its question speaks of what is asked."""
    rarest = math.log(1 + count)
    told, linked = (sum(map(weigh, found)) / rarest for found in (asked.key & words, asked.subject & spoken))
    return told >= TOLD_RARE and linked >= LINKED and told + linked >= TOLD_IN_ALL


def _is_false(item: Item) -> bool:
    """Return whether a question says what is not so, which tells nothing."""
    return item.kind == "true_false" and item.source.get("answer") is False


def _fact_asked(item: Item) -> frozenset[str]:
    """Return the fact that is the answer, none where it is only reckoned with."""
    answer = item.source.get("answer")
    if isinstance(answer, dict) and set(answer) == {"fact"}:
        return frozenset([str(answer["fact"])])
    right = [option.written for group in item.choices for option in group if option.is_right]
    is_it = item.kind == "single_choice" and len(right) == 1 and len(telling(right[0].partition("{")[0])) == 0
    return frozenset(FACT.findall(right[0])) if is_it else frozenset()


def _nameless(text: str) -> str:
    return _NAME.sub(" ", text)


def _key(item: Item) -> frozenset[str]:
    if item.kind == "short_answer":
        forms = rows(item.source, "answers")[:1]
        return telling(" ".join(str(form.get("accept") or "").replace("*", " ") for form in forms))
    if item.kind != "single_choice":
        return frozenset()
    return telling(
        _nameless(" ".join(option.text for group in item.choices for option in group if option.is_right))
    )


def _share(wanted: frozenset[str], words: frozenset[str], weigh: Callable[[str], float]) -> float:
    total = sum(map(weigh, wanted))
    return sum(map(weigh, wanted & words)) / total if total else 0.0
