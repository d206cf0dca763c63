"""Cloze: running text with gaps, each to choose, to reckon or to write.

A gap is a question of another type in small: `GAP_TYPES` says of which. Its reading, its marks and its
solution are that type's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import escape
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from lms.core.numbers import show as show_number
from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.cloze_form import MAX_GAPS, MAX_WEIGHT, SEPARATOR, ClozeForm
from quizzes.types.number import Number
from quizzes.types.patterns import show as show_pattern
from quizzes.types.shares import ratio
from quizzes.types.short_answer import ShortAnswer
from quizzes.types.single_choice import SingleChoice
from quizzes.types.tolerance import trimmed

GAP_TYPES: dict[str, QuestionType] = {"choice": SingleChoice(), "number": Number(), "text": ShortAnswer()}
MAX_TYPED = 45
"""Letters of a gap: several must fit into one save."""
MARK = re.compile(r"\[\[([1-9][0-9]?)\]\]")
_GAP_FIELDS = frozenset({"kind", "weight", "why"})
_OWN_FIELDS = {
    "choice": frozenset({"options"}),
    "number": frozenset({"answer", "unit", "tolerance", "near"}),
    "text": ShortAnswer.source_fields,
}
_OPTION_FIELDS = frozenset({"text", "correct", "why", "share"})
_VALUE_NAMES = {"choice": "choice", "number": "value", "text": "value"}


class Cloze(QuestionType):
    """Text with gaps. Content: ``parts`` (html, or the index of a gap) and ``gaps`` in the order of the text.

    Answer: ``{"gaps": [<answer of the gap's type> or None]}``. Each gap earns its share by weight.
    """

    key = "cloze"
    source_fields = frozenset({"text", "gaps"})
    edit_form = ClozeForm
    key_field = "gaps"

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("Text with gaps"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with the text and its gaps."""
        gaps, text = source.get("gaps"), str(source.get("text") or "")
        if not isinstance(gaps, list) or not gaps or not all(isinstance(gap, dict) for gap in gaps):
            return [str(_l("The text has no gaps yet: write [[1]] where the first one is."))]
        if len(gaps) > MAX_GAPS:
            return [str(_l("At most %(count)s gaps are possible.", count=MAX_GAPS))]
        faults = [str(_l("The text is empty."))] if not text.strip() else []
        found = [int(number) for number in MARK.findall(text)]
        if sorted(found) != list(range(1, len(gaps) + 1)):
            faults.append(
                str(_l("Each gap stands in the text once, as [[1]] to [[%(count)s]].", count=len(gaps)))
            )
        for number, gap in enumerate(gaps, 1):
            faults += [
                str(_l("Gap %(number)s: %(reason)s", number=number, reason=reason))
                for reason in _faults_of_gap(gap)
            ]
        return faults

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the text in parts, and the gaps in the order they stand there."""
        written = dict(enumerate(source.get("gaps") or [], 1))
        parts: list[Json] = []
        gaps: list[Json] = []
        for index, piece in enumerate(MARK.split(resolver.html(str(source.get("text", ""))))):
            if index % 2 and int(piece) in written:
                parts.append({"gap": len(gaps)})
                gaps.append(_resolve_gap(written.pop(int(piece)), resolver))
            elif piece:
                parts.append({"html": f"[[{piece}]]" if index % 2 else piece})
        return {"parts": parts, "gaps": gaps}

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return what each gap fixes: the order of its choices."""
        return {"gaps": [_type(gap).prepare(gap["content"], rng, shuffle=shuffle) for gap in content["gaps"]]}

    def present(self, content: Json, prepared: Json) -> Json:
        """Return ``parts``: html, or a gap with its number, kind and what its kind shows."""
        shown = [
            _present_gap(gap, fixed) for gap, fixed in zip(content["gaps"], prepared["gaps"], strict=True)
        ]
        return {
            "parts": [
                {"gap": part["gap"] + 1} | shown[part["gap"]] if "gap" in part else {"html": part["html"]}
                for part in content["parts"]
            ],
            "count": len(content["gaps"]),
        }

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:
        """Return the answer of each gap, None for empty ones; None when all are empty.

        Raises:
            FormatError: a foreign gap, or what its type cannot read, with the number of the gap.
        """
        names = {f"gap-{number}" for number in range(1, len(content["gaps"]) + 1)}
        if any(name.startswith("gap-") and name not in names for name in raw):
            raise FormatError(_l("This answer is not one of the options. Please choose again."))
        answers = [
            _parse_gap(number, raw.get(f"gap-{number}", ()), gap=gap, fixed=fixed)
            for number, (gap, fixed) in enumerate(zip(content["gaps"], prepared["gaps"], strict=True), 1)
        ]
        return {"gaps": answers} if any(answer is not None for answer in answers) else None

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return the sum of what the gaps earn, each by its weight."""
        fractions = _fractions(content, answer)
        weights = [int(gap["weight"]) for gap in content["gaps"]]
        earned = sum((w * f for w, f in zip(weights, fractions, strict=True)), Decimal(0))
        right = sum(fraction == 1 for fraction in fractions)
        said = {"right": right, "all": len(fractions)}
        comment = (
            _l("%(right)s of %(all)s gaps are right; each earns the same.", **said)
            if len(set(weights)) == 1
            else _l("%(right)s of %(all)s gaps are right; some count more than others.", **said)
        )
        return Grade(ratio(earned, sum(weights)), str(comment))

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:  # noqa: ARG002
        """Return ``parts`` as in the text, and of each gap what was given, what is right, and why."""
        answers = _answers(content, answer)
        fractions = _fractions(content, answer)
        return {
            "parts": [
                {"gap": part["gap"] + 1} if "gap" in part else {"html": part["html"]}
                for part in content["parts"]
            ],
            "gaps": [
                _review_gap(gap, given, fraction=fraction)
                for gap, given, fraction in zip(content["gaps"], answers, fractions, strict=True)
            ],
            "comment": self.grade(content, answer).comment,
        }

    def solution_html(self, content: Json) -> str:
        """Return the text with its gaps filled."""
        pieces = [
            f"<strong>{escape(_right(content['gaps'][part['gap']]))}</strong>"
            if "gap" in part
            else part["html"]
            for part in content["parts"]
        ]
        return f"<p>{''.join(pieces)}</p>"

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return what fills every gap."""
        return {
            f"gap-{number}": _values(gap, _type(gap).solve(gap["content"], fixed))
            for number, (gap, fixed) in enumerate(zip(content["gaps"], prepared["gaps"], strict=True), 1)
        }

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return what misses every gap."""
        return {
            f"gap-{number}": _values(gap, _type(gap).miss(gap["content"], fixed))
            for number, (gap, fixed) in enumerate(zip(content["gaps"], prepared["gaps"], strict=True), 1)
        }

    def examples(self) -> list[Example]:
        """Return a text with one gap of each kind, the first of double weight."""
        source = {
            "text": "Iuran JHT pekerja [[1]] persen dari upah, dibayar [[2]] kepada [[3]].",
            "gaps": [
                {
                    "kind": "number",
                    "answer": 2,
                    "unit": "persen",
                    "weight": 2,
                    "why": "Sisanya majikan.",
                },
                {
                    "kind": "choice",
                    "options": [
                        {"text": "setiap bulan", "correct": True},
                        {"text": "setiap tahun", "why": "Iuran dihitung sebulan sekali."},
                    ],
                },
                {"kind": "text", "answers": [{"accept": "BPJS*"}, {"accept": "bank*", "share": "0.5"}]},
            ],
        }
        right = {"gap-1": ["2%"], "gap-2": ["1"], "gap-3": ["bpjs ketenagakerjaan"]}
        wrong = {"gap-1": ["5"], "gap-2": ["2"], "gap-3": ["kantor desa"]}
        half: list[Any] = [
            ({"gap-1": ["2"], "gap-2": ["2"], "gap-3": ["Bank"]}, Decimal("0.625")),
            ({"gap-2": ["1"]}, Decimal("0.25")),
        ]
        unreadable: list[Raw] = [
            {"gap-1": ["1.00"]},
            {"gap-2": ["9"]},
            {"gap-9": ["a"]},
            {"gap-3": ["a", "b"]},
            {"gap-3": ["x" * (MAX_TYPED + 1)]},
        ]
        return [Example(source, right, wrong, unreadable, half)]


def _type(gap: Json) -> QuestionType:
    return GAP_TYPES[gap["kind"]]


def _faults_of_gap(gap: Json) -> Iterator[object]:
    if gap.get("kind") not in GAP_TYPES:
        yield _l("The kind is one of: %(names)s.", names=", ".join(GAP_TYPES))
        return
    for name in sorted(set(gap) - _GAP_FIELDS - _OWN_FIELDS[gap["kind"]]):
        yield _l("Unknown field “%(name)s”.", name=name)
    weight = gap.get("weight", 1)
    if not isinstance(weight, int) or isinstance(weight, bool) or not 1 <= weight <= MAX_WEIGHT:
        yield _l("The weight is a whole number from 1 to %(most)s.", most=MAX_WEIGHT)
    faults = _type(gap).faults(gap)
    yield from faults
    if not faults and any(_cannot_be_shown(line) for line in _lines(gap)):
        yield _l("Its answers stand on one line each, without “%(mark)s” in them.", mark=SEPARATOR.strip())
    if any(set(option) - _OPTION_FIELDS for option in gap.get("options") or [] if isinstance(option, dict)):
        yield _l("The answers of a gap have text, correct, share and why, nothing else.")


def _lines(gap: Json) -> Iterator[str]:
    """Yield what the editor shows in one line."""
    for part in gap.get("options") or gap.get("answers") or []:
        for name in ("text", "accept", "why"):
            yield str(part.get(name) or "")


def _cannot_be_shown(line: str) -> bool:
    return "\n" in line or SEPARATOR in f"{line} "


def _resolve_gap(gap: Json, resolver: Resolver) -> Json:
    content = _type(gap).resolve(gap, resolver)
    for shown, option in zip(content.get("options", ()), gap.get("options", ()), strict=True):
        shown["text"] = resolver.plain(str(option.get("text", "")))
    return {
        "kind": gap["kind"],
        "weight": str(gap.get("weight", 1)),
        "content": content,
        "why_html": resolver.html(str(gap["why"])) if gap.get("why") else "",
    }


def _present_gap(gap: Json, fixed: Json) -> Json:
    shown: Json = {"kind": gap["kind"]}
    if gap["kind"] == "choice":
        options = gap["content"]["options"]
        shown["choices"] = [
            {"position": position, "text": options[index]["text"]}
            for position, index in enumerate(fixed["order"], 1)
        ]
    if gap["kind"] == "text":
        shown["matters"] = gap["content"]["matters"]
    return shown


def _parse_gap(number: int, values: Any, *, gap: Json, fixed: Json) -> Json | None:
    try:
        if any(len(value) > MAX_TYPED for value in values):
            raise FormatError(_l("This is too long: please use at most %(count)s letters.", count=MAX_TYPED))
        return _type(gap).parse({_VALUE_NAMES[gap["kind"]]: values}, gap["content"], fixed)
    except FormatError as error:
        message = _l("Gap %(number)s: %(reason)s", number=number, reason=error.message)
        raise FormatError(message) from error


def _answers(content: Json, answer: Json | None) -> list[Json | None]:
    return [None] * len(content["gaps"]) if answer is None else answer["gaps"]


def _fractions(content: Json, answer: Json | None) -> list[Decimal]:
    found = []
    for gap, given in zip(content["gaps"], _answers(content, answer), strict=True):
        grade = _type(gap).grade(gap["content"], given)
        found.append(Decimal(0) if grade is None else grade.fraction)
    return found


def _review_gap(gap: Json, answer: Json | None, *, fraction: Decimal) -> Json:
    said = "right" if fraction == 1 else "partly" if fraction else "wrong"
    return {
        "given": None if answer is None else _given(gap, answer),
        "right": _right(gap),
        "verdict": "empty" if answer is None else said,
        "said_html": _said(gap, answer),
        "why_html": gap["why_html"],
    }


def _given(gap: Json, answer: Json) -> str:
    if gap["kind"] == "choice":
        return str(gap["content"]["options"][answer["choice"]]["text"])
    return show_number(trimmed(Decimal(answer["value"]))) if gap["kind"] == "number" else str(answer["text"])


def _right(gap: Json) -> str:
    content = gap["content"]
    if gap["kind"] == "choice":
        return next((str(option["text"]) for option in content["options"] if option["correct"]), "")
    if gap["kind"] == "number":
        return "" if content["answer"] is None else show_number(trimmed(Decimal(content["answer"])))
    best = max(content["answers"], key=lambda form: Decimal(form["share"]), default={"accept": ""})
    return show_pattern(best["accept"])


def _said(gap: Json, answer: Json | None) -> str:
    """Return what the author says to just this answer."""
    if answer is None or gap["kind"] == "number":
        return ""
    if gap["kind"] == "choice":
        return str(gap["content"]["options"][answer["choice"]]["why_html"])
    return str(ShortAnswer().review(gap["content"], {}, answer)["said_html"])


def _values(gap: Json, raw: Raw) -> list[str]:
    return list(raw[_VALUE_NAMES[gap["kind"]]])
