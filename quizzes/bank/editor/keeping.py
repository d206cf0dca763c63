"""Forms of questions kept while they are written: nothing a person typed is lost before it is saved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.editor.models import QuestionDraft
from quizzes.bank.models import Question
from quizzes.bank.policies import can_edit_question

MAX_CHARACTERS = 400_000
"""Of all fields of a form together: far more than a question has."""
MAX_DRAFTS = 60
"""Of one person."""
SHOWN = 3
"""Drafts offered on a page."""
KEEP = timedelta(days=180)
"""How long a draft nobody came back to is kept."""
_SLOT = re.compile(r"[A-Za-z0-9_-]{8,40}")


@dataclass(frozen=True)
class Kept:
    """What is to be kept: the slot, the type, the question (None: a new one) and the fields as sent."""

    slot: str
    kind: str
    question_id: int | None
    fields: Sequence[tuple[str, str]]

    @property
    def summary(self) -> str:
        """The beginning of the question."""
        stem = next((value for name, value in self.fields if name == "stem"), "")
        return " ".join(stem.split())[:120]


def keep_draft(
    session: Session, actor: Actor, kept: Kept, *, now: datetime, revision: int | None = None
) -> QuestionDraft:
    """Keep a form as it is now.

    Args:
        session: the database session.
        actor: whose draft it is.
        kept: what the form holds.
        now: the time.
        revision: the one it goes on from, 0 for a first; None keeps it whatever was there.

    Raises:
        NotFound: the question is not the actor's to edit.
        Invalid: it is too long, or there are too many drafts.
        Conflict: another window has kept this draft meanwhile.
    """
    begin_write(session)
    _check(session, actor, kept)
    draft = session.scalar(_own(actor, kept.slot))
    if draft is None:
        _make_room(session, actor, now=now)
        draft = QuestionDraft(user_id=actor.user_id, slot=kept.slot, revision=0)
        session.add(draft)
    if revision is not None and draft.revision != revision:
        raise Conflict(_l("Another window has changed this draft meanwhile."))
    draft.kind, draft.question_id = kept.kind, kept.question_id
    draft.fields = [list(pair) for pair in kept.fields]
    draft.summary, draft.changed_at, draft.revision = kept.summary, now, draft.revision + 1
    session.flush()
    return draft


def drop_draft(session: Session, actor: Actor, *, slot: str) -> None:
    """Throw a draft away; of others' nothing happens."""
    begin_write(session)
    session.execute(
        delete(QuestionDraft).where(QuestionDraft.user_id == actor.user_id, QuestionDraft.slot == slot)
    )


def find_draft(session: Session, actor: Actor, *, slot: str, question_id: int | None) -> QuestionDraft | None:
    """Return a draft of this person and question, None when there is none any more."""
    return session.scalar(_own(actor, slot).where(_is_of(question_id)))


def list_drafts(session: Session, actor: Actor, *, question_id: int | None) -> list[QuestionDraft]:
    """Return what this person has not saved of a question, or of new ones; the newest first."""
    query = select(QuestionDraft).where(QuestionDraft.user_id == actor.user_id, _is_of(question_id))
    return list(session.scalars(query.order_by(QuestionDraft.changed_at.desc()).limit(SHOWN)))


def is_slot(text: str) -> bool:
    """Return whether a text may name a draft."""
    return _SLOT.fullmatch(text) is not None


def _check(session: Session, actor: Actor, kept: Kept) -> None:
    if not is_slot(kept.slot):
        raise Invalid(_l("This draft cannot be kept. Open the page again."))
    if sum(len(name) + len(value) for name, value in kept.fields) > MAX_CHARACTERS:
        raise Invalid(_l("This is too long to be kept as a draft. Shorten it."))
    if kept.question_id is not None:
        question = session.get(Question, kept.question_id)
        if question is None or not can_edit_question(actor, question):
            raise NotFound


def _make_room(session: Session, actor: Actor, *, now: datetime) -> None:
    """Forget what nobody came back to, and see that there is room for one more."""
    own = QuestionDraft.user_id == actor.user_id
    session.execute(delete(QuestionDraft).where(own, QuestionDraft.changed_at < now - KEEP))
    count = session.scalar(select(func.count()).select_from(QuestionDraft).where(own)) or 0
    if count >= MAX_DRAFTS:
        raise Invalid(_l("You have %(count)s drafts: throw some away first.", count=count))


def _own(actor: Actor, slot: str) -> Select[QuestionDraft]:
    return select(QuestionDraft).where(QuestionDraft.user_id == actor.user_id, QuestionDraft.slot == slot)


def _is_of(question_id: int | None) -> ColumnElement[bool]:
    return QuestionDraft.question_id == question_id
