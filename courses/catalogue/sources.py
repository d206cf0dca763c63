"""A course as its files say it, before anything is stored: plain values, each with its file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from courses.catalogue.drawings import Drawing
from courses.catalogue.photos import Photo
from courses.catalogue.scenarios import ScenarioSource
from courses.facts.documents import Fault, SourceMap

LESSON_HOUR_MINUTES = 45
"""A jam pelajaran (JP)."""
PAGES = {"saku": "pocket_sheet", "panduan": "trainer_guide"}
"""Files of a module that are no steps, and what they are."""


class FolderFaults(ValueError):
    """A course folder cannot be used; `faults` says where and why."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class LessonSource:
    """A lesson as written. `text` begins with an empty line for each of the front matter."""

    path: str
    file: str
    title: str
    minutes: int
    text: str

    @property
    def markdown(self) -> str:
        """The text without those empty lines."""
        return self.text.lstrip("\n")


@dataclass(frozen=True)
class ChecklistSource:
    """A list of documents as written; `subject` is the heading it is found under. `text` as in a lesson."""

    slug: str
    file: str
    title: str
    subject: str
    text: str
    berlaku: str = ""


@dataclass(frozen=True)
class QuizSource:
    """A quiz as written; `path` is that of its step and, after `<course slug>/`, the key of the quiz."""

    path: str
    file: str
    data: SourceMap

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.data["title"])

    @property
    def minutes(self) -> int:
        """How long it takes: its limit, else a minute a question."""
        limit = self.data.get("time_limit_minutes")
        return int(limit) if limit else self.question_count

    @property
    def question_count(self) -> int:
        """How many questions a paper has."""
        slots = [slot for slot in self.data.get("slots") or [] if isinstance(slot, dict)]
        return sum(slot["count"] if isinstance(slot.get("count"), int) else 1 for slot in slots)


@dataclass(frozen=True)
class QuestionSource:
    """A question as written; `topic` is the name of its file, which draws go by."""

    id: str
    topic: str
    file: str
    line: int
    data: SourceMap


@dataclass(frozen=True)
class StepSource:
    """A step of a module; `release` as written, `berlaku` empty or the condition on the law date."""

    path: str
    kind: str
    line: int
    release: tuple[SourceMap, ...]
    berlaku: str = ""


@dataclass(frozen=True)
class ModuleSource:
    """A module of a day; `berlaku` empty or the condition on the law date."""

    folder: str
    kind: str
    title: str
    speaker: str
    minutes: int
    steps: tuple[StepSource, ...]
    line: int = 0
    berlaku: str = ""


@dataclass(frozen=True)
class DaySource:
    """A day of the training."""

    title: str
    modules: tuple[ModuleSource, ...]


@dataclass(frozen=True)
class CourseFolder:
    """All that a course folder says, checked as far as needs neither facts nor question types."""

    slug: str
    title: str
    title_en: str
    summary: str
    requirements: tuple[SourceMap, ...]
    # How many months certificates last; None: they do not run out.
    valid_months: int | None
    days: tuple[DaySource, ...]
    lessons: Mapping[str, LessonSource]
    pages: Mapping[str, LessonSource]
    quizzes: Mapping[str, QuizSource]
    questions: Mapping[str, QuestionSource]
    scenarios: Mapping[str, ScenarioSource]
    checklists: Mapping[str, ChecklistSource]
    files: Mapping[str, bytes]
    drawings: Mapping[str, Drawing | Photo]

    @property
    def hours(self) -> int:
        """Whole lesson hours (JP) of its modules, as certificates state them."""
        return self.minutes // LESSON_HOUR_MINUTES

    @property
    def minutes(self) -> int:
        """How long all modules take together."""
        return sum(module.minutes for day in self.days for module in day.modules)

    def steps(self) -> Iterator[StepSource]:
        """Yield the steps in order."""
        for day in self.days:
            for module in day.modules:
                yield from module.steps

    def where(self, holds: Callable[[str], bool]) -> CourseFolder:
        """Return the folder without what has a condition that does not hold: modules, steps, practice.

        Files and questions stay as they are: they tell which folder it is, and have conditions of their own.
        """
        days = tuple(replace(day, modules=_held_modules(day.modules, holds)) for day in self.days)
        modules = [module for day in days for module in day.modules]
        paths = {step.path for module in modules for step in module.steps}
        beside = {f"{module.folder}/{name}" for module in modules for name in PAGES}
        return replace(
            self,
            days=days,
            lessons=MappingProxyType({path: kept for path, kept in self.lessons.items() if path in paths}),
            pages=MappingProxyType({path: kept for path, kept in self.pages.items() if path in beside}),
            quizzes=MappingProxyType({path: kept for path, kept in self.quizzes.items() if path in paths}),
            scenarios=MappingProxyType(
                {
                    slug: kept.where(holds)
                    for slug, kept in self.scenarios.items()
                    if not kept.berlaku or holds(kept.berlaku)
                }
            ),
            checklists=MappingProxyType(
                {
                    slug: kept
                    for slug, kept in self.checklists.items()
                    if not kept.berlaku or holds(kept.berlaku)
                }
            ),
        )

    def drawings_beside(self, path: str) -> dict[str, Drawing | Photo]:
        """Return the drawings of the module a lesson or page is in, by what the lesson calls them."""
        module = f"{path.rpartition('/')[0]}/"
        return {
            file.removeprefix(module): drawing
            for file, drawing in self.drawings.items()
            if file.startswith(module)
        }

    def title_of(self, step: StepSource) -> str:
        """Return what people call a step."""
        return self.lessons[step.path].title if step.kind == "lesson" else self.quizzes[step.path].title

    def minutes_of(self, step: StepSource) -> int:
        """Return how long a step takes."""
        return self.lessons[step.path].minutes if step.kind == "lesson" else self.quizzes[step.path].minutes

    @property
    def sha256(self) -> str:
        """What tells this folder from any other: names and contents of all files."""
        digest = hashlib.sha256()
        for path, body in sorted(self.files.items()):
            digest.update(f"{path}\0{len(body)}\0".encode())
            digest.update(body)
        return digest.hexdigest()


def _held_modules(
    modules: tuple[ModuleSource, ...], holds: Callable[[str], bool]
) -> tuple[ModuleSource, ...]:
    held = (
        replace(module, steps=tuple(step for step in module.steps if not step.berlaku or holds(step.berlaku)))
        for module in modules
        if not module.berlaku or holds(module.berlaku)
    )
    return tuple(module for module in held if module.steps)
