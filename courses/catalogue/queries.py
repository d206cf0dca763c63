"""Reads: editions with their tree, and the files they were made from."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload, undefer

from courses.catalogue.models import Course, Day, Edition, EditionFile, Module, ModulePage
from lms.core.errors import NotFound


def get_edition(session: Session, edition_id: int) -> Edition:
    """Return an edition with course, days, modules, steps and their pages, in three queries.

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
            .selectinload(Module.pages)
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


def list_published_editions(session: Session) -> Sequence[Edition]:
    """Return the published editions with their course, the newest first."""
    return session.scalars(
        select(Edition)
        .where(Edition.status == "published")
        .options(joinedload(Edition.course))
        .order_by(Edition.published_at.desc(), Edition.id.desc())
    ).all()


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
