"""The days, modules and steps of a working copy as its course file says them, however unfinished they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from courses.catalogue.folder import COURSE_FILE, list_numbers, number_of
from courses.catalogue.sources import PAGES
from courses.facts.documents import DocumentFault, SourceMap, read_document

_TITLE = re.compile(r"^title:[ \t]*(.+?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class StepLine:
    """A step as the course file has it; `place` counts from 0 within its module."""

    place: int
    kind: str
    file: str
    title: str
    berlaku: str


@dataclass(frozen=True)
class ModuleLines:
    """A module; `place` counts from 0 within its day, `pages` are the files beside its steps."""

    place: int
    folder: str
    title: str
    minutes: object
    steps: tuple[StepLine, ...]
    pages: tuple[str, ...]


@dataclass(frozen=True)
class DayLines:
    """A day; `place` counts from 0, and its folders carry `number`, which it keeps where it is moved to."""

    place: int
    title: str
    modules: tuple[ModuleLines, ...]
    number: int


def read_tree(files: Mapping[str, bytes]) -> tuple[DayLines, ...] | None:
    """Return the days of a course; None where its course file cannot be read."""
    try:
        document = read_document(files.get(COURSE_FILE, b"").decode("utf-8", "replace"), file=COURSE_FILE)
    except DocumentFault:
        return None
    if not isinstance(document, SourceMap):
        return None
    days = _maps(document, "days")
    modules = [tuple(_modules(day, files)) for day in days]
    numbers = list_numbers([number_of(one[0].folder) if one else None for one in modules])
    return tuple(
        DayLines(place, _text(day, "title"), modules[place], numbers[place]) for place, day in enumerate(days)
    )


def title_of(path: str, files: Mapping[str, bytes]) -> str:
    """Return what people call a lesson or quiz, its path where the file does not say."""
    found = _TITLE.search(files.get(path, b"").decode("utf-8", "replace"))
    return found[1].strip("\"'") if found else path


def _modules(day: SourceMap, files: Mapping[str, bytes]) -> Iterator[ModuleLines]:
    for place, module in enumerate(_maps(day, "modules")):
        folder = _text(module, "folder")
        beside = tuple(path for name in PAGES if (path := f"{folder}/{name}.md") in files)
        yield ModuleLines(
            place,
            folder,
            _text(module, "title"),
            module.get("minutes"),
            tuple(_steps(module, folder, files)),
            beside,
        )


def _steps(module: SourceMap, folder: str, files: Mapping[str, bytes]) -> Iterator[StepLine]:
    for place, step in enumerate(_maps(module, "steps")):
        kind = "quiz" if "quiz" in step else "lesson"
        file = f"{folder}/{_text(step, kind)}{'.yaml' if kind == 'quiz' else '.md'}"
        yield StepLine(place, kind, file, title_of(file, files), _text(step, "berlaku"))


def _maps(entry: SourceMap, name: str) -> list[SourceMap]:
    """Return the entries of a list that have fields; another kind of entry ends it: places must stay true."""
    entries: Any = entry.get(name)
    found: list[SourceMap] = []
    for one in entries if isinstance(entries, list) else ():
        if not isinstance(one, SourceMap):
            break
        found.append(one)
    return found


def _text(entry: SourceMap, name: str) -> str:
    value = entry.get(name)
    return value if isinstance(value, str) else ""
