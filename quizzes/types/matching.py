"""Matching: to each line on the left belongs one of the answers, some of which may belong to none."""

from __future__ import annotations

from random import Random
from string import ascii_uppercase
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.text import fold
from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.matching_form import MAX_CHOICES, MAX_PAIRS, MIN_PAIRS, MatchingForm
from quizzes.types.shares import ratio

_PAIR_FIELDS = frozenset({"text", "match", "why"})
_LONE_FIELDS = frozenset({"text", "why"})


class Matching(QuestionType):
    """A list to choose from beside each line.

    Content: ``pairs`` (html, index of the choice that fits, reason) and ``choices`` in the order of the
    alphabet, so that the order as written tells nothing. Each right pair earns the same share.
    Answer: ``{"pairs": [<index of a choice> or None]}``.
    """

    key = "matching"
    source_fields = frozenset({"pairs", "distractors"})
    edit_form = MatchingForm
    key_field = "pairs"
    script = "types/match.js"

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Matching"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with pairs and distractors."""
        pairs: Any = source.get("pairs")
        lone = source.get("distractors") or []
        if not _are_maps(pairs) or not _are_maps(lone):
            return [str(_l("The pairs are not a list."))]
        faults = [*_unknown(pairs, _PAIR_FIELDS), *_unknown(lone, _LONE_FIELDS)]
        if len(pairs) < MIN_PAIRS:
            faults.append(str(_l("At least two pairs are needed.")))
        if len(pairs) > MAX_PAIRS:
            faults.append(str(_l("At most %(count)s pairs are possible.", count=MAX_PAIRS)))
        for number, pair in enumerate(pairs, 1):
            if not all(str(pair.get(name, "")).strip() for name in ("text", "match")):
                faults.append(str(_l("Pair %(number)s lacks a side.", number=number)))
        if not all(str(other.get("text", "")).strip() for other in lone):
            faults.append(str(_l("An answer that belongs to nothing is empty.")))
        return faults or _faults_of_sides(pairs, lone)

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return pairs and choices; answers that read the same are one choice."""
        pairs = source.get("pairs") or []
        lone = {_key(other.get("text"), resolver): other for other in source.get("distractors") or []}
        written = {_key(part, resolver): part for part in (*(p.get("match") for p in pairs), *_texts(lone))}
        keys = sorted(written)
        return {
            "pairs": [
                {
                    "html": _html(pair.get("text"), resolver),
                    "choice": keys.index(_key(pair.get("match"), resolver)),
                    "why_html": _html(pair.get("why"), resolver),
                }
                for pair in pairs
            ],
            "choices": [
                {
                    "html": _html(written[key], resolver),
                    "text": resolver.plain(str(written[key] or "")),
                    "why_html": _html(lone[key].get("why") if key in lone else "", resolver),
                }
                for key in keys
            ],
        }

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return the order of lines and of choices."""
        sizes = {"rows": len(content["pairs"]), "choices": len(content["choices"])}
        return {
            name: rng.sample(range(size), size) if shuffle else list(range(size))
            for name, size in sizes.items()
        }

    def present(self, content: Json, prepared: Json) -> Json:
        """Return ``rows`` (position, html) and ``choices`` (position, letter, html, text)."""
        return {
            "rows": [
                {"position": position, "html": content["pairs"][index]["html"]}
                for position, index in enumerate(prepared["rows"], 1)
            ],
            "choices": [
                {
                    "position": position,
                    "letter": ascii_uppercase[position - 1],
                    "html": content["choices"][index]["html"],
                    "text": content["choices"][index]["text"],
                }
                for position, index in enumerate(prepared["choices"], 1)
            ],
        }

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:
        """Return the choice of each line, None for lines left empty; None when all were.

        Raises:
            FormatError: a foreign line or choice, or two choices for one line.
        """
        places = {str(position): index for position, index in enumerate(prepared["choices"], 1)}
        lines = {f"pair-{position}": index for position, index in enumerate(prepared["rows"], 1)}
        chosen: list[int | None] = [None] * len(content["pairs"])
        for name, sent in raw.items():
            values = [value for value in sent if value.strip()]
            if not values or not name.startswith("pair-"):
                continue
            if name not in lines or len(values) > 1 or values[0] not in places:
                raise FormatError(_l("This answer is not one of the options. Please choose again."))
            chosen[lines[name]] = places[values[0]]
        return None if chosen == [None] * len(chosen) else {"pairs": chosen}

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return the share of right pairs."""
        pairs = content["pairs"]
        right = sum(_marks(content, answer))
        comment = _l(
            "%(right)s of %(all)s pairs are right; each earns the same.", right=right, all=len(pairs)
        )
        return Grade(ratio(right, len(pairs)), str(comment))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return ``rows`` in the order of the paper: line, choice given and right, reasons; ``comment``."""
        marks = _marks(content, answer)
        return {
            "rows": [
                _reviewed(content, index, answer=answer, is_right=marks[index]) for index in prepared["rows"]
            ],
            "comment": self.grade(content, answer).comment,
        }

    def solution_html(self, content: Json) -> str:
        """Return the pairs as a list."""
        choices = content["choices"]
        pairs = ((pair["html"], choices[pair["choice"]]["html"]) for pair in content["pairs"])
        lines = "".join(f"<li>{line} → {choice}</li>" for line, choice in pairs)
        return f"<ul>{lines}</ul>"

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return the place of the right choice for each line."""
        return _values(content, prepared, step=0)

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return for each line the choice after the right one."""
        return _values(content, prepared, step=1)

    def examples(self) -> list[Example]:
        """Return pairs with an answer that fits nothing, and lines that share an answer."""
        programmes = {
            "pairs": [
                {"text": "JKK", "match": "Biaya perawatan"},
                {"text": "JKM", "match": "Santunan berkala", "why": "Dibayarkan kepada ahli waris."},
                {"text": "JHT", "match": "Tabungan hari tua"},
            ],
            "distractors": [{"text": "Rumah baru", "why": "Tidak ada program yang memberi rumah."}],
        }
        workers = {
            "pairs": [
                {"text": "Buruh pabrik", "match": "Penerima upah"},
                {"text": "Pedagang pasar", "match": "Bukan penerima upah"},
                {"text": "Petani", "match": "Bukan penerima upah"},
            ]
        }
        right = {"pair-1": ["1"], "pair-2": ["3"], "pair-3": ["4"]}
        wrong = {"pair-1": ["2"], "pair-2": ["1"], "pair-3": ["3"]}
        half: list[Any] = [
            ({"pair-1": ["1"], "pair-2": ["1"], "pair-3": ["4"]}, ratio(2, 3)),
            ({"pair-2": ["3"]}, ratio(1, 3)),
        ]
        unreadable: list[Raw] = [
            {"pair-1": ["5"]},
            {"pair-4": ["1"]},
            {"pair-1": ["x"]},
            {"pair-1": ["1", "2"]},
        ]
        shared = {"pair-1": ["2"], "pair-2": ["1"], "pair-3": ["1"]}
        return [
            Example(programmes, right, wrong, unreadable, half),
            Example(workers, shared, {"pair-1": ["1"], "pair-2": ["2"], "pair-3": ["2"]}),
        ]


