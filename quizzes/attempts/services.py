"""Changes: a sitting starts, answers arrive, it is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from courses.learning.services import record_result, require_open
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.attempts import queries
from quizzes.attempts.answers import Kept, ParsedSave, Standing, store_events, store_responses
from quizzes.attempts.deadline import deadline_of, has_closed, is_overdue
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.paper import PlannedItem, draw_paper
from quizzes.attempts.queries import OpenItem
from quizzes.attempts.saves import RawAnswer, Save
from quizzes.bank.models import Purpose, QuizVersion
from quizzes.bank.queries import get_pinned_version
from quizzes.grading.scoring import counting
from quizzes.grading.services import mark_paper
from quizzes.types import get_type
from quizzes.types.base import FormatError


@dataclass(frozen=True)
class SaveReply:
    """What a device is told of one save; ``time_zone`` is the cohort's."""

    position: int
    # "applied", "superseded" or "late"
    outcome: str
    received_at: datetime
    time_zone: str
    deadline_at: datetime | None
    standing: Standing


def start_attempt(
    session: Session, *, enrolment: Enrolment, step_id: int, now: datetime, rng: Random
) -> Attempt:
    """Begin a sitting, or return the one that is going on.

    Paper and deadline are drawn before the write transaction and stored in it. Two starts at the same
    moment give one sitting.

    Raises:
        NotFound: the step is no quiz of this course.
        Conflict: locked, all tries used, name not confirmed before the posttest, or a sitting is overdue
            (call :func:`close_overdue` first); or the training has closed, for a quiz done before too.
    """
    require_open(session, enrolment, step_id, now=now)
    if has_closed(enrolment.cohort, now=now):
        raise Conflict(_l("This training has closed: no quiz can be begun any more."))
    quiz = get_pinned_version(
        session, cohort_id=enrolment.cohort_id, quiz_key=queries.get_quiz_key(session, step_id)
    )
    if quiz.purpose == Purpose.POSTTEST and enrolment.name_confirmed_at is None:
        raise Conflict(_l("Please confirm your name for the certificate first."))
    seen = queries.list_seen_questions(session, enrolment.id, quiz_id=quiz.quiz_id)
    plan = draw_paper(quiz, rng, seen=seen)
    attempt = Attempt(
        enrolment_id=enrolment.id,
        step_id=step_id,
        quiz_id=quiz.quiz_id,
        quiz_version_id=quiz.id,
        started_at=now,
        deadline_at=deadline_of(enrolment.cohort, quiz.time_limit_minutes, now=now),
        marks_possible=sum(item.marks for item in plan),
        items=_paper_items(plan),
    )
    return _store_once(session, attempt, attempts_allowed=quiz.attempts_allowed, now=now)


def save_answers(
    session: Session,
    saves: Sequence[Save],
    *,
    attempt_id: int,
    user_id: int | None,
    now: datetime,
    is_whole_form: bool = False,
) -> list[SaveReply]:
    """Keep answers, each by its own event id and sequence, in one read and two writing statements.

    Input a type cannot read is kept as it came, with the reason, and stands as a format error. A save
    that comes after the end is kept as late and answered so. There is at most one save for each position;
    with ``is_whole_form`` those that say the same as what stands are left out, because a form sends
    every question it shows. ``user_id`` says whose sitting it must be; None for the machine.

    Raises:
        NotFound: the sitting is not this person's, or a position is not on the paper.
        Invalid: an event id was used before for another question.
    """
    event_ids = {save.position: save.event_id for save in saves}
    items = queries.list_open_items(session, attempt_id, user_id=user_id, event_ids=event_ids)
    if not items or set(items) != set(event_ids):
        raise NotFound
    if is_whole_form:
        saves = [save for save in saves if _says_something_new(save, items[save.position].standing)]
    fresh = [_parse(save, items[save.position]) for save in saves if not items[save.position].known_outcome]
    kept = _store(session, fresh, attempt_id=attempt_id, now=now)
    if len(kept) < len(fresh):
        session.rollback()
        return _repeat(session, saves, attempt_id=attempt_id, user_id=user_id, now=now)
    return [_reply(items[save.position], kept.get(items[save.position].item_id), now) for save in saves]


