"""JKM: what a family receives after a death that was no accident at work."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import amount, expression, rupiah_step, stated, sum_step
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
from courses.facts.calculators.scholarship import (
    ScholarshipRule,
    add_scholarship,
    scholarship_fields,
    scholarship_notes,
)

_SCHOLARSHIP = ScholarshipRule("jkm.scholarship.lump_sum", "pp-44-2015/34/2", "pp-82-2019/34/3")
_NEW_MEMBER = "jkm.benefit.short_membership_months"
_ARREARS = "jkm.arrears.bpjs_pays_up_to_months"
_SCHOLARSHIP_YEARS = "jkm.scholarship.min_contribution_years"

_CAUSES = (
    Choice("lain", _l("not by an accident at work")),
    Choice("kecelakaan_kerja", _l("by an accident at work or an occupational disease")),
)
_SEGMENTS = (
    Choice("pu", _l("wage earner (PU), an employer pays")),
    Choice("bpu", _l("not a wage earner (BPU), paid alone")),
)


class JkmBenefits:
    """The parts of JKM, after the conditions were looked at one by one."""

    key = "jkm"
    title = _l("JKM benefits")
    summary = _l(
        "What a family receives after a death that was no accident at work, and under which conditions."
    )

    def fields(self, law: LawAt) -> Sequence[Field]:
        """Return the fields; how long somebody was a member counts since the rule on new members."""
        return (
            Field("sebab", _l("How did the member die?"), Kind.CHOICE, choices=_CAUSES, default="lain"),
            Field("masih_aktif", _l("Still working and paying at the time?"), Kind.YES_NO, default="ya"),
            Field("segmen", _l("Kind of member"), Kind.CHOICE, choices=_SEGMENTS, default="pu"),
            Field(
                "bulan_menunggak",
                _l("Months unpaid in a row"),
                Kind.MONTHS,
                is_required=False,
                default="0",
            ),
            Field("bulan_peserta", _l("Months since joining"), Kind.MONTHS, condition=_NEW_MEMBER),
            Field("bulan_iur", _l("Months paid"), Kind.MONTHS, help=_l("They decide on the scholarship.")),
            *scholarship_fields(law, _SCHOLARSHIP),
        )

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return the parts and their sum, or the condition that is not met.

        Raises:
            CalculatorFault: more months were paid than the person was a member.
        """
        _check_months(inputs)
        steps = Steps()
        refusal = _refusal(steps, inputs, law)
        if refusal:
            steps.add(sum_step(_l("Together"), [], result="total"))
            return steps.done(refusal)
        if _is_new(inputs, law):
            return _new_member(steps, inputs, law)
        parts, notes = _parts(steps, inputs, law)
        steps.add(sum_step(_l("Together"), parts, result="total"))
        return steps.done(*notes, *_arrears(steps, inputs, law, parts))


def _check_months(inputs: Inputs) -> None:
    member, paid = inputs.optional_amount("bulan_peserta"), inputs.amount("bulan_iur")
    if member is not None and paid > member:
        raise CalculatorFault("bulan_iur", _l("More months were paid than have passed since joining."))


def _refusal(steps: Steps, inputs: Inputs, law: LawAt) -> Text:
    """Add the condition that is not met and return the sentence on it; empty where all are met."""
    if inputs.choice("sebab") == "kecelakaan_kerja":
        steps.add(Step(_l("Cause of death"), _CAUSES[1].label, None, cite=("uu-40-2004/31",)))
        return _l(
            "A death by an accident at work belongs to JKK. JKM pays nothing beside it: see the JKK benefits."
        )
    if not inputs.says_yes("masih_aktif"):
        steps.add(
            Step(_l("Active time"), _l("no longer working and paying"), None, cite=("pp-44-2015/34/1",))
        )
        return _l("JKM is only for members who die in active time, while they work and pay.")
    behind = inputs.amount("bulan_menunggak")
    if inputs.choice("segmen") == "bpu" and behind > law.number(_ARREARS):
        steps.add(_compared(law, _l("Months unpaid in a row"), behind, ">", _ARREARS, cite="pp-44-2015/42"))
        return _l("A member without an employer who is behind for longer than this has no right to JKM.")
    return ""


