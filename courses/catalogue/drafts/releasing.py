"""From a working copy to an edition: sent to a colleague, approved or sent back, published. Views commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from courses.catalogue.drafts import queries
from courses.catalogue.drafts.models import CourseDraft, DraftAuthor
from courses.catalogue.drafts.services import note
from courses.catalogue.folder import read_files
from courses.catalogue.models import Edition
from courses.catalogue.quizzes import QuizStore
from courses.catalogue.services import CourseFaults, load_course
from courses.catalogue.sources import FolderFaults
from lms.core.accounts.actor import Actor
from lms.core.db import begin_write, changed_rows
from lms.core.errors import Conflict, NotFound

MAX_WORDS = 2_000
"""Characters of what author and colleague write to one another."""


def is_author(session: Session, draft: CourseDraft, actor: Actor) -> bool:
    """Return whether an actor wrote or sent a working copy, and so may not approve it."""
    wrote = select(DraftAuthor.user_id).where(
        DraftAuthor.draft_id == draft.id, DraftAuthor.user_id == actor.user_id
    )
    return draft.sent_by_id == actor.user_id or session.scalar(wrote) is not None


def send_to_review(
    session: Session, actor: Actor, *, draft_id: int, revision: int, message: str, now: datetime
) -> None:
    """Ask colleagues to look at a working copy as it is at ``revision``.

    Raises:
        NotFound: there is none, or it is another branch's.
        Conflict: it has changed, or is not being written.
    """
    begin_write(session)
    draft = queries.get_draft(session, draft_id, actor=actor)
    values = {
        "status": "review",
        "sent_at": now,
        "sent_by_id": actor.user_id,
        "message": message,
        "answer": "",
    }
    _go(session, draft, "writing", revision, values)
    note(session, "course_draft.sent", draft=draft, actor=actor, now=now, message=message)


def answer_review(
    session: Session,
    actor: Actor,
    *,
    draft_id: int,
    revision: int,
    approves: bool,
    answer: str,
    now: datetime,
) -> None:
    """Approve what a colleague wrote, or send it back with what to change.

    Raises:
        NotFound: there is none, or it is another branch's.
        Conflict: it has changed, does not wait for a review, or the actor wrote in it.
    """
    begin_write(session)
    draft = queries.get_draft(session, draft_id, actor=actor)
    if is_author(session, draft, actor):
        raise Conflict(_l("You wrote in this working copy: a colleague has to look at it."))
    status = "approved" if approves else "writing"
    values = {"status": status, "reviewed_at": now, "reviewed_by_id": actor.user_id, "answer": answer}
    _go(session, draft, "review", revision, values)
    action = "course_draft.approved" if approves else "course_draft.sent_back"
    note(session, action, draft=draft, actor=actor, now=now, answer=answer)


def publish_draft(
    session: Session, actor: Actor, *, draft_id: int, revision: int, quizzes: QuizStore, now: datetime
) -> Edition:
    """Make an edition of an approved working copy, as `lms course load --publish` would.

    Raises:
        NotFound: there is none, or the actor is no admin.
        CourseFaults: it has faults; nothing was changed.
        Conflict: it is not approved as it is at ``revision``, or a question changed its use.
    """
    draft = queries.get_draft(session, draft_id, actor=actor)
    if not actor.is_admin:
        raise NotFound
    if draft.status != "approved" or draft.revision != revision:
        raise _changed()
    try:
        folder = read_files(queries.read_files_of(session, draft_id))
    except FolderFaults as error:
        raise CourseFaults(error.faults) from error
    edition = load_course(
        session, folder, as_of=draft.as_of, quizzes=quizzes, publish=True, now=now, actor_id=actor.user_id
    )
    draft = queries.get_draft(session, draft_id, actor=actor)
    _go(session, draft, "approved", revision, {"status": "published", "published_edition_id": edition.id})
    note(session, "course_draft.published", draft=draft, actor=actor, now=now, edition_id=edition.id)
    return edition


def _go(session: Session, draft: CourseDraft, before: str, revision: int, values: dict[str, Any]) -> None:
    """Change the state of a working copy, once and only as it was seen."""
    changed = session.execute(
        update(CourseDraft)
        .where(CourseDraft.id == draft.id, CourseDraft.status == before, CourseDraft.revision == revision)
        .values(**values)
    )
    session.refresh(draft)
    if not changed_rows(changed):
        raise _changed()


def _changed() -> Conflict:
    return Conflict(_l("The working copy has changed since you opened this page. Look at it once more."))
