"""What becomes of the files of a course when days, modules and steps are moved, renamed, added or removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from flask_babel import gettext as _

from courses.catalogue.drafts.outlines import (
    Place,
    add_entry,
    move_entry,
    remove_entry,
    rename_entry,
    renumber_days,
    show_text,
)
from courses.catalogue.drafts.reading import DayLines, ModuleLines, StepLine, read_tree
from courses.catalogue.folder import COURSE_FILE, MODULE_KINDS
from courses.catalogue.question_files import QUESTIONS
from courses.catalogue.sources import PAGES
from lms.core.errors import Invalid
from lms.core.text import fold

Files = Mapping[str, bytes]
Changes = dict[str, bytes | None]
Entry = TypeVar("Entry", DayLines, ModuleLines, StepLine)
MAX_TITLE = 120
_TITLE_LINE = re.compile(r"^title:.*$", re.MULTILINE)
_FIRST_WORDS = "Tulis materi di sini."


def rename(files: Files, place: Place, title: str) -> Changes:
    """Return the files in which a day, module or step has another title.

    Raises:
        Invalid: it has no place for one, or the title is empty or too long.
    """
    title = _checked(title)
    if len(place) < 3:
        return _course(files, rename_entry(_text(files), place, title))
    file = _step(files, place).file
    text = files[file].decode() if file in files else ""
    if not _TITLE_LINE.search(text):
        raise Invalid(_("“%(file)s” has no line for a title: edit the file itself.", file=file))
    line = f"title: {show_text(title)}"
    return {file: _TITLE_LINE.sub(lambda _match: line, text, count=1).encode()}


def move(files: Files, place: Place, to: int) -> Changes:
    """Return the files in which a day, module or step is at position ``to`` of its list.

    A day keeps its folders: what people have done goes by them. What opens with a day opens with it still.

    Raises:
        Invalid: it cannot go there.
    """
    text = move_entry(_text(files), place, to)
    if len(place) > 1:
        return _course(files, text)
    order = list(range(len(_tree(files))))
    order.insert(to, order.pop(place[0]))
    return _course(files, renumber_days(text, {old + 1: new for new, old in enumerate(order, 1)}))


def remove(files: Files, place: Place) -> Changes:
    """Return the files without a day, module or step and what it is made of.

    Raises:
        Invalid: it is the last of its list.
    """
    changes = _course(files, remove_entry(_text(files), place))
    if len(place) == 1 and _day(files, place[0]).number != len(_tree(files)):
        number = len(_tree(files))
        raise Invalid(_("Only the day in the folder day-%(number)s can be removed.", number=number))
    return changes | dict.fromkeys(_files_of(files, place))


def add_step(
    files: Files, place: Place, *, kind: str, title: str, topic: str = "", count: int = 5
) -> Changes:
    """Return the files with a lesson or quiz more at the end of the module at ``place``.

    Raises:
        Invalid: no title, or a quiz without a topic to draw from.
    """
    module, title = _module(files, place), _checked(title)
    taken = {
        path.rpartition("/")[2].rpartition(".")[0] for path in files if path.startswith(f"{module.folder}/")
    }
    name = _free(slug_of(title), taken | set(PAGES))
    text = add_entry(_text(files), (*place, 0), {kind: name})
    return _course(files, text) | _new_step(
        files, f"{module.folder}/{name}", kind, title, topic=topic, count=count
    )


def add_module(files: Files, day: int, *, title: str, kind: str, minutes: int) -> Changes:
    """Return the files with a module more at the end of a day; it begins with one lesson.

    Raises:
        Invalid: no title, or a kind there is not.
    """
    title, there = _checked(title), _day(files, day)
    folders = [module.folder for module in there.modules]
    folder = f"day-{there.number}/{_next_number(folders):02}-{slug_of(title)}"
    entry = _module_entry(folder, kind, title, minutes)
    text = add_entry(_text(files), (day, 0), entry)
    return _course(files, text) | _new_step(files, f"{folder}/materi", "lesson", title)


def add_day(files: Files, *, title: str, module_title: str) -> Changes:
    """Return the files with a day more; it begins with one module of one lesson.

    Raises:
        Invalid: a title is missing.
    """
    number, module_title = len(_tree(files)) + 1, _checked(module_title)
    folder = f"day-{number}/01-{slug_of(module_title)}"
    entry = {"title": _checked(title), "modules": [_module_entry(folder, "internal", module_title, 45)]}
    text = add_entry(_text(files), (0,), entry)
    return _course(files, text) | _new_step(files, f"{folder}/materi", "lesson", module_title)


def list_topics(files: Iterable[str]) -> list[str]:
    """Return the topics a course has questions of."""
    pattern = re.compile(rf"{QUESTIONS}/([a-z0-9-]+)\.yaml")
    return sorted(match[1] for file in files if (match := pattern.fullmatch(file)))


def slug_of(title: str) -> str:
    """Return a title as the name of a file: small letters, digits and “-”."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:40].strip("-") or "bagian"