def save_answer(
    session: Session,
    *,
    attempt_id: int,
    position: int,
    event_id: str,
    sequence: int,
    raw: RawAnswer | None,
    is_flagged: bool,
    now: datetime,
    user_id: int | None = None,
) -> SaveReply:
    """Keep one answer; see :func:`save_answers`."""
    save = Save(position=position, event_id=event_id, sequence=sequence, raw=raw, is_flagged=is_flagged)
    return save_answers(session, [save], attempt_id=attempt_id, user_id=user_id, now=now)[0]


def submit_attempt(
    session: Session, attempt_id: int, *, by: str, now: datetime, user_id: int | None = None
) -> Attempt:
    """Hand a sitting in, mark it and tell the course; handed in before, it stays as it is.

    ``by`` is "person", "deadline" or "organiser"; whoever comes after the deadline, it is "deadline".
    ``user_id`` says whose sitting it must be; None for staff and the machine.

    Raises:
        NotFound: there is none, or it is somebody else's, or they were withdrawn.
    """
    begin_write(session)
    attempt = _lock_person_of(session, attempt_id, user_id=user_id)
    submitted_at = now
    if is_overdue(attempt, now=now) and attempt.deadline_at is not None:
        by, submitted_at = "deadline", attempt.deadline_at
    handed_in = update(Attempt).where(Attempt.id == attempt_id, Attempt.state == "in_progress")
    handed_in = handed_in.values(state="submitted", submitted_at=submitted_at, submitted_by=by)
    is_first = session.scalar(handed_in.returning(Attempt.id)) is not None
    session.refresh(attempt)
    if is_first:
        _mark(session, attempt, now=now)
    return attempt


def close_overdue(
    session: Session, *, now: datetime, enrolment_id: int | None = None, limit: int = 50
) -> int:
    """Hand in open sittings whose time has run out, at most ``limit``; return how many."""
    begin_write(session)
    ids = queries.list_overdue(session, now=now, limit=limit, enrolment_id=enrolment_id)
    for attempt_id in ids:
        submit_attempt(session, attempt_id, by="deadline", now=now)
    return len(ids)


def _paper_items(plan: Sequence[PlannedItem]) -> list[PaperItem]:
    return [
        PaperItem(
            position=position,
            question_version_id=item.question_version_id,
            marks=item.marks,
            prepared=item.prepared,
        )
        for position, item in enumerate(plan, 1)
    ]


def _store_once(session: Session, attempt: Attempt, *, attempts_allowed: int, now: datetime) -> Attempt:
    begin_write(session)
    session.execute(select(Enrolment.id).where(Enrolment.id == attempt.enrolment_id).with_for_update())
    going_on = queries.find_open_attempt(session, attempt.enrolment_id, quiz_id=attempt.quiz_id)
    if going_on is not None:
        return _resume(going_on, now)
    used = _count_attempts(session, attempt)
    if attempts_allowed and used >= attempts_allowed:
        raise Conflict(_l("All your tries for this quiz are used."))
    attempt.number = used + 1
    try:
        with session.begin_nested():
            session.add(attempt)
    except IntegrityError:
        # Only without the lock above could another start have come first; the index decides either way.
        going_on = queries.find_open_attempt(session, attempt.enrolment_id, quiz_id=attempt.quiz_id)
        if going_on is None:
            raise
        return going_on
    return attempt


def _resume(attempt: Attempt, now: datetime) -> Attempt:
    if is_overdue(attempt, now=now):
        raise Conflict(_l("The time of your last try is over. Hand it in first."))
    return attempt


def _count_attempts(session: Session, attempt: Attempt) -> int:
    query = select(func.count()).where(
        Attempt.enrolment_id == attempt.enrolment_id, Attempt.quiz_id == attempt.quiz_id
    )
    return session.scalar(query) or 0


