"""From rows to a record: what a certificate states, taken once at issue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from certificates.codes import new_code
from certificates.record import (
    Holder,
    ModuleResult,
    Office,
    Programme,
    Record,
    Result,
    Run,
    canonical,
    digest,
    iso,
)
from courses.cohorts.models import Enrolment
from courses.learning.outline import ModuleState, Outline
from lms.core.accounts.models import Branch


def freeze(
    enrolment: Enrolment,
    outline: Outline,
    *,
    serial: str,
    completed_at: datetime,
    evidence: Mapping[str, Any],
    now: datetime,
) -> Record:
    """Return the record of a completion; the enrolment has cohort, branch and edition loaded."""
    cohort, edition = enrolment.cohort, enrolment.cohort.edition
    return Record(
        code=new_code(),
        serial=serial,
        issued_at=iso(now),
        completed_at=iso(completed_at),
        holder=Holder(
            name=enrolment.certificate_name or enrolment.name,
            element=enrolment.element,
            organisation=enrolment.organisation,
        ),
        programme=Programme(
            title=edition.title,
            title_en=edition.title_en,
            edition=edition.number,
            as_of=edition.as_of.isoformat(),
            hours=edition.hours,
        ),
        run=Run(
            name=cohort.name,
            place=cohort.place,
            time_zone=cohort.time_zone,
            starts_on=cohort.starts_on.isoformat(),
            ends_on=cohort.ends_on.isoformat(),
        ),
        result=_result(outline, edition.requirements),
        modules=[_module(day.position, module) for day in outline.days for module in day.modules],
        office=_office(cohort.branch),
        evidence_sha256=digest(canonical(evidence)),
        replaces="",
        is_demo=cohort.is_demo,
    )


def correct(
    before: Record, *, name: str, organisation: str, branch: Branch, serial: str, now: datetime
) -> Record:
    """Return the record that replaces one with a wrong name or organisation; whoever signs now signs it."""
    return replace(
        before,
        code=new_code(),
        serial=serial,
        issued_at=iso(now),
        holder=replace(before.holder, name=name, organisation=organisation),
        office=_office(branch),
        replaces=before.serial,
    )


def _office(branch: Branch) -> Office:
    return Office(
        code=branch.code,
        name=branch.name,
        address=branch.address,
        city=branch.city,
        signatory_name=branch.signatory_name,
        signatory_title=branch.signatory_title,
    )


def _module(day: int, module: ModuleState) -> ModuleResult:
    percents = [step.percent for step in module.steps if step.percent is not None]
    return ModuleResult(
        day=day,
        title=module.title,
        kind=module.kind,
        minutes=module.minutes,
        percent=_rounded(max(percents)) if percents else None,
    )


def _result(outline: Outline, requirements: list[Any]) -> Result:
    """Return the rule as it stands, and the percent of the last quiz it names."""
    quizzes = [outline.find_path(rule["quiz"]) for rule in requirements if rule["kind"] == "quiz_passed"]
    percents = [quiz.percent for quiz in quizzes if quiz is not None and quiz.percent is not None]
    return Result(rule=list(requirements), percent=_rounded(percents[-1]) if percents else None)


def _rounded(percent: Decimal) -> str:
    return str(percent.quantize(Decimal("0.1")))
