"""Reads: working copies one may see, and their files."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session, joinedload, undefer

from courses.catalogue.drafts.models import CourseDraft, DraftAuthor, DraftFile
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Branch, User
from lms.core.errors import NotFound

PAGE_SIZE = 50


def list_drafts(session: Session, *, actor: Actor) -> Sequence[CourseDraft]:
    """Return the working copies an actor may see, those still open first, then the newest."""
    is_done = CourseDraft.status == "published"
    query = _seen(actor).order_by(is_done, CourseDraft.id.desc()).limit(PAGE_SIZE)
    return session.scalars(query).all()


def get_draft(session: Session, draft_id: int, *, actor: Actor) -> CourseDraft:
    """Return a working copy with course, edition and people.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    draft = session.scalar(_seen(actor).where(CourseDraft.id == draft_id))
    if draft is None:
        raise NotFound
    return draft


def get_file(session: Session, draft_file_id: int, *, actor: Actor) -> DraftFile:
    """Return a file with its text and its working copy.

    Raises:
        NotFound: there is none, or it is another branch's.
    """
    query = (
        select(DraftFile)
        .join(DraftFile.draft)
        .where(DraftFile.id == draft_file_id, _own(actor))
        .options(
            undefer(DraftFile.body),
            joinedload(DraftFile.changed_by),
            joinedload(DraftFile.draft, innerjoin=True).joinedload(CourseDraft.course, innerjoin=True),
        )
    )
    file = session.scalar(query)
    if file is None:
        raise NotFound
    return file


def list_files(session: Session, draft_id: int) -> Sequence[DraftFile]:
    """Return the files of a working copy by path, without their text."""
    query = (
        select(DraftFile)
        .where(DraftFile.draft_id == draft_id)
        .options(joinedload(DraftFile.changed_by))
        .order_by(DraftFile.path)
    )
    return session.scalars(query).all()


def read_files_of(session: Session, draft_id: int) -> dict[str, bytes]:
    """Return the files of a working copy by path, byte for byte."""
    query = select(DraftFile.path, DraftFile.body).where(DraftFile.draft_id == draft_id)
    return dict(session.execute(query.order_by(DraftFile.path)).all())


def list_authors(session: Session, draft_id: int) -> Sequence[User]:
    """Return who has changed anything in a working copy, by name."""
    query = (
        select(User)
        .join(DraftAuthor, DraftAuthor.user_id == User.id)
        .where(DraftAuthor.draft_id == draft_id)
        .order_by(User.name, User.id)
    )
    return session.scalars(query).all()


def list_branches(session: Session, *, actor: Actor) -> Sequence[Branch]:
    """Return the branch offices an actor may write for, by name."""
    query = select(Branch).order_by(Branch.name, Branch.id)
    return session.scalars(query if actor.is_admin else query.where(Branch.id.in_(actor.branch_ids))).all()


def _seen(actor: Actor) -> Select[CourseDraft]:
    return (
        select(CourseDraft)
        .where(_own(actor))
        .options(
            joinedload(CourseDraft.course, innerjoin=True),
            joinedload(CourseDraft.edition, innerjoin=True),
            joinedload(CourseDraft.branch),
            joinedload(CourseDraft.created_by, innerjoin=True),
            joinedload(CourseDraft.reviewed_by),
        )
    )


def _own(actor: Actor) -> ColumnElement[bool]:
    if actor.is_admin:
        return true()
    return CourseDraft.branch_id.in_(actor.branch_ids)
