"""The working copy of a course: its files as they are being written."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.catalogue.models import Course, Edition
from lms.core.accounts.models import Branch, User
from lms.core.db import NEVER_REUSED, Base


class DraftStatus(StrEnum):
    """How far a working copy is."""

    WRITING = "writing"
    # Sent to a colleague, who has not answered.
    REVIEW = "review"
    APPROVED = "approved"
    # An edition came of it; it never changes again.
    PUBLISHED = "published"


class CourseDraft(Base):
    """Naskah: a working copy of a course, of one branch or (None) the nation's."""

    __tablename__ = "course_draft"
    __table_args__ = (
        CheckConstraint("status IN ('writing', 'review', 'approved', 'published')", name="status"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    # The edition its files were taken from, and are compared with.
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id"))
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    # The law date it is shown, checked and published at.
    as_of: Mapped[date]
    status: Mapped[str] = mapped_column(String(20), default="writing")
    # Counts every change of any file.
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    sent_at: Mapped[datetime | None]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # What the author said of the changes, and what the colleague answered.
    message: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    # What came of it.
    published_edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"))

    course: Mapped[Course] = relationship()
    edition: Mapped[Edition] = relationship(foreign_keys=[edition_id])
    branch: Mapped[Branch | None] = relationship()
    created_by: Mapped[User] = relationship(foreign_keys=[created_by_id])
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=[reviewed_by_id])


class DraftFile(Base):
    """A file of a working copy; `revision` tells a writer whether somebody else wrote meanwhile."""

    __tablename__ = "course_draft_file"
    __table_args__ = (UniqueConstraint("draft_id", "path"), NEVER_REUSED)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("course_draft.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(300))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    # 1: as it was taken from the edition.
    revision: Mapped[int] = mapped_column(default=1)
    # None: nobody has changed it here.
    changed_at: Mapped[datetime | None]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    draft: Mapped[CourseDraft] = relationship()
    changed_by: Mapped[User | None] = relationship()


class DraftAuthor(Base):
    """Who has changed anything in a working copy: none of them may approve it."""

    __tablename__ = "course_draft_author"

    draft_id: Mapped[int] = mapped_column(ForeignKey("course_draft.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
