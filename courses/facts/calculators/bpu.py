"""Monthly contributions of a person who works without an employer (bukan penerima upah)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import expression, rupiah, rupiah_step, share, stated, sum_step
from courses.facts.calculators.base import Choice, Field, Inputs, Kind, LawAt, Outcome, Steps, Text

_DISCOUNT = "bpu.discount.factor"
_DISCOUNT_OF_OTHERS = "bpu.discount.factor_non_transport"
_RELIEF = "covid.jkk_jkm_discount"


class SelfEmployed:
    """JKK and JKM, which every such person has, and JHT if wished."""

    key = "bpu"
    title = _l("Contributions of the self-employed")
    summary = _l("JKK, JKM and, if wished, JHT of traders, farmers, drivers and others without an employer.")

    def fields(self, law: LawAt) -> Sequence[Field]:
        """Ask for the base income and for what a discount depends on."""
        return (
            Field(
                "dasar",
                _l("Base income"),
                Kind.MONEY,
                help=_l(
                    "From the annex of the regulation, by income: the lowest row is %(least)s, the highest "
                    "%(most)s. Our data hold only these two; please take the rows between from the annex.",
                    least=stated(law, "jkk.bpu.base_min"),
                    most=stated(law, "jkk.bpu.base_max"),
                ),
                minimum=law.number("jkk.bpu.base_min"),
                maximum=law.number("jkk.bpu.base_max"),
                is_from_person=True,
            ),
            Field(
                "jht",
                _l("With JHT"),
                Kind.YES_NO,
                help=_l("Free to choose; JKK and JKM are not."),
                default="tidak",
            ),
            *_discount_fields(),
        )

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return the contributions, which the person pays alone."""
        steps, base, discount = Steps(), inputs.amount("dasar"), _find_discount(inputs, law)
        parts = [
            _jkk(steps, law, base, discount),
            _jkm(steps, law, discount),
        ]
        if inputs.says_yes("jht"):
            parts.append(_jht(steps, law, base))
        steps.add(sum_step(_l("The person pays each month"), parts, result="total"))
        return steps.done(*_notes(inputs, law, discount))


def _discount_fields() -> Sequence[Field]:
    return (
        Field(
            "sektor",
            _l("Work"),
            Kind.CHOICE,
            choices=(
                Choice("transportasi", _l("Transport: ojek, driver, courier")),
                Choice("lainnya", _l("Anything else")),
            ),
            default="lainnya",
            condition=_DISCOUNT,
        ),
        Field(
            "dibayar_negara",
            _l("The contribution is paid from the budget of the state or the region"),
            Kind.YES_NO,
            help=_l("Then there is no discount."),
            default="tidak",
            condition=_DISCOUNT,
        ),
        Field(
            "relaksasi",
            _l("The person has the relief of the pandemic"),
            Kind.YES_NO,
            default="tidak",
            condition=_RELIEF,
        ),
    )


def _find_discount(inputs: Inputs, law: LawAt) -> str:
    """Return the key of the discount this person has on JKK and JKM, empty for none."""
    if inputs.says_yes("relaksasi"):
        return _RELIEF
    if inputs.says_yes("dibayar_negara") or not inputs.choice("sektor"):
        return ""
    if inputs.choice("sektor") == "transportasi":
        return _DISCOUNT
    return _DISCOUNT_OF_OTHERS if law.holds(_DISCOUNT_OF_OTHERS) else ""


def _jkk(steps: Steps, law: LawAt, base: Decimal, discount: str) -> Decimal:
    key = "jkk.bpu.rate_of_base"
    said = expression("{} × {}", rupiah(base), stated(law, key))
    return _discounted(steps, law, base * law.number(key), said, key=key, discount=discount, name="JKK")


def _jkm(steps: Steps, law: LawAt, discount: str) -> Decimal:
    key = "jkm.bpu.contribution"
    return _discounted(steps, law, law.number(key), stated(law, key), key=key, discount=discount, name="JKM")


def _discounted(
    steps: Steps, law: LawAt, exact: Decimal, said: Text, *, key: str, discount: str, name: str
) -> Decimal:
    facts: tuple[str, ...] = (key,)
    if discount:
        part = law.number(discount)
        exact, facts = exact * (1 - part), (key, discount)
        said = expression("{} × ({} − {})", said, share(Decimal(1)), share(part))
    return steps.add(rupiah_step(name, said, exact, facts=facts, result=name.casefold()))


def _jht(steps: Steps, law: LawAt, base: Decimal) -> Decimal:
    key = "jht.bpu.rate_of_base"
    said = expression("{} × {}", rupiah(base), stated(law, key))
    return steps.add(rupiah_step("JHT", said, base * law.number(key), facts=(key,), result="jht"))


def _notes(inputs: Inputs, law: LawAt, discount: str) -> list[Text]:
    notes: list[Text] = [
        _l(
            "JKK and JKM are due by %(day)s of the same month, JHT by that day of the next month.",
            day=stated(law, "bpu.due_day_jkk_jkm"),
        ),
        _l("JP asks for an employer; the self-employed cannot join it."),
    ]
    if discount:
        notes.append(_l("The text of the regulation on this discount was not read; ask the branch office."))
    elif inputs.choice("sektor") and not inputs.says_yes("dibayar_negara"):
        notes.append(_l("At this date the discount is for transport only."))
    return notes
