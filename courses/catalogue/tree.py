"""The tree of an edition as plain values, read once per process: a published edition never changes.

Every page of a trainee asks for it; as rows it would cost four queries and most of the page's time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
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


_published: WeakKeyDictionary[Engine, dict[int, Tree]] = WeakKeyDictionary()


def get_tree(session: Session, edition_id: int) -> Tree:
    """Return the tree of an edition; of a published one without asking the database twice.

    Raises:
        NotFound: there is no such edition.
    """
    bind = session.get_bind()
    known = _published.setdefault(bind if isinstance(bind, Engine) else bind.engine, {})
    if edition_id not in known:
        edition = get_edition(session, edition_id)
        tree = grow(edition)
        if edition.status != "published":
            return tree
        known[edition_id] = tree
    return known[edition_id]


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
    )
