"""JHT: how a balance grows month by month, at a return the person enters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import (
    NEAREST_RUPIAH,
    amount,
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

_YEARS = "jht.partial.min_membership_years"
_SEGMENTS = (
    Choice("pu", _l("wage earner: from the wage")),
    Choice("bpu", _l("not a wage earner: a sum from the table")),
)


class JhtBalance:
    """What is paid in, what it earns, and what of it may be taken early."""

    key = "jht"
    title = _l("JHT balance")
    summary = _l("How a JHT balance grows month by month, at a return you enter yourself.")

    def fields(self, law: LawAt) -> Sequence[Field]:  # noqa: ARG002
        """Return the fields: a wage, or what somebody without an employer pays a month."""
        return (
            Field("segmen", _l("Kind of member"), Kind.CHOICE, choices=_SEGMENTS, default="pu"),
            Field(
                "upah",
                _l("Monthly wage"),
                Kind.MONEY,
                help=_l("Basic wage and fixed allowances; the same in all months here."),
                is_required=False,
                maximum=MOST_WAGE,
            ),
            Field(
                "iuran",
                _l("Contribution a month"),
                Kind.MONEY,
                help=_l("Only without an employer: the sum in the row of the table."),
                is_required=False,
            ),
            Field("bulan", _l("Months paid"), Kind.MONTHS, minimum=Decimal(1), maximum=Decimal(600)),
            Field(
                "hasil_setahun",
                _l("Return a year"),
                Kind.PERCENT,
                help=_l("Our facts hold no rate of return. Write 0 to see the contributions alone."),
                maximum=Decimal(30),
                is_from_person=True,
            ),
            Field(
                "saldo_awal",
                _l("Balance at the start"),
                Kind.MONEY,
                is_required=False,
                default="0",
                minimum=Decimal(0),
            ),
        )

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return the contributions, the balance month by month, and its parts."""
        steps = Steps()
        monthly = _contribution(steps, inputs, law)
        account = _grow(inputs, monthly)
        earned = _show_growth(steps, account, inputs, monthly)
        _sums(steps, account, inputs, earned=earned, monthly=monthly)
        _early(steps, account, inputs, law)
        steps.add(_said(law, "jht.return_floor", _l("Least return by the law")))
        steps.add(_said(law, "jht.retirement_age", _l("Paid in full at the age of")))
        return steps.done(*_notes())


@dataclass(frozen=True)
class _Month:
    """An account at the end of a month."""

    number: int
    # In all months so far.
    earned: Decimal
    balance: Decimal


def _contribution(steps: Steps, inputs: Inputs, law: LawAt) -> Decimal:
    if inputs.choice("segmen") == "bpu":
        return _own_contribution(steps, inputs, law)
    wage = inputs.required_amount("upah")
    worker = _part(
        steps, law, wage, key="jht.rate.worker", label=_l("Paid by the worker"), result="iuran_pekerja"
    )
    employer = _part(
        steps,
        law,
        wage,
        key="jht.rate.employer",
        label=_l("Paid by the employer"),
        result="iuran_pemberi_kerja",
    )
    return steps.add(sum_step(_l("Contribution a month"), [worker, employer], result="iuran_sebulan"))


def _part(steps: Steps, law: LawAt, wage: Decimal, *, key: str, label: Text, result: str) -> Decimal:
    rate = law.number(key)
    said = expression("{} × {}", share(rate), rupiah(wage))
    return steps.add(rupiah_step(label, said, rate * wage, facts=(key, "jht.wage_cap"), result=result))


def _own_contribution(steps: Steps, inputs: Inputs, law: LawAt) -> Decimal:
    """Add what somebody without an employer pays.

    Raises:
        CalculatorFault: it is outside the table.
    """
    paid = inputs.required_amount("iuran")
    limits = ("jht.bpu.contribution_min", "jht.bpu.contribution_max")
    least, most = (law.number(key) for key in limits)
    if not least <= paid <= most:
        said = _l(
            "The table goes from %(least)s to %(most)s a month.", least=rupiah(least), most=rupiah(most)
        )
        raise CalculatorFault("iuran", said)
    said = expression("{} ≤ {} ≤ {}", rupiah(least), rupiah(paid), rupiah(most))
    return steps.add(
        rupiah_step(_l("Contribution a month"), said, paid, facts=limits, result="iuran_sebulan")
    )


