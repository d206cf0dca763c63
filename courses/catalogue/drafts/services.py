"""Changes of working copies: begin one, write a file, add and remove files. Views commit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from courses.catalogue.disk import MAX_FILE_BYTES, name_fault
from courses.catalogue.drafts import queries
from courses.catalogue.drafts.models import CourseDraft, DraftAuthor, DraftFile
from courses.catalogue.folder import read_files
from courses.catalogue.queries import get_edition_with_course, read_files_of
from courses.catalogue.quizzes import QuizStore
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Conflict, Invalid

MAX_TEXT = 200_000
"""Characters of one file written in the browser; the longest of the shipped course has 30,000."""


class OtherWriter(Conflict):
    """Somebody saved the file meanwhile; `file` is what stands now."""

    def __init__(self, file: DraftFile) -> None:
        super().__init__(
            _l("Somebody has changed this text since you opened it. Nothing is lost: both are here.")
        )
        self.file = file


def begin_draft(
    session: Session,
    actor: Actor,
    *,
    edition_id: int,
    branch_id: int | None,
    quizzes: QuizStore,
    as_of: date,
    now: datetime,
) -> CourseDraft:
    """Take the files of an edition, with the edits of its questions made since, as a working copy.

    Raises:
        NotFound: no such edition.
        Invalid: the branch is none of the actor's.
    """
    edition = get_edition_with_course(session, edition_id)
    if not actor.works_at(branch_id):
        raise Invalid(_l("Choose a branch office from the list."), field="branch_id")
    files = read_files_of(session, edition.id)
    edited = quizzes.edited_files(session, read_files(files)) if files else {}
    begin_write(session)
    draft = CourseDraft(
        course_id=edition.course_id, edition_id=edition_id, branch_id=branch_id, title=edition.title,
        as_of=as_of, status="writing", revision=1, created_at=now, created_by_id=actor.user_id,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    rows = [DraftFile(draft_id=draft.id, path=path, body=body) for path, body in (files | edited).items()]
    session.add_all(rows)
    session.flush()
    note(session, "course_draft.begun", draft=draft, actor=actor, now=now, edition_id=edition_id)
    return draft


def write_file(
    session: Session, actor: Actor, *, draft_file_id: int, text: str, revision: int, now: datetime
) -> DraftFile:
    """Keep the text of a file; the same text again changes nothing.

    Args:
        text: as a browser sends it; line ends become those the file has.
        revision: of the file the writer began with.

    Raises:
        NotFound: no such file, or another branch's.
        OtherWriter: somebody saved it meanwhile; nothing was changed.
        Conflict: an edition came of the working copy.
        Invalid: the text is too long.
    """
    begin_write(session)
    file = queries.get_file(session, draft_file_id, actor=actor)
    body = _as_bytes(text, file.body)
    if body == file.body:
        return file
    touch(session, file.draft, actor)
    changed = session.execute(
        update(DraftFile)
        .where(DraftFile.id == draft_file_id, DraftFile.revision == revision)
        .values(body=body, revision=DraftFile.revision + 1, changed_at=now, changed_by_id=actor.user_id)
    )
    session.expire(file)
    file = queries.get_file(session, draft_file_id, actor=actor)
    if not changed_rows(changed):
        raise OtherWriter(file)
    return file


def put_files(
    session: Session,
    actor: Actor,
    *,
    draft: CourseDraft,
    revision: int,
    files: Mapping[str, bytes | None],
    now: datetime,
) -> None:
    """Write several files at once, all or none: None removes one.

    Args:
        revision: of the working copy the change was made from.

    Raises:
        Conflict: somebody changed the working copy meanwhile, or an edition came of it.
        Invalid: a name or size cannot be.
    """
    begin_write(session)
    for path, body in files.items():
        _check_file(path, body)
    touch(session, draft, actor, revision=revision)
    rows = select(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.path.in_(files))
    there = {file.path: file for file in session.scalars(rows)}
    for path, body in files.items():
        file = there.get(path)
        if body is None:
            session.execute(delete(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.path == path))
        elif file is None:
            session.add(_new_file(draft, path, body, actor, now))
        else:
            file.body, file.revision = body, file.revision + 1
            file.changed_at, file.changed_by_id = now, actor.user_id
    session.flush()


def touch(session: Session, draft: CourseDraft, actor: Actor, *, revision: int | None = None) -> None:
    """Count a change of a working copy and who made it; what a colleague said of it holds no more.

    Raises:
        Conflict: an edition came of it, or it is not at ``revision`` any more.
    """
    query = update(CourseDraft).where(CourseDraft.id == draft.id, CourseDraft.status != "published")
    if revision is not None:
        query = query.where(CourseDraft.revision == revision)
    changed = session.execute(query.values(revision=CourseDraft.revision + 1, status="writing"))
    session.refresh(draft)
    if not changed_rows(changed):
        if draft.status == "published":
            raise Conflict(_l("An edition came of this working copy: it does not change any more."))
        raise Conflict(_l("Somebody has changed the course meanwhile. Look at it once more, then try again."))
    if session.get(DraftAuthor, (draft.id, actor.user_id)) is None:
        session.add(DraftAuthor(draft_id=draft.id, user_id=actor.user_id))
        session.flush()


def discard_draft(session: Session, actor: Actor, *, draft_id: int, now: datetime) -> None:
    """Throw a working copy away that no edition came of.

    Raises:
        NotFound: there is none, or it is another branch's.
        Conflict: an edition came of it.
    """
    begin_write(session)
    draft = queries.get_draft(session, draft_id, actor=actor)
    if draft.status == "published":
        raise Conflict(_l("An edition came of this working copy: it does not change any more."))
    note(session, "course_draft.discarded", draft=draft, actor=actor, now=now)
    for table in (DraftFile, DraftAuthor):
        session.execute(delete(table).where(table.draft_id == draft_id))
    session.execute(delete(CourseDraft).where(CourseDraft.id == draft_id))


def note(
    session: Session, action: str, *, draft: CourseDraft, actor: Actor, now: datetime, **details: object
) -> None:
    """Write into the audit log what became of a working copy."""
    record(
        session, action, at=now, actor_id=actor.user_id, object_type="course_draft", object_id=draft.id,
        branch_id=draft.branch_id, revision=draft.revision, **details,
    )  # fmt: skip


def _as_bytes(text: str, before: bytes) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(lines) > MAX_TEXT:
        raise Invalid(
            _l(
                "This text has %(count)s characters; a lesson may have %(most)s.",
                count=len(lines),
                most=MAX_TEXT,
            ),
            field="text",
        )
    return (lines.replace("\n", "\r\n") if b"\r\n" in before else lines).encode()


def _check_file(path: str, body: bytes | None) -> None:
    if body is not None and (name_fault(path) or len(body) > MAX_FILE_BYTES):
        raise Invalid(name_fault(path) or _l("This file is larger than 2 MB."))


def _new_file(draft: CourseDraft, path: str, body: bytes, actor: Actor, now: datetime) -> DraftFile:
    return DraftFile(
        draft_id=draft.id, path=path, body=body, revision=2, changed_at=now, changed_by_id=actor.user_id
    )
