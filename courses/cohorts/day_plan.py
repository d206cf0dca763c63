"""A day of a timetable laid out: modules one after the other, pauses between them, lunch at its hour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path

import yaml

from courses.catalogue.models import Module

SOURCE = Path(__file__).parent / "data" / "timetable.yaml"
SHORTEST_PART = timedelta(minutes=15)
"""A shorter part of a module before or after lunch is not worth coming back for."""


@dataclass(frozen=True)
class Slot:
    """A slot of the timetable as somebody wants it; times are aware, speakers are (name, organisation)."""

    title: str
    starts_at: datetime
    ends_at: datetime
    module_folder: str | None = None
    place: str = ""
    speakers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Break:
    """Lunch at ``at``, or a pause after the first module that ends at or after it (local time)."""

    at: time
    length: timedelta
    title: str


@dataclass(frozen=True)
class Pattern:
    """How a day is laid out."""

    starts: time
    lunch: Break
    pauses: tuple[Break, ...]
    # What a module is called that goes on after lunch, with "{title}".
    continued: str


@cache
def load_pattern() -> Pattern:
    """Return how the days of a draft are laid out."""
    pattern = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    breaks = [
        Break(time.fromisoformat(entry["at"]), timedelta(minutes=entry["minutes"]), entry["title"])
        for entry in (pattern["lunch"], *pattern["pauses"])
    ]
    return Pattern(time.fromisoformat(pattern["starts"]), breaks[0], tuple(breaks[1:]), pattern["continued"])


def plan_day(modules: Sequence[Module], midnight: datetime) -> list[Slot]:
    """Return the slots of a day; nothing follows the last module.

    Args:
        modules: in order.
        midnight: the beginning of the day in the zone of the cohort.
    """
    pattern = load_pattern()
    plan = _DayPlan(pattern, datetime.combine(midnight, pattern.starts, midnight.tzinfo))
    for module in modules:
        plan.take_break()
        plan.add(module)
    return plan.slots


@dataclass
class _DayPlan:
    pattern: Pattern
    moment: datetime
    slots: list[Slot] = field(default_factory=list)
    has_eaten: bool = False
    paused_until: time = time.min

    def take_break(self) -> None:
        """Put in lunch where it is time, else a pause that is due."""
        if not self.has_eaten and self._noon - self.moment < SHORTEST_PART:
            self._eat()
            return
        now = self.moment.time()
        due = [pause for pause in self.pattern.pauses if self.paused_until < pause.at <= now]
        if due:
            self.paused_until = now
            self._add(due[-1].title, due[-1].length)

    def add(self, module: Module) -> None:
        """Put in a module, in two parts where it runs over lunch."""
        left, title = timedelta(minutes=module.minutes), module.title
        before_noon = self._noon - self.moment
        if not self.has_eaten and left - before_noon >= SHORTEST_PART:
            self._add(title, before_noon, module)
            self._eat()
            left, title = left - before_noon, self.pattern.continued.format(title=title)
        self._add(title, left, module)

    @property
    def _noon(self) -> datetime:
        return datetime.combine(self.moment, self.pattern.lunch.at, self.moment.tzinfo)

    def _eat(self) -> None:
        lunch = self.pattern.lunch
        self.moment = max(self.moment, self._noon)
        self._add(lunch.title, lunch.length)
        self.has_eaten, self.paused_until = True, self.moment.time()

    def _add(self, title: str, length: timedelta, module: Module | None = None) -> None:
        ends_at = self.moment + length
        folder = module.folder if module else None
        speakers = ((module.speaker, ""),) if module and module.speaker else ()
        self.slots.append(Slot(title, self.moment, ends_at, module_folder=folder, speakers=speakers))
        self.moment = ends_at
