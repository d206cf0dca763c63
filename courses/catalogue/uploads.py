"""A course that came as a zip: look at it, keep it for the decision, load it. Nothing is changed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session, undefer

from courses.catalogue import queries
from courses.catalogue.archives import read_archive
from courses.catalogue.changes import Change, compare_folders
from courses.catalogue.checking import folder_at
from courses.catalogue.folder import read_files
from courses.catalogue.models import CourseUpload, Edition
from courses.catalogue.quizzes import QuizStore
from courses.catalogue.services import CourseFaults, load_course, review_course
from courses.catalogue.sources import CourseFolder, FolderFaults
from courses.facts.documents import Fault
from lms.core.accounts.actor import Actor
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound

UPLOAD_LIFE = timedelta(days=1)
MAX_SHOWN = 300
"""Faults, points of advice and names of one kind that are kept; the counts are of all."""


@dataclass(frozen=True)
class Look:
    """What was found in a course that could be loaded."""

    slug: str
    title: str
    counts: dict[str, int]
    advice: Sequence[Fault]
    changes: Sequence[Change]
    # The edition it was compared with, None for the first of a course.
    newest: int | None

    def as_json(self) -> dict[str, Any]:
        """Return the same as plain values, long lists cut."""
        return {
            "slug": self.slug,
            "title": self.title,
            "counts": self.counts,
            "newest": self.newest,
            "advice_count": len(self.advice),
            "advice": [vars(point) for point in self.advice[:MAX_SHOWN]],
            "changes": [
                {
                    "kind": change.kind,
                    **{
                        name: {"count": len(names), "names": list(names[:MAX_SHOWN])}
                        for name, names in (
                            ("added", change.added),
                            ("changed", change.changed),
                            ("removed", change.removed),
                        )
                    },
                }
                for change in self.changes
            ],
        }


def look_at(session: Session, body: bytes, file_name: str, *, as_of: date, quizzes: QuizStore) -> Look:
    """Return what a zipped course holds and would change against the newest edition; changes nothing.

    Raises:
        CourseFaults: it cannot be loaded; the faults are those of `lms course check`.
    """
    folder = _read(body, file_name)
    found = review_course(folder, as_of=as_of, quizzes=quizzes)
    if found.faults:
        raise CourseFaults(found.faults)
    newest = queries.find_edition(session, folder.slug)
    number = newest.number if newest is not None else None
    old = _stored(session, newest) if newest is not None else None
    shown = folder_at(folder, as_of)
    counts = {
        "modules": sum(len(day.modules) for day in shown.days),
        "lessons": len(shown.lessons),
        "quizzes": len(shown.quizzes),
        "questions": len(shown.questions),
    }
    return Look(folder.slug, folder.title, counts, found.advice, compare_folders(folder, old), number)


def store_upload(
    session: Session, actor_id: int, *, body: bytes, file_name: str, as_of: date, look: Look, now: datetime
) -> CourseUpload:
    """Keep a zip for the decision; what the same person sent before, and what lay a day, is thrown away."""
    begin_write(session)
    session.execute(
        delete(CourseUpload).where(
            or_(CourseUpload.user_id == actor_id, CourseUpload.created_at <= now - UPLOAD_LIFE)
        )
    )
    upload = CourseUpload(
        user_id=actor_id,
        file_name=file_name[:200],
        body=body,
        as_of=as_of,
        found=look.as_json(),
        created_at=now,
    )
    session.add(upload)
    session.flush()
    return upload


def list_uploads(session: Session, *, actor: Actor) -> Sequence[CourseUpload]:
    """Return the zips that wait for a decision: one's own, an admin's those of all."""
    return session.scalars(_seen(actor).order_by(CourseUpload.id.desc())).all()


def get_upload(session: Session, upload_id: int, *, actor: Actor) -> CourseUpload:
    """Return a zip that waits for a decision.

    Raises:
        NotFound: it was loaded or thrown away, or is not this person's to see.
    """
    upload = session.scalar(_seen(actor).where(CourseUpload.id == upload_id))
    if upload is None:
        raise NotFound
    return upload


def load_upload(
    session: Session, actor: Actor, *, upload_id: int, quizzes: QuizStore, publish: bool, now: datetime
) -> Edition:
    """Load a zip as `lms course load` does, once.

    Raises:
        NotFound: it is gone, or not this person's to load.
        CourseFaults: facts have changed since it was looked at, and it has faults now; nothing was changed.
        Conflict: somebody loaded it at this moment.
    """
    query = _seen(actor).where(CourseUpload.id == upload_id).options(undefer(CourseUpload.body))
    upload = session.scalar(query)
    if upload is None or not actor.is_admin:
        raise NotFound
    folder, as_of = _read(upload.body, upload.file_name), upload.as_of
    edition = load_course(
        session, folder, as_of=as_of, quizzes=quizzes, publish=publish, now=now, actor_id=actor.user_id
    )
    begin_write(session)
    used = session.execute(
        delete(CourseUpload).where(CourseUpload.id == upload_id).returning(CourseUpload.id)
    ).scalar()
    if used is None:
        raise Conflict(_("This file was loaded already, or thrown away."))
    return edition


def forget_upload(session: Session, upload_id: int, *, actor: Actor) -> None:
    """Throw a zip away.

    Raises:
        NotFound: it is gone, or not this person's to see.
    """
    begin_write(session)
    session.delete(get_upload(session, upload_id, actor=actor))


def _seen(actor: Actor) -> Select[CourseUpload]:
    query = select(CourseUpload)
    return query if actor.is_admin else query.where(CourseUpload.user_id == actor.user_id)


def _read(body: bytes, file_name: str) -> CourseFolder:
    try:
        return read_files(read_archive(body, file_name))
    except FolderFaults as error:
        raise CourseFaults(error.faults) from error


def _stored(session: Session, edition: Edition) -> CourseFolder | None:
    """Return the folder of an edition; None where this version cannot read it any more."""
    try:
        return read_files(queries.read_files_of(session, edition.id))
    except FolderFaults:
        return None
