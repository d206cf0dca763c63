"""Scenarios of a course as case sets that branch: each is a question for practice, and a quiz of its own.

They come from `skenario/*.yaml` alone. Their facts are watched with the edition: nothing of them is paused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from courses.catalogue.scenarios import FOLDER, ScenarioSource, SceneSource
from courses.catalogue.scenes import RenderedScene, SceneRenderer
from courses.catalogue.sources import CourseFolder, QuizSource
from courses.facts.book import FactBook
from courses.facts.documents import SourceMap
from quizzes.bank.cases import CASE
from quizzes.bank.folder.checking import FolderQuestion, FolderSlot
from quizzes.bank.resolving import Resolved
from quizzes.types.base import Json
from quizzes.types.case_parts import decision_content
from quizzes.types.case_set import WALKED


def walk_key(course: str, slug: str) -> str:
    """Return the key of the quiz, and of the question, that a scenario of a course is."""
    return f"{course}/{FOLDER}/{slug}"


def list_walks(
    folder: CourseFolder, *, book: FactBook, as_of: date, check: Callable[[str], str]
) -> dict[str, FolderQuestion]:
    """Return the scenarios of a folder without faults as cases, by their path."""
    renderer = SceneRenderer(folder, book, as_of, check)
    walks = {}
    for scenario in folder.scenarios.values():
        path = f"{FOLDER}/{scenario.slug}"
        walks[path] = FolderQuestion(
            path, FOLDER, "practice", CASE, _source(scenario), _resolved(scenario, renderer.render(scenario))
        )
    return walks


def quiz_of(walk: FolderQuestion) -> tuple[QuizSource, list[FolderSlot]]:
    """Return the quiz a case is played as, and its one slot."""
    data = SourceMap(title=walk.source["stem"], purpose="practice")
    data.line, data.lines = 1, {}
    return QuizSource(walk.id, f"{walk.id}.yaml", data), [FolderSlot(None, 1, (walk.id,), 1)]


def _source(scenario: ScenarioSource) -> Json:
    return {"stem": scenario.title, "parts": [_written(scene) for scene in scenario.scenes]}


def _written(scene: SceneSource) -> dict[str, Any]:
    part: dict[str, Any] = {"name": scene.id, "text": scene.text.words}
    if scene.ending:
        return part | {"end": scene.ending, "debrief": scene.debrief.words}
    choices = [
        {"text": choice.text.words, "why": choice.why.words, "next": choice.next} for choice in scene.choices
    ]
    return part | {"choices": choices}


def _resolved(scenario: ScenarioSource, scenes: list[RenderedScene]) -> Resolved:
    content = {"text_html": "", "mode": WALKED, "parts": [_part(scene) for scene in scenes]}
    return Resolved(content, scenario.title, "", [], scenario.title)


def _part(scene: RenderedScene) -> Mapping[str, Any]:
    shared = {"name": scene.key, "question": "", "stem_html": scene.html}
    if scene.ending:
        return shared | {"end": scene.ending, "explanation_html": scene.debrief_html}
    return shared | decision_content(scene.choices)
