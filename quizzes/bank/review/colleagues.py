"""Changes: a colleague's look at a question: remarks at its lines, answers to them, and a verdict.

A review is of one version, by its number: who looks at an older one than stands is told so and looks again.
"""

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
from quizzes.bank.resolving import wording_sha256
from quizzes.bank.review.lines import find_line
from quizzes.bank.review.models import EventKind, QuestionComment
from quizzes.bank.review.queries import is_written_by
from quizzes.bank.review.statuses import check_ready, lock_question, move

VERDICTS = {"ready": QuestionStatus.READY, "sent_back": QuestionStatus.DRAFT}
MAX_QUOTE = 300


def decide(
    session: Session,
    actor: Actor,
    *,
    question_id: int,
    number: int,
    verdict: QuestionStatus,
    reason: str,
    now: datetime,
) -> Question:
    """Find a version right, or send it back to its author with a reason.

    Args:
        session: the database session.
        actor: who reviewed it; none of its authors.
        question_id: the question.
        number: of the version that was reviewed.
        verdict: READY, or DRAFT to send it back.
        reason: why; needed to send it back.
        now: the time of the verdict.

    Raises:
        NotFound: not this person's to review.
        Conflict: it was edited or decided meanwhile.
        Invalid: the reason is missing, or its key is not complete.
    """
    begin_write(session)
    question, newest = _lock(session, actor, question_id, number=number)
    if verdict is QuestionStatus.DRAFT and not reason:
        raise Invalid(_l("Write to the author what should change."), field="reason")
    if verdict is QuestionStatus.READY:
        check_ready(newest.source, newest.type)
        question.reviewed_sha256 = wording_sha256(newest.source, kind=newest.type)
    kind = EventKind.REVIEWED
    move(session, question, newest, to=verdict, reason=reason, kind=kind, actor_id=actor.user_id, now=now)
    return question


def comment(
    session: Session, actor: Actor, *, question_id: int, number: int, part: str, text: str, now: datetime
) -> QuestionComment:
    """Say something about a line of a version; the same sent twice stands once.

    Raises:
        NotFound: not this person's to review, or the version has no such line.
        Conflict: it was edited or decided meanwhile.
    """
    begin_write(session)
    question, newest = _lock(session, actor, question_id, number=number)
    said = QuestionComment(
        question_id=question.id,
        version_number=newest.number,
        part=part,
        quote=find_line(newest, part).text[:MAX_QUOTE],
        text=text,
        at=now,
        author_id=actor.user_id,
    )
    twin = _find_twin(session, said)
    if twin is not None:
        return twin
    session.add(said)
    session.flush()
    _record(session, "question.commented", question, actor=actor, now=now, comment=said.id, part=part)
    return said


def answer_comment(
    session: Session, actor: Actor, *, question_id: int, comment_id: int, answer: str, now: datetime
) -> None:
    """Close a remark, with or without words; whoever may edit the question may, once.

    Raises:
        NotFound: not this person's to edit, or it has no such remark.
        Conflict: it is closed already.
    """
    begin_write(session)
    question, _newest = lock_question(session, actor, question_id)
    said = session.get(QuestionComment, comment_id)
    if said is None or said.question_id != question.id:
        raise NotFound
    closing = (
        update(QuestionComment)
        .where(QuestionComment.id == comment_id, QuestionComment.answered_at.is_(None))
        .values(answer=answer, answered_at=now, answered_by_id=actor.user_id)
    )
    if session.execute(closing).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(_l("This remark is answered already."))
    _record(session, "question.comment_answered", question, actor=actor, now=now, comment=comment_id)


def check_may_review(session: Session, actor: Actor, version: QuestionVersion, *, number: int | None) -> None:
    """See that what somebody reviewed is what stands, and that they did not write it.

    Raises:
        Conflict: it was edited meanwhile, or nobody asks for a review any more.
        NotFound: they wrote it themselves.
    """
    if number is not None and number != version.number:
        raise Conflict(
            _l(
                "The question was edited while you looked at it: version %(number)s stands now. "
                "Look at it again, then decide.",
                number=version.number,
            )
        )
    if is_written_by(session, actor.user_id, question_id=version.question_id):
        raise NotFound
    if version.question.status != QuestionStatus.REVIEW.value:
        raise Conflict(_l("Nobody waits for a review of this question any more: it has been decided."))


def _lock(
    session: Session, actor: Actor, question_id: int, *, number: int
) -> tuple[Question, QuestionVersion]:
    question, newest = lock_question(session, actor, question_id)
    check_may_review(session, actor, newest, number=number)
    return question, newest


def _find_twin(session: Session, said: QuestionComment) -> QuestionComment | None:
    """Return the same words about the same line by the same person that still wait for an answer."""
    query = select(QuestionComment).where(
        QuestionComment.question_id == said.question_id,
        QuestionComment.version_number == said.version_number,
        QuestionComment.part == said.part,
        QuestionComment.author_id == said.author_id,
        QuestionComment.text == said.text,
        QuestionComment.answered_at.is_(None),
    )
    return session.scalar(query.limit(1))


def _record(
    session: Session, action: str, question: Question, *, actor: Actor, now: datetime, **details: object
) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor.user_id,
        object_type="question",
        object_id=question.id,
        branch_id=question.branch_id,
        **details,
    )
