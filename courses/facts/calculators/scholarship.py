"""Scholarships of JKK and JKM: one sum for the member until 2019, since then by each child’s school years."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from courses.facts.calculators.amounts import expression, plain, rupiah, rupiah_step, stated, sum_step
from courses.facts.calculators.base import Field, Inputs, Kind, LawAt, Step, Steps, Text

BY_YEAR = "scholarship.max_children"
"""In force where the law pays by child and school year."""

_LEVELS = {
    "tk_sd": ("kindergarten_primary", _l("Child %(number)s: years in kindergarten and primary school")),
    "smp": ("junior_secondary", _l("Child %(number)s: years in junior secondary school (SMP)")),
    "sma": ("senior_secondary", _l("Child %(number)s: years in senior secondary school (SMA)")),
    "kuliah": ("higher_education", _l("Child %(number)s: years in higher education")),
}


@dataclass(frozen=True)
class ScholarshipRule:
    """Where a programme has its scholarship: key and paragraph of the one sum, paragraph since 2019."""

    lump_sum: str
    lump_sum_cite: str
    by_year_cite: str


def scholarship_fields(law: LawAt, rule: ScholarshipRule) -> tuple[Field, ...]:
    """Return what to ask: whether a child is at school, or the years of each child."""
    # Names of fields only: what they come to is asked for where a child is put in, so this is no use yet.
    most = max(int(fact.value) for fact in law.book.history(BY_YEAR) if isinstance(fact.value, Decimal))
    children = range(1, most + 1)
    at_school = Field(
        "anak_sekolah",
        _l("Is a child of the member at school?"),
        Kind.YES_NO,
        is_required=False,
        default="tidak",
        condition=rule.lump_sum,
    )
    return (at_school, *(_years_field(child, level) for child in children for level in _LEVELS))


def _years_field(child: int, level: str) -> Field:
    label = _LEVELS[level][1]
    return Field(
        f"anak{child}_{level}",
        LazyString(lambda: str(label) % {"number": child}),
        Kind.NUMBER,
        is_required=False,
        maximum=Decimal(30),
        condition=BY_YEAR,
    )


def add_scholarship(steps: Steps, inputs: Inputs, law: LawAt, rule: ScholarshipRule) -> Decimal:
    """Add the steps of the scholarship and return it."""
    if law.holds(rule.lump_sum):
        return steps.add(_lump_sum(law, rule)) if inputs.says_yes("anak_sekolah") else Decimal(0)
    children = range(1, int(law.number(BY_YEAR)) + 1)
    found = [step for child in children if (step := _child_step(child, inputs, law, rule))]
    if len(found) == 1:
        return steps.add(replace(found[0], result="beasiswa"))
    parts = [steps.add(step) for step in found]
    return steps.add(sum_step(_l("Scholarship"), parts, result="beasiswa")) if parts else Decimal(0)


def _lump_sum(law: LawAt, rule: ScholarshipRule) -> Step:
    return rupiah_step(
        _l("Scholarship, once for the member and not for each child"),
        "",
        law.number(rule.lump_sum),
        facts=(rule.lump_sum,),
        cite=(rule.lump_sum_cite,),
        result="beasiswa",
    )


def scholarship_notes(inputs: Inputs, law: LawAt) -> list[Text]:
    """Return what belongs under a scholarship that is paid by school years."""
    if not law.holds(BY_YEAR):
        return []
    entered = [name for name, value in inputs.values.items() if name.startswith("anak") and value]
    notes: list[Text] = []
    if entered:
        notes.append(_l("The scholarship is paid year by year while the child is at school, not at once."))
    if any(_is_cut(name, inputs, law) for name in entered):
        notes.append(
            _l("More years were entered than the law pays at a level. Only the years it pays count.")
        )
    if entered and law.holds("scholarship.child_max_age"):
        age = stated(law, "scholarship.child_max_age")
        notes.append(_l("The child is not yet %(age)s old, not working and not married.", age=age))
    return notes


def _is_cut(name: str, inputs: Inputs, law: LawAt) -> bool:
    level = name.partition("_")[2]
    return inputs.amount(name) > law.number(f"scholarship.{_LEVELS[level][0]}.max_years")


def _child_step(child: int, inputs: Inputs, law: LawAt, rule: ScholarshipRule) -> Step | None:
    """Return the step of one child, None where nothing was entered for it."""
    said: list[Text] = []
    facts = [BY_YEAR]
    total = Decimal(0)
    for level, (key, _label) in _LEVELS.items():
        years = inputs.optional_amount(f"anak{child}_{level}") or Decimal(0)
        if not years:
            continue
        rate, most = f"scholarship.{key}.per_year", f"scholarship.{key}.max_years"
        paid = min(years, law.number(most))
        facts += [rate, most]
        total += paid * law.number(rate)
        said.append(expression("{} × {}", plain(paid), rupiah(law.number(rate))))
    if not said:
        return None
    pattern = " + ".join(["{}"] * len(said))
    label = _l("Scholarship of child %(number)s", number=child)
    return rupiah_step(
        label, expression(pattern, *said), total, facts=tuple(facts), cite=(rule.by_year_cite,)
    )
