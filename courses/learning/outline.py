"""The course as one trainee sees it now: what is done, what is open, what is locked and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from courses.catalogue.tree import Tree, TreeStep
from courses.cohorts.days import OPEN_DAYS_AFTER


class LockKind(StrEnum):
    """Why a step is locked."""

    DAY = "day"
    STEP = "step"
    PERCENT = "percent"
    CLOSED = "closed"


@dataclass(frozen=True)
class Lock:
    """What has to happen before a step opens; `courses.learning.wording` puts it into words."""

    kind: LockKind
    day: date | None = None
    step_title: str = ""
    percent: int = 0


class Dates(Protocol):
    """What is asked of a cohort."""

    @property
    def starts_on(self) -> date:
        """The first day of the training."""

    @property
    def ends_on(self) -> date:
        """The last one."""

    @property
    def time_zone(self) -> str:
        """In which these are days."""


class Done(Protocol):
    """What is asked of a trainee's progress on a step."""

    @property
    def completed_at(self) -> datetime | None:
        """When it was done."""

    @property
    def percent(self) -> Decimal | None:
        """What counts for a quiz."""

    @property
    def percent_shown(self) -> str:
        """As in `Progress`."""

    @property
    def attempts_used(self) -> int:
        """How many sittings were handed in."""


class StepState(NamedTuple):
    """One step for one trainee; sixty for every page, so it is the kind of value that is quick to make."""

    step_id: int
    path: str
    kind: str
    title: str
    minutes: int
    is_required: bool
    is_done: bool
    lock: Lock | None
    percent: Decimal | None
    attempts_used: int
    # Whether its person may read the percent now.
    shows_percent: bool = True
    # Given to this cohort beside the edition: completing never asks for it.
    is_extra: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be worked on now; a done step stays open for reading again."""
        return self.lock is None


@dataclass(frozen=True)
class ModuleState:
    """A module and how far the trainee is in it."""

    folder: str
    kind: str
    title: str
    speaker: str
    minutes: int
    steps: tuple[StepState, ...]
    sheet_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether anything of it may be read."""
        return any(step.is_open for step in self.steps)

    @property
    def done_count(self) -> int:
        """How many of its steps are done."""
        return sum(step.is_done for step in self.steps)

    @property
    def is_done(self) -> bool:
        """Whether all its steps are done."""
        return self.done_count == len(self.steps)


@dataclass(frozen=True)
class DayState:
    """A day of the training and its date for this cohort."""

    position: int
    title: str
    on: date
    modules: tuple[ModuleState, ...]


@dataclass(frozen=True)
class Outline:
    """All days of one trainee's course."""

    days: tuple[DayState, ...]
    closes_on: date

    def modules(self) -> Iterator[ModuleState]:
        """Yield the modules in order."""
        for day in self.days:
            yield from day.modules

    def steps(self) -> Iterator[StepState]:
        """Yield the steps in order."""
        for module in self.modules():
            yield from module.steps

    def find(self, step_id: int) -> StepState | None:
        """Return the step, or None when it is not of this course."""
        return next((step for step in self.steps() if step.step_id == step_id), None)

    def find_path(self, path: str) -> StepState | None:
        """Return the step with that path, or None."""
        return next((step for step in self.steps() if step.path == path), None)

    def module_of(self, step_id: int) -> ModuleState:
        """Return the module a step of this course belongs to."""
        return next(module for module in self.modules() if any(s.step_id == step_id for s in module.steps))

    def day_of(self, step_id: int) -> DayState:
        """Return the day a step of this course belongs to."""
        module = self.module_of(step_id)
        return next(day for day in self.days if module in day.modules)

    def next_after(self, step_id: int) -> StepState | None:
        """Return the step that follows in order, or None after the last."""
        steps = list(self.steps())
        index = next(i for i, step in enumerate(steps) if step.step_id == step_id)
        return steps[index + 1] if index + 1 < len(steps) else None

    @property
    def next_step(self) -> StepState | None:
        """The one thing to do now: the first open step that is not done."""
        return next((step for step in self.steps() if step.is_open and not step.is_done), None)

    @property
    def next_locked(self) -> StepState | None:
        """The first step that is neither done nor open: says what is being waited for."""
        return next((step for step in self.steps() if not step.is_open and not step.is_done), None)

    @property
    def done_count(self) -> int:
        """How many steps are done."""
        return sum(step.is_done for step in self.steps())

    @property
    def step_count(self) -> int:
        """How many steps there are."""
        return sum(1 for _ in self.steps())

    def missing(self, requirements: Iterable[Mapping[str, Any]]) -> list[StepState]:
        """Return the steps that completion still asks for, in order."""
        wanted: set[int] = set()
        for requirement in requirements:
            if requirement["kind"] == "all_steps":
                wanted |= {step.step_id for step in self.steps() if step.is_required}
            elif requirement["kind"] == "quiz_passed":
                step = self.find_path(requirement["quiz"])
                wanted |= {step.step_id} if step else set()
        return [step for step in self.steps() if step.step_id in wanted and not step.is_done]


