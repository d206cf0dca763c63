"""Scenarios of field practice as written: scenes, choices with what they bring about, endings.

A scenario is a file `skenario/<slug>.yaml`. Its scenes are joined by choices alone, so that the same file is
loaded as a case to practise on, too; nothing in it is marked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _

from courses.catalogue.fields import FieldReader, Kind
from courses.facts.book import PROGRAMMES
from courses.facts.documents import Fault, SourceList, SourceMap

FOLDER = "skenario"
ENDINGS = ("good", "partly", "bad")
"""How a scenario may end."""
MAX_CHOICES = 6
MAX_SCENES = 40

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BLOCK_SCALAR = re.compile(r":\s*[|>][-+]?\d?\s*$")
_NEEDED = {
    "title": Kind.TEXT, "subject": Kind.TEXT, "summary": Kind.TEXT, "minutes": Kind.WHOLE,
    "scenes": Kind.LIST,
}  # fmt: skip
_END_FIELDS = {"end": Kind.TEXT, "debrief": Kind.PROSE, "cite": Kind.LIST, "read": Kind.LIST}


@dataclass(frozen=True)
class Text:
    """Markdown of a field; its first line is `line` of the file."""

    words: str
    line: int


@dataclass(frozen=True)
class ChoiceSource:
    """What one may do in a scene, what it brings about, and the scene it leads to."""

    text: Text
    why: Text
    next: str
    next_line: int
    line: int
    berlaku: str = ""


@dataclass(frozen=True)
class Named:
    """A citation or a place in a lesson, as written."""

    name: str
    line: int


@dataclass(frozen=True)
class SceneSource:
    """A moment of the story: either choices, or an ending with what was right and where to read on."""

    id: str
    line: int
    text: Text
    choices: tuple[ChoiceSource, ...] = ()
    ending: str = ""
    debrief: Text = Text("", 0)
    cite: tuple[Named, ...] = ()
    read: tuple[Named, ...] = ()
    berlaku: str = ""

    @property
    def texts(self) -> tuple[Text, ...]:
        """All that is said in it."""
        said = [self.text, *(text for choice in self.choices for text in (choice.text, choice.why))]
        return (*said, self.debrief) if self.ending else tuple(said)


@dataclass(frozen=True)
class ScenarioSource:
    """A scenario as written; the first scene is where it begins."""

    slug: str
    file: str
    title: str
    subject: str
    programmes: tuple[str, ...]
    summary: str
    minutes: int
    scenes: tuple[SceneSource, ...]
    berlaku: str = ""

    def where(self, holds: Callable[[str], bool]) -> ScenarioSource:
        """Return it without the scenes and choices whose condition does not hold."""
        scenes = (
            replace(scene, choices=tuple(filter(lambda choice: _holds(choice.berlaku, holds), scene.choices)))
            for scene in self.scenes
            if _holds(scene.berlaku, holds)
        )
        return replace(self, scenes=tuple(scenes))

    def conditions(self) -> Iterator[Named]:
        """Yield every condition on the law date, with its line."""
        yield Named(self.berlaku, 1)
        for scene in self.scenes:
            yield Named(scene.berlaku, scene.line)
            yield from (Named(choice.berlaku, choice.line) for choice in scene.choices)


def _holds(condition: str, holds: Callable[[str], bool]) -> bool:
    return not condition or holds(condition)


def read_scenario(file: str, document: SourceMap, text: str, faults: list[Fault]) -> ScenarioSource | None:
    """Return the scenario in ``document``, as read from ``text``; what is wrong goes to ``faults``."""
    before = len(faults)
    reader = FieldReader(faults, file, document)
    values = reader.read(_NEEDED, {"programmes": Kind.LIST, "berlaku": Kind.TEXT})
    for name in values.get("programmes", ()):
        if name not in PROGRAMMES:
            reader.say("programmes", _("A programme is one of: %(names)s.", names=", ".join(PROGRAMMES)))
    scenes = _Scenes(file, text.split("\n"), faults).read(values.get("scenes"))
    if len(faults) > before:
        return None
    return ScenarioSource(
        slug=file.rpartition("/")[2].removesuffix(".yaml"),
        file=file,
        title=values["title"],
        subject=values["subject"],
        programmes=tuple(values.get("programmes", ())),
        summary=values["summary"],
        minutes=values["minutes"],
        scenes=tuple(scenes),
        berlaku=values.get("berlaku", ""),
    )


class _Scenes:
    """Reads the scenes of one file."""

    def __init__(self, file: str, lines: Sequence[str], faults: list[Fault]) -> None:
        self._file, self._lines, self._faults = file, lines, faults

    def read(self, entries: Any) -> list[SceneSource]:
        found: dict[str, SceneSource] = {}
        for entry in self._maps(entries):
            scene = self._scene(entry)
            if scene is None:
                continue
            if scene.id in found:
                self._say(entry, "id", _("“%(key)s” is written twice.", key=scene.id))
            found[scene.id] = scene
        if len(found) > MAX_SCENES:
            self._faults.append(
                Fault(self._file, 1, str(_("There are more than %(count)s scenes.", count=MAX_SCENES)))
            )
        return list(found.values())

    def _scene(self, entry: SourceMap) -> SceneSource | None:
        if ("choices" in entry) and ("end" in entry):
            self._say(entry, "end", _("A scene has either choices or an end, not both."))
            return None
        is_end = "end" in entry
        reader = FieldReader(self._faults, self._file, entry)
        values = reader.read(
            {"id": Kind.TEXT, "text": Kind.PROSE} | (_END_FIELDS if is_end else {}),
            {"berlaku": Kind.TEXT} | ({} if is_end else {"choices": Kind.LIST}),
        )
        if "id" in values and not _ID.fullmatch(values["id"]):
            reader.say("id", _("The id of a scene is small letters, digits and “-”."))
        if is_end and values.get("end", "good") not in ENDINGS:
            reader.say("end", _("An end is one of: %(names)s.", names=", ".join(ENDINGS)))
        choices = tuple(self._choices(entry, values.get("choices")))
        if {"id", "text"} - set(values) or (is_end and {"end", "debrief"} - set(values)):
            return None
        return SceneSource(
            id=values["id"],
            line=entry.line,
            text=self._text(entry, "text"),
            choices=choices,
            ending=values.get("end", ""),
            debrief=self._text(entry, "debrief") if is_end else Text("", 0),
            cite=self._names(entry, "cite"),
            read=self._names(entry, "read"),
            berlaku=values.get("berlaku", ""),
        )

    def _choices(self, scene: SourceMap, entries: Any) -> Iterator[ChoiceSource]:
        for entry in self._maps(entries):
            values = FieldReader(self._faults, self._file, entry).read(
                {"text": Kind.PROSE, "why": Kind.PROSE, "next": Kind.TEXT}, {"berlaku": Kind.TEXT}
            )
            if {"text", "why", "next"} <= set(values):
                yield ChoiceSource(
                    text=self._text(entry, "text"),
                    why=self._text(entry, "why"),
                    next=values["next"],
                    next_line=entry.line_of("next"),
                    line=entry.line,
                    berlaku=values.get("berlaku", ""),
                )
        if entries is not None and len(entries) > MAX_CHOICES:
            self._say(scene, "choices", _("A scene has at most %(count)s choices.", count=MAX_CHOICES))

    def _text(self, entry: SourceMap, name: str) -> Text:
        """Return a field with the line its words begin on: after `text: |-` that is the next one."""
        line = entry.line_of(name)
        is_below = _BLOCK_SCALAR.search(self._lines[line - 1]) is not None
        return Text(entry[name], line + is_below)

    def _names(self, entry: SourceMap, name: str) -> tuple[Named, ...]:
        values = entry.get(name)
        if not isinstance(values, SourceList):
            return ()
        for value, line in zip(values, values.lines, strict=True):
            if not isinstance(value, str):
                self._faults.append(Fault(self._file, line, f"{name}: {_('this must be text.')}"))
        return tuple(Named(str(value), line) for value, line in zip(values, values.lines, strict=True))

    def _maps(self, entries: Any) -> Iterator[SourceMap]:
        if not isinstance(entries, SourceList):
            return
        for entry, line in zip(entries, entries.lines, strict=True):
            if isinstance(entry, SourceMap):
                yield entry
            else:
                self._faults.append(
                    Fault(self._file, line, str(_("An entry of this list must have fields.")))
                )

    def _say(self, entry: SourceMap, name: str, message: str) -> None:
        self._faults.append(Fault(self._file, entry.line_of(name), str(message)))
