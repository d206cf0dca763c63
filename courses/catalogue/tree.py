"""The tree of an edition as plain values, read once per process: a published edition never changes.

Every page of a trainee asks for it; as rows it would cost four queries and most of the page's time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.catalogue.models import Day, Edition, Module, Step
from courses.catalogue.queries import get_edition


@dataclass(frozen=True)
class TreeStep:
    """A step; fields as in `Step`."""

    id: int
    path: str
    kind: str
    title: str
    minutes: int
    release: tuple[Mapping[str, Any], ...]
    is_required: bool
    is_extra: bool = False


@dataclass(frozen=True)
class TreeModule:
    """A module with its steps in order."""

    folder: str
    kind: str
    title: str
    speaker: str
    minutes: int
    steps: tuple[TreeStep, ...]
    sheet_id: int | None
    """Number of its pocket sheet."""


@dataclass(frozen=True)
class TreeDay:
    """A day with its modules in order; `position` 1 is the first."""

    position: int
    title: str
    modules: tuple[TreeModule, ...]


@dataclass(frozen=True)
class Tree:
    """All of an edition but the text of its lessons."""

    days: tuple[TreeDay, ...]

    def steps(self) -> Iterator[TreeStep]:
        """Yield all steps in order."""
        for day in self.days:
            for module in day.modules:
                yield from module.steps

    @cached_property
    def by_path(self) -> Mapping[str, TreeStep]:
        """The steps by their paths."""
        return {step.path: step for step in self.steps()}

    @cached_property
    def before(self) -> Mapping[int, TreeStep]:
        """By the id of a step the one that comes before it; the first has none.

        Nothing waits for what only one cohort was given.
        """
        found: dict[int, TreeStep] = {}
        last: TreeStep | None = None
        for step in self.steps():
            if last is not None:
                found[step.id] = last
            last = last if step.is_extra else step
        return found


_Known = dict[tuple[int, tuple[int, ...]], Tree]
_published: WeakKeyDictionary[Engine, _Known] = WeakKeyDictionary()

KEPT_TREES = 500
"""Trees in memory, 20 KB each: an edition, and what cohorts were given beside it."""


def get_tree(session: Session, edition_id: int, *, extra: Sequence[int] = ()) -> Tree:
    """Return the tree of an edition; of a published one without asking the database twice.

    Args:
        extra: numbers of the steps a cohort was given beside it (`Cohort.extra_steps`); they come last in
            their modules, and those of other editions are passed over.

    Raises:
        NotFound: there is no such edition.
    """
    bind = session.get_bind()
    known = _published.setdefault(bind if isinstance(bind, Engine) else bind.engine, {})
    key = edition_id, tuple(extra)
    if key in known:
        return known[key]
    if extra:
        return _keep(known, key, graft(get_tree(session, edition_id), list_given(session, edition_id, extra)))
    edition = get_edition(session, edition_id)
    tree = grow(edition)
    return _keep(known, key, tree) if edition.status == "published" else tree


def _keep(known: _Known, key: tuple[int, tuple[int, ...]], tree: Tree) -> Tree:
    if len(known) >= KEPT_TREES:
        known.clear()
    known[key] = tree
    return tree


def list_given_of(tree: Tree) -> list[tuple[str, TreeStep]]:
    """Return the steps of a tree that are beside its edition, each with the folder of its module."""
    modules = (module for day in tree.days for module in day.modules)
    return [(module.folder, step) for module in modules for step in module.steps if step.is_extra]


def list_given(session: Session, edition_id: int, extra: Sequence[int]) -> list[tuple[str, TreeStep]]:
    """Return the steps beside an edition among these, each with the folder of its module, in this order."""
    rows = session.execute(
        select(Module.folder, Step)
        .join(Module, Module.id == Step.module_id)
        .where(Step.id.in_(extra), Step.edition_id == edition_id)
    )
    found = {step.id: (folder, _step(step)) for folder, step in rows}
    return [found[step_id] for step_id in extra if step_id in found]


def graft(tree: Tree, given: Sequence[tuple[str, TreeStep]]) -> Tree:
    """Return the tree with these steps at the end of their modules; a folder it has not loses its steps."""
    days = []
    for day in tree.days:
        modules = (
            replace(
                module, steps=(*module.steps, *(step for folder, step in given if folder == module.folder))
            )
            for module in day.modules
        )
        days.append(replace(day, modules=tuple(modules)))
    return Tree(tuple(days))


def grow(edition: Edition) -> Tree:
    """Return the tree of a loaded edition."""
    return Tree(tuple(_day(day) for day in edition.days))


def _day(day: Day) -> TreeDay:
    return TreeDay(day.position, day.title, tuple(_module(module) for module in day.modules))


def _module(module: Module) -> TreeModule:
    return TreeModule(
        folder=module.folder,
        kind=module.kind,
        title=module.title,
        speaker=module.speaker,
        minutes=module.minutes,
        steps=tuple(_step(step) for step in module.steps),
        sheet_id=next((page.id for page in module.pages if page.kind == "pocket_sheet"), None),
    )


def _step(step: Step) -> TreeStep:
    return TreeStep(
        id=step.id,
        path=step.path,
        kind=step.kind,
        title=step.title,
        minutes=step.minutes,
        release=tuple(step.release),
        is_required=step.is_required,
        is_extra=step.is_extra,
    )
