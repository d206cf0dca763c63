"""Changes: many questions at once. What cannot be done to one of them is left out and says why."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.headings import make_anchor
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Invalid
from quizzes.bank.models import Question, QuestionStatus
from quizzes.bank.policies import can_edit_question
from quizzes.bank.queries import sees
from quizzes.bank.review.life import may_become
from quizzes.bank.review.statuses import set_status
from quizzes.bank.search.indexing import note_words
from quizzes.bank.services import copy_question
from quizzes.bank.tags import put_tag, take_tag

MOST = 200
"""Questions one press of a button changes."""

NOT_YOURS = _l("they are not yours to change: copy them to your branch office first")
AS_WANTED = _l("nothing about them would change")
NOT_FROM_HERE = _l("a question that waits for a review is not retired: take it back first")
IN_YOUR_BRANCH = _l("they belong to your branch office already")


@dataclass
class Outcome:
    """What was done to which questions, and which were left out; reasons are parts of a sentence."""

    done: list[int] = field(default_factory=list)
    left: dict[str, list[int]] = field(default_factory=dict)

    def leave(self, question_id: int, reason: object) -> None:
        """Note that a question was left out."""
        self.left.setdefault(str(reason), []).append(question_id)


def tag_questions(
    session: Session, actor: Actor, *, question_ids: Collection[int], label: str, now: datetime
) -> Outcome:
    """Put a tag on questions; its spelling is what was written.

    Raises:
        Invalid: there is no tag in what was written, or too many questions, or some not theirs to see.
    """
    return _change(
        session, actor, question_ids, lambda one: put_tag(session, actor, one, label=label, now=now)
    )


def untag_questions(
    session: Session, actor: Actor, *, question_ids: Collection[int], label: str, now: datetime
) -> Outcome:
    """Take a tag off questions, however it is spelt there.

    Raises:
        Invalid: there is no tag in what was written, or too many questions, or some not theirs to see.
    """
    return _change(
        session, actor, question_ids, lambda one: take_tag(session, actor, one, label=label, now=now)
    )


def move_questions(
    session: Session, actor: Actor, *, question_ids: Collection[int], topic: str, now: datetime
) -> Outcome:
    """File questions under another topic; published quizzes keep what they name.

    Raises:
        Invalid: there is no topic in what was written, or too many questions, or some not theirs to see.
    """
    wanted = make_anchor(topic)
    if not wanted:
        raise Invalid(_l("Give the question a topic."), field="topic")

    def move(question: Question) -> bool:
        if question.topic == wanted:
            return False
        before, question.topic = question.topic, wanted
        _record(session, "question.moved", question, actor=actor, now=now, before=before, topic=wanted)
        return True

    return _change(session, actor, question_ids, move)


def retire_questions(
    session: Session, actor: Actor, *, question_ids: Collection[int], reason: str, now: datetime
) -> Outcome:
    """Retire questions, all for one reason.

    Raises:
        Invalid: the reason is missing, or too many questions, or some not theirs to see.
    """
    outcome, retired = Outcome(), QuestionStatus.RETIRED
    for question in _own(session, actor, question_ids, outcome):
        if question.status == retired:
            outcome.leave(question.id, AS_WANTED)
        elif not may_become(QuestionStatus(question.status), retired):
            outcome.leave(question.id, NOT_FROM_HERE)
        else:
            set_status(session, actor, question_id=question.id, status=retired, reason=reason, now=now)
            outcome.done.append(question.id)
    return outcome


def copy_questions(
    session: Session, actor: Actor, *, question_ids: Collection[int], branch_id: int, now: datetime
) -> Outcome:
    """Copy questions the actor may see to a branch of theirs, as drafts; ``done`` are the originals.

    Raises:
        NotFound: the branch is not theirs.
        Invalid: too many questions, or some not theirs to see.
    """
    begin_write(session)
    outcome = Outcome()
    for question in _seen(session, actor, question_ids):
        if question.branch_id == branch_id:
            outcome.leave(question.id, IN_YOUR_BRANCH)
            continue
        copy_question(session, actor, question_id=question.id, branch_id=branch_id, now=now)
        outcome.done.append(question.id)
    return outcome


def _change(
    session: Session, actor: Actor, question_ids: Collection[int], change: Callable[[Question], bool]
) -> Outcome:
    outcome = Outcome()
    for question in _own(session, actor, question_ids, outcome):
        if change(question):
            outcome.done.append(question.id)
        else:
            outcome.leave(question.id, AS_WANTED)
    note_words(session, outcome.done)
    return outcome


def _own(
    session: Session, actor: Actor, question_ids: Collection[int], outcome: Outcome
) -> Iterator[Question]:
    for question in _seen(session, actor, question_ids):
        if can_edit_question(actor, question):
            yield question
        else:
            outcome.leave(question.id, NOT_YOURS)


def _seen(session: Session, actor: Actor, question_ids: Collection[int]) -> list[Question]:
    """Return the questions, locked.

    Raises:
        Invalid: they are too many, or the actor may not see all of them.
    """
    begin_write(session)
    wanted = set(question_ids)
    if len(wanted) > MOST:
        raise Invalid(_l("Choose %(count)s questions at most.", count=MOST), field="soal")
    query = select(Question).where(Question.id.in_(wanted), sees(actor, Question.branch_id))
    found = list(session.scalars(query.order_by(Question.id).with_for_update()))
    check_found(wanted, [question.id for question in found])
    return found


def check_found(wanted: Collection[int], found: Collection[int]) -> None:
    """See that every ticked question is one the actor may see.

    Raises:
        Invalid: some are not; the message has their numbers.
    """
    missing = sorted(set(wanted) - set(found))
    if missing:
        raise Invalid(
            _l(
                "Not in the bank any more: %(numbers)s. "
                "Nothing was done: look at the list, then press again.",
                numbers=", ".join(map(str, missing)),
            ),
            field="soal",
        )


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