def _module_entry(folder: str, kind: str, title: str, minutes: int) -> dict[str, Any]:
    if kind not in MODULE_KINDS:
        raise Invalid(_("A module is one of: %(kinds)s.", kinds=", ".join(MODULE_KINDS)))
    return {
        "folder": folder, "kind": kind, "title": title, "minutes": minutes, "steps": [{"lesson": "materi"}],
    }  # fmt: skip


def _new_step(files: Files, path: str, kind: str, title: str, *, topic: str = "", count: int = 5) -> Changes:
    if kind == "lesson":
        return {f"{path}.md": f"---\ntitle: {show_text(title)}\nminutes: 10\n---\n{_FIRST_WORDS}\n".encode()}
    if topic not in list_topics(files):
        raise Invalid(_("Choose the topic the quiz draws its questions from."))
    slots = f"slots:\n  - {{draw: {topic}, count: {count}}}\n"
    head = f"title: {show_text(title)}\npurpose: module\npass_percent: 60\nattempts: 3\n"
    return {f"{path}.yaml": (head + slots).encode()}


def _files_of(files: Files, place: Place) -> list[str]:
    if len(place) == 3:
        return [file for file in (_step(files, place).file,) if file in files]
    modules = [_module(files, place)] if len(place) == 2 else _day(files, place[0]).modules
    return [file for file in files for module in modules if file.startswith(f"{module.folder}/")]


def _checked(title: str) -> str:
    title = " ".join(title.split())
    if not title or len(title) > MAX_TITLE:
        raise Invalid(_("Give it a title of %(count)s characters at most.", count=MAX_TITLE), field="title")
    return title


def _free(name: str, taken: set[str]) -> str:
    return next(one for one in (name, *(f"{name}-{number}" for number in range(2, 999))) if one not in taken)


def _next_number(folders: Iterable[str]) -> int:
    numbers = [int(match[1]) for folder in folders if (match := re.search(r"/(\d\d)-", folder))]
    return max(numbers, default=0) + 1


def _course(files: Files, text: str) -> Changes:
    return {COURSE_FILE: text.encode()} if text.encode() != files[COURSE_FILE] else {}


def _text(files: Files) -> str:
    return files.get(COURSE_FILE, b"").decode("utf-8", "replace")


def _tree(files: Files) -> tuple[DayLines, ...]:
    tree = read_tree(files)
    if tree is None:
        raise Invalid(_("The course file cannot be read. Mend it, then its days are shown here again."))
    return tree


def _day(files: Files, place: int) -> DayLines:
    return _at(_tree(files), place)


def _module(files: Files, place: Place) -> ModuleLines:
    return _at(_day(files, place[0]).modules, place[1])


def _step(files: Files, place: Place) -> StepLine:
    return _at(_module(files, place[:2]).steps, place[2])


def _at(entries: tuple[Entry, ...], place: int) -> Entry:
    if not 0 <= place < len(entries):
        raise Invalid(_("This is not in the course any more."))
    return entries[place]
