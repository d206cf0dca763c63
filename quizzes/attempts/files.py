"""Files that come with answers: who may see them, and how one is added to an answer."""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from courses.cohorts.models import Cohort, Enrolment
from lms.core.accounts.actor import Actor
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from quizzes.attempts.models import AnswerFile, Attempt, PaperItem
from quizzes.attempts.queries import has_met
from quizzes.attempts.receipts import new_receipt
from quizzes.attempts.results import lock_person_of
from quizzes.attempts.saves import Save
from quizzes.attempts.saving import SaveReply, save_answers
from quizzes.attempts.uploads import Upload
from quizzes.bank.models import QuestionVersion
from quizzes.types import get_type

MAX_FILES = 10
"""Sent with one answer, one after the other; the last one counts."""


def get_own_item(session: Session, item_id: int, *, user_id: int) -> PaperItem:
    """Return a question on a person's own paper that takes a file, with sitting and what stands.

    Raises:
        NotFound: it is not theirs, they have not come to it, or it takes no file.
    """
    query = _items().where(
        PaperItem.id == item_id, Enrolment.user_id == user_id, Enrolment.status == "active", has_met()
    )
    item = session.scalar(query)
    if item is None or not _takes_file(item):
        raise NotFound
    return item


def get_file(session: Session, item_id: int, digest: str, *, actor: Actor) -> AnswerFile:
    """Return a file sent with an answer, for its owner and for the trainers of the branch office.

    Raises:
        NotFound: there is none, or it is not for them.
    """
    query = (
        select(AnswerFile, Enrolment.user_id, Cohort.branch_id)
        .join(PaperItem, PaperItem.id == AnswerFile.item_id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(AnswerFile.item_id == item_id, AnswerFile.digest == digest)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    file, user_id, branch_id = row
    if user_id != actor.user_id and not (actor.is_trainer and actor.works_at(branch_id)):
        raise NotFound
    return file


def find_standing_file(session: Session, item: PaperItem) -> AnswerFile | None:
    """Return the file the answer names that stands, or None."""
    digests = (item.response.raw or {}).get("file", []) if item.response else []
    query = select(AnswerFile).where(AnswerFile.item_id == item.id, AnswerFile.digest.in_(digests))
    return session.scalar(query)


def attach_file(session: Session, upload: Upload, *, item_id: int, user_id: int, now: datetime) -> SaveReply:
    """Note a kept file and make it part of the answer that stands; the text stays as it is.

    ``upload.body`` is with :func:`lms.core.files.keep_file` before. After the end both are kept as late.

    Raises:
        NotFound: the question is not on this person's paper, or takes no file.
        Conflict: so many files were sent that this one is not taken.
    """
    begin_write(session)
    lock_person_of(session, get_own_item(session, item_id, user_id=user_id).attempt_id, user_id=user_id)
    # Read again: a button pressed twice sends the same file twice at one moment.
    session.expire_all()
    item = get_own_item(session, item_id, user_id=user_id)
    digest = hashlib.sha256(upload.body).hexdigest()
    _note(session, upload, item_id=item.id, digest=digest, now=now)
    response = item.response
    sequence = (response.sequence if response else 0) + 1
    save = Save(
        position=item.position,
        event_id=f"file-{sequence}-{digest[:24]}",
        sequence=sequence,
        raw={**((response.raw if response else None) or {}), "file": [digest]},
        is_flagged=bool(response and response.is_flagged),
        origin="form",
    )
    attempt_id = item.attempt_id
    return save_answers(
        session, [save], attempt_id=attempt_id, user_id=user_id, now=now, receipt=new_receipt()
    )[0]


def _note(session: Session, upload: Upload, *, item_id: int, digest: str, now: datetime) -> None:
    known = select(func.count(), func.count().filter(AnswerFile.digest == digest))
    count, same = session.execute(known.where(AnswerFile.item_id == item_id)).one()
    if same:
        return
    if count >= MAX_FILES:
        raise Conflict(_l("You have sent many files already. The last one counts."))
    session.add(
        AnswerFile(
            item_id=item_id,
            digest=digest,
            name=upload.name,
            media_type=upload.media_type,
            size=len(upload.body),
            uploaded_at=now,
        )
    )
    session.flush()


def _takes_file(item: PaperItem) -> bool:
    version = item.question_version
    return get_type(version.type).is_judged and version.content.get("attachment") == "one"


def _items() -> Select[PaperItem]:
    return (
        select(PaperItem)
        .join(PaperItem.attempt)
        .join(Attempt.enrolment)
        .join(Enrolment.cohort)
        .options(
            contains_eager(PaperItem.attempt)
            .contains_eager(Attempt.enrolment)
            .contains_eager(Enrolment.cohort),
            contains_eager(PaperItem.attempt).joinedload(Attempt.step, innerjoin=True),
            joinedload(PaperItem.question_version, innerjoin=True).defer(QuestionVersion.source),
            joinedload(PaperItem.response),
        )
    )
