"""What an edition uses of the facts: rows for the radar (`courses.facts.radar.FactUsers`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from courses.catalogue.folder import COURSE_FILE
from courses.catalogue.markdown import Rendered
from courses.catalogue.models import Edition
from courses.catalogue.practice import Practice, list_conditions
from courses.catalogue.scenarios import Named
from courses.catalogue.sources import CourseFolder, ModuleSource, StepSource
from courses.facts.book import FactBook
from courses.facts.fact_users import User, Warned
from courses.facts.models import Standing, UseKind, UseOwner
from courses.facts.uses import Recorder, Seen, Used, placed, store_uses, supersede
from lms.core.accounts.actor import Actor


class EditionUsers:
    """Lessons, pages of modules and conditions of editions."""

    owner_type = UseOwner.EDITION

    def describe(self, session: Session, owner_ids: Collection[int]) -> Mapping[int, User]:
        """Return the editions of those ids; each is mended by loading a newer one."""
        if not owner_ids:
            return {}
        query = select(Edition).where(Edition.id.in_(owner_ids)).options(joinedload(Edition.course))
        return {
            edition.id: User(title=edition.title, name=str(edition.number), as_of=edition.as_of)
            for edition in session.scalars(query)
        }

    def refresh(self, session: Session, *, book: FactBook, now: datetime) -> int:  # noqa: ARG002
        """Do nothing: an edition stays as it is until somebody publishes the next one."""
        return 0

    def warn(self, session: Session, *, actor: Actor, today: date) -> Sequence[Warned]:  # noqa: ARG002
        """Return nothing: what cohorts read stays as it is."""
        return ()


def store_edition_uses(
    session: Session,
    edition: Edition,
    *,
    whole: CourseFolder,
    rendered: Mapping[str, Rendered],
    practice: Practice,
    book: FactBook,
) -> None:
    """Store what a new edition uses; ``whole`` is its folder with the parts of other law dates."""
    found = (*_conditions(whole, edition, book), *_pages(whole, rendered), *practice.uses)
    # Two texts of a scenario may stand on one line.
    seen = [*{(use.kind, use.place, use.key, use.as_of): use for use in found}.values()]
    # That somebody builds an edition for a day that is past makes it historical, whatever was there before.
    standing = Standing.HISTORICAL if edition.as_of < book.as_of else Standing.LIVE
    store_uses(session, [Used(edition.id, None, seen)], owner_type=UseOwner.EDITION, standing=standing)


def supersede_older(session: Session, edition: Edition) -> None:
    """Note that ``edition`` took the place of those of its course with the same or an older law date."""
    older = select(Edition.id).where(
        Edition.course_id == edition.course_id, Edition.id != edition.id, Edition.as_of <= edition.as_of
    )
    supersede(session, UseOwner.EDITION, older)


def _conditions(whole: CourseFolder, edition: Edition, book: FactBook) -> Iterator[Seen]:
    recorder = Recorder(edition.as_of)
    watched = recorder.watch(book)
    modules = (module for day in whole.days for module in day.modules)
    sources: list[ModuleSource | StepSource] = [*modules, *whole.steps()]
    conditions = [(COURSE_FILE, Named(source.berlaku, source.line)) for source in sources]
    for file, condition in (*conditions, *list_conditions(whole)):
        if condition.name:
            with recorder.at(UseKind.CONDITION, f"{file}:{condition.line}"):
                watched.applies(condition.name, edition.as_of)
    yield from recorder.uses()


def _pages(whole: CourseFolder, rendered: Mapping[str, Rendered]) -> Iterator[Seen]:
    for path, page in rendered.items():
        if path in whole.lessons:
            yield from placed(page.uses, file=whole.lessons[path].file, kind=UseKind.LESSON)
        else:
            yield from placed(page.uses, file=whole.pages[path].file, kind=UseKind.MODULE_PAGE)
