"""JKK: what is paid in money after an accident at work."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import expression, plain, rupiah, rupiah_step, share, stated, sum_step
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
from courses.facts.calculators.months import months_by_rate
from courses.facts.calculators.pu import MOST_WAGE
from courses.facts.calculators.scholarship import (
    ScholarshipRule,
    add_scholarship,
    scholarship_fields,
    scholarship_notes,
)

_SCHOLARSHIP = ScholarshipRule("jkk.scholarship.lump_sum", "pp-44-2015/25/3", "pp-82-2019/25/3")
_ARREARS = "jkk.arrears.bpjs_pays_up_to_months"
_MULTIPLIER = "jkk.disability.multiplier_months"

# First and last month of each rate; the law of a day has two or three of them.
_STMB = {
    "jkk.stmb.months_1_6": (1, 6),
    "jkk.stmb.months_1_12": (1, 12),
    "jkk.stmb.months_7_12": (7, 12),
    "jkk.stmb.after_month_12": (13, 1_200),
}
_WAYS = {
    "darat": ("jkk.transport.land", _l("by land, river or lake")),
    "laut": ("jkk.transport.sea", _l("by sea")),
    "udara": ("jkk.transport.air", _l("by air")),
}
_ENDS = {
    "sembuh": _l("recovered"),
    "cacat_anatomis": _l("partial disability: a part of the body lost"),
    "cacat_fungsi": _l("partial disability: a function reduced"),
    "cacat_total": _l("total permanent disability"),
    "meninggal": _l("died"),
}


class JkkBenefits:
    """Money for months at home, for a disability or a death, for children at school and for the journey."""

    key = "jkk"
    title = _l("JKK benefits")
    summary = _l(
        "What is paid in money after an accident at work: months at home, disability, death, scholarship."
    )

    def fields(self, law: LawAt) -> Sequence[Field]:
        """Return the fields; those on school follow the rule of the law date."""
        return (
            *_accident_fields(),
            *_disability_fields(),
            *_journey_fields(),
            *scholarship_fields(law, _SCHOLARSHIP),
        )

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return all parts and their sum."""
        steps = Steps()
        end = inputs.choice("akibat")
        parts = [
            _stmb(steps, inputs, law),
            *_disability(steps, inputs, law, end),
            *_death(steps, inputs, law, end),
        ]
        if end in {"cacat_total", "meninggal"}:
            parts += [
                _fixed(steps, law, "jkk.periodic_benefit", _l("Periodic money, paid at once"), "berkala"),
                add_scholarship(steps, inputs, law, _SCHOLARSHIP),
            ]
        parts.append(_transport(steps, inputs, law))
        steps.add(sum_step(_l("Together"), [part for part in parts if part], result="total"))
        steps.add(_said(law, _ARREARS, _l("Without an employer there is no right when unpaid for more than")))
        steps.add(_said(law, "jkk.claim_expiry_years", _l("A claim lapses after")))
        return steps.done(*_notes(inputs, law, steps))


def _accident_fields() -> tuple[Field, ...]:
    return (
        Field(
            "upah",
            _l("Monthly wage"),
            Kind.MONEY,
            help=_l(
                "The last wage before the accident, basic wage and fixed allowances. Without "
                "an employer: the base of the contribution."
            ),
            maximum=MOST_WAGE,
        ),
        Field(
            "akibat",
            _l("How did it end?"),
            Kind.CHOICE,
            choices=tuple(Choice(key, label) for key, label in _ENDS.items()),
        ),
        Field(
            "bulan_stmb",
            _l("Months not able to work"),
            Kind.MONTHS,
            help=_l("Whole months. How days of a month are paid is not in our facts."),
            is_required=False,
            default="0",
            maximum=Decimal(600),
        ),
    )


def _disability_fields() -> tuple[Field, ...]:
    return (
        _percent(
            "persen_tabel",
            _l("Percentage of the table"),
            _l(
                "Only for a partial disability. The table is not in our facts: the office "
                "sets the percentage from the doctor’s letter."
            ),
        ),
        _percent(
            "persen_fungsi",
            _l("How much of the function was lost"),
            _l("Only for a reduced function. The doctor says how much, and the office sets it."),
        ),
    )


def _journey_fields() -> tuple[Field, ...]:
    return (
        Field(
            "angkutan",
            _l("How was the injured person taken?"),
            Kind.CHOICE,
            choices=tuple(Choice(key, label) for key, (_fact, label) in _WAYS.items()),
            is_required=False,
        ),
        Field("biaya_angkutan", _l("Cost of the journey by receipt"), Kind.MONEY, is_required=False),
    )


def _percent(name: str, label: Text, hint: Text) -> Field:
    return Field(name, label, Kind.PERCENT, help=hint, is_required=False, is_from_person=True)


def _stmb(steps: Steps, inputs: Inputs, law: LawAt) -> Decimal:
    """Add the months at home by their rates; STMB is santunan sementara tidak mampu bekerja."""
    wage, months = inputs.amount("upah"), inputs.amount("bulan_stmb")
    parts = []
    for key, count, which in months_by_rate(months, _STMB, law):
        label = _l("Not able to work, %(months)s", months=which)
        said = expression("{} × {} × {}", plain(count), share(law.number(key)), rupiah(wage))
        parts.append(steps.add(rupiah_step(label, said, count * law.number(key) * wage, facts=(key,))))
    if not parts:
        return Decimal(0)
    return steps.add(sum_step(_l("Money while not able to work (STMB)"), parts, result="stmb"))


