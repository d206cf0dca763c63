"""Check a course folder, load it as an edition, publish an edition. Published editions never change."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from courses.catalogue.checking import check_course, folder_at, review_course
from courses.catalogue.fact_users import store_edition_uses, supersede_older
from courses.catalogue.markdown import Rendered, render_lesson
from courses.catalogue.models import Course, Day, Edition, EditionFile, Lesson, Module, ModulePage, Step
from courses.catalogue.photos import Photo, keep_photos
from courses.catalogue.practice import Practice, make_rows, render_practice
from courses.catalogue.quizzes import QuizStore
from courses.catalogue.sources import PAGES, CourseFolder, ModuleSource
from courses.facts.book import load_book
from courses.facts.documents import Fault
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Invalid, NotFound

__all__ = ["CourseFaults", "check_course", "load_course", "publish_edition", "review_course"]


class CourseFaults(Invalid):
    """A course cannot be loaded; `faults` says where and why. Nothing was changed."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(_("The course has faults: %(count)s.", count=len(faults)))
        self.faults = faults


def load_course(
    session: Session,
    folder: CourseFolder,
    *,
    as_of: date,
    quizzes: QuizStore,
    publish: bool,
    now: datetime,
    actor_id: int | None,
) -> Edition:
    """Store ``folder`` as an edition at law date ``as_of``, or return the edition it already is.

    An edition is told by its files, its law date and the day its facts were learned.

    Raises:
        CourseFaults: the folder has faults; nothing was changed.
    """
    faults = check_course(folder, as_of=as_of, quizzes=quizzes)
    if faults:
        raise CourseFaults(faults)
    whole, folder = folder, folder_at(folder, as_of)
    lessons = _render(folder, as_of, quizzes)
    practice = _render_practice(folder, as_of, quizzes)
    begin_write(session)
    edition = _find_edition(session, folder, as_of)
    if edition is None:
        keep_photos(session, _photos(whole), now=now)
        edition = _add_edition(session, folder, lessons, as_of=as_of, now=now)
        store_edition_uses(
            session, edition, whole=whole, rendered=lessons, practice=practice, book=load_book()
        )
        session.add_all(make_rows(folder, practice, edition_id=edition.id, book=load_book(), as_of=as_of))
        quizzes.store(session, folder, as_of=as_of, now=now, actor_id=actor_id)
        _record(session, "edition.loaded", edition, now=now, actor_id=actor_id)
    if publish:
        edition = publish_edition(session, edition.id, now=now, actor_id=actor_id)
    return edition


def publish_edition(session: Session, edition_id: int, *, now: datetime, actor_id: int | None) -> Edition:
    """Make a draft edition available to cohorts, for ever as it is; a published one stays as it is.

    Raises:
        NotFound: there is no such edition.
    """
    begin_write(session)
    changed = session.execute(
        update(Edition)
        .where(Edition.id == edition_id, Edition.status == "draft")
        .values(status="published", published_at=now)
        .returning(Edition.id)
    ).scalar()
    edition = session.get(Edition, edition_id, populate_existing=True)
    if edition is None:
        raise NotFound
    if changed is not None:
        supersede_older(session, edition)
        _record(session, "edition.published", edition, now=now, actor_id=actor_id)
    return edition


def _photos(folder: CourseFolder) -> dict[Photo, bytes]:
    return {shown: folder.files[file] for file, shown in folder.drawings.items() if isinstance(shown, Photo)}


def _render(folder: CourseFolder, as_of: date, quizzes: QuizStore) -> dict[str, Rendered]:
    book = load_book()
    return {
        path: render_lesson(
            lesson.text,
            book=book,
            as_of=as_of,
            check=lambda key: quizzes.check_html(folder, key, as_of),
            drawings=folder.drawings_beside(path),
        )
        for path, lesson in (*folder.lessons.items(), *folder.pages.items())
    }


def _render_practice(folder: CourseFolder, as_of: date, quizzes: QuizStore) -> Practice:
    return render_practice(
        folder, book=load_book(), as_of=as_of, check=lambda key: quizzes.check_html(folder, key, as_of)
    )


