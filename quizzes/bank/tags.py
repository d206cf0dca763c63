"""Changes: the tags of a question. They are compared folded, and shown as their owner spells them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Invalid
from lms.core.text import fold, tidy
from quizzes.bank.models import Question
from quizzes.bank.review.statuses import lock_question
from quizzes.bank.search.indexing import note_words
from quizzes.bank.search.models import QuestionTag

MAX_LENGTH = 40
MOST = 20
"""Tags of one question."""


def read_tag(label: str) -> tuple[str, str]:
    """Return a tag as it is compared and as it is shown.

    Raises:
        Invalid: nothing is written, it is too long, or it has a comma, which stands between tags.
    """
    shown = str(tidy(label))
    if not shown:
        raise Invalid(_l("Write a tag."), field="label")
    if "," in shown or len(shown) > MAX_LENGTH or len(fold(shown)) > MAX_LENGTH:
        message = _l("A tag has %(count)s characters at most and no comma.", count=MAX_LENGTH)
        raise Invalid(message, field="label")
    return fold(shown), shown


def put_tag(session: Session, actor: Actor, question: Question, *, label: str, now: datetime) -> bool:
    """Put a tag on a locked question; return False where it is there already, spelt just so.

    Raises:
        Invalid: it is no tag, or the question has too many.
    """
    begin_write(session)
    tag, shown = read_tag(label)
    known = _tags(session, question.id)
    if tag in known and known[tag].label == shown:
        return False
    if tag in known:
        known[tag].label = shown
    else:
        if len(known) >= MOST:
            raise Invalid(_l("A question has %(count)s tags at most.", count=MOST), field="label")
        session.add(QuestionTag(question_id=question.id, tag=tag, label=shown))
    _record(session, "question.tagged", question, actor=actor, now=now, tag=shown)
    return True


def take_tag(session: Session, actor: Actor, question: Question, *, label: str, now: datetime) -> bool:
    """Take a tag off a locked question; return False where it has none such.

    Raises:
        Invalid: it is no tag.
    """
    begin_write(session)
    tag, _shown = read_tag(label)
    row = session.get(QuestionTag, (question.id, tag))
    if row is None:
        return False
    session.delete(row)
    _record(session, "question.untagged", question, actor=actor, now=now, tag=row.label)
    return True


def set_tags(
    session: Session, actor: Actor, *, question_id: int, labels: Iterable[str], now: datetime
) -> bool:
    """Let a question have just these tags; return whether that changed anything.

    Raises:
        NotFound: not this person's to edit.
        Invalid: one of them is no tag, or they are too many.
    """
    begin_write(session)
    question, _newest = lock_question(session, actor, question_id)
    wanted = dict(read_tag(label) for label in labels)
    gone = [row.label for tag, row in _tags(session, question_id).items() if tag not in wanted]
    changes = [take_tag(session, actor, question, label=label, now=now) for label in gone]
    session.flush()
    changes += [put_tag(session, actor, question, label=label, now=now) for label in wanted.values()]
    if any(changes):
        note_words(session, [question_id])
    return any(changes)


def _tags(session: Session, question_id: int) -> dict[str, QuestionTag]:
    query = select(QuestionTag).where(QuestionTag.question_id == question_id)
    return {row.tag: row for row in session.scalars(query)}


def _record(
    session: Session, action: str, question: Question, *, actor: Actor, now: datetime, tag: str
) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor.user_id,
        object_type="question",
        object_id=question.id,
        branch_id=question.branch_id,
        tag=tag,
    )
