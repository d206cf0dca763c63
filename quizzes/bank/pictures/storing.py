"""Pictures of questions, found again by the hash of what was sent; `lms.core.pictures` draws them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import NotFound
from lms.core.pictures import MAX_SENT_BYTES, MAX_SIDE, Picture, read_kept, read_picture
from quizzes.bank.models import QuestionPicture

__all__ = [
    "MAX_SENT_BYTES",
    "MAX_SIDE",
    "Picture",
    "find_missing",
    "get_picture",
    "keep_picture",
    "read_kept",
    "read_picture",
]


def keep_picture(session: Session, picture: Picture, *, now: datetime, actor_id: int | None) -> None:
    """Keep a picture once; the same again changes nothing."""
    begin_write(session)
    known = select(QuestionPicture.sha256).where(QuestionPicture.sha256 == picture.sha256)
    if session.scalar(known) is not None:
        return
    row = QuestionPicture(
        sha256=picture.sha256,
        media_type=picture.media_type,
        width=picture.width,
        height=picture.height,
        body=picture.body,
        kept_at=now,
    )
    session.add(row)
    session.flush()
    record(
        session,
        "question_picture.kept",
        at=now,
        actor_id=actor_id,
        object_type="question_picture",
        object_id=row.id,
    )


def get_picture(session: Session, sha256: str) -> QuestionPicture:
    """Return a picture by its hash.

    Raises:
        NotFound: there is none.
    """
    row = session.scalar(select(QuestionPicture).where(QuestionPicture.sha256 == sha256))
    if row is None:
        raise NotFound
    return row


def find_missing(session: Session, hashes: Iterable[str]) -> set[str]:
    """Return those of ``hashes`` that are no picture we keep."""
    wanted = set(hashes)
    found = select(QuestionPicture.sha256).where(QuestionPicture.sha256.in_(wanted))
    return wanted - set(session.scalars(found)) if wanted else set()