def build_outline(tree: Tree, cohort: Dates, progress: Mapping[int, Done], *, now: datetime) -> Outline:
    """Return the outline of one trainee.

    Args:
        tree: of the edition the cohort runs on.
        cohort: gives dates and time zone.
        progress: rows of this trainee by step id.
        now: decides which days have begun, in the cohort's zone.
    """
    today = now.astimezone(ZoneInfo(cohort.time_zone)).date()
    rules = _Rules(tree, cohort, progress, today)
    days = tuple(
        DayState(
            position=day.position,
            title=day.title,
            on=rules.date_of(day.position),
            modules=tuple(
                ModuleState(
                    folder=module.folder,
                    kind=module.kind,
                    title=module.title,
                    speaker=module.speaker,
                    minutes=module.minutes,
                    steps=tuple(rules.state(step) for step in module.steps),
                    sheet_id=module.sheet_id,
                )
                for module in day.modules
            ),
        )
        for day in tree.days
    )
    return Outline(days=days, closes_on=rules.closes_on)


class _Rules:
    """Release rules of one edition applied to one trainee."""

    def __init__(self, tree: Tree, cohort: Dates, progress: Mapping[int, Done], today: date) -> None:
        self.tree, self.progress, self.today = tree, progress, today
        self.starts_on = cohort.starts_on
        self.closes_on = cohort.ends_on + timedelta(days=OPEN_DAYS_AFTER)
        self.done = {step_id for step_id, row in progress.items() if row.completed_at is not None}

    def date_of(self, position: int) -> date:
        return self.starts_on + timedelta(days=position - 1)

    def state(self, step: TreeStep) -> StepState:
        row = self.progress.get(step.id)
        return StepState(
            step_id=step.id,
            path=step.path,
            kind=step.kind,
            title=step.title,
            minutes=step.minutes,
            is_required=step.is_required,
            is_done=step.id in self.done,
            lock=self.lock(step),
            percent=row.percent if row else None,
            attempts_used=row.attempts_used if row else 0,
            shows_percent=row is not None and self.shows_percent(row),
            is_extra=step.is_extra,
        )

    def shows_percent(self, row: Done) -> bool:
        if row.percent_shown == "after_close":
            return self.today > self.closes_on
        return row.percent_shown != "never"

    def lock(self, step: TreeStep) -> Lock | None:
        if self.today < self.starts_on:
            return Lock(LockKind.DAY, day=self.starts_on)
        for rule in step.release:
            lock = self.lock_by(rule, step)
            if lock is not None:
                return lock
        if self.today > self.closes_on and step.id not in self.done:
            return Lock(LockKind.CLOSED, day=self.closes_on)
        return None

    def lock_by(self, rule: Mapping[str, Any], step: TreeStep) -> Lock | None:
        if "day_begun" in rule:
            day = self.date_of(rule["day_begun"])
            return Lock(LockKind.DAY, day=day) if self.today < day else None
        if "minimum_percent" in rule:
            return self._lock_by_percent(self.tree.by_path[rule["quiz"]], rule["minimum_percent"])
        after = rule["after"]
        before = self.tree.before.get(step.id) if after == "previous" else self.tree.by_path[after]
        if before is None or before.id in self.done:
            return None
        return Lock(LockKind.STEP, step_title=before.title)

    def _lock_by_percent(self, quiz: TreeStep, minimum: int) -> Lock | None:
        row = self.progress.get(quiz.id)
        if row is not None and row.percent is not None and row.percent >= minimum:
            return None
        return Lock(LockKind.PERCENT, step_title=quiz.title, percent=minimum)
