"""JP: the pension of a month, or what is paid at once where the time was too short."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import (
    amount,
    day,
    expression,
    plain,
    rounded,
    rupiah,
    rupiah_step,
    share,
    stated,
    sum_step,
)
from courses.facts.calculators.base import (
    CalculatorFault,
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
from courses.facts.calculators.pu import MOST_WAGE

_WAITING = "jp.benefit.min_contribution_months"
_DEEMED = "jp.deemed_contribution_years"
_LEAST, _MOST = "jp.benefit.min", "jp.benefit.max"

_CASES = {
    "pensiun": _l("the member reaches pension age"),
    "cacat": _l("the member is totally and permanently disabled"),
    "janda_duda": _l("the member died: widow or widower"),
    "anak": _l("the member died: children, there is no widow or widower"),
    "orang_tua": _l("the member died: parents, there is no spouse and no child"),
}
_SHARES = {
    "janda_duda": ("jp.benefit.spouse_share", "pp-45-2015/21"),
    "anak": ("jp.benefit.child_share", "pp-45-2015/22"),
    "orang_tua": ("jp.benefit.parent_share", "pp-45-2015/23"),
}


class JpPension:
    """Waiting time, formula, least and most of the year; else contributions and return at once."""

    key = "jp"
    title = _l("JP pension")
    summary = _l("The pension of a month, or what is paid at once where the time was too short.")

    def fields(self, law: LawAt) -> Sequence[Field]:  # noqa: ARG002
        """Return the fields; what a case does not need may stay empty."""
        return (*_case_fields(), *_money_fields())

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return the pension of a month, or the sum that is paid at once.

        Raises:
            CalculatorFault: a number of this case is missing, or more months were paid than there were.
        """
        steps = Steps()
        counted = _counted_months(steps, inputs, law)
        notes = _pension(steps, inputs, law, counted) if counted else _at_once(steps, inputs, law)
        if inputs.choice("keadaan") == "pensiun":
            age = "jp.retirement_age"
            steps.add(Step(_l("Pension age at this law date"), stated(law, age), None, facts=(age,)))
        return steps.done(*notes, *_too_long(inputs, law))


def _case_fields() -> tuple[Field, ...]:
    return (
        Field(
            "keadaan",
            _l("What happened?"),
            Kind.CHOICE,
            choices=tuple(Choice(key, label) for key, label in _CASES.items()),
            default="pensiun",
        ),
        Field("bulan_iur", _l("Months paid"), Kind.MONTHS, maximum=Decimal(600)),
        Field(
            "bulan_peserta",
            _l("Months since joining"),
            Kind.MONTHS,
            help=_l(
                "Needed after a disability or a death, where fewer months were paid than a pension needs."
            ),
            is_required=False,
            maximum=Decimal(600),
        ),
    )


def _money_fields() -> tuple[Field, ...]:
    return (
        Field(
            "rata_upah",
            _l("Average monthly wage, adjusted to prices"),
            Kind.MONEY,
            help=_l(
                "Needed for a pension. The yearly price index is not in our facts: the office "
                "knows the average."
            ),
            is_required=False,
            maximum=MOST_WAGE,
            is_from_person=True,
        ),
        Field(
            "upah",
            _l("Monthly wage the contributions were paid on"),
            Kind.MONEY,
            help=_l("Needed where all is paid at once."),
            is_required=False,
            maximum=MOST_WAGE,
        ),
        Field(
            "hasil",
            _l("Return on the contributions so far"),
            Kind.MONEY,
            help=_l("In rupiah, from the office. Our facts hold no rate of return."),
            is_required=False,
            default="0",
            minimum=Decimal(0),
            is_from_person=True,
        ),
    )


def _counted_months(steps: Steps, inputs: Inputs, law: LawAt) -> Decimal:
    """Return the months the formula counts, 0 where there is no monthly pension."""
    paid = inputs.amount("bulan_iur")
    is_enough = paid >= law.number(_WAITING)
    steps.add(_compared(law, _l("Months paid"), paid, is_enough, _WAITING))
    if is_enough:
        return paid
    if inputs.choice("keadaan") == "pensiun" or not _is_regular(steps, inputs, law):
        return Decimal(0)
    months = law.number(_DEEMED) * 12
    said = expression("{} × 12", stated(law, _DEEMED))
    steps.add(
        Step(_l("Counted as if paid"), said, months, "months", facts=(_DEEMED,), result="masa_iur_anggapan")
    )
    return months


def _is_regular(steps: Steps, inputs: Inputs, law: LawAt) -> bool:
    """Return whether somebody was a member and paid so regularly that a longer time is counted."""
    member, paid = inputs.required_amount("bulan_peserta"), inputs.amount("bulan_iur")
    if paid > member:
        raise CalculatorFault("bulan_iur", _l("More months were paid than have passed since joining."))
    is_disabled = inputs.choice("keadaan") == "cacat"
    key = "jp.disability.min_participation_months" if is_disabled else "jp.survivor.min_participation_years"
    needed = law.number(key) * (1 if is_disabled else 12)
    steps.add(_compared(law, _l("Months since joining"), member, member >= needed, key))
    density = paid / member if member else Decimal(0)
    is_dense = density >= law.number("jp.density_min")
    said = expression(
        "{} ÷ {} = {} {} {}",
        plain(paid),
        plain(member),
        share(density.quantize(Decimal("0.0001"))),
        "≥" if is_dense else "<",
        stated(law, "jp.density_min"),
    )
    steps.add(Step(_l("How regularly was paid"), said, None, facts=("jp.density_min",)))
    return member >= needed and is_dense


