"""Changes: drafts of quizzes; `quizzes.bank.builder.slots` fills them. Published versions never change.

A draft names questions, not their versions: which versions it stands for is settled when it is published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, NotFound
from quizzes.bank.models import QuestionVersion, Quiz, QuizSlot, QuizVersion, SlotCandidate
from quizzes.bank.policies import can_edit_version
from quizzes.bank.quiz.blueprints import Cell, read_wanted, write_wanted
from quizzes.bank.quiz.fingerprints import draft_fingerprint
from quizzes.bank.quiz.queries import get_version
from quizzes.bank.quiz.taking import unusual


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
    # None: as the preset.
    show_marks: str | None = None
    show_answers: str | None = None
    show_feedback: str | None = None
    show_citations: str | None = None
    markers: int = 1
    # 0–100: two further apart than this call for a third.
    marking_gap_percent: int = 20
    is_marked_blind: bool = True
    # As `quizzes.bank.quiz.moments` writes a moment; None: with the training.
    opens: str | None = None
    closes: str | None = None
    grace_seconds: int = 0
    needs_code: bool = False
    cooldown_minutes: int = 0
    is_sequential: bool = False
    retries: int = 0
    retry_cost_percent: int = 0


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
    touch_draft(session, draft)
    record_change(session, "quiz_version.created", draft, actor=actor, now=now, from_version_id=original.id)
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
    touch_draft(session, draft)
    record_change(session, "quiz_version.changed", draft, actor=actor, now=now, what="settings")
    return draft


def set_blueprint(
    session: Session,
    actor: Actor,
    *,
    version_id: int,
    base: str,
    wanted: Mapping[Cell, int],
    now: datetime,
) -> QuizVersion:
    """Say how many questions are wanted of each cell; cells that are not named keep what they have.

    Raises:
        NotFound: not this person's draft.
        Conflict: somebody else changed it meanwhile.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    draft.blueprint = write_wanted(read_wanted(draft.blueprint) | dict(wanted))
    touch_draft(session, draft)
    record_change(session, "quiz_version.changed", draft, actor=actor, now=now, what="blueprint")
    return draft


def discard_draft(session: Session, actor: Actor, *, version_id: int, now: datetime) -> None:
    """Throw a draft away.

    Raises:
        NotFound: not this person's draft.
    """
    begin_write(session)
    draft = lock_draft(session, actor, version_id)
    record_change(session, "quiz_version.discarded", draft, actor=actor, now=now, number=draft.number)
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
        show_marks=original.show_marks,
        show_answers=original.show_answers,
        show_feedback=original.show_feedback,
        show_citations=original.show_citations,
        markers=original.markers,
        marking_gap_percent=original.marking_gap_percent,
        is_marked_blind=original.is_marked_blind,
        **unusual(original),
        blueprint=original.blueprint,
        as_of=original.as_of,
        created_at=now,
        created_by_id=actor_id,
        slots=[_copy_slot(position, slot) for position, slot in enumerate(_places(original), 1)],
    )


def _places(version: QuizVersion) -> list[QuizSlot]:
    """Return the slots without those that follow the first one of a case: a draft names the case."""
    slots = version.slots
    cases = [slot.case_version_id for slot in slots]
    return [
        slot for index, slot in enumerate(slots) if cases[index] is None or cases.index(cases[index]) == index
    ]


def _copy_slot(position: int, slot: QuizSlot) -> QuizSlot:
    named = [candidate.question_version for candidate in slot.candidates] if slot.draw_topic is None else []
    return QuizSlot(
        position=position,
        draw_topic=slot.draw_topic,
        draw_count=slot.draw_count,
        draw_level=slot.draw_level,
        draw_difficulty=slot.draw_difficulty,
        draw_not_in_id=slot.draw_not_in_id,
        draw_tag=slot.draw_tag,
        marks=slot.marks,
        candidates=[
            SlotCandidate(question_version=version)
            for version in ([slot.case_version] if slot.case_version is not None else named)
        ],
    )


def touch_draft(session: Session, draft: QuizVersion) -> None:
    """Store a draft that was changed: who has seen it as it was before, sees so."""
    draft.source_sha256 = ""
    session.flush()
    draft.source_sha256 = draft_fingerprint(draft)
    session.flush()


def record_change(
    session: Session, action: str, version: QuizVersion, *, actor: Actor, now: datetime, **details: object
) -> None:
    """Write what was done to a version into the audit log."""
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
