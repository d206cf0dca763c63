"""Number: an amount, typed. Besides the right one further numbers may earn all or a share."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from flask_babel import format_percent
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField

from lms.core.fields import at_most
from lms.core.numbers import show
from quizzes.types import tolerance
from quizzes.types.base import Example, FormatError, Grade, Json, QuestionType, Raw, Resolver
from quizzes.types.edit_form import clean
from quizzes.types.expressions import can_show, read_expression, show_expression
from quizzes.types.other_numbers import other_contents, other_faults, read_others, resolve_others, show_others
from quizzes.types.tolerance_form import ToleranceForm, check


class NumberForm(ToleranceForm):
    """The key as an expression of numbers and facts, its unit, and how far off still counts."""

    answer = StringField(_l("Right number"), [at_most(300)])
    others = TextAreaField(_l("Further numbers"), [at_most(600)], render_kw={"rows": 2})

    def show(self, source: Json) -> None:
        """Put ``source`` into the fields."""
        super().show(source)
        self.answer.data = show_expression(source.get("answer"))
        self.others.data = show_others(source.get("others"))

    def read(self) -> Json:
        """Return key, unit and tolerance."""
        answer = clean(self.answer.data)
        source = super().read() | ({"answer": read_expression(answer)} if answer else {})
        others = read_others(clean(self.others.data))
        return source | ({"others": others} if others else {})

    def validate_others(self, field: Field) -> None:
        """Say which line cannot be read."""
        check(read_others, field)

    def validate_answer(self, field: Field) -> None:
        """Say which part cannot be read."""
        check(read_expression, field)


def typed_answer(raw: Raw, content: Json) -> Json | None:
    """Return the number and the unit that were typed or chosen, None when the line is empty.

    Raises:
        FormatError: it is no number, or one that could be read as another.
    """
    values = [value for value in raw.get("value", ()) if value.strip()]
    units = {unit for unit in raw.get("unit", ()) if unit}
    if not values:
        return None
    if len(values) > 1 or len(units) > 1:
        raise FormatError(_l("Please type one number only."))
    return tolerance.parse(values[0], next(iter(units), ""), content)


def solved(content: Json) -> Raw:
    """Return the key as it is typed in Indonesian."""
    return _with_unit(show(tolerance.trimmed(Decimal(content["answer"]))), content)


def missed(content: Json) -> Raw:
    """Return a number beyond every tolerance."""
    beyond = max(tolerance.beyond(one) for one, _share in (_whole(content), *other_contents(content)))
    return _with_unit(show(tolerance.trimmed(beyond)), content)


def _whole(content: Json) -> tuple[Json, Decimal]:
    return content, Decimal(1)


def _with_unit(shown: str, content: Json) -> Raw:
    return {"value": [shown]} | ({"unit": [content["unit"]]} if content.get("units") else {})


class Number(QuestionType):
    """One line to type into. Content: ``answer`` as decimal string, what `tolerance` reads, and ``others``.

    Answer: ``{"value": "<decimal string>"}``, with ``unit`` where there are several to choose from.
    """

    key = "number"
    source_fields = frozenset({"answer", "others"}) | tolerance.FIELDS
    edit_form = NumberForm
    key_field = "answer"

    @property
    def label(self) -> str:
        """Name shown to authors."""
        return str(_l("A number"))

    def faults(self, source: Json) -> list[str]:
        """Return what is wrong with key, tolerance and unit; whether facts exist is the resolver's to say."""
        faults = []
        if source.get("answer") in (None, "", {}):
            faults.append(str(_l("The right number is missing.")))
        elif not can_show(source["answer"]):
            faults.append(
                str(_l("The right number is nested too deeply: sums hold products, products nothing."))
            )
        return faults + list(tolerance.faults(source)) + list(other_faults(source))

    def resolve(self, source: Json, resolver: Resolver) -> Json:
        """Return the key in figures; an absent one stays None and no answer is right."""
        answer = source.get("answer")
        is_missing = answer in (None, "", {})
        key = None if is_missing else f"{resolver.number(answer):f}"
        return {"answer": key} | tolerance.resolve(source) | resolve_others(source, resolver)

    def prepare(self, content: Json, rng: Random, *, shuffle: bool) -> Json:  # noqa: ARG002
        """Return nothing: there is nothing to fix."""
        return {}

    def present(self, content: Json, prepared: Json) -> Json:  # noqa: ARG002
        """Return the unit, or those to choose from."""
        return tolerance.present(content)

    def parse(self, raw: Raw, content: Json, prepared: Json) -> Json | None:  # noqa: ARG002
        """Return the number typed, None when the line is empty.

        Raises:
            FormatError: it is no number, or one that could be read as another.
        """
        return typed_answer(raw, content)

    def grade(self, content: Json, answer: Json | None) -> Grade:
        """Return 1 within the tolerance, a share further off or for another one, less what a unit costs."""
        best = tolerance.grade(content, answer)
        for other, share in other_contents(content):
            earned = tolerance.grade(other, answer).fraction * share
            if earned > best.fraction:
                shown = format_percent(earned, "#,##0.##%")
                comment = (
                    str(_l("This answer earns %(share)s of the marks.", share=shown)) if earned < 1 else ""
                )
                best = Grade(earned, comment)
        return best

    def review(self, content: Json, prepared: Json, answer: Json | None) -> Json:  # noqa: ARG002
        """Return what was given (None: nothing), the key, the tolerance ("": none), and what it earned why.

        Numbers are written as the line to type into takes them, in both languages; ``also`` are those that
        earn everything, too.
        """
        judged = self.grade(content, answer)
        whole = (other["answer"] for other, share in other_contents(content) if share == 1)
        return tolerance.review(content, answer) | {
            "is_right": judged.fraction == 1,
            "is_partly": 0 < judged.fraction < 1,
            "rule": judged.comment,
            "also": [show(tolerance.trimmed(Decimal(number))) for number in whole],
        }

    def solve(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return the key as it is typed in Indonesian."""
        return solved(content)

    def miss(self, content: Json, prepared: Json) -> Raw:  # noqa: ARG002
        """Return a number beyond the tolerance."""
        return missed(content)

    def examples(self) -> list[Example]:
        """Return an exact amount, one with tolerance, two steps, several numbers, two units."""
        bad: list[Raw] = [
            {"value": [text]} for text in ("5,000.00", "1.00", "5.00.000", "5,000", "lima", "10 hari")
        ]
        half = Decimal("0.5")
        two_steps = {"tolerance": 1, "near": {"tolerance": 5, "fraction": "0.5"}}
        two_units = {"units": [{"name": "tahun", "factor": 12}], "unit_penalty": "0.25"}
        return [
            Example({"answer": 40000, "unit": "rupiah"}, {"value": ["Rp40.000"]}, {"value": ["40.001"]}, bad),
            Example(
                {"answer": "0.24", "unit": "persen", "tolerance": "0.01"},
                {"value": ["0,25%"]},
                {"value": ["24"]},
                [{"value": ["0.24"]}],
            ),
            Example(
                {"answer": 2000000, "unit": "rupiah", "tolerance_kind": "relative"} | two_steps,
                {"value": ["2.020.000"]},
                {"value": ["2.100.001"]},
                bad,
                [({"value": ["1.900.000"]}, half), ({"value": ["2,1 juta"]}, half)],
            ),
            Example(
                {
                    "answer": 100,
                    "unit": "rupiah",
                    "others": [{"answer": 200, "tolerance": 5}, {"answer": 50, "fraction": "0.5"}],
                },
                {"value": ["195"]},
                {"value": ["150"]},
                bad,
                [({"value": ["50"]}, half)],
            ),
            Example(
                {"answer": 1000000, "unit": "rupiah", "tolerance": 10, "tolerance_kind": "geometric"},
                {"value": ["1.100.000"]},
                {"value": ["900.000"]},
                bad,
            ),
            Example(
                {"answer": 180, "unit": "bulan"} | two_units,
                {"value": ["15"], "unit": ["tahun"]},
                {"value": ["16 bulan"]},
                [
                    {"value": ["15 hari"]},
                    {"value": ["15 tahun"], "unit": ["bulan"]},
                    {"unit": ["abad"], "value": ["1"]},
                ],
                [
                    ({"value": ["15"]}, Decimal("0.75")),
                    ({"value": ["15"], "unit": ["bulan"]}, Decimal("0.75")),
                ],
            ),
        ]
