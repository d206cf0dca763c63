"""Calculated: an amount to type, of a case whose numbers differ from paper to paper."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

from flask_babel import lazy_gettext as _l

from quizzes.types import tolerance
from quizzes.types.base import Example, FieldFault, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.calculated_form import CalculatedForm
from quizzes.types.formula_parts import FormulaFault, Node, evaluate
from quizzes.types.formula_tokens import show_reckoning
from quizzes.types.number import missed, solved, typed_answer
from quizzes.types.variables import (
    ANSWER,
    LARGEST,
    MAX_DIGITS,
    Case,
    Definition,
    Law,
    list_cases,
    read_answer,
    read_conditions,
    read_variables,
    show_value,
)

VARIANTS = 10
"""How many are made where an author says nothing, and there are so many."""
LEAST, MAX_VARIANTS = 2, 100
WHOLE = frozenset({"rupiah", "orang"})
"""Units nobody answers in parts of."""

_VALUE = re.compile(r"\{nilai:\s*([a-z0-9_]*)\s*\}")
_SIGN = re.compile(r"⟦([a-z][a-z0-9_]*)⟧")
_NONE: Json = {"number": 0, "answer": None, "values": {}, "shown": {}}


class Calculated(QuestionType):
    """One line to type into; stem and key depend on the variant.

    Content: ``variants`` with number (1 for the first), key, values and how they are shown, all numbers as
    decimal strings; and what `tolerance` reads. Prepared: ``{"variant": <number>}``.
    Answer: ``{"value": "<decimal string>", "variant": <number>}``, so that it is judged without its paper.
    """

    key = "calculated"
    source_fields = frozenset({"variables", "conditions", "answer", "variants", "seed"}) | tolerance.FIELDS
    edit_form = CalculatedForm
    key_field = "answer"
    has_variants = True

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("A calculated number"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with variables, formula and tolerance; values are the resolver's to judge."""
        faults = [str(_l("Its variables are missing."))] if not _text(source, "variables") else []
        if source.get("answer") in (None, "", {}):
            faults.append(str(_l("The right number is missing.")))
        if not _is_count(source.get("variants", VARIANTS), least=LEAST, most=MAX_VARIANTS):
            faults.append(str(_l("There are 2 to %(most)s variants.", most=MAX_VARIANTS)))
        if not _is_count(source.get("seed", 1), least=0, most=10**9):
            faults.append(str(_l("The seed is a whole number from 0 on.")))
        faults += tolerance.faults(source)
        try:
            _read(source)
        except FieldFault as fault:
            faults.append(str(fault))
        return faults

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the variants; while variables or formula are missing there is none, and no answer is right.

        Raises:
            FieldFault: a line cannot be read, or a variant makes no sense.
        """
        definition, formula = _read(source)
        content: Json = {"variants": []} | tolerance.resolve(source)
        if formula is None or not definition.variables:
            return content
        _check_marks(source, {variable.name for variable in definition.variables})
        wanted, law = int(source.get("variants", VARIANTS)), Law(resolver.number)
        try:
            cases = list(islice(list_cases(definition, law), wanted))
        except FormulaFault as fault:
            raise FieldFault("conditions", str(fault)) from fault
        if len(cases) < (wanted if "variants" in source else LEAST):
            raise FieldFault("variants", _too_few(len(cases), wanted))
        content["variants"] = [
            _variant(number, case, formula, content) for number, case in enumerate(cases, 1)
        ]
        return content

    def mark(self, text: str) -> str:
        """Return the text with a sign for each ``{nilai:…}``, which `fill` replaces."""
        return _VALUE.sub(r"⟦\1⟧", text)

    def fill(self, text: str, content: Json, prepared: Json) -> str:
        """Return HTML with the values of the variant of a paper."""
        shown = _of(content, prepared["variant"])["shown"]
        return _SIGN.sub(lambda match: html.escape(shown.get(match[1], match[0])), text)

    def variants(self, content: Json) -> list[Json]:
        """Return what can be prepared, in the order of their numbers."""
        return [{"variant": variant["number"]} for variant in content["variants"]]

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:
        """Return one of the variants; the first where nothing is shuffled."""
        variants = self.variants(content) or [{"variant": 0}]
        return rng.choice(variants) if shuffle else variants[0]

    def present(self, content: Json, prepared: Json) -> Json:  # noqa: ARG002
        """Return the unit, or those to choose from; the values stand in the stem."""
        return tolerance.present(content)

    def is_same_on_paper(self, before: Json, after: Json, prepared: Json) -> bool:
        """Return whether the variant of the paper has the same numbers in both, beside the key."""
        shown = [_given(content, prepared["variant"]) for content in (before, after)]
        return shown[0] == shown[1] and super().is_same_on_paper(before, after, prepared)

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:
        """Return the number typed and the variant it answers, None when the line is empty.

        Raises:
            FormatError: it is no number, or one that could be read as another.
        """
        answer = typed_answer(raw, content)
        return None if answer is None else answer | {"variant": prepared["variant"]}

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return what the number earns by the key of its variant."""
        return tolerance.grade(_at(content, answer["variant"] if answer else 0), answer)

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:
        """Return what was given, the key of this variant and its number, and what was earned why."""
        number = prepared["variant"]
        return tolerance.review(_at(content, number), answer) | {"variant": number}

    def solution_html(self, content: Json) -> str:
        """Return the right number of the first variant."""
        return html.escape(_of(content, 1)["shown"].get(ANSWER, ""))

    def solve(self, content: Json, prepared: Json) -> Raw:
        """Return the key of the variant as it is typed in Indonesian."""
        return solved(_at(content, prepared["variant"]))

    def miss(self, content: Json, prepared: Json) -> Raw:
        """Return a number beyond the tolerance of the variant."""
        return missed(_at(content, prepared["variant"]))

    def examples(self) -> list[Example]:
        """Return a sum with a condition, and a share with tolerance that follows from another variable."""
        bad: list[Raw] = [{"value": [text]} for text in ("5,000.00", "1.00", "5.00.000", "lima", "10 hari")]
        premium = {
            "variables": "upah: 2.000.000 sampai 2.400.000 langkah 100.000 rupiah\nbulan: 3 | 6 bulan",
            "conditions": "upah × bulan > 6.000.000",
            "answer": "round(upah × 0,02) × bulan",
            "unit": "rupiah",
            "variants": 5,
            "seed": 3,
        }
        share = {
            "variables": "anggota: 40 orang\nhadir: 10 | 20 orang\nsisa: = anggota - hadir orang",
            "answer": "sisa / anggota × 100",
            "unit": "persen",
            "tolerance": 1,
            "near": {"tolerance": 5, "fraction": "0.5"},
            "variants": 2,
            "seed": 0,
        }
        return [_example(self, premium, bad), _example(self, share, bad, half=Decimal(4))]


