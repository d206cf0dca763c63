"""From rows to a record: what a certificate states, taken once at issue."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

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
from courses.cohorts.models import Cohort, Enrolment
from courses.learning.outline import ModuleState, Outline
from lms.core.accounts.models import Branch


@dataclass(frozen=True)
class Change:
    """A fact that was written down otherwise since."""

    # Where it stands in the record, e.g. `office.name`.
    place: str
    before: str
    after: str


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
        run=_run(cohort),
        result=_result(outline, edition.requirements),
        modules=[_module(day.position, module) for day in outline.days for module in day.modules],
        office=_office(cohort.branch),
        evidence_sha256=digest(canonical(evidence)),
        replaces="",
        is_demo=cohort.is_demo,
        expires_on=_last_day(edition.valid_months, zone=cohort.time_zone, now=now),
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


def renew(before: Record, cohort: Cohort, *, serial: str, now: datetime) -> Record:
    """Return the record that replaces one because office or cohort were written down wrong.

    Person, programme, result and end stay as they were.
    """
    return replace(
        before,
        code=new_code(),
        serial=serial,
        issued_at=iso(now),
        run=_run(cohort),
        office=_office(cohort.branch),
        replaces=before.serial,
    )


def list_changes(before: Record, cohort: Cohort) -> list[Change]:
    """Return what a certificate would say otherwise if it were issued anew; empty: nothing."""
    pairs = (
        ("office", asdict(before.office), asdict(_office(cohort.branch))),
        ("run", asdict(before.run), asdict(_run(cohort))),
    )
    return [
        Change(f"{part}.{name}", old, then[name])
        for part, now, then in pairs
        for name, old in now.items()
        if old != then[name]
    ]


def _run(cohort: Cohort) -> Run:
    return Run(
        name=cohort.name,
        place=cohort.place,
        time_zone=cohort.time_zone,
        starts_on=cohort.starts_on.isoformat(),
        ends_on=cohort.ends_on.isoformat(),
        mode=cohort.mode,
    )


def _last_day(months: int | None, *, zone: str, now: datetime) -> str:
    """Return the last day of so many months from today, ISO: until 19 October from 20 October on."""
    if months is None:
        return ""
    today = now.astimezone(ZoneInfo(zone)).date()
    years, month = divmod(today.month - 1 + months, 12)
    year, month = today.year + years, month + 1
    day = min(today.day, monthrange(year, month)[1])
    return (date(year, month, day) - timedelta(days=1)).isoformat()


def _office(branch: Branch) -> Office:
    return Office(
        code=branch.code,
        name=branch.name,
        address=branch.address,
        city=branch.city,
        signatory_name=branch.signatory_name,
        signatory_title=branch.signatory_title,
        signatory_mandate=branch.signatory_mandate,
    )


def _module(day: int, module: ModuleState) -> ModuleResult:
    # What one cohort was given beside its edition is certified to nobody.
    percents = [step.percent for step in module.steps if step.percent is not None and not step.is_extra]
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
