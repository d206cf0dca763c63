"""Field practice of a course: checked and rendered at a law date, and the rows an edition keeps of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from courses.catalogue.markdown import MarkdownFault, render_lesson
from courses.catalogue.models import Checklist, Scenario, Scene
from courses.catalogue.scenarios import Named, ScenarioSource
from courses.catalogue.scenes import RenderedScene, SceneRenderer
from courses.catalogue.sources import CourseFolder
from courses.catalogue.walks import check_walks
from courses.facts.book import FactBook, FactError
from courses.facts.documents import Fault
from courses.facts.models import UseKind
from courses.facts.uses import Seen, placed

Check = Callable[[str], str]


@dataclass(frozen=True)
class Practice:
    """Scenarios and checklists as HTML, by slug."""

    scenes: Mapping[str, list[RenderedScene]]
    checklists: Mapping[str, str]
    # What they asked the book for.
    uses: Sequence[Seen] = ()


def list_conditions(folder: CourseFolder) -> list[tuple[str, Named]]:
    """Return every condition on the law date with its file; its name is empty where there is none."""
    named = [(one.file, condition) for one in folder.scenarios.values() for condition in one.conditions()]
    return named + [(one.file, Named(one.berlaku, 1)) for one in folder.checklists.values()]


def check_conditions(folder: CourseFolder, book: FactBook, as_of: date) -> list[Fault]:
    """Return the conditions on the law date that cannot be read."""
    faults = []
    for file, condition in list_conditions(folder):
        try:
            book.applies(condition.name or ">=0001-01-01", as_of)
        except FactError as error:
            faults.append(Fault(file, condition.line, str(error)))
    return faults


def check_practice(
    folder: CourseFolder,
    *,
    whole: CourseFolder,
    book: FactBook,
    as_of: date,
    check: Check,
    anchors: Mapping[str, frozenset[str]],
) -> list[Fault]:
    """Return what is wrong with scenarios and checklists at ``as_of``.

    Args:
        folder: what the law date leaves of the course.
        whole: the course as written.
        book: the facts.
        as_of: the law date.
        check: says whether a question may stand in a text; raises ValueError with the reason.
        anchors: of every lesson that has no fault.
    """
    renderer = SceneRenderer(folder, book, as_of, check, anchors)
    faults: list[Fault] = []
    for slug, scenario in folder.scenarios.items():
        faults += check_walks(scenario, whole=whole.scenarios[slug])
        renderer.render(scenario)
    for checklist in folder.checklists.values():
        try:
            render_lesson(checklist.text, book=book, as_of=as_of, check=check)
        except MarkdownFault as error:
            faults += [Fault(checklist.file, one.line, one.message) for one in error.faults]
    return faults + renderer.faults


def render_practice(folder: CourseFolder, *, book: FactBook, as_of: date, check: Check) -> Practice:
    """Return all of it as HTML; the folder has no faults."""
    renderer = SceneRenderer(folder, book, as_of, check)
    scenes = {slug: renderer.render(scenario) for slug, scenario in folder.scenarios.items()}
    pages = {
        slug: render_lesson(one.text, book=book, as_of=as_of, check=check)
        for slug, one in folder.checklists.items()
    }
    uses = [
        use
        for slug, page in pages.items()
        for use in placed(page.uses, file=folder.checklists[slug].file, kind=UseKind.CHECKLIST)
    ]
    return Practice(scenes, {slug: page.html for slug, page in pages.items()}, [*renderer.uses, *uses])


def make_rows(
    folder: CourseFolder, practice: Practice, *, edition_id: int, book: FactBook, as_of: date
) -> Iterator[Scenario | Checklist]:
    """Yield what the edition keeps, in the order of the course file."""
    for position, (slug, scenario) in enumerate(folder.scenarios.items(), 1):
        yield Scenario(
            edition_id=edition_id,
            position=position,
            slug=slug,
            title=scenario.title,
            subject=scenario.subject,
            programmes=_programmes(scenario, book, as_of),
            summary=scenario.summary,
            minutes=scenario.minutes,
            scenes=[
                Scene(position=place, **vars(scene)) for place, scene in enumerate(practice.scenes[slug], 1)
            ],
        )
    for position, (slug, checklist) in enumerate(folder.checklists.items(), 1):
        yield Checklist(
            edition_id=edition_id,
            position=position,
            slug=slug,
            title=checklist.title,
            subject=checklist.subject,
            html=practice.checklists[slug],
        )


def _programmes(scenario: ScenarioSource, book: FactBook, as_of: date) -> list[str]:
    return [name for name in scenario.programmes if book.applies(name, as_of)]
