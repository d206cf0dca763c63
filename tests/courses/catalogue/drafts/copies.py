"""Working copies for tests."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session, undefer

from courses.catalogue.drafts.models import CourseDraft, DraftFile
from courses.catalogue.drafts.services import begin_draft
from courses.catalogue.models import Edition
from lms.core.accounts.actor import Actor
from lms.core.accounts.models import Role, User
from tests.conftest import NOW
from tests.courses.catalogue.folders import TrustingStore

PAGE = "day-1/01-jkm/materi.md"


def actor_of(user: User) -> Actor:
    """Return a person as services see them."""
    return Actor(
        user_id=user.id, name=user.name, role=Role(user.role),
        branch_ids=frozenset(one.branch_id for one in user.memberships),
        locale=None, is_demo=False, session_id="", token="", fresh_at=NOW, has_second_factor=True,
        showed_second_factor=True, via="password",
    )  # fmt: skip


def begin(session: Session, user: User) -> CourseDraft:
    """Return a working copy of the newest edition, made by a person for their branch (the nation if none)."""
    edition = session.scalars(select(Edition).order_by(Edition.id.desc()).limit(1)).one()
    branch_id = next((one.branch_id for one in user.memberships), None)
    draft = begin_draft(
        session, actor_of(user), edition_id=edition.id, branch_id=branch_id, quizzes=_Unedited(),
        as_of=edition.as_of, now=NOW,
    )  # fmt: skip
    session.commit()
    return draft


class _Unedited(TrustingStore):
    def edited_files(self, session: Session, folder: object) -> dict[str, bytes]:  # type: ignore[override]
        return {}


def file_of(session: Session, draft: CourseDraft, path: str) -> DraftFile:
    """Return a file of a working copy as it stands."""
    session.rollback()
    query = select(DraftFile).where(DraftFile.draft_id == draft.id, DraftFile.path == path)
    return session.scalars(
        query.options(undefer(DraftFile.body)).execution_options(populate_existing=True)
    ).one()


def body_of(session: Session, draft: CourseDraft, path: str) -> bytes:
    """Return what a file of a working copy says."""
    return file_of(session, draft, path).body


def set_state(session: Session, draft: CourseDraft, status: str) -> None:
    """Put a working copy into a state."""
    session.rollback()
    session.connection(execution_options={"lms_writes": True})
    session.execute(update(CourseDraft).where(CourseDraft.id == draft.id).values(status=status))
    session.commit()