def _disability(steps: Steps, inputs: Inputs, law: LawAt, end: str) -> list[Decimal]:
    if end not in {"cacat_anatomis", "cacat_fungsi", "cacat_total"}:
        return []
    wage, multiplier = inputs.amount("upah"), law.number(_MULTIPLIER)
    percents, rule = _percents(inputs, law, end)
    said = expression(
        " × ".join(["{}"] * (len(percents) + 2)),
        *(share(part) for part in percents),
        plain(multiplier),
        rupiah(wage),
    )
    exact = multiplier * wage
    for percent in percents:
        exact *= percent
    label = _l("Disability grant")
    return [steps.add(rupiah_step(label, said, exact, facts=(rule, _MULTIPLIER), result="santunan_cacat"))]


def _percents(inputs: Inputs, law: LawAt, end: str) -> tuple[list[Decimal], str]:
    """Return the shares that are multiplied, and the fact that says so."""
    if end == "cacat_total":
        key = "jkk.disability.total_permanent_share"
        return [law.number(key)], key
    table = inputs.required_amount("persen_tabel")
    if end == "cacat_anatomis":
        return [table], "jkk.disability.partial_anatomical"
    return [inputs.required_amount("persen_fungsi"), table], "jkk.disability.partial_functional"


def _death(steps: Steps, inputs: Inputs, law: LawAt, end: str) -> list[Decimal]:
    if end != "meninggal":
        return []
    funeral = _l("Funeral costs")
    return [
        _death_grant(steps, inputs.amount("upah"), law),
        _fixed(steps, law, "jkk.funeral", funeral, "pemakaman"),
    ]


def _death_grant(steps: Steps, wage: Decimal, law: LawAt) -> Decimal:
    part, multiplier = law.number("jkk.death.share"), law.number(_MULTIPLIER)
    exact = part * multiplier * wage
    least_key = _least_key(law)
    least = law.number(least_key)
    said = expression("{} × {} × {}", share(part), plain(multiplier), rupiah(wage))
    is_enough = exact >= least
    steps.add(
        rupiah_step(
            _l("Death grant"),
            said,
            exact,
            facts=("jkk.death.share", _MULTIPLIER),
            result="santunan_kematian" if is_enough else "",
        )
    )
    if is_enough:
        return steps.steps[-1].amount or Decimal(0)
    facts = tuple(dict.fromkeys(("jkk.death.minimum", least_key)))
    label = _l("Death grant, raised to the least the law gives")
    return steps.add(rupiah_step(label, "", least, facts=facts, result="santunan_kematian"))


def _least_key(law: LawAt) -> str:
    """Return where the least sum stands: as a number, or as the JKM grant the rule of 2015 points to."""
    is_sum = isinstance(law.fact("jkk.death.minimum").value, Decimal)
    return "jkk.death.minimum" if is_sum else "jkm.benefit.death_grant"


def _fixed(steps: Steps, law: LawAt, key: str, label: Text, result: str) -> Decimal:
    return steps.add(rupiah_step(label, "", law.number(key), facts=(key,), result=result))


def _transport(steps: Steps, inputs: Inputs, law: LawAt) -> Decimal:
    """Add the fare up to its limit.

    Raises:
        CalculatorFault: there is a bill without a way, or a way without a bill.
    """
    way, bill = inputs.choice("angkutan"), inputs.optional_amount("biaya_angkutan")
    if bill is None and not way:
        return Decimal(0)
    if not way:
        raise CalculatorFault(
            "angkutan", _l("Please say how the injured person was taken: each way has its limit.")
        )
    bill = inputs.required_amount("biaya_angkutan")
    key, label = _WAYS[way]
    said = _l("%(bill)s, at most %(limit)s", bill=rupiah(bill), limit=stated(law, key))
    title = _l("Journey %(way)s", way=label)
    return steps.add(rupiah_step(title, said, min(bill, law.number(key)), facts=(key,), result="angkutan"))


def _said(law: LawAt, key: str, label: Text) -> Step:
    return Step(label, stated(law, key), None, facts=(key,))


def _notes(inputs: Inputs, law: LawAt, steps: Steps) -> list[Text]:
    end, facts = inputs.choice("akibat"), [key for step in steps.steps for key in step.facts]
    notes: list[Text] = [
        _l(
            "Treatment is given in kind as long as it is medically needed, in %(ward)s; it is not "
            "in this sum.",
            ward=stated(law, "jkk.inpatient_class"),
        )
    ]
    if end in {"cacat_anatomis", "cacat_fungsi"}:
        notes.append(_l("The percentage of the table was entered by you. Only the office can set it."))
    if inputs.amount("bulan_stmb"):
        notes.append(
            _l(
                "An employer pays this money and the fare first and gets them back. Without an "
                "employer the member pays first."
            )
        )
    if "jkm.benefit.death_grant" in facts:
        notes.append(
            _l(
                "The least death grant is that of JKM. We read it as the grant alone, without "
                "funeral and periodic money."
            )
        )
    return [*notes, *(scholarship_notes(inputs, law) if end in {"cacat_total", "meninggal"} else [])]