def _parse(save: Save, item: OpenItem) -> ParsedSave:
    answer, format_error = None, ""
    try:
        answer = get_type(item.type).parse(save.raw or {}, item.content, item.prepared)
    except FormatError as error:
        format_error = str(error.message)[:300]
    return ParsedSave(
        item_id=item.item_id,
        position=save.position,
        event_id=save.event_id,
        sequence=save.sequence,
        raw=save.raw,
        answer=answer,
        format_error=format_error,
        is_flagged=save.is_flagged,
    )


def _says_something_new(save: Save, standing: Standing) -> bool:
    return (save.raw, save.is_flagged) != (standing.raw, standing.is_flagged)


def _repeat(
    session: Session, saves: Sequence[Save], *, attempt_id: int, user_id: int | None, now: datetime
) -> list[SaveReply]:
    """Answer saves whose event ids another request brought in a moment before: ours was rolled back."""
    event_ids = {save.position: save.event_id for save in saves}
    items = queries.list_open_items(session, attempt_id, user_id=user_id, event_ids=event_ids)
    if any(items[save.position].known_outcome is None for save in saves):
        raise Invalid(_l("This answer could not be read. Reload the page and try again."))
    return [_reply(items[save.position], None, now) for save in saves]


def _store(
    session: Session, fresh: Sequence[ParsedSave], *, attempt_id: int, now: datetime
) -> dict[int, Kept]:
    if not fresh:
        return {}
    begin_write(session)
    applied = store_responses(session, attempt_id, fresh, now=now)
    kept = store_events(session, attempt_id, fresh, applied=applied, now=now)
    return {one.item_id: one for one in kept}


def _reply(item: OpenItem, kept: Kept | None, now: datetime) -> SaveReply:
    """Return what to tell the device: of this save, or of the earlier one with the same event id."""
    return SaveReply(
        position=item.position,
        outcome=kept.outcome if kept else item.known_outcome or "",
        received_at=now if kept or item.known_at is None else item.known_at,
        time_zone=item.time_zone,
        deadline_at=item.deadline_at,
        standing=kept.standing if kept else item.standing,
    )


def _lock_person_of(session: Session, attempt_id: int, *, user_id: int | None) -> Attempt:
    """Lock the person before the sitting, as every service does: none waits for another in a circle."""
    whose = select(Attempt.enrolment_id).where(Attempt.id == attempt_id)
    query = select(Enrolment).where(Enrolment.id == whose.scalar_subquery()).with_for_update()
    person = session.scalar(query.execution_options(populate_existing=True))
    if person is None or (user_id is not None and (person.user_id, person.status) != (user_id, "active")):
        raise NotFound
    return session.get_one(Attempt, attempt_id, populate_existing=True)


def _mark(session: Session, attempt: Attempt, *, now: datetime) -> None:
    quiz = session.get_one(QuizVersion, attempt.quiz_version_id)
    came_at = attempt.submitted_at or now
    result = mark_paper(
        session, queries.list_items(session, attempt.id), pass_percent=quiz.pass_percent, now=now
    )
    attempt.marks_earned, attempt.percent = result.marks_earned, result.percent
    attempt.has_passed = result.has_passed
    session.flush()
    _tell_course(session, attempt, quiz, came_at=came_at, now=now)


def _tell_course(
    session: Session, attempt: Attempt, quiz: QuizVersion, *, came_at: datetime, now: datetime
) -> None:
    sittings = [
        sitting
        for sitting in queries.list_attempts(session, attempt.enrolment_id, quiz_id=attempt.quiz_id)
        if sitting.state == "submitted"
    ]
    passed = [bool(sitting.has_passed) for sitting in sittings]
    record_result(
        session,
        attempt.enrolment_id,
        attempt.step_id,
        percent=counting([sitting.percent for sitting in sittings], counts=quiz.counts),
        is_done=quiz.pass_percent is None or (passed[-1] if quiz.counts == "last" else any(passed)),
        attempts_used=len(sittings),
        came_at=came_at,
        now=now,
    )
