"""JKP: the money after a dismissal, where the law date has the programme."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import (
    day,
    expression,
    plain,
    rupiah,
    rupiah_step,
    share,
    stated,
    sum_step,
)
from courses.facts.calculators.base import (
    Choice,
    Field,
    Inputs,
    Kind,
    LawAt,
    Outcome,
    Step,
    Steps,
    Text,
)
from courses.facts.calculators.jkp_conditions import IN_A_ROW_RULE, REASONS, unmet_conditions
from courses.facts.calculators.months import months_by_rate
from courses.facts.calculators.pu import MOST_WAGE

_MONTHS = "jkp.benefit.cash.max_months"
"""In force while there is money to receive."""
_WINDOW = "jkp.eligibility.window_months"

# First and last month of each rate; the law of a day has one of them or two.
_RATES = {
    "jkp.benefit.cash.months_1_6": (1, 6),
    "jkp.benefit.cash.months_1_3": (1, 3),
    "jkp.benefit.cash.months_4_6": (4, 6),
}


class JkpBenefits:
    """The conditions one by one, then a share of the capped wage for each month."""

    key = "jkp"
    title = _l("JKP money")
    summary = _l("The money after a dismissal, month by month, and the conditions for it.")

    def fields(self, law: LawAt) -> Sequence[Field]:
        """Return the fields, none of them asked for where JKP does not exist."""
        return (*_work_fields(law), *_member_fields(law), *_claim_fields())

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return the money, the conditions that are not met, or that there was no JKP."""
        if not law.holds(_MONTHS):
            return _no_jkp(law)
        steps = Steps()
        missing = unmet_conditions(steps, inputs, law)
        if missing:
            steps.add(sum_step(_l("Together"), [], result="total"))
            return steps.done(*missing)
        _money(steps, inputs, law)
        return steps.done(
            *_cut(inputs, law),
            _l(
                "Besides the money there are job information and training; and proof of the "
                "dismissal is needed."
            ),
        )


def _work_fields(law: LawAt) -> Sequence[Field]:
    most = law.number(_MONTHS) if law.holds(_MONTHS) else None
    return (
        Field(
            "upah",
            _l("Last wage the employer reported"),
            Kind.MONEY,
            maximum=MOST_WAGE,
            condition=_MONTHS,
        ),
        Field(
            "alasan",
            _l("How did the work end?"),
            Kind.CHOICE,
            choices=tuple(Choice(key, label) for key, label in REASONS.items()),
            default="phk",
            condition=_MONTHS,
        ),
        Field(
            "bulan",
            _l("Months without work"),
            Kind.MONTHS,
            help=_l("The money is paid for each of them, up to as many as the law gives."),
            is_required=False,
            default=str(most or ""),
            minimum=Decimal(1),
            maximum=Decimal(600),
            condition=_MONTHS,
        ),
    )


def _member_fields(law: LawAt) -> Sequence[Field]:
    window = law.number(_WINDOW) if law.holds(_WINDOW) else None
    return (
        Field(
            "bulan_iur",
            _l("Months paid before the dismissal"),
            Kind.MONTHS,
            help=_l("Counted in the last %(window)s.", window=stated(law, _WINDOW)) if window else "",
            maximum=window,
            condition=_MONTHS,
        ),
        Field(
            "bulan_berturut",
            _l("Of these paid in a row"),
            Kind.MONTHS,
            maximum=window,
            condition=IN_A_ROW_RULE,
        ),
        Field(
            "usia_daftar",
            _l("Age when registered for JKP"),
            Kind.NUMBER,
            minimum=Decimal(15),
            maximum=Decimal(100),
            condition=_MONTHS,
        ),
    )


def _claim_fields() -> Sequence[Field]:
    return (
        Field(
            "bulan_sejak_phk",
            _l("Months from the dismissal to the claim"),
            Kind.MONTHS,
            is_required=False,
            default="0",
            condition=_MONTHS,
        ),
        Field(
            "klaim_ke",
            _l("Which claim in life is it?"),
            Kind.NUMBER,
            is_required=False,
            default="1",
            minimum=Decimal(1),
            maximum=Decimal(20),
            condition=_MONTHS,
        ),
        Field(
            "bulan_iur_sejak_klaim",
            _l("Months paid since the claim before"),
            Kind.MONTHS,
            help=_l("Needed from the second claim on."),
            is_required=False,
            condition=_MONTHS,
        ),
    )


def _no_jkp(law: LawAt) -> Outcome:
    start = law.start(_MONTHS)
    said = _l(
        "On %(day)s there was no JKP. Its rules hold since %(start)s.", day=day(law.as_of), start=day(start)
    )
    step = Step(_l("Start of the rules of JKP"), day(start), None, cite=("uu-11-2020/82", "pp-37-2021/21"))
    return Outcome((step,), (said,))


def _money(steps: Steps, inputs: Inputs, law: LawAt) -> None:
    base = _base(steps, inputs.amount("upah"), law)
    months = min(inputs.amount("bulan"), law.number(_MONTHS))
    parts: list[Decimal] = []
    said: list[Text] = []
    for key, count, which in months_by_rate(months, _RATES, law):
        result = "sebulan_lanjutan" if parts else "sebulan"
        label = _l("Money of a month, %(months)s", months=which)
        share_said = expression("{} × {}", share(law.number(key)), rupiah(base))
        monthly = steps.add(
            rupiah_step(label, share_said, law.number(key) * base, facts=(key,), result=result)
        )
        parts.append(count * monthly)
        said.append(expression("{} × {}", plain(count), rupiah(monthly)))
    together = expression(" + ".join(["{}"] * len(said)), *said)
    total = sum(parts, Decimal(0))
    steps.add(rupiah_step(_l("Together"), together, total, facts=(_MONTHS,), result="total", is_sum=True))


def _cut(inputs: Inputs, law: LawAt) -> list[Text]:
    if inputs.amount("bulan") <= law.number(_MONTHS):
        return []
    return [_l("The law pays for at most %(months)s.", months=stated(law, _MONTHS))]


def _base(steps: Steps, wage: Decimal, law: LawAt) -> Decimal:
    cap = law.number("jkp.wage_cap")
    said = _l("%(wage)s, at most %(limit)s", wage=rupiah(wage), limit=rupiah(cap))
    label = _l("Wage that counts")
    return steps.add(Step(label, said, min(wage, cap), facts=("jkp.wage_cap",), result="dasar_upah"))
