"""Monthly contributions of an employee (penerima upah), and who pays which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import expression, rupiah, rupiah_step, share, stated, sum_step
from courses.facts.calculators.base import Choice, Field, Inputs, Kind, LawAt, Outcome, Step, Steps, Text

MOST_WAGE = Decimal(1_000_000_000)
"""Rupiah a month; more is a slip of the keyboard, not a wage."""
RISKS = {
    "sangat_rendah": "very_low",
    "rendah": "low",
    "sedang": "medium",
    "tinggi": "high",
    "sangat_tinggi": "very_high",
}
"""Names of the risk groups here → in the keys of facts."""
_RISK_CHOICES = (
    Choice("sangat_rendah", _l("Very low")),
    Choice("rendah", _l("Low")),
    Choice("sedang", _l("Medium")),
    Choice("tinggi", _l("High")),
    Choice("sangat_tinggi", _l("Very high")),
)
_DISCOUNT = "jkk.rate.pu_labour_intensive_discount"
_RELIEF = "covid.jkk_jkm_discount"


class WageEarner:
    """JKK, JKM, JHT, JP and JKP on one wage."""

    key = "pu"
    title = _l("Contributions for an employee")
    summary = _l("JKK, JKM, JHT, JP and, where it exists, JKP on a monthly wage: how much, and who pays it.")

    def fields(self, law: LawAt) -> Sequence[Field]:  # noqa: ARG002
        """Ask for the wage, the risk group and the programmes."""
        return (*_wage_fields(), *_programme_fields(), *_relief_fields())

    def compute(self, inputs: Inputs, law: LawAt) -> Outcome:
        """Return each contribution, what employer and worker pay, and what goes to JKP besides."""
        steps = Steps()
        wage = _monthly_wage(steps, inputs, law)
        employer = [_jkk(steps, inputs, law, wage), _jkm(steps, inputs, law, wage)]
        worker: list[Decimal] = []
        for programme, base in _shared_programmes(steps, inputs, law, wage):
            employer.append(_part(steps, law, programme, "employer", base))
            worker.append(_part(steps, law, programme, "worker", base))
        paid_by_employer = steps.add(sum_step(_l("The employer pays"), employer, result="pemberi_kerja"))
        paid_by_worker = steps.add(
            sum_step(_l("The worker pays, cut from the wage"), worker, result="pekerja")
        )
        steps.add(sum_step(_l("Together, each month"), [paid_by_employer, paid_by_worker], result="total"))
        if _has_jkp(inputs):
            _jkp(steps, law, wage)
        return steps.done(*_notes(inputs, law))


def _wage_fields() -> Sequence[Field]:
    return (
        Field(
            "upah",
            _l("Wage"),
            Kind.MONEY,
            help=_l("Basic wage and fixed allowances, without overtime: 2.500.000"),
            maximum=MOST_WAGE,
        ),
        Field(
            "satuan_upah",
            _l("The wage is paid"),
            Kind.CHOICE,
            choices=(Choice("bulanan", _l("by the month")), Choice("harian", _l("by the day"))),
            default="bulanan",
        ),
        Field(
            "risiko",
            _l("Risk group of the work place"),
            Kind.CHOICE,
            help=_l("Annex I of the regulation lists the businesses; the branch office says which group."),
            choices=_RISK_CHOICES,
            default="sangat_rendah",
            is_from_person=True,
        ),
    )


def _programme_fields() -> Sequence[Field]:
    return (
        Field(
            "jht",
            _l("With JHT"),
            Kind.YES_NO,
            help=_l("Compulsory for small, medium and large enterprises."),
            default="ya",
        ),
        Field(
            "jp",
            _l("With JP"),
            Kind.YES_NO,
            help=_l("Compulsory for medium and large enterprises."),
            default="ya",
        ),
        Field(
            "jkp",
            _l("The worker is a participant of JKP"),
            Kind.YES_NO,
            default="ya",
            condition="jkp.rate.total",
        ),
    )


def _relief_fields() -> Sequence[Field]:
    return (
        Field(
            "padat_karya",
            _l("The enterprise has the discount for labour-intensive industries"),
            Kind.YES_NO,
            default="tidak",
            condition=f"{_DISCOUNT}.factor",
        ),
        Field(
            "relaksasi",
            _l("The employer has the relief of the pandemic"),
            Kind.YES_NO,
            default="tidak",
            condition=_RELIEF,
        ),
    )


def _monthly_wage(steps: Steps, inputs: Inputs, law: LawAt) -> Decimal:
    wage = inputs.amount("upah")
    if inputs.choice("satuan_upah") == "bulanan":
        return wage
    days = law.number("wage_base.daily_multiplier")
    return steps.add(
        Step(
            _l("Wage of a month"),
            expression("{} × {}", rupiah(wage), stated(law, "wage_base.daily_multiplier")),
            wage * days,
            facts=("wage_base.daily_multiplier",),
            result="upah_sebulan",
        )
    )


def _jkk(steps: Steps, inputs: Inputs, law: LawAt, wage: Decimal) -> Decimal:
    risk = RISKS[inputs.choice("risiko")]
    key = f"{_DISCOUNT}.{risk}" if inputs.says_yes("padat_karya") else f"jkk.rate.pu.{risk}"
    return _on_wage(steps, inputs, law, wage, label=_l("JKK, paid by the employer"), key=key, result="jkk")


def _jkm(steps: Steps, inputs: Inputs, law: LawAt, wage: Decimal) -> Decimal:
    label = _l("JKM, paid by the employer")
    return _on_wage(steps, inputs, law, wage, label=label, key="jkm.rate.pu", result="jkm")


def _on_wage(
    steps: Steps, inputs: Inputs, law: LawAt, wage: Decimal, *, label: Text, key: str, result: str
) -> Decimal:
    """Add a share of the whole wage, less the relief where there is one."""
    exact, facts = wage * law.number(key), [key]
    said = expression("{} × {}", rupiah(wage), stated(law, key))
    if inputs.says_yes("relaksasi"):
        relief = law.number(_RELIEF)
        exact, facts = exact * (1 - relief), [key, _RELIEF]
        said = expression("{} × ({} − {})", said, share(Decimal(1)), share(relief))
    return steps.add(rupiah_step(label, said, exact, facts=tuple(facts), result=result))


def _shared_programmes(
    steps: Steps, inputs: Inputs, law: LawAt, wage: Decimal
) -> Iterator[tuple[str, Decimal]]:
    """Yield the programmes both pay for, each with the wage it is reckoned on."""
    if inputs.says_yes("jht"):
        yield "jht", wage
    if inputs.says_yes("jp"):
        yield "jp", capped(steps, law, wage, key="jp.wage_cap", programme="JP")


def capped(steps: Steps, law: LawAt, wage: Decimal, *, key: str, programme: str) -> Decimal:
    """Return the wage up to the cap ``key``, with a step that says so where the cap cuts."""
    cap = law.number(key)
    if wage <= cap:
        return wage
    return steps.add(
        Step(
            _l("The wage %(programme)s is reckoned on", programme=programme),
            _l("%(wage)s, at most %(cap)s", wage=rupiah(wage), cap=rupiah(cap)),
            cap,
            facts=(key,),
            result=f"dasar_{programme.casefold()}",
        )
    )


def _part(steps: Steps, law: LawAt, programme: str, payer: str, base: Decimal) -> Decimal:
    key = f"{programme}.rate.{payer}"
    names = {"programme": programme.upper()}
    label = (
        _l("%(programme)s, paid by the employer", **names)
        if payer == "employer"
        else _l("%(programme)s, paid by the worker", **names)
    )
    said = expression("{} × {}", rupiah(base), stated(law, key))
    result = f"{programme}_{'pemberi_kerja' if payer == 'employer' else 'pekerja'}"
    return steps.add(rupiah_step(label, said, base * law.number(key), facts=(key,), result=result))


def _has_jkp(inputs: Inputs) -> bool:
    return inputs.says_yes("jkp") and inputs.says_yes("jht")


def _jkp(steps: Steps, law: LawAt, wage: Decimal) -> None:
    """Add what flows to JKP: from the government and out of JKK (once JKM too); nobody pays it on top."""
    base = capped(steps, law, wage, key="jkp.wage_cap", programme="JKP")
    parts = [
        ("jkp.rate.government", _l("JKP, paid by the government"), "jkp_pemerintah"),
        ("jkp.rate.from_jkk", _l("JKP, taken out of the JKK contribution"), "jkp_dari_jkk"),
        ("jkp.rate.from_jkm", _l("JKP, taken out of the JKM contribution"), "jkp_dari_jkm"),
    ]
    amounts = [
        steps.add(
            rupiah_step(
                label,
                expression("{} × {}", rupiah(base), stated(law, key)),
                base * law.number(key),
                facts=(key,),
                result=result,
            )
        )
        for key, label, result in parts
        if law.number(key)
    ]
    steps.add(sum_step(_l("Reaches the JKP fund; nobody pays more for it"), amounts, result="jkp"))


def _notes(inputs: Inputs, law: LawAt) -> list[Text]:
    notes: list[Text] = [
        _l(
            "Contributions are due by %(day)s of the next month; each month late costs the employer %(fee)s.",
            day=stated(law, "contribution.due_day_pu"),
            fee=stated(law, "contribution.late_fee_per_month"),
        )
    ]
    if inputs.says_yes("jkp") and not inputs.says_yes("jht"):
        notes.append(_l("Nothing goes to JKP here: who is not in JHT cannot be in JKP."))
    if inputs.says_yes("padat_karya"):
        notes.append(_l("The text of the regulation on this discount was not read; ask the branch office."))
    if inputs.says_yes("relaksasi") and inputs.says_yes("jp"):
        notes.append(
            _l(
                "Of the JP contribution the employer could put off %(part)s; the sum stays the same.",
                part=stated(law, "covid.jp_deferral"),
            )
        )
    return notes