def _is_new(inputs: Inputs, law: LawAt) -> bool:
    member = inputs.optional_amount("bulan_peserta")
    return member is not None and member < law.number(_NEW_MEMBER)


def _new_member(steps: Steps, inputs: Inputs, law: LawAt) -> Outcome:
    steps.add(_compared(law, _l("Months since joining"), inputs.amount("bulan_peserta"), "<", _NEW_MEMBER))
    sum_key = "jkm.benefit.short_membership_amount"
    paid = steps.add(_fixed(law, sum_key, _l("Sum for new members"), "santunan_peserta_baru"))
    steps.add(sum_step(_l("Together"), [paid], result="total"))
    return steps.done(
        _l(
            "Reports disagree on whom this rule strikes and how the sum is made up. Promise "
            "nothing: ask the office."
        )
    )


def _parts(steps: Steps, inputs: Inputs, law: LawAt) -> tuple[list[Decimal], list[Text]]:
    if law.holds(_NEW_MEMBER):
        steps.add(
            _compared(law, _l("Months since joining"), inputs.amount("bulan_peserta"), "≥", _NEW_MEMBER)
        )
    parts = [
        steps.add(_fixed(law, "jkm.benefit.death_grant", _l("Death grant"), "santunan")),
        steps.add(_fixed(law, "jkm.benefit.periodic", _l("Periodic money, paid at once"), "berkala")),
        steps.add(_fixed(law, "jkm.benefit.funeral", _l("Funeral costs"), "pemakaman")),
    ]
    if not _asks_for_scholarship(inputs):
        return parts, []
    paid, needed = inputs.amount("bulan_iur"), law.number(_SCHOLARSHIP_YEARS) * 12
    sign = "≥" if paid >= needed else "<"
    steps.add(_compared(law, _l("Months paid, for the scholarship"), paid, sign, _SCHOLARSHIP_YEARS))
    if paid < needed:
        return parts, [_l("The months paid are too few for the scholarship.")]
    scholarship = add_scholarship(steps, inputs, law, _SCHOLARSHIP)
    return [*parts, scholarship], scholarship_notes(inputs, law)


def _asks_for_scholarship(inputs: Inputs) -> bool:
    return any(value for name, value in inputs.values.items() if name.startswith("anak"))


def _arrears(steps: Steps, inputs: Inputs, law: LawAt, parts: list[Decimal]) -> list[Text]:
    """Add what is paid first and what when nothing is owed any more; return who pays."""
    behind = inputs.amount("bulan_menunggak")
    if not behind:
        return []
    if inputs.choice("segmen") == "pu":
        sign = "≤" if behind <= law.number(_ARREARS) else ">"
        steps.add(_compared(law, _l("Months unpaid in a row"), behind, sign, _ARREARS, cite="pp-44-2015/41"))
        if sign == "≤":
            return [_l("BPJS Ketenagakerjaan pays although the employer is behind.")]
        return [
            _l("The employer pays this sum first, and may ask for it back once arrears and fines are paid.")
        ]
    steps.add(_compared(law, _l("Months unpaid in a row"), behind, "≤", _ARREARS, cite="pp-44-2015/42"))
    funeral = parts[2]
    steps.add(rupiah_step(_l("Paid first: the funeral"), "", funeral, result="dibayar_dahulu"))
    rest = sum_step(
        _l("Paid when the family has paid what was owed"), [p for p in (*parts[:2], *parts[3:]) if p]
    )
    steps.add(rupiah_step(rest.label, rest.expression, rest.amount or Decimal(0), result="setelah_lunas"))
    return []


def _fixed(law: LawAt, key: str, label: Text, result: str) -> Step:
    return rupiah_step(label, "", law.number(key), facts=(key,), result=result)


def _compared(law: LawAt, label: Text, count: Decimal, sign: str, key: str, *, cite: str = "") -> Step:
    """Return a step that holds months against a limit of the law."""
    said = expression("{} " + sign + " {}", amount(count, "months"), stated(law, key))
    return Step(label, said, None, facts=(key,), cite=(cite,) if cite else ())
