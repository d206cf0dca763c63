"""A course as files: read everything, believe nothing, name every fault with file and line."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _

from courses.catalogue.fields import FieldReader, Kind
from courses.facts.documents import DocumentFault, Fault, SourceList, SourceMap, read_document

MAX_FILE_BYTES = 2_000_000
MAX_FILES = 2_000
MAX_PATH = 150
COURSE_FILE = "course.yaml"
QUESTIONS = "questions"
MODULE_KINDS = ("internal", "external", "procedure")
PURPOSES = ("practice", "module", "pretest", "posttest", "refresher")
SCHEMA = 1
LESSON_HOUR_MINUTES = 45
"""A jam pelajaran (JP)."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MODULE_FOLDER = re.compile(r"day-([1-9]\d?)/\d\d-[a-z0-9]+(?:-[a-z0-9]+)*")
_STEP_PATH = re.compile(r"day-[1-9]\d?/\d\d-[a-z0-9-]+/[a-z0-9-]+")
PAGES = {"saku": "pocket_sheet", "panduan": "trainer_guide"}
"""Files of a module that are no steps, and what they are."""
_LESSON_FIELDS = {"title": Kind.TEXT, "minutes": Kind.WHOLE}
_QUIZ_FIELDS = {
    "title", "purpose", "pass_percent", "attempts", "counts", "time_limit_minutes", "shuffle_questions",
    "shuffle_options", "show_result", "slots",
}  # fmt: skip


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
    days: tuple[DaySource, ...]
    lessons: Mapping[str, LessonSource]
    pages: Mapping[str, LessonSource]
    quizzes: Mapping[str, QuizSource]
    questions: Mapping[str, QuestionSource]
    files: Mapping[str, bytes]

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
        """Return the folder without the modules and steps whose condition does not hold.

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
        )

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


def read_folder(path: Path) -> CourseFolder:
    """Read the folder of a course.

    Raises:
        FolderFaults: files that may not be there, cannot be read or contradict each other.
    """
    return read_files(collect_files(path))


def collect_files(folder: Path) -> dict[str, bytes]:
    """Return all files below ``folder`` by their path, following no link.

    Raises:
        FolderFaults: it is no folder, or holds links, hidden, odd or too large files.
    """
    if not folder.is_dir():
        raise FolderFaults([Fault(str(folder), 0, _("There is no such folder."))])
    files: dict[str, bytes] = {}
    faults: list[Fault] = []
    for root, folders, names in os.walk(folder, followlinks=False):
        for name in sorted([*folders, *names]):
            path = Path(root) / name
            place = path.relative_to(folder).as_posix()
            fault = _file_fault(path, place)
            if fault:
                faults.append(Fault(place, 0, fault))
                folders[:] = [kept for kept in folders if kept != name]
            elif path.is_file():
                files[place] = path.read_bytes()
        if len(files) > MAX_FILES:
            faults.append(Fault(str(folder), 0, _("There are more than %(count)s files.", count=MAX_FILES)))
            break
    if faults:
        raise FolderFaults(faults)
    return files


def _file_fault(path: Path, place: str) -> str:
    if path.is_symlink():
        return str(_("Links to other files are not allowed."))
    if not (path.is_file() or path.is_dir()):
        return str(_("This is neither a file nor a folder."))
    if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
        return str(_("This file is larger than 2 MB."))
    return name_fault(place)


def name_fault(place: str) -> str:
    """Return what is wrong with the path of a file inside a course, empty if nothing is."""
    if len(place) > MAX_PATH or not all(_NAME.fullmatch(part) for part in place.split("/")):
        return str(_("Names are small letters, digits, “-”, “_” and “.”, and do not begin with “.”."))
    return ""


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
class _Reading:
    files: Mapping[str, bytes]
    faults: list[Fault] = field(default_factory=list)
    lessons: dict[str, LessonSource] = field(default_factory=dict)
    pages: dict[str, LessonSource] = field(default_factory=dict)
    quizzes: dict[str, QuizSource] = field(default_factory=dict)
    steps: list[StepSource] = field(default_factory=list)

    def course(self) -> CourseFolder | None:
        for place, body in self.files.items():
            if fault := name_fault(place) or (
                _("This file is larger than 2 MB.") if len(body) > MAX_FILE_BYTES else ""
            ):
                self._fault(place, 0, str(fault))
        document = self._document(COURSE_FILE)
        if not isinstance(document, SourceMap):
            if not self.faults:
                self._fault(COURSE_FILE, 1, _("The file must hold fields."))
            return None
        questions = self._questions()
        reader = FieldReader(self.faults, COURSE_FILE, document)
        values = reader.read(
            {
                "schema": Kind.WHOLE, "slug": Kind.TEXT, "title": Kind.TEXT, "title_en": Kind.TEXT,
                "requirements": Kind.LIST, "days": Kind.LIST,
            },
            {"summary": Kind.TEXT},
        )  # fmt: skip
        if values.get("schema", SCHEMA) != SCHEMA:
            reader.say("schema", _("This version reads schema %(number)s only.", number=SCHEMA))
        if not _SLUG.fullmatch(str(values.get("slug", "x"))) or len(str(values.get("slug", ""))) > 80:
            reader.say("slug", _("A slug is small letters, digits and “-”."))
        days = tuple(self._days(values.get("days")))
        self._check_release(len(days))
        requirements = tuple(self._requirements(values.get("requirements")))
        self._check_orphans()
        if self.faults:
            return None
        return CourseFolder(
            slug=values["slug"],
            title=values["title"],
            title_en=values["title_en"],
            summary=values.get("summary", ""),
            requirements=requirements,
            days=days,
            lessons=MappingProxyType(self.lessons),
            pages=MappingProxyType(self.pages),
            quizzes=MappingProxyType(self.quizzes),
            questions=MappingProxyType(questions),
            files=MappingProxyType(dict(self.files)),
        )

    # Days, modules, steps

    def _days(self, entries: Any) -> Iterator[DaySource]:
        for position, entry in enumerate(self._maps(COURSE_FILE, entries), 1):
            values = FieldReader(self.faults, COURSE_FILE, entry).read(
                {"title": Kind.TEXT, "modules": Kind.LIST}
            )
            modules = tuple(self._modules(values.get("modules"), position))
            yield DaySource(values.get("title", ""), modules)

    def _modules(self, entries: Any, day: int) -> Iterator[ModuleSource]:
        for entry in self._maps(COURSE_FILE, entries):
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
            if "folder" in values and (match is None or int(match[1]) != day):
                reader.say(
                    "folder", _("A module of day %(day)s is in a folder like day-%(day)s/01-name.", day=day)
                )
                continue
            steps = tuple(self._steps(values.get("steps"), folder))
            self._pages(folder)
            yield ModuleSource(
                folder, values.get("kind", ""), values.get("title", ""), values.get("speaker", ""),
                values.get("minutes", 0), steps, entry.line, values.get("berlaku", ""),
            )  # fmt: skip

    def _steps(self, entries: Any, folder: str) -> Iterator[StepSource]:
        for entry in self._maps(COURSE_FILE, entries):
            step = self._step(entry, folder)
            if step is None:
                continue
            if any(step.path == other.path for other in self.steps):
                self._fault(COURSE_FILE, step.line, _("“%(path)s” is a step already.", path=step.path))
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
        if not _SLUG.fullmatch(name):
            reader.say(kind, _("A step is named by its file without ending: small letters, digits and “-”."))
            return None
        path = f"{folder}/{name}"
        is_there = self._lesson(path, reader) if kind == "lesson" else self._quiz(path, reader)
        release = tuple(self._maps(COURSE_FILE, values.get("release")))
        return StepSource(path, kind, entry.line, release, values.get("berlaku", "")) if is_there else None

    def _pages(self, folder: str) -> None:
        for name in PAGES:
            path = f"{folder}/{name}"
            page = self._written(path) if f"{path}.md" in self.files else None
            if page is not None:
                self.pages[path] = page

    def _lesson(self, path: str, step: FieldReader) -> bool:
        if f"{path}.md" not in self.files:
            step.say("lesson", _("There is no file %(file)s.", file=f"{path}.md"))
            return False
        lesson = self._written(path)
        if lesson is None:
            return False
        self.lessons[path] = lesson
        return True

    def _written(self, path: str) -> LessonSource | None:
        """Return a page of Markdown with its front matter, None where it has faults."""
        file = f"{path}.md"
        text = self._text(file)
        if text is None:
            return None
        parts = re.match(r"---\n(.*?\n)---\n(.*)", text, re.DOTALL)
        if parts is None:
            self._fault(file, 1, _("A lesson begins with “---”, title, minutes and “---”."))
            return None
        front = self._parse("\n" + parts[1], file)
        if not isinstance(front, SourceMap):
            self._fault(file, 1, _("A lesson begins with “---”, title, minutes and “---”."))
            return None
        values = FieldReader(self.faults, file, front).read(_LESSON_FIELDS)
        if not parts[2].strip():
            self._fault(file, parts[1].count("\n") + 3, _("The lesson is empty."))
        padding = "\n" * (parts[1].count("\n") + 2)
        return LessonSource(path, file, values.get("title", ""), values.get("minutes", 0), padding + parts[2])

    def _quiz(self, path: str, step: FieldReader) -> bool:
        file = f"{path}.yaml"
        if file not in self.files:
            step.say("quiz", _("There is no file %(file)s.", file=file))
            return False
        data = self._document(file)
        if not isinstance(data, SourceMap):
            self._fault(file, 1, _("The file must hold fields."))
            return False
        reader = FieldReader(self.faults, file, data)
        values = reader.read(
            {"title": Kind.TEXT, "purpose": Kind.TEXT, "slots": Kind.LIST},
            {
                "pass_percent": Kind.WHOLE, "attempts": Kind.WHOLE, "time_limit_minutes": Kind.WHOLE,
                "counts": Kind.TEXT, "show_result": Kind.TEXT, "shuffle_questions": Kind.BOOLEAN,
                "shuffle_options": Kind.BOOLEAN,
            },
        )  # fmt: skip
        if values.get("purpose", "module") not in PURPOSES:
            reader.say("purpose", _("A quiz is one of: %(kinds)s.", kinds=", ".join(PURPOSES)))
        if values.get("pass_percent", 0) > 100:
            reader.say("pass_percent", _("Nobody can reach more than 100 percent."))
        if "title" not in values:
            return False
        self.quizzes[path] = QuizSource(path, file, data)
        return True

    # Rules

    def _check_release(self, day_count: int) -> None:
        places = {step.path: place for place, step in enumerate(self.steps)}
        for place, step in enumerate(self.steps):
            for rule in step.release:
                self._check_rule(rule, place, places, day_count)

    def _check_rule(self, rule: SourceMap, place: int, places: Mapping[str, int], day_count: int) -> None:
        reader = FieldReader(self.faults, COURSE_FILE, rule)
        if "after" in rule:
            path = reader.read({"after": Kind.TEXT}).get("after", "previous")
            if path == "previous" and place == 0:
                reader.say("after", _("Nothing comes before the first step."))
            elif path != "previous":
                self._check_earlier(reader, "after", path, place, places)
        elif "day_begun" in rule:
            day = reader.read({"day_begun": Kind.WHOLE}).get("day_begun", 1)
            if not 1 <= day <= day_count:
                reader.say("day_begun", _("The course has no day %(day)s.", day=day))
        elif "minimum_percent" in rule:
            values = reader.read({"minimum_percent": Kind.WHOLE, "quiz": Kind.TEXT})
            if values.get("minimum_percent", 0) > 100:
                reader.say("minimum_percent", _("Nobody can reach more than 100 percent."))
            if "quiz" in values and self._check_earlier(reader, "quiz", values["quiz"], place, places):
                self._require_quiz(reader, values["quiz"])
        else:
            reader.say("", _("A release rule is one of: after, day_begun, minimum_percent with quiz."))

    def _check_earlier(
        self, reader: FieldReader, name: str, path: str, place: int, places: Mapping[str, int]
    ) -> bool:
        if path not in places:
            reader.say(name, _("There is no step “%(path)s”.", path=path))
        elif places[path] >= place:
            reader.say(
                name, _("“%(path)s” does not come before this step, so nobody could go on.", path=path)
            )
        else:
            return True
        return False

    def _require_quiz(self, reader: FieldReader, path: str) -> bool:
        if path in self.quizzes:
            return True
        reader.say("quiz", _("“%(path)s” is not a quiz.", path=path))
        return False

    def _requirements(self, entries: Any) -> Iterator[SourceMap]:
        for entry in self._maps(COURSE_FILE, entries):
            reader = FieldReader(self.faults, COURSE_FILE, entry)
            if entry.get("kind") == "all_steps":
                reader.read({"kind": Kind.TEXT})
            elif entry.get("kind") == "quiz_passed":
                path = reader.read({"kind": Kind.TEXT, "quiz": Kind.TEXT}).get("quiz", "")
                if path and path not in {step.path for step in self.steps}:
                    reader.say("quiz", _("There is no step “%(path)s”.", path=path))
                elif (
                    path
                    and self._require_quiz(reader, path)
                    and self.quizzes[path].data.get("pass_percent") is None
                ):
                    reader.say("quiz", _("“%(path)s” has no pass_percent, so nobody can pass it.", path=path))
            else:
                reader.say("kind", _("A requirement is one of: all_steps, quiz_passed."))
            yield entry

    def _check_orphans(self) -> None:
        used = {COURSE_FILE, *(lesson.file for lesson in self.lessons.values())}
        used |= {page.file for page in self.pages.values()}
        used |= {quiz.file for quiz in self.quizzes.values()}
        named = {f"{step.path}{ending}" for step in self.steps for ending in (".md", ".yaml")}
        for place in self.files:
            is_question = re.fullmatch(rf"{QUESTIONS}/[a-z0-9-]+\.yaml", place)
            if place not in used | named and not is_question and not self.faults:
                self._fault(place, 0, _("No step uses this file."))

    # Questions

    def _questions(self) -> dict[str, QuestionSource]:
        found: dict[str, QuestionSource] = {}
        for file in sorted(self.files):
            if not file.startswith(f"{QUESTIONS}/"):
                continue
            topic = file.removeprefix(f"{QUESTIONS}/").removesuffix(".yaml")
            if not _SLUG.fullmatch(topic) or not file.endswith(".yaml"):
                self._fault(file, 0, _("Questions are in files like questions/topic.yaml."))
                continue
            for entry in self._maps(file, self._document(file)):
                question_id = entry.get("id")
                if not isinstance(question_id, str) or not re.fullmatch(rf"{topic}-\d\d+", question_id):
                    line = entry.line_of("id")
                    self._fault(file, line, _("The id of a question here is like %(topic)s-01.", topic=topic))
                elif question_id in found:
                    self._fault(file, entry.line_of("id"), _("“%(key)s” is written twice.", key=question_id))
                else:
                    found[question_id] = QuestionSource(question_id, topic, file, entry.line, entry)
        return found

    # Files

    def _maps(self, file: str, entries: Any) -> Iterator[SourceMap]:
        if not isinstance(entries, SourceList):
            if entries is not None:
                self._fault(file, 1, _("This must be a list."))
            return
        for entry, line in zip(entries, entries.lines, strict=True):
            if isinstance(entry, SourceMap):
                yield entry
            else:
                self._fault(file, line, _("An entry of this list must have fields."))

    def _document(self, file: str) -> Any:
        if file not in self.files:
            self._fault(file, 0, _("There is no file %(file)s.", file=file))
            return None
        text = self._text(file)
        return None if text is None else self._parse(text, file)

    def _parse(self, text: str, file: str) -> Any:
        try:
            return read_document(text, file=file)
        except DocumentFault as error:
            self.faults.append(error.fault)
            return None

    def _text(self, file: str) -> str | None:
        try:
            text = self.files[file].decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = self.files[file].count(b"\n", 0, error.start) + 1
            self._fault(file, line, _("This is not UTF-8 text."))
            return None
        if text.startswith("\ufeff"):
            self._fault(file, 1, _("The file begins with a byte order mark: save it as plain UTF-8."))
            return None
        return text

    def _fault(self, file: str, line: int, message: str) -> None:
        self.faults.append(Fault(file, line, str(message)))
