"""A scenario rendered at a law date: what an edition keeps of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from courses.catalogue.citing import cite
from courses.catalogue.markdown import MarkdownFault, render_inline, render_lesson
from courses.catalogue.scenarios import Named, ScenarioSource, SceneSource, Text
from courses.catalogue.sources import CourseFolder
from courses.facts.book import FactBook, FactError
from courses.facts.documents import Fault
from courses.facts.models import UseKind
from courses.facts.uses import Recorder, Seen, placed

_NOTES = re.compile(r'<section class="(?:footnotes|glossary)"')
"""Where the lists at the end of a rendered text begin; no text can write this itself."""


@dataclass(frozen=True)
class RenderedScene:
    """A scene as HTML; lists hold plain values, as the database keeps them."""

    key: str
    ending: str | None
    html: str
    notes_html: str
    debrief_html: str
    # [{text, why, next}, …]
    choices: list[dict[str, str]]
    # [{label, url}, …]
    citations: list[dict[str, str]]
    # [{path, anchor, title}, …]
    readings: list[dict[str, str]]


@dataclass
class SceneRenderer:
    """Renders the scenes of one course at one law date; what is wrong gathers in `faults`."""

    folder: CourseFolder
    book: FactBook
    as_of: date
    check: Callable[[str], str]
    # Lesson → its anchors, where they are known.
    anchors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    # What they asked the book for.
    uses: list[Seen] = field(default_factory=list)

    def render(self, scenario: ScenarioSource) -> list[RenderedScene]:
        """Return the scenes in order."""
        return [self._scene(scenario.file, scene) for scene in scenario.scenes]

    def _scene(self, file: str, scene: SceneSource) -> RenderedScene:
        html = self._page(file, scene.text)
        notes = _NOTES.search(html)
        end = notes.start() if notes else len(html)
        return RenderedScene(
            key=scene.id,
            ending=scene.ending or None,
            html=html[:end],
            notes_html=html[end:],
            debrief_html=self._phrase(file, scene.debrief) if scene.ending else "",
            choices=[
                {
                    "text": self._phrase(file, choice.text, links=False),
                    "why": self._phrase(file, choice.why),
                    "next": choice.next,
                }
                for choice in scene.choices
            ],
            citations=[self._citation(file, named) for named in scene.cite],
            readings=[self._reading(file, named) for named in scene.read],
        )

    def _page(self, file: str, text: Text) -> str:
        def render() -> str:
            page = render_lesson(text.words, book=self.book, as_of=self.as_of, check=self.check)
            self.uses += placed(page.uses, file=file, kind=UseKind.SCENARIO, first=text.line)
            return page.html

        return self._try(file, text, render)

    def _phrase(self, file: str, text: Text, *, links: bool = True) -> str:
        recorder = Recorder(self.as_of, UseKind.SCENARIO, f"{file}:{text.line}")
        book = recorder.watch(self.book)
        html = self._try(
            file, text, lambda: render_inline(text.words, book=book, as_of=self.as_of, links=links)
        )
        self.uses += recorder.uses()
        return html

    def _try(self, file: str, text: Text, render: Callable[[], str]) -> str:
        try:
            return render()
        except MarkdownFault as error:
            self.faults += [Fault(file, text.line + one.line - 1, one.message) for one in error.faults]
            return ""

    def _citation(self, file: str, named: Named) -> dict[str, str]:
        try:
            return {**vars(cite(self.book, named.name))}
        except FactError as error:
            self.faults.append(Fault(file, named.line, str(error)))
            return {}

    def _reading(self, file: str, named: Named) -> dict[str, str]:
        path, mark, anchor = named.name.partition("#")
        lesson = self.folder.lessons.get(path)
        if lesson is None:
            self._say(file, named, _("There is no lesson “%(path)s”.", path=path))
        elif mark and path in self.anchors and anchor not in self.anchors[path]:
            self._say(file, named, _("The lesson has no heading “#%(anchor)s”.", anchor=anchor))
        return {"path": path, "anchor": anchor, "title": lesson.title if lesson else ""}

    def _say(self, file: str, named: Named, message: Any) -> None:
        self.faults.append(Fault(file, named.line, str(message)))
