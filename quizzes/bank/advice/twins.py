"""Questions that ask the same twice: word for word but for numbers and names, or nearly so.

Words weigh the more the rarer they are in the bank, so that "Berapa rupiah … sebulan?" makes no twins.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

NEAR = 0.45
"""Share of the weight of their words from which two questions are too much alike: those of the shipped bank
that ask different things of the same case reach 0.44."""

MAX_COMPARED = 1500
"""Questions of which each two are compared; beyond it only those that differ in numbers are found."""

RAREST = 4
"""Words of a question that lead to those it is compared with."""

ENOUGH = 300
"""Questions after which no further word is followed."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"(?:Rp\s?)?\d[\d.,]*")
INSTRUCTION = re.compile(
    r"\b(?:Pakailah|Pakai|Tulis|Tulislah|Hitung|Hitunglah|Pilih|Pilihlah)\b[^.!?]*[.!?]"
    r"|\bMenurut hukum yang berlaku (?:saat|pada tanggal) pelatihan ini\b"
)
"""What a stem says of how to answer, not what it asks."""
_NAME = re.compile(r"(?<=[\w,] )[A-Z][a-z]+\b|\b(?:Pak|Bu|Mbak|Mas|Kang) [A-Z][a-z]+")


@dataclass(frozen=True)
class Wording:
    """What a question asks: its stem, and all its answers."""

    id: str
    stem: str
    options: tuple[str, ...]
    # Questions made to be alike, such as a pretest's and its posttest's.
    pair: str = ""


@dataclass(frozen=True)
class Twins:
    """Two questions; `differs_only_in_numbers` where numbers and names are all that tells them apart."""

    first: str
    second: str
    differs_only_in_numbers: bool


def find_twins(wordings: Iterable[Wording]) -> Iterator[Twins]:
    """Yield each two questions that ask the same."""
    found = list(wordings)
    yield from find_numbered(found)
    if len(found) <= MAX_COMPARED:
        yield from _nearly_the_same(found)


def find_numbered(found: Iterable[Wording]) -> Iterator[Twins]:
    """Yield with the first of them each question that differs from it in numbers and names alone."""
    seen: dict[tuple[str, ...], str] = {}
    for wording in found:
        first = seen.setdefault(_skeleton(wording), wording.id)
        if first != wording.id:
            yield Twins(first, wording.id, differs_only_in_numbers=True)


def _nearly_the_same(found: list[Wording]) -> Iterator[Twins]:
    words = {wording.id: _words(wording) for wording in found}
    skeletons = {wording.id: _skeleton(wording) for wording in found}
    weigh = _weigher(words.values())
    for first, second in combinations(found, 2):
        is_told = skeletons[first.id] == skeletons[second.id] or (first.pair and first.pair == second.pair)
        if not is_told and likeness(words[first.id], words[second.id], weigh) >= NEAR:
            yield Twins(first.id, second.id, differs_only_in_numbers=False)


def find_alike(new: Iterable[Wording], known: Iterable[Wording]) -> Iterator[Twins]:
    """Yield each of ``new`` with those of ``known`` that ask the same, as first and second.

    Only those that share one of its rarest words are compared, so that a file of thousands is soon through.
    """
    here = list(known)
    words = [_words(wording) for wording in here]
    by_skeleton, by_word = defaultdict(list), defaultdict(list)
    for place, wording in enumerate(here):
        by_skeleton[_skeleton(wording)].append(place)
        for word in words[place]:
            by_word[word].append(place)
    unheard = math.log(1 + len(here))
    weights = {word: math.log(1 + len(here) / len(places)) for word, places in by_word.items()}
    heavy = [sum(map(weights.__getitem__, each)) for each in words]
    for wording in new:
        same = by_skeleton.get(_skeleton(wording), [])
        yield from (Twins(wording.id, here[place].id, differs_only_in_numbers=True) for place in same)
        own = _words(wording)
        mine = sum(weights.get(word, unheard) for word in own)
        for place in sorted(_sharing(own, by_word).difference(same)):
            common = sum(map(weights.__getitem__, own & words[place]))
            if common >= NEAR * (mine + heavy[place] - common):
                yield Twins(wording.id, here[place].id, differs_only_in_numbers=False)


def _sharing(own: frozenset[str], by_word: Mapping[str, list[int]]) -> set[int]:
    """Return the places of those that share one of the rarest words; enough of them, the rarest first."""
    rarest = sorted((word for word in own if word in by_word), key=lambda word: (len(by_word[word]), word))
    found: set[int] = set()
    for word in rarest[:RAREST]:
        if len(found) < ENOUGH:
            found.update(by_word[word][:MAX_COMPARED])
    return found


def likeness(first: frozenset[str], second: frozenset[str], weigh: Callable[[str], float]) -> float:
    """Return the share of the weight of all words that both have, 0.0 to 1.0."""
    shared = first & second
    if not shared:
        return 0.0
    common = sum(map(weigh, shared))
    return common / (common + sum(map(weigh, first ^ second)))


def _weigher(texts: Iterable[frozenset[str]]) -> Callable[[str], float]:
    texts = list(texts)
    counts = Counter(word for text in texts for word in text)
    weights = {word: math.log(1 + len(texts) / count) for word, count in counts.items()}
    return weights.__getitem__


def _words(wording: Wording) -> frozenset[str]:
    stem = INSTRUCTION.sub("", wording.stem)
    return frozenset(_WORD.findall(_without_names(" ".join([stem, *wording.options])).casefold()))


def _skeleton(wording: Wording) -> tuple[str, ...]:
    texts = (wording.stem, *sorted(wording.options))
    return tuple(" ".join(_NUMBER.sub("#", _without_names(text)).casefold().split()) for text in texts)


def _without_names(text: str) -> str:
    return _NAME.sub("@", text)