def _source_sha256(folder: CourseFolder) -> str:
    """Return what tells one source from another; facts learned later make another edition."""
    return hashlib.sha256(f"{folder.sha256} {load_book().mark}".encode()).hexdigest()


def _find_edition(session: Session, folder: CourseFolder, as_of: date) -> Edition | None:
    return session.scalar(
        select(Edition)
        .join(Edition.course)
        .where(
            Course.slug == folder.slug,
            Edition.source_sha256 == _source_sha256(folder),
            Edition.as_of == as_of,
        )
    )


def _add_edition(
    session: Session, folder: CourseFolder, lessons: Mapping[str, Rendered], *, as_of: date, now: datetime
) -> Edition:
    course = _get_or_add_course(session, folder, now)
    number = session.scalar(select(func.max(Edition.number)).where(Edition.course_id == course.id)) or 0
    edition = Edition(
        course=course,
        number=number + 1,
        title=folder.title,
        title_en=folder.title_en,
        summary=folder.summary,
        as_of=as_of,
        facts_known_on=load_book().known_on,
        hours=folder.hours,
        valid_months=folder.valid_months,
        requirements=[dict(requirement) for requirement in folder.requirements],
        source_sha256=_source_sha256(folder),
        created_at=now,
        published_at=None,
        files=[EditionFile(path=path, body=body) for path, body in sorted(folder.files.items())],
    )
    session.add(edition)
    _add_days(edition, folder, lessons)
    session.flush()
    _add_steps(session, edition, folder, lessons)
    session.flush()
    return edition


def _get_or_add_course(session: Session, folder: CourseFolder, now: datetime) -> Course:
    course = session.scalar(select(Course).where(Course.slug == folder.slug).with_for_update())
    if course is None:
        course = Course(slug=folder.slug, title=folder.title, title_en=folder.title_en, created_at=now)
        session.add(course)
    course.title, course.title_en = folder.title, folder.title_en
    return course


def _add_days(edition: Edition, folder: CourseFolder, rendered: Mapping[str, Rendered]) -> None:
    for position, day in enumerate(folder.days, 1):
        modules = [
            Module(
                position=place,
                folder=module.folder,
                kind=module.kind,
                title=module.title,
                speaker=module.speaker,
                minutes=module.minutes,
                pages=_pages(folder, module, rendered),
            )
            for place, module in enumerate(day.modules, 1)
        ]
        edition.days.append(Day(position=position, title=day.title, modules=modules))


def _pages(folder: CourseFolder, module: ModuleSource, rendered: Mapping[str, Rendered]) -> list[ModulePage]:
    paths = {f"{module.folder}/{name}": kind for name, kind in PAGES.items()}
    return [
        ModulePage(kind=kind, title=folder.pages[path].title, html=rendered[path].html)
        for path, kind in paths.items()
        if path in folder.pages
    ]


def _add_steps(
    session: Session, edition: Edition, folder: CourseFolder, lessons: Mapping[str, Rendered]
) -> None:
    sources = {module.folder: module for day in folder.days for module in day.modules}
    for module in (module for day in edition.days for module in day.modules):
        for position, source in enumerate(sources[module.folder].steps, 1):
            step = Step(
                edition_id=edition.id,
                module_id=module.id,
                position=position,
                path=source.path,
                kind=source.kind,
                title=folder.title_of(source),
                minutes=folder.minutes_of(source),
                release=[dict(rule) for rule in source.release],
            )
            if source.kind == "lesson":
                rendered = lessons[source.path]
                step.lesson = Lesson(
                    markdown=folder.lessons[source.path].markdown,
                    html=rendered.html,
                    word_count=rendered.word_count,
                    outline=rendered.outline,
                )
            session.add(step)


def _record(session: Session, action: str, edition: Edition, *, now: datetime, actor_id: int | None) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor_id,
        object_type="edition",
        object_id=edition.id,
        number=edition.number,
        as_of=edition.as_of.isoformat(),
    )