def _pension(steps: Steps, inputs: Inputs, law: LawAt, counted: Decimal) -> list[Text]:
    """Add the formula, the share of a survivor, and the limits."""
    wage, rate = inputs.required_amount("rata_upah"), law.number("jp.benefit.accrual_rate")
    said = expression("{} × {} ÷ 12 × {}", share(rate), plain(counted), rupiah(wage))
    facts = ("jp.benefit.accrual_rate", "jp.benefit.formula")
    own = _SHARES.get(inputs.choice("keadaan"))
    pension = steps.add(
        rupiah_step(_l("Pension by the formula"), said, rate * counted * wage / 12, facts=facts)
    )
    if own:
        key, cite = own
        said = expression("{} × {}", share(law.number(key)), rupiah(pension))
        label = _l("Share of the survivor")
        pension = steps.add(rupiah_step(label, said, law.number(key) * pension, facts=(key,), cite=(cite,)))
    _limited(steps, law, pension)
    notes: list[Text] = [
        _l("The average wage was entered by you. The office adjusts each year’s wages to prices first."),
        _l("This is the pension of the first year. It is adjusted to prices every year."),
    ]
    if own:
        notes.append(
            _l(
                "Our facts do not say whether the limits hold before or after the share. Here "
                "they hold for what is paid."
            )
        )
    return notes


def _limited(steps: Steps, law: LawAt, pension: Decimal) -> None:
    least, most = law.number(_LEAST), law.number(_MOST)
    paid = max(least, min(most, pension))
    said = expression("{} ≤ {} ≤ {}", rupiah(least), rupiah(paid), rupiah(most))
    if paid > pension:
        label = _l("Pension of a month, raised to the least")
    elif paid < pension:
        label = _l("Pension of a month, lowered to the most")
    else:
        label = _l("Pension of a month, within the limits")
    step = rupiah_step(label, said, paid, facts=(_LEAST, _MOST), result="bulanan", is_sum=True)
    steps.add(step)


def _at_once(steps: Steps, inputs: Inputs, law: LawAt) -> list[Text]:
    """Add the contributions at the wage under its cap, and the return."""
    wage, cap = inputs.required_amount("upah"), law.number("jp.wage_cap")
    base = min(wage, cap)
    if wage > cap:
        said = _l("%(wage)s, at most %(limit)s", wage=rupiah(wage), limit=rupiah(cap))
        steps.add(rupiah_step(_l("Wage that counts"), said, base, facts=("jp.wage_cap",)))
    parts = []
    for key, label in (
        ("jp.rate.employer", _l("Paid by the employer")),
        ("jp.rate.worker", _l("Paid by the worker")),
    ):
        said = expression("{} × {}", share(law.number(key)), rupiah(base))
        parts.append(steps.add(rupiah_step(label, said, law.number(key) * base, facts=(key, "jp.wage_cap"))))
    monthly = steps.add(sum_step(_l("Contribution a month"), parts, result="iuran_sebulan"))
    months = inputs.amount("bulan_iur")
    said = expression("{} × {}", plain(months), rupiah(monthly))
    paid = steps.add(
        rupiah_step(_l("Contributions of all months"), said, months * monthly, result="iuran_seluruh")
    )
    earned, _rounding = rounded(inputs.amount("hasil"))
    total = sum_step(
        _l("Paid at once: contributions and return"),
        [paid, earned],
        result="sekaligus",
        cite=_at_once_cite(inputs),
    )
    steps.add(total)
    return [
        _l(
            "The same wage and the cap of this law date are taken for all months. In truth each "
            "year has its own."
        ),
        _l("The return was entered by you. Our facts hold no rate of return."),
    ]


def _at_once_cite(inputs: Inputs) -> tuple[str, ...]:
    survivors = ("permenaker-29-2015/26/2",) if inputs.choice("keadaan") == "janda_duda" else ()
    return ("pp-45-2015/24", *survivors)


def _too_long(inputs: Inputs, law: LawAt) -> list[Text]:
    """Return the sentence on months that cannot have been paid yet at the law date."""
    start = law.start("jp.rate.total")
    possible = (law.as_of.year - start.year) * 12 + law.as_of.month - start.month + 1
    if inputs.amount("bulan_iur") <= possible:
        return []
    return [
        _l(
            "JP began on %(day)s. At this law date nobody can have paid for so many months; the "
            "sum is an example for later.",
            day=day(start),
        )
    ]


def _compared(law: LawAt, label: Text, count: Decimal, is_enough: bool, key: str) -> Step:
    """Return a step that holds months against what the law needs."""
    pattern = "{} ≥ {}" if is_enough else "{} < {}"
    return Step(label, expression(pattern, amount(count, "months"), stated(law, key)), None, facts=(key,))