def _example(
    question_type: Calculated, source: Json, bad: list[Raw], *, half: Decimal | None = None
) -> Example:
    """Return a sample whose right answer is reckoned here: it depends on the first variant."""
    content = question_type.resolve(source, _Figures())
    right = Decimal(content["variants"][0]["answer"])
    near = [({"value": [_typed(right + half)]}, Decimal("0.5"))] if half is not None else []
    return Example(source, {"value": [_typed(right)]}, {"value": [_typed(right + 50)]}, bad, near)


def _typed(number: Decimal) -> str:
    return show_value(number, "")


class _Figures:
    """Resolves samples, which hold no facts."""

    def html(self, text: str) -> str:
        return text

    def plain(self, text: str) -> str:
        return text

    def number(self, expression: Any) -> Decimal:
        return Decimal(str(expression))


def _text(source: Json, name: str) -> str:
    return str(source.get(name) or "").strip()


def _is_count(value: object, *, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _read(source: Json) -> tuple[Definition, Node | None]:
    """Return what a source says; raises FieldFault with the field and the line."""
    variables = _told("variables", read_variables, str(source.get("variables") or ""))
    conditions = _told(
        "conditions", lambda text: read_conditions(text, variables), str(source.get("conditions") or "")
    )
    answer = answer_text(source.get("answer"))
    formula = _told("answer", lambda text: read_answer(text, variables), answer) if answer else None
    return Definition(variables, conditions, int(source.get("seed", 1))), formula


def answer_text(answer: object) -> str:
    """Return the formula of the right number as text; a calculator may also stand as a mapping.

    Raises:
        FieldFault: it is neither a text, a number nor a calculator with its inputs.
    """
    if isinstance(answer, dict) and answer:
        inputs = answer.get("masukan", {})
        if not {"hitung", "hasil"} <= set(answer) <= {"hitung", "masukan", "hasil"} or not isinstance(
            inputs, dict
        ):
            raise FieldFault("answer", _l("A calculated answer has hitung, masukan and hasil, nothing else."))
        for name, value in inputs.items():
            # 500.000 without quotes would be five hundred: YAML reads a point as decimals.
            if not isinstance(value, str | int) or isinstance(value, bool):
                raise FieldFault("answer", _l('Write %(name)s in quotes, like "2.500.000".', name=name))
        return show_reckoning(answer)
    return str(answer or "").strip()


def _told(name: str, read: Callable[[str], Any], text: str) -> Any:
    try:
        return read(text)
    except FieldFault:
        raise
    except ValueError as error:
        raise FieldFault(name, str(error)) from error


def _check_marks(source: Json, names: set[str]) -> None:
    """See that stem and explanation name variables there are, and that the stem shows one at all."""
    stem = _VALUE.findall(str(source.get("stem", "")))
    for name in stem:
        if name not in names:
            raise FieldFault("stem", _l("There is no variable “%(name)s”.", name=name))
    for name in _VALUE.findall(str(source.get("explanation", ""))):
        if name not in names | {ANSWER}:
            raise FieldFault("explanation", _l("There is no variable “%(name)s”.", name=name))
    if _text(source, "stem") and not stem:
        message = _l("The question shows no variable: write {nilai:%(name)s}.", name=min(names))
        raise FieldFault("stem", message)


def _too_few(found: int, wanted: int) -> str:
    return str(
        _l(
            "Only %(found)s combinations keep the conditions; %(wanted)s variants are wanted.",
            found=found,
            wanted=wanted,
        )
    )


def _variant(number: int, case: Case, formula: Node, content: Json) -> Json:
    """Return a variant with its key, all of it in figures."""
    values = {variable.name: case.typed(variable.name) for variable in case.definition.free}
    try:
        shown, answer = case.shown(), tolerance.trimmed(evaluate(formula, case))
        _check_sense(answer, content)
    except ValueError as error:
        said = ", ".join(f"{name} {value}" for name, value in values.items())
        message = _l("Variant %(number)s (%(case)s): %(reason)s", number=number, case=said, reason=str(error))
        raise FieldFault("answer", message) from error
    shown[ANSWER] = show_value(answer, content["unit"])
    return {"number": number, "answer": f"{answer:f}", "values": values, "shown": shown}


def _check_sense(answer: Decimal, content: Json) -> None:
    """Refuse a key nobody could type or mean.

    Raises:
        ValueError: with the sentence.
    """
    if answer < 0:
        raise ValueError(str(_l("the right number is below 0.")))
    if answer > LARGEST:
        raise ValueError(str(_l("a number is beyond any sense.")))
    if -int(answer.as_tuple().exponent) > MAX_DIGITS:
        raise ValueError(str(_l("the right number has no end: write round(…) around it.")))
    if content["unit"] in WHOLE and answer % 1 and not Decimal(content["tolerance"]):
        message = _l("the right number is no whole %(unit)s: write round(…) around it.", unit=content["unit"])
        raise ValueError(str(message))


def _of(content: Json, number: int) -> Json:
    """Return a variant by its number."""
    variants: list[Json] = content["variants"]
    return variants[number - 1] if 1 <= number <= len(variants) else _NONE


def _given(content: Json, number: int) -> Json:
    """Return what a variant shows of its case.

    Raises:
        LookupError: there is no such variant.
    """
    variant = _of(content, number)
    if variant is _NONE:
        raise LookupError(number)
    return {name: value for name, value in variant["shown"].items() if name != ANSWER}


def _at(content: Json, number: int) -> Json:
    """Return the content of a plain number question: that of one variant."""
    return {**content, "answer": _of(content, number)["answer"]}
