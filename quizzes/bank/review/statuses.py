"""Changes: where a question stands. Every one leaves a row that says who, when and why."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.models import Question, QuestionStatus, QuestionVersion
from quizzes.bank.policies import can_edit_question
from quizzes.bank.resolving import source_faults, wording_sha256
from quizzes.bank.review.life import NEEDS_A_REASON, may_become
from quizzes.bank.review.models import EventKind, QuestionEvent
from quizzes.bank.review.queries import is_wording_reviewed
from quizzes.bank.review.rules import needs_review
from quizzes.types.base import Json

MAX_REASON = 500
CHANGED_MEANWHILE = _l("Somebody else has changed where this question stands. Look at it again, then decide.")


def set_status(
    session: Session,
    actor: Actor,
    *,
    question_id: int,
    status: QuestionStatus,
    now: datetime,
    reason: str = "",
    before: str = "",
) -> Question:
    """Let a question go on in its life; published quizzes keep what they name. Sent twice it is done once.

    Args:
        session: the database session.
        actor: who decides.
        question_id: the question.
        status: where it shall stand.
        now: the time of the change.
        reason: why; into some it cannot go without.
        before: where it stood on the page the actor decided from; empty: wherever it stands.

    Raises:
        NotFound: not this person's to edit.
        Conflict: it stands elsewhere by now, or may not go there from where it stands.
        Invalid: the reason is missing, or it is to be seen by others but its key or wording is incomplete.
    """
    begin_write(session)
    question, newest = lock_question(session, actor, question_id)
    if question.status == status.value:
        return question
    if before and question.status != before:
        raise Conflict(CHANGED_MEANWHILE)
    _check_reason(status, reason)
    if status in {QuestionStatus.READY, QuestionStatus.REVIEW}:
        check_ready(newest.source, newest.type)
    is_reviewed = _is_reviewed(session, question, newest)
    if status is QuestionStatus.READY and needs_review(question.use) and not is_reviewed:
        raise Invalid(_l("A question that counts becomes ready by a colleague's review."), field="status")
    move(session, question, newest, to=status, reason=reason, actor_id=actor.user_id, now=now)
    return question


def move(
    session: Session,
    question: Question,
    version: QuestionVersion,
    *,
    to: QuestionStatus,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
    kind: EventKind = EventKind.CHANGED,
) -> None:
    """Let a locked question stand elsewhere, by one guarded update, and say so in its history.

    Raises:
        Conflict: it may not go there from where it stands.
    """
    before = QuestionStatus(question.status)
    if not may_become(before, to):
        raise Conflict(CHANGED_MEANWHILE)
    moved = (
        update(Question)
        .where(Question.id == question.id, Question.status == before.value)
        .values(status=to.value)
        .execution_options(synchronize_session="evaluate")
    )
    if session.execute(moved).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(CHANGED_MEANWHILE)
    note_event(
        session, question, version, kind=kind, before=before, reason=reason, actor_id=actor_id, now=now
    )
    record(
        session,
        f"question.{to.value}",
        at=now,
        actor_id=actor_id,
        object_type="question",
        object_id=question.id,
        branch_id=question.branch_id,
        before=before.value,
        reason=reason,
    )
    session.flush()


def note_event(
    session: Session,
    question: Question,
    version: QuestionVersion,
    *,
    kind: EventKind,
    before: QuestionStatus | None,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Add to the history of a question that is where it belongs already."""
    session.add(
        QuestionEvent(
            question_id=question.id,
            version_number=version.number,
            wording_sha256=wording_sha256(version.source, kind=version.type),
            kind=kind.value,
            before=before.value if before else None,
            after=question.status,
            reason=reason,
            at=now,
            actor_id=actor_id,
        )
    )


def lock_question(session: Session, actor: Actor, question_id: int) -> tuple[Question, QuestionVersion]:
    """Return a question this person may edit, locked, with the version that stands.

    Raises:
        NotFound: not this person's to edit.
    """
    question = session.get(Question, question_id, with_for_update=True)
    if question is None or not can_edit_question(actor, question):
        raise NotFound
    newest = (
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.as_of.desc(), QuestionVersion.number.desc())
        .limit(1)
    )
    return question, session.scalars(newest).one()


def check_ready(source: Json, kind: str) -> None:
    """See that a question can be answered and its key is whole.

    Raises:
        Invalid: the message says what is missing.
    """
    faults = source_faults(source, kind=kind)
    if faults:
        raise Invalid(
            _l("This question cannot be ready yet: %(faults)s", faults=" ".join(faults)), field="status"
        )


def take_back(
    session: Session, question: Question, version: QuestionVersion, *, actor_id: int, now: datetime
) -> None:
    """Put a ready question that counts back to review when its wording is one nobody has reviewed."""
    is_ready = question.status == QuestionStatus.READY.value
    if _is_reviewed(session, question, version):
        return
    if is_ready and needs_review(question.use):
        to, kind = QuestionStatus.REVIEW, EventKind.EDITED
        move(session, question, version, to=to, kind=kind, actor_id=actor_id, now=now)


def _is_reviewed(session: Session, question: Question, version: QuestionVersion) -> bool:
    """Return whether others found the wording right, now or before it was edited and brought back."""
    if not is_wording_reviewed(session, version):
        return False
    question.reviewed_sha256 = wording_sha256(version.source, kind=version.type)
    return True


def _check_reason(status: QuestionStatus, reason: str) -> None:
    if len(reason) > MAX_REASON:
        raise Invalid(_l("This is too long: %(count)s characters at most.", count=MAX_REASON), field="reason")
    if status in NEEDS_A_REASON and not reason:
        raise Invalid(_l("Write the reason in a sentence."), field="reason")
