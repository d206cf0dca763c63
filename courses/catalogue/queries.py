"""Reads: editions with their tree, and the files they were made from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload, undefer

from courses.catalogue.models import (
    Checklist,
    Course,
    Day,
    Edition,
    EditionFile,
    Module,
    ModulePage,
    Scenario,
    Scene,
)
from lms.core.errors import NotFound


def get_edition(session: Session, edition_id: int) -> Edition:
    """Return an edition with course, days, modules, steps and their pages, in two queries.

    Raises:
        NotFound: there is no such edition.
    """
    edition = session.scalar(
        select(Edition)
        .where(Edition.id == edition_id)
        .options(
            joinedload(Edition.course),
            selectinload(Edition.days).joinedload(Day.modules).joinedload(Module.steps),
            selectinload(Edition.days)
            .joinedload(Day.modules)
            .joinedload(Module.pages)
            .defer(ModulePage.html),
        )
    )
    if edition is None:
        raise NotFound
    return edition


def list_module_pages(session: Session, edition_id: int) -> Sequence[ModulePage]:
    """Return the pages beside the steps of an edition with their module, in the order of the modules."""
    query = (
        select(ModulePage)
        .join(ModulePage.module)
        .join(Module.day)
        .where(Day.edition_id == edition_id)
        .options(contains_eager(ModulePage.module), defer(ModulePage.html))
        .order_by(Day.position, Module.position, ModulePage.kind)
    )
    return session.scalars(query).all()


def get_module_page(session: Session, page_id: int, *, edition_id: int, kind: str) -> ModulePage:
    """Return a page of that kind with its module.

    Raises:
        NotFound: the edition has none with that number.
    """
    query = (
        select(ModulePage)
        .join(ModulePage.module)
        .join(Module.day)
        .where(ModulePage.id == page_id, ModulePage.kind == kind, Day.edition_id == edition_id)
        .options(contains_eager(ModulePage.module))
    )
    page = session.scalar(query)
    if page is None:
        raise NotFound
    return page


def list_scenarios(session: Session, edition_id: int) -> Sequence[Scenario]:
    """Return the scenarios of an edition in order, without their scenes but for where they begin."""
    query = (
        select(Scenario)
        .where(Scenario.edition_id == edition_id)
        .options(selectinload(Scenario.scenes).load_only(Scene.key, Scene.position))
        .order_by(Scenario.position)
    )
    return session.scalars(query).all()


def get_scenario(session: Session, slug: str, *, edition_id: int) -> Scenario:
    """Return a scenario with its scenes.

    Raises:
        NotFound: the edition has none of that name.
    """
    query = (
        select(Scenario)
        .where(Scenario.edition_id == edition_id, Scenario.slug == slug)
        .options(selectinload(Scenario.scenes))
    )
    scenario = session.scalar(query)
    if scenario is None:
        raise NotFound
    return scenario


def list_checklists(session: Session, edition_id: int) -> Sequence[Checklist]:
    """Return the checklists of an edition in order, without their text."""
    query = (
        select(Checklist)
        .where(Checklist.edition_id == edition_id)
        .options(defer(Checklist.html))
        .order_by(Checklist.position)
    )
    return session.scalars(query).all()


def get_checklist(session: Session, slug: str, *, edition_id: int) -> Checklist:
    """Return a checklist.

    Raises:
        NotFound: the edition has none of that name.
    """
    query = select(Checklist).where(Checklist.edition_id == edition_id, Checklist.slug == slug)
    checklist = session.scalar(query)
    if checklist is None:
        raise NotFound
    return checklist


def list_published_editions(session: Session) -> Sequence[Edition]:
    """Return the published editions with their course, the newest first."""
    return session.scalars(
        select(Edition)
        .where(Edition.status == "published")
        .options(joinedload(Edition.course))
        .order_by(Edition.published_at.desc(), Edition.id.desc())
    ).all()


def list_editions(session: Session) -> Sequence[Edition]:
    """Return the newest editions with their course, drafts too, one hundred at most."""
    query = select(Edition).options(joinedload(Edition.course)).order_by(Edition.id.desc()).limit(100)
    return session.scalars(query).all()


def get_edition_with_course(session: Session, edition_id: int) -> Edition:
    """Return an edition with its course, without its tree.

    Raises:
        NotFound: there is no such edition.
    """
    query = select(Edition).where(Edition.id == edition_id).options(joinedload(Edition.course))
    edition = session.scalar(query)
    if edition is None:
        raise NotFound
    return edition


def find_edition(session: Session, slug: str, *, number: int | None = None) -> Edition | None:
    """Return the edition of that number, or the newest one of the course; None if there is none."""
    query = select(Edition).join(Edition.course).where(Course.slug == slug).order_by(Edition.number.desc())
    if number is not None:
        query = query.where(Edition.number == number)
    return session.scalar(query.limit(1))


def read_files_of(session: Session, edition_id: int) -> dict[str, bytes]:
    """Return the files an edition was made from, by path, byte for byte."""
    rows = session.scalars(
        select(EditionFile).where(EditionFile.edition_id == edition_id).options(undefer(EditionFile.body))
    )
    return {row.path: row.body for row in rows}
