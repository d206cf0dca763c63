"""A course as files: read everything, believe nothing, name every fault with file and line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from courses.catalogue.course_files import SLUG, CourseFiles
from courses.catalogue.disk import MAX_FILE_BYTES, collect_files, name_fault
from courses.catalogue.drawings import NAMED, Drawing, read_drawing
from courses.catalogue.fields import FieldReader, Kind
from courses.catalogue.orphans import CHECKLISTS, find_orphans
from courses.catalogue.pages import read_checklist, read_lesson
from courses.catalogue.photos import ENDING, Photo, read_photo
from courses.catalogue.question_files import list_pictures, read_questions
from courses.catalogue.quiz_files import read_quiz
from courses.catalogue.releases import RuleCheck
from courses.catalogue.scenarios import FOLDER as SCENARIOS
from courses.catalogue.scenarios import ScenarioSource, read_scenario
from courses.catalogue.sources import (
    PAGES,
    ChecklistSource,
    CourseFolder,
    DaySource,
    FolderFaults,
    LessonSource,
    ModuleSource,
    QuestionSource,
    QuizSource,
    StepSource,
)
from courses.facts.documents import SourceMap
from lms.core.errors import Invalid
from lms.core.xml_reader import XmlFault

MAX_SLUG = 80
COURSE_FILE = "course.yaml"
REVIEW_FILES = ("periksa/kata.txt", "periksa/angka.yaml")
"""What `courses.catalogue.texts` checks the words of a course against."""
MODULE_KINDS = ("internal", "external", "procedure")
SCHEMA = 1
MAX_VALID_MONTHS = 600
_MODULE_FOLDER = re.compile(r"day-([1-9]\d?)/\d\d-[a-z0-9]+(?:-[a-z0-9]+)*")


def read_folder(path: Path) -> CourseFolder:
    """Read the folder of a course.

    Raises:
        FolderFaults: files that may not be there, cannot be read or contradict each other.
    """
    return read_files(collect_files(path))


def read_files(files: Mapping[str, bytes]) -> CourseFolder:
    """Read a course from its files by path, as `course.yaml`, `day-1/01-pembuka/kuis.yaml`.

    Raises:
        FolderFaults: files that cannot be read or contradict each other.
    """
    reading = _Reading(files)
    course = reading.course()
    if reading.faults or course is None:
        raise FolderFaults(reading.faults)
    return course


@dataclass
class _Reading(CourseFiles):
    lessons: dict[str, LessonSource] = field(default_factory=dict)
    pages: dict[str, LessonSource] = field(default_factory=dict)
    quizzes: dict[str, QuizSource] = field(default_factory=dict)
    scenarios: dict[str, ScenarioSource] = field(default_factory=dict)
    checklists: dict[str, ChecklistSource] = field(default_factory=dict)
    drawings: dict[str, Drawing | Photo] = field(default_factory=dict)
    steps: list[StepSource] = field(default_factory=list)

    def course(self) -> CourseFolder | None:
        self._check_files()
        document = self.document(COURSE_FILE)
        if not isinstance(document, SourceMap):
            if not self.faults:
                self.fault(COURSE_FILE, 1, _("The file must hold fields."))
            return None
        questions = read_questions(self)
        values = self._head(document)
        days = tuple(self._days(values.get("days")))
        rules = RuleCheck(COURSE_FILE, self.faults, self.steps, self.quizzes)
        rules.check_release(len(days))
        requirements = tuple(rules.requirements(self.maps(COURSE_FILE, values.get("requirements"))))
        valid_months = self._valid_months(values.get("certificate"))
        self._practice(values.get("scenarios"), values.get("checklists"))
        self._drawings()
        self._check_orphans(questions.values())
        if self.faults:
            return None
        return CourseFolder(
            slug=values["slug"],
            title=values["title"],
            title_en=values["title_en"],
            summary=values.get("summary", ""),
            requirements=requirements,
            valid_months=valid_months,
            days=days,
            lessons=MappingProxyType(self.lessons),
            pages=MappingProxyType(self.pages),
            quizzes=MappingProxyType(self.quizzes),
            questions=MappingProxyType(questions),
            scenarios=MappingProxyType(self.scenarios),
            checklists=MappingProxyType(self.checklists),
            files=MappingProxyType(dict(self.files)),
            drawings=MappingProxyType(self.drawings),
        )

    def _check_files(self) -> None:
        for place, body in self.files.items():
            is_large = len(body) > MAX_FILE_BYTES
            fault = name_fault(place) or (_("This file is larger than 2 MB.") if is_large else "")
            if fault:
                self.fault(place, 0, fault)

    def _head(self, document: SourceMap) -> dict[str, Any]:
        """Return the fields of the course itself that are right."""
        reader = FieldReader(self.faults, COURSE_FILE, document)
        values = reader.read(
            {
                "schema": Kind.WHOLE, "slug": Kind.TEXT, "title": Kind.TEXT, "title_en": Kind.TEXT,
                "requirements": Kind.LIST, "days": Kind.LIST,
            },
            {
                "summary": Kind.TEXT, "scenarios": Kind.LIST, "checklists": Kind.LIST,
                "certificate": Kind.FIELDS,
            },
        )  # fmt: skip
        if values.get("schema", SCHEMA) != SCHEMA:
            reader.say("schema", _("This version reads schema %(number)s only.", number=SCHEMA))
        if not SLUG.fullmatch(str(values.get("slug", "x"))) or len(str(values.get("slug", ""))) > MAX_SLUG:
            reader.say("slug", _("A slug is small letters, digits and “-”."))
        return values

    def _valid_months(self, entry: Any) -> int | None:
        """Return how many months certificates last; None: they do not run out."""
        if not isinstance(entry, SourceMap):
            return None
        reader = FieldReader(self.faults, COURSE_FILE, entry)
        months = reader.read({"valid_months": Kind.WHOLE}).get("valid_months")
        if months is not None and not 1 <= months <= MAX_VALID_MONTHS:
            reader.say("valid_months", _("Months of validity: 1 to %(count)s.", count=MAX_VALID_MONTHS))
        return months

    # Days, modules, steps

    def _days(self, entries: Any) -> Iterator[DaySource]:
        days = list(self.maps(COURSE_FILE, entries))
        numbers = list_numbers([_claimed(entry) for entry in days])
        for position, (entry, number) in enumerate(zip(days, numbers, strict=True), 1):
            values = FieldReader(self.faults, COURSE_FILE, entry).read(
                {"title": Kind.TEXT, "modules": Kind.LIST}
            )
            modules = tuple(self._modules(values.get("modules"), position, number))
            yield DaySource(values.get("title", ""), modules)

    def _modules(self, entries: Any, day: int, number: int) -> Iterator[ModuleSource]:
        for entry in self.maps(COURSE_FILE, entries):
            reader = FieldReader(self.faults, COURSE_FILE, entry)
            values = reader.read(
                {
                    "folder": Kind.TEXT, "kind": Kind.TEXT, "title": Kind.TEXT, "minutes": Kind.WHOLE,
                    "steps": Kind.LIST,
                },
                {"speaker": Kind.TEXT, "berlaku": Kind.TEXT},
            )  # fmt: skip
            if values.get("kind", "internal") not in MODULE_KINDS:
                reader.say("kind", _("A module is one of: %(kinds)s.", kinds=", ".join(MODULE_KINDS)))
            folder = str(values.get("folder", ""))
            match = _MODULE_FOLDER.fullmatch(folder)
            if "folder" in values and (match is None or int(match[1]) != number):
                said = _("A module of day %(day)s is in a folder like day-%(day)s/01-name.", day=day)
                moved = _("The modules of this day are in folders like day-%(day)s/01-name.", day=number)
                reader.say("folder", said if number == day else moved)
                continue
            steps = tuple(self._steps(values.get("steps"), folder))
            self._pages(folder)
            yield ModuleSource(
                folder, values.get("kind", ""), values.get("title", ""), values.get("speaker", ""),
                values.get("minutes", 0), steps, entry.line, values.get("berlaku", ""),
            )  # fmt: skip

    def _steps(self, entries: Any, folder: str) -> Iterator[StepSource]:
        for entry in self.maps(COURSE_FILE, entries):
            step = self._step(entry, folder)
            if step is None:
                continue
            if any(step.path == other.path for other in self.steps):
                self.fault(COURSE_FILE, step.line, _("“%(path)s” is a step already.", path=step.path))
                continue
            self.steps.append(step)
            yield step

    def _step(self, entry: SourceMap, folder: str) -> StepSource | None:
        reader = FieldReader(self.faults, COURSE_FILE, entry)
        values = reader.read(
            {}, {"lesson": Kind.TEXT, "quiz": Kind.TEXT, "release": Kind.LIST, "berlaku": Kind.TEXT}
        )
        kinds = [kind for kind in ("lesson", "quiz") if kind in values]
        if len(kinds) != 1:
            reader.say("", _("A step is either a lesson or a quiz."))
            return None
        kind, name = kinds[0], str(values[kinds[0]])
        if name in PAGES:
            reader.say(kind, _("“%(name)s” is not a step: it stands beside the steps.", name=name))
            return None
        if not SLUG.fullmatch(name):
            reader.say(kind, _("A step is named by its file without ending: small letters, digits and “-”."))
            return None
        path = f"{folder}/{name}"
        is_there = self._lesson(path, reader) if kind == "lesson" else self._quiz(path, reader)
        release = tuple(self.maps(COURSE_FILE, values.get("release")))
        return StepSource(path, kind, entry.line, release, values.get("berlaku", "")) if is_there else None

    def _pages(self, folder: str) -> None:
        for name in PAGES:
            path = f"{folder}/{name}"
            page = read_lesson(self, path) if f"{path}.md" in self.files else None
            if page is not None:
                self.pages[path] = page

    def _lesson(self, path: str, step: FieldReader) -> bool:
        if f"{path}.md" not in self.files:
            step.say("lesson", _("There is no file %(file)s.", file=f"{path}.md"))
            return False
        lesson = read_lesson(self, path)
        if lesson is None:
            return False
        self.lessons[path] = lesson
        return True

    def _quiz(self, path: str, step: FieldReader) -> bool:
        if f"{path}.yaml" not in self.files:
            step.say("quiz", _("There is no file %(file)s.", file=f"{path}.yaml"))
            return False
        quiz = read_quiz(self, path)
        if quiz is None:
            return False
        self.quizzes[path] = quiz
        return True

    # Practice

    def _practice(self, scenarios: Any, checklists: Any) -> None:
        for slug, line in self._slugs("scenarios", scenarios):
            self._scenario(slug, f"{SCENARIOS}/{slug}.yaml", line)
        for slug, line in self._slugs("checklists", checklists):
            self._checklist(slug, f"{CHECKLISTS}/{slug}.md", line)

    def _slugs(self, name: str, entries: Any) -> Iterator[tuple[str, int]]:
        seen = set[str]()
        for entry, line in zip(entries, entries.lines, strict=True) if entries is not None else ():
            if not isinstance(entry, str) or not SLUG.fullmatch(entry) or len(entry) > MAX_SLUG:
                words = _("%(name)s: name a file without ending: small letters, digits and “-”.", name=name)
                self.fault(COURSE_FILE, line, words)
            elif entry in seen:
                self.fault(COURSE_FILE, line, _("“%(key)s” is written twice.", key=entry))
            else:
                seen.add(entry)
                yield entry, line

    def _scenario(self, slug: str, file: str, line: int) -> None:
        if file not in self.files:
            self.fault(COURSE_FILE, line, _("There is no file %(file)s.", file=file))
            return
        text = self.text(file)
        if text is None:
            return
        document = self.parse(text, file)
        if not isinstance(document, SourceMap):
            if document is not None or not text.strip():
                self.fault(file, 1, _("The file must hold fields."))
            return
        scenario = read_scenario(file, document, text, self.faults)
        if scenario is not None:
            self.scenarios[slug] = scenario

    def _checklist(self, slug: str, file: str, line: int) -> None:
        if file not in self.files:
            self.fault(COURSE_FILE, line, _("There is no file %(file)s.", file=file))
            return
        checklist = read_checklist(self, slug, file)
        if checklist is not None:
            self.checklists[slug] = checklist

    def _drawings(self) -> None:
        """Read the drawings the pages name; one that is not there is a fault of the page."""
        for page in (*self.lessons.values(), *self.pages.values()):
            module = page.path.rpartition("/")[0]
            for name in NAMED.findall(page.text):
                file = f"{module}/{name}"
                if file in self.files and file not in self.drawings:
                    self._drawing(file)

    def _drawing(self, file: str) -> None:
        body = self.files[file]
        try:
            self.drawings[file] = read_photo(body) if file.endswith(ENDING) else read_drawing(body)
        except XmlFault as fault:
            self.fault(file, fault.line, fault.message)
        except Invalid as refused:
            self.fault(file, 0, str(refused.message))

    def _check_orphans(self, questions: Iterable[QuestionSource]) -> None:
        if self.faults:
            return  # a file nobody could read names nothing
        sources = (self.lessons, self.pages, self.quizzes, self.scenarios, self.checklists)
        named = {COURSE_FILE, *REVIEW_FILES, *self.drawings}
        named |= {source.file for found in sources for source in found.values()}
        named |= {f"{step.path}{ending}" for step in self.steps for ending in (".md", ".yaml")}
        named |= list_pictures(self.files, questions)
        self.faults += find_orphans(self.files, named)


def list_numbers(claimed: Sequence[int | None]) -> list[int]:
    """Return the number that the folders of each day carry, day by day.

    Each day has one of its own, from 1 to as many as there are: that of its place until it is moved. Moving
    keeps folders, and with them what people have done, as they are.

    Args:
        claimed: the number in the folder of each day's first module, if it has one.
    """
    count = len(claimed)
    found: list[int | None] = [number if number == day else None for day, number in enumerate(claimed, 1)]
    for index, number in enumerate(claimed):
        if found[index] is None and number is not None and 1 <= number <= count and number not in found:
            found[index] = number
    free = iter([number for number in range(1, count + 1) if number not in found])
    return [next(free) if number is None else number for number in found]


def _claimed(day: SourceMap) -> int | None:
    modules: Any = day.get("modules")
    first = modules[0] if isinstance(modules, list) and modules else None
    folder = first.get("folder") if isinstance(first, SourceMap) else None
    return number_of(folder) if isinstance(folder, str) else None


def number_of(folder: str) -> int | None:
    """Return the number of the day that the folder of a module carries; None where it carries none."""
    match = _MODULE_FOLDER.fullmatch(folder)
    return int(match[1]) if match else None
