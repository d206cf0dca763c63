"""What a course folder would change against an edition: by lesson, quiz and question, not by byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from courses.catalogue.sources import CourseFolder


@dataclass(frozen=True)
class Change:
    """What of one kind is new, different, gone: names in their order."""

    kind: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing of this kind changes."""
        return not (self.added or self.changed or self.removed)


def compare_folders(new: CourseFolder, old: CourseFolder | None) -> list[Change]:
    """Return what ``new`` changes, without the kinds that stay as they are; all is new without ``old``."""
    parts_of_old = _parts(old) if old is not None else {}
    changes = [_compare(kind, part, parts_of_old.get(kind, {})) for kind, part in _parts(new).items()]
    return [change for change in changes if not change.is_empty]


def _parts(folder: CourseFolder) -> dict[str, dict[str, Any]]:
    modules = {
        module.folder: (module.title, module.kind, module.speaker, module.minutes, module.berlaku)
        for day in folder.days
        for module in day.modules
    }
    return {
        "module": modules,
        "lesson": {path: (page.title, page.minutes, page.text) for path, page in folder.lessons.items()},
        "page": {path: (page.title, page.text) for path, page in folder.pages.items()},
        "quiz": {path: dict(quiz.data) for path, quiz in folder.quizzes.items()},
        "question": {key: dict(question.data) for key, question in folder.questions.items()},
        "scenario": _bytes(folder, (scenario.file for scenario in folder.scenarios.values())),
        "checklist": _bytes(folder, (checklist.file for checklist in folder.checklists.values())),
        "drawing": _bytes(folder, folder.drawings),
    }


def _bytes(folder: CourseFolder, files: Iterable[str]) -> dict[str, Any]:
    return {file: folder.files[file] for file in files}


def _compare(kind: str, new: Mapping[str, Any], old: Mapping[str, Any]) -> Change:
    return Change(
        kind,
        added=tuple(name for name in new if name not in old),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
        removed=tuple(name for name in old if name not in new),
    )