def _are_maps(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _unknown(parts: list[Json], known: frozenset[str]) -> list[str]:
    names = {name for part in parts for name in part} - known
    return [str(_l("Unknown field “%(name)s”.", name=name)) for name in sorted(names)]


def _faults_of_sides(pairs: list[Json], lone: list[Json]) -> list[str]:
    """Return lines that stand twice, lone answers that answer something, and too few or many answers."""
    faults = []
    if len({fold(str(pair["text"])) for pair in pairs}) < len(pairs):
        faults.append(str(_l("Two pairs have the same left side.")))
    matches = {fold(str(pair["match"])) for pair in pairs}
    others = {fold(str(other["text"])) for other in lone}
    if matches & others:
        faults.append(str(_l("An answer that belongs to nothing is the answer of a pair.")))
    if len(matches | others) < 2:
        faults.append(str(_l("There is only one answer to choose from.")))
    if len(matches | others) > MAX_CHOICES:
        faults.append(str(_l("At most %(count)s answers to choose from are possible.", count=MAX_CHOICES)))
    return faults


def _key(text: object, resolver: Resolver) -> str:
    return fold(resolver.plain(str(text or "")))


def _texts(lone: dict[str, Json]) -> list[object]:
    return [other.get("text") for other in lone.values()]


def _html(text: object, resolver: Resolver) -> str:
    return resolver.html(str(text)) if text else ""


def _marks(content: Json, answer: Json | None) -> list[bool]:
    chosen = [None] * len(content["pairs"]) if answer is None else answer["pairs"]
    return [pair["choice"] == choice for pair, choice in zip(content["pairs"], chosen, strict=True)]


def _reviewed(content: Json, index: int, *, answer: Json | None, is_right: bool) -> Json:
    pair, choices = content["pairs"][index], content["choices"]
    given = None if answer is None else answer["pairs"][index]
    return {
        "html": pair["html"],
        "given_html": None if given is None else choices[given]["html"],
        "given_why_html": "" if given is None or is_right else choices[given]["why_html"],
        "right_html": choices[pair["choice"]]["html"],
        "is_right": is_right,
        "why_html": pair["why_html"],
    }


def _values(content: Json, prepared: Json, *, step: int) -> Raw:
    order = prepared["choices"]
    return {
        f"pair-{position}": [str(order.index((content["pairs"][index]["choice"] + step) % len(order)) + 1)]
        for position, index in enumerate(prepared["rows"], 1)
    }