def _grow(inputs: Inputs, monthly: Decimal) -> list[_Month]:
    """Return the account at the end of each month: it earns on what lay there at the start, then takes in."""
    rate = inputs.amount("hasil_setahun") / 12
    balance, earned = _opening(inputs), Decimal(0)
    account = []
    for number in range(1, int(inputs.amount("bulan")) + 1):
        this_month, _rounding = rounded(balance * rate)
        balance += this_month + monthly
        earned += this_month
        account.append(_Month(number, earned, balance))
    return account


def _show_growth(steps: Steps, account: list[_Month], inputs: Inputs, monthly: Decimal) -> list[Decimal]:
    """Show each month of the first year, the ends of years where there are more; return what each earned."""
    yearly = share(inputs.amount("hasil_setahun"))
    steps.add(Step(_l("Return a month"), expression("{} ÷ 12", yearly), None))
    shown = []
    before = _Month(0, Decimal(0), _opening(inputs))
    rounding = NEAREST_RUPIAH if inputs.amount("hasil_setahun") else ""
    for month in account:
        if not _is_shown(month.number, len(account)):
            continue
        count = month.number - before.number
        earned = month.earned - before.earned
        paid_in = expression("{} × {} + {}", plain(Decimal(count)), rupiah(monthly), rupiah(earned))
        said = expression("{} + {}", rupiah(before.balance), paid_in) if before.balance else paid_in
        label = _l("After month %(number)s: before + paid in + return", number=month.number)
        steps.add(Step(label, said, month.balance, rounding=rounding))
        shown.append(earned)
        before = month
    return shown


def _is_shown(number: int, last: int) -> bool:
    every = 1 if last <= 12 else 12 if last <= 120 else 60
    return number == last or number % every == 0


def _sums(
    steps: Steps, account: list[_Month], inputs: Inputs, *, earned: list[Decimal], monthly: Decimal
) -> None:
    count, opening = Decimal(len(account)), _opening(inputs)
    said = expression("{} × {}", plain(count), rupiah(monthly))
    paid = steps.add(
        rupiah_step(_l("Contributions of all months"), said, count * monthly, result="iuran_seluruh")
    )
    returns = steps.add(sum_step(_l("Return of all months"), earned, result="hasil"))
    steps.add(sum_step(_l("Balance"), [part for part in (opening, paid, returns) if part], result="total"))


def _early(steps: Steps, account: list[_Month], inputs: Inputs, law: LawAt) -> None:
    """Add what may be taken before the end, once, for a house or for something else."""
    months, needed = inputs.amount("bulan"), law.number(_YEARS) * 12
    sign = "≥" if months >= needed else "<"
    said = expression("{} " + sign + " {}", amount(months, "months"), stated(law, _YEARS))
    steps.add(Step(_l("Taking a part early needs a membership of"), said, None, facts=(_YEARS,)))
    if months < needed:
        return
    for key, label, result in (
        ("jht.partial.housing_share", _l("At most for a house"), "sebagian_rumah"),
        ("jht.partial.other_share", _l("Or at most for other needs"), "sebagian_lain"),
    ):
        said = expression("{} × {}", share(law.number(key)), rupiah(account[-1].balance))
        exact = law.number(key) * account[-1].balance
        steps.add(rupiah_step(label, said, exact, facts=(key, "jht.partial.max_times"), result=result))


def _said(law: LawAt, key: str, label: Text) -> Step:
    return Step(label, stated(law, key), None, facts=(key,))


def _opening(inputs: Inputs) -> Decimal:
    return rounded(inputs.amount("saldo_awal"))[0]


def _notes() -> list[Text]:
    return [
        _l("The return was entered by you. It is no promise: nobody knows the return of coming years."),
        _l(
            "The return is added each month here: a twelfth of the yearly return on the balance "
            "at the start of the month. The regulation does not say how often. The record at the "
            "office decides."
        ),
        _l("Tax is not taken off here: our facts hold no tax rate. Please ask the office."),
    ]
