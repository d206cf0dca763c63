"""Changes: what stands in a draft of a quiz: named questions, draws of a topic, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from lms.core.accounts.actor import Actor
from lms.core.db import begin_write
from lms.core.errors import Invalid, NotFound
from quizzes.bank.cases import CASE, branches
from quizzes.bank.models import Question, QuizSlot, QuizVersion, SlotCandidate
from quizzes.bank.queries import get_question
from quizzes.bank.quiz.drafts import lock_draft, record_change, touch_draft
from quizzes.bank.quiz.draw_rules import DrawRule
from quizzes.bank.quiz.queries import get_quiz
from quizzes.bank.rules import DIFFICULTIES, LEVELS, MAX_DRAW

MAX_SLOTS = 200
LEAST_MARKS, MOST_MARKS = Decimal("0.5"), Decimal(100)
"""What one question may be worth."""


def add_question(
    session: Session, actor: Actor, *, version_id: int, base: str, question_id: int, now: datetime
) -> QuizVersion:
    """Put a question at the end of a draft.

    Raises:
        NotFound: not this person's draft, or not their question to see.
        Conflict: somebody else changed it meanwhile.
        Invalid: the question is for practice, not ready, of another branch, or in the quiz already.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    newest = get_question(session, question_id, actor=actor)
    _check_question(draft, newest.question)
    if newest.type == CASE and branches(newest.source):
        raise Invalid(_l("This case branches: it is for practice."), field="question_id")
    if any(_names(slot, question_id) for slot in draft.slots):
        raise Invalid(_l("This question is in the quiz already."), field="question_id")
    _append(
        session,
        draft,
        QuizSlot(draw_topic=None, draw_count=1, candidates=[SlotCandidate(question_version=newest)]),
    )
    record_change(
        session, "quiz_version.changed", draft, actor=actor, now=now, what="slot", question_id=question_id
    )
    return draft


def add_draw(
    session: Session, actor: Actor, *, version_id: int, base: str, rule: DrawRule, now: datetime
) -> QuizVersion:
    """Let a draft draw questions by a rule.

    Raises:
        NotFound: not this person's draft, or not their quiz to keep apart.
        Conflict: somebody else changed it meanwhile.
        Invalid: the count is out of range, or the quiz is kept apart from itself.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    check_rule(session, actor, draft, rule)
    _append(session, draft, QuizSlot(**rule.columns()))
    record_change(session, "quiz_version.changed", draft, actor=actor, now=now, what="draw", topic=rule.topic)
    return draft


def check_rule(session: Session, actor: Actor, draft: QuizVersion, rule: DrawRule) -> None:
    """See that a draft may draw by a rule.

    Raises:
        NotFound: the quiz kept apart is not the actor's to see.
        Invalid: the count is out of range, level or difficulty unknown, or the quiz kept apart from itself.
    """
    if not 1 <= rule.count <= MAX_DRAW:
        raise Invalid(_l("Draw between 1 and %(count)s questions.", count=MAX_DRAW), field="count")
    if rule.level not in {"", *LEVELS} or rule.difficulty not in {"", *DIFFICULTIES}:
        raise Invalid(_l("Choose one from the list."))
    if rule.not_in_id == draft.quiz_id:
        raise Invalid(_l("A quiz is kept apart from another quiz, not from itself."), field="not_in")
    if rule.not_in_id is not None:
        get_quiz(session, rule.not_in_id, actor=actor)


def set_marks(
    session: Session,
    actor: Actor,
    *,
    version_id: int,
    base: str,
    marks: Mapping[int, Decimal],
    now: datetime,
) -> QuizVersion:
    """Set what a question of each of these slots is worth.

    Raises:
        NotFound: not this person's draft.
        Conflict: somebody else changed it meanwhile.
        Invalid: marks are out of range.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    for slot in draft.slots:
        worth = marks.get(slot.id, slot.marks)
        if not (worth.is_finite() and LEAST_MARKS <= worth <= MOST_MARKS):
            raise Invalid(_l("Marks are between %(least)s and %(most)s.", least="0,5", most=MOST_MARKS))
        slot.marks = worth
    touch_draft(session, draft)
    record_change(session, "quiz_version.changed", draft, actor=actor, now=now, what="marks")
    return draft


def remove_slot(
    session: Session, actor: Actor, *, version_id: int, base: str, slot_id: int, now: datetime
) -> QuizVersion:
    """Take a slot out of a draft; one that is gone already stays gone.

    Raises:
        NotFound: not this person's draft.
        Conflict: somebody else changed it meanwhile.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    _order(session, draft, [slot for slot in draft.slots if slot.id != slot_id])
    record_change(session, "quiz_version.changed", draft, actor=actor, now=now, what="removed")
    return draft


def move_slot(
    session: Session, actor: Actor, *, version_id: int, base: str, slot_id: int, by: int, now: datetime
) -> QuizVersion:
    """Move a slot of a draft up (-1) or down (1); at the end of the list it stays.

    Raises:
        NotFound: not this person's draft, or it has no such slot.
        Conflict: somebody else changed it meanwhile.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    slots = list(draft.slots)
    places = [index for index, slot in enumerate(slots) if slot.id == slot_id]
    if not places:
        raise NotFound
    target = places[0] + (1 if by > 0 else -1)
    if 0 <= target < len(slots):
        slots.insert(target, slots.pop(places[0]))
        _order(session, draft, slots)
        record_change(session, "quiz_version.changed", draft, actor=actor, now=now, what="moved")
    return draft


def _check_question(draft: QuizVersion, question: Question) -> None:
    if question.use != "graded":
        raise Invalid(_l("Questions for practice have their key in a lesson."), field="question_id")
    if question.status != "ready":
        raise Invalid(_l("This question is not ready yet."), field="question_id")
    if question.branch_id not in (None, draft.branch_id):
        raise Invalid(_l("This question belongs to another branch office."), field="question_id")


def _names(slot: QuizSlot, question_id: int) -> bool:
    return any(candidate.question_version.question_id == question_id for candidate in slot.candidates)


def _append(session: Session, draft: QuizVersion, slot: QuizSlot) -> None:
    if len(draft.slots) >= MAX_SLOTS:
        raise Invalid(_l("A quiz has at most %(count)s slots.", count=MAX_SLOTS))
    slot.position = len(draft.slots) + 1
    slot.marks = Decimal(1)
    draft.slots.append(slot)
    touch_draft(session, draft)


def _order(session: Session, draft: QuizVersion, slots: Iterable[QuizSlot]) -> None:
    """Set the places anew; in two steps, as no two slots may share one even for a moment."""
    kept = list(slots)
    for slot in [slot for slot in draft.slots if slot not in kept]:
        draft.slots.remove(slot)
    for offset in (MAX_SLOTS, 0):
        for position, slot in enumerate(kept, 1 + offset):
            slot.position = position
        session.flush()
    session.expire(draft, ["slots"])
    touch_draft(session, draft)
