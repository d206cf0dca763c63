"""Who gets the money of JKP: each condition held against what was entered."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from courses.facts.calculators.amounts import amount, expression, stated
from courses.facts.calculators.base import Inputs, LawAt, Step, Steps, Text

IN_A_ROW_RULE = "jkp.benefit.cash.months_1_3"
"""In force as long as months had to be paid in a row."""

REASONS = {
    "phk": _l("dismissed by the employer"),
    "kontrak_diputus": _l("a contract ended by the employer before its time"),
    "kontrak_habis": _l("a contract that ran out at its time"),
    "mengundurkan_diri": _l("gave notice"),
    "cacat_total": _l("totally and permanently disabled"),
    "pensiun": _l("retired"),
    "meninggal": _l("died"),
}
"""How the work ended, by the key in addresses and lessons."""
_DISMISSALS = {"phk", "kontrak_diputus"}


@dataclass(frozen=True)
class _Condition:
    """What is held against a number of the law, and what to say where it is not met."""

    key: str
    label: Text
    sentence: Text
    unit: str
    sign: str
    # How many of `unit` one of the law's unit is: 12 where it says years and `unit` is months.
    per_unit: int = 1

    def is_met(self, value: Decimal, law: LawAt) -> bool:
        limit = law.number(self.key) * self.per_unit
        return {"<": value < limit, "≤": value <= limit, "≥": value >= limit}[self.sign]

    def step(self, value: Decimal, law: LawAt) -> Step:
        sign = self.sign if self.is_met(value, law) else {"<": "≥", "≤": ">", "≥": "<"}[self.sign]
        said = expression("{} {} {}", amount(value, self.unit), sign, stated(law, self.key))
        return Step(self.label, said, None, facts=(self.key,))


_AGE = _Condition(
    "jkp.eligibility.max_age_at_registration",
    _l("Age when registered for JKP"),
    _l("Who had reached this age when registered is no member of JKP."),
    "years",
    "<",
)
_ENOUGH = _Condition(
    "jkp.eligibility.contribution_months",
    _l("Months paid before the dismissal"),
    _l("Too few months were paid before the dismissal."),
    "months",
    "≥",
)
_IN_A_ROW = _Condition(
    "jkp.eligibility.consecutive_months",
    _l("Of these paid in a row"),
    _l("Too few months were paid in a row."),
    "months",
    "≥",
)
_IN_TIME = _Condition(
    "jkp.claim.deadline_months",
    _l("Months from the dismissal to the claim"),
    _l("The claim came too late: the right has lapsed."),
    "months",
    "≤",
)
_TIMES = _Condition(
    "jkp.claim.max_lifetime",
    _l("Claims in life"),
    _l("JKP is not paid more often than this in a life."),
    "times",
    "≤",
)
_BETWEEN = _Condition(
    "jkp.claim.interval_contribution_years",
    _l("Months paid since the claim before"),
    _l("Too few months were paid since the claim before."),
    "months",
    "≥",
    per_unit=12,
)


def unmet_conditions(steps: Steps, inputs: Inputs, law: LawAt) -> list[Text]:
    """Add every condition with what was entered; return the sentences on those that are not met."""
    held = [
        (_AGE, inputs.amount("usia_daftar")),
        (_ENOUGH, inputs.amount("bulan_iur")),
        (_IN_TIME, inputs.amount("bulan_sejak_phk")),
        (_TIMES, inputs.amount("klaim_ke")),
    ]
    if law.holds(IN_A_ROW_RULE):
        held.append((_IN_A_ROW, inputs.amount("bulan_berturut")))
    if inputs.amount("klaim_ke") > 1:
        held.append((_BETWEEN, inputs.required_amount("bulan_iur_sejak_klaim")))
    missing = _reason(steps, inputs.choice("alasan"), law)
    for condition, value in held:
        steps.add(condition.step(value, law))
        if not condition.is_met(value, law):
            missing.append(condition.sentence)
    return missing


def _reason(steps: Steps, reason: str, law: LawAt) -> list[Text]:
    steps.add(Step(_l("How the work ended"), REASONS[reason], None, cite=(_article(law, "20"),)))
    if reason in _DISMISSALS:
        return []
    return [_l("JKP is only for workers whose employer dismissed them.")]


def _article(law: LawAt, article: str) -> str:
    """Return the article in the regulation that gives it its wording at the law date."""
    newer = law.book.law("pp-6-2025")
    is_newer = newer.valid_from is not None and newer.valid_from <= law.as_of
    return f"{newer.id if is_newer else 'pp-37-2021'}/{article}"
