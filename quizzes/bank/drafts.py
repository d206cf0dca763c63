"""Changes: drafts of quizzes, and their publication. Published versions never change.

A draft names questions, not their versions: which versions it stands for is settled when it is published.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.fingerprints import draft_fingerprint
from quizzes.bank.models import Question, QuestionVersion, Quiz, QuizSlot, QuizVersion, SlotCandidate
from quizzes.bank.policies import can_edit_version
from quizzes.bank.queries import get_question, get_version
from quizzes.bank.rules import MAX_DRAW

MAX_SLOTS = 200


@dataclass(frozen=True)
class Settings:
    """What a quiz version says about how it is taken."""

    title: str
    # 0–100, whole; None: nothing to pass.
    pass_percent: int | None
    # 0: as many as wanted.
    attempts_allowed: int
    counts: str
    time_limit_minutes: int | None
    shuffle_questions: bool
    shuffle_options: bool
    show_result: str


def create_draft(
    session: Session,
    actor: Actor,
    *,
    quiz_id: int,
    from_version_id: int,
    branch_id: int | None,
    now: datetime,
) -> QuizVersion:
    """Make a draft of the next version as a copy; a draft there is already is returned instead.

    Raises:
        NotFound: the version is not the actor's to see, or the branch not theirs to write for.
    """
    begin_write(session)
    quiz = session.get(Quiz, quiz_id, with_for_update=True)
    if quiz is None or not (actor.is_trainer and actor.works_at(branch_id)):
        raise NotFound
    original = get_version(session, from_version_id, quiz_id=quiz_id, actor=actor)
    here = QuizVersion.branch_id.is_(None) if branch_id is None else QuizVersion.branch_id == branch_id
    query = select(QuizVersion).where(QuizVersion.quiz_id == quiz_id, QuizVersion.status == "draft", here)
    draft = session.scalar(query.limit(1))
    if draft is not None:
        return draft
    draft = _copy(original, branch_id=branch_id, now=now, actor_id=actor.user_id)
    newest = session.scalar(select(func.max(QuizVersion.number)).where(QuizVersion.quiz_id == quiz_id))
    draft.quiz_id, draft.number = quiz_id, (newest or 0) + 1
    session.add(draft)
    _touch(session, draft)
    _record(session, "quiz_version.created", draft, actor=actor, now=now, from_version_id=original.id)
    return draft


def change_settings(
    session: Session, actor: Actor, *, version_id: int, base: str, settings: Settings, now: datetime
) -> QuizVersion:
    """Change how a draft is taken.

    Raises:
        NotFound: not this person's draft.
        Conflict: somebody else changed it meanwhile.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    for name, value in asdict(settings).items():
        setattr(draft, name, value)
    _touch(session, draft)
    _record(session, "quiz_version.changed", draft, actor=actor, now=now, what="settings")
    return draft


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
    if any(_names(slot, question_id) for slot in draft.slots):
        raise Invalid(_l("This question is in the quiz already."), field="question_id")
    _append(
        session,
        draft,
        QuizSlot(draw_topic=None, draw_count=1, candidates=[SlotCandidate(question_version=newest)]),
    )
    _record(
        session, "quiz_version.changed", draft, actor=actor, now=now, what="slot", question_id=question_id
    )
    return draft


def add_draw(
    session: Session, actor: Actor, *, version_id: int, base: str, topic: str, count: int, now: datetime
) -> QuizVersion:
    """Let a draft draw so many questions of a topic.

    Raises:
        NotFound: not this person's draft.
        Conflict: somebody else changed it meanwhile.
        Invalid: the count is out of range.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    if not 1 <= count <= MAX_DRAW:
        raise Invalid(_l("Draw between 1 and %(count)s questions.", count=MAX_DRAW), field="count")
    _append(session, draft, QuizSlot(draw_topic=topic, draw_count=count))
    _record(session, "quiz_version.changed", draft, actor=actor, now=now, what="draw", topic=topic)
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
    _record(session, "quiz_version.changed", draft, actor=actor, now=now, what="removed")
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
        _record(session, "quiz_version.changed", draft, actor=actor, now=now, what="moved")
    return draft


def discard_draft(session: Session, actor: Actor, *, version_id: int, now: datetime) -> None:
    """Throw a draft away.

    Raises:
        NotFound: not this person's draft.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id)
    _record(session, "quiz_version.discarded", draft, actor=actor, now=now, number=draft.number)
    session.delete(draft)
    session.flush()


def lock_draft(session: Session, actor: Actor, version_id: int, *, base: str | None = None) -> QuizVersion:
    """Return a draft under a lock.

    Raises:
        NotFound: not this person's draft.
        Conflict: it is no longer as the person saw it, told by ``base``.
    """
    query = (
        select(QuizVersion)
        .where(QuizVersion.id == version_id)
        .options(
            selectinload(QuizVersion.slots)
            .selectinload(QuizSlot.candidates)
            .joinedload(SlotCandidate.question_version, innerjoin=True)
            .load_only(QuestionVersion.question_id)
        )
        .with_for_update(of=QuizVersion)
        .execution_options(populate_existing=True)
    )
    draft = session.scalar(query)
    if draft is None or not can_edit_version(actor, draft):
        raise NotFound
    if base is not None and draft.source_sha256 != base:
        raise Conflict(_l("This draft has changed meanwhile. Reload it to see how it stands now."))
    return draft


def _copy(original: QuizVersion, *, branch_id: int | None, now: datetime, actor_id: int) -> QuizVersion:
    return QuizVersion(
        status="draft",
        branch_id=branch_id,
        title=original.title,
        purpose=original.purpose,
        pass_percent=original.pass_percent,
        attempts_allowed=original.attempts_allowed,
        counts=original.counts,
        time_limit_minutes=original.time_limit_minutes,
        shuffle_questions=original.shuffle_questions,
        shuffle_options=original.shuffle_options,
        show_result=original.show_result,
        as_of=original.as_of,
        created_at=now,
        created_by_id=actor_id,
        slots=[_copy_slot(slot) for slot in original.slots],
    )


def _copy_slot(slot: QuizSlot) -> QuizSlot:
    named = slot.candidates if slot.draw_topic is None else []
    return QuizSlot(
        position=slot.position,
        draw_topic=slot.draw_topic,
        draw_count=slot.draw_count,
        marks=slot.marks,
        candidates=[SlotCandidate(question_version=candidate.question_version) for candidate in named],
    )


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
    _touch(session, draft)


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
    _touch(session, draft)


def _touch(session: Session, draft: QuizVersion) -> None:
    draft.source_sha256 = ""
    session.flush()
    draft.source_sha256 = draft_fingerprint(draft)
    session.flush()


def _record(
    session: Session, action: str, version: QuizVersion, *, actor: Actor, now: datetime, **details: object
) -> None:
    record(
        session,
        action,
        at=now,
        actor_id=actor.user_id,
        object_type="quiz_version",
        object_id=version.id,
        branch_id=version.branch_id,
        **details,
    )
