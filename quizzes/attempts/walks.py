"""Walks through scenarios: a case that branches, played answer by answer. Kept as practice, counted nowhere.

A walk is a sitting without a step of the course. Its paper is the whole case, frozen when the first answer is
given; each answer adds to what stands, as an event of its own, so that a walk goes on wherever it was left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from secrets import SystemRandom
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from courses.catalogue.models import Course, Edition
from courses.cohorts.models import Enrolment
from lms.core.db import begin_write
from quizzes.attempts import queries
from quizzes.attempts.drawing import store_items
from quizzes.attempts.handing_in import submit_attempt
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.paper import PlannedItem
from quizzes.attempts.saves import RawAnswer, Save
from quizzes.attempts.saving import save_answers
from quizzes.bank.folder.scenarios import walk_key
from quizzes.bank.models import QuestionVersion, Quiz, QuizSlot, QuizVersion, SlotCandidate
from quizzes.types.base import FormatError, Json
from quizzes.types.case_set import MAX_STEPS, CaseSet

_CASE = CaseSet()
_ENDS = {Decimal(100): "good", Decimal(50): "partly"}


@dataclass(frozen=True)
class Case:
    """The newest case a scenario is at an edition's law date, or one that was written in the bank."""

    # 0: nobody has walked through this case of the bank yet.
    quiz_id: int
    # 0: nor through this version of it.
    quiz_version_id: int
    version_id: int
    content: Json


@dataclass(frozen=True)
class Walk:
    """How far somebody has come; ``attempt_id`` is None before the first answer."""

    attempt_id: int | None
    is_open: bool
    content: Json
    prepared: Json
    raw: Mapping[str, list[str]]
    answer: Json | None

    @property
    def step(self) -> int:
        """The number of the answer that comes next, 1 for the first."""
        return len(self.answer["steps"]) + 1 if self.answer else 1

    @property
    def place(self) -> int:
        """Which part of the case the walk has come to, 1 for the first."""
        return (_CASE.here(self.content, self.answer) or 0) + 1

    @property
    def here(self) -> Json:
        """That part."""
        part: Json = self.content["parts"][self.place - 1]
        return part

    @property
    def end(self) -> str:
        """How it ended: "good", "partly" or "bad"; empty while it goes on."""
        return _CASE.end_of(self.content, self.answer)

    def present(self) -> Json:
        """Return what the page may show of the part that is open."""
        shown: Json = _CASE.present_from(self.content, self.prepared, self.answer)["parts"][0]
        return shown

    def taken(self) -> list[Json]:
        """Return the answers given so far, each with what it brought about."""
        parts: list[Json] = _CASE.review(self.content, self.prepared, self.answer)["parts"]
        return parts


def find_case(session: Session, edition: Edition, slug: str) -> Case | None:
    """Return the case a scenario is; None where the edition was loaded before scenarios were cases."""
    key = select(Course.slug).where(Course.id == edition.course_id).scalar_subquery()
    query = (
        select(QuizVersion.quiz_id, QuizVersion.id, QuestionVersion.id, QuestionVersion.content)
        .join(Quiz, Quiz.id == QuizVersion.quiz_id)
        .join(QuizSlot, QuizSlot.quiz_version_id == QuizVersion.id)
        .join(SlotCandidate, SlotCandidate.slot_id == QuizSlot.id)
        .join(QuestionVersion, QuestionVersion.id == SlotCandidate.question_version_id)
        .where(Quiz.key == key + walk_key("", slug), QuizVersion.as_of == edition.as_of)
        .where(QuizVersion.status == "published", QuizVersion.branch_id.is_(None))
        .order_by(QuizVersion.number.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return Case(*row) if row else None


def find_walk(session: Session, enrolment_id: int, case: Case) -> Walk:
    """Return the newest walk of a person through a case, or one that has not begun."""
    query = (
        select(PaperItem)
        .join(PaperItem.attempt)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.quiz_id == case.quiz_id)
        .options(
            joinedload(PaperItem.attempt, innerjoin=True),
            joinedload(PaperItem.question_version, innerjoin=True),
            joinedload(PaperItem.response),
        )
        .order_by(Attempt.number.desc())
        .limit(1)
    )
    item = session.scalar(query)
    return fresh_walk(case) if item is None else _walk_of(item)


def list_states(session: Session, enrolment_id: int) -> dict[str, str]:
    """Return by scenario how the newest walk of a person stands: "open", "left", or how it ended."""
    query = (
        select(Quiz.key, Attempt.state, Attempt.percent)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.enrolment_id == enrolment_id, Attempt.step_id.is_(None))
        .order_by(Attempt.number)
    )
    return {
        key.rpartition("/")[2]: "open" if state == "in_progress" else _ENDS.get(percent or Decimal(0), "left")
        for key, state, percent in session.execute(query)
    }


def fresh_walk(case: Case) -> Walk:
    """Return a walk that has not begun; options keep the order in which they were written."""
    prepared = _CASE.prepare(case.content, SystemRandom(), shuffle=False)
    return Walk(None, False, case.content, prepared, {}, None)


def _walk_of(item: PaperItem) -> Walk:
    response = item.response
    return Walk(
        item.attempt_id,
        item.attempt.state == "in_progress",
        item.question_version.content,
        item.prepared,
        response.raw or {} if response else {},
        response.answer if response else None,
    )


def take_step(
    session: Session,
    *,
    enrolment_id: int,
    case: Case,
    user_id: int,
    step: int,
    raw: Mapping[str, Sequence[str]],
    now: datetime,
) -> Walk:
    """Answer the part a walk has come to; the first answer begins it, an end closes it.

    An answer to a step that was taken already changes nothing.

    Raises:
        FormatError: nothing was answered, or it cannot be read.
    """
    walk = find_walk(session, enrolment_id, case)
    walk = walk if walk.is_open else fresh_walk(case)
    if step != walk.step or step > MAX_STEPS:
        return walk
    given: RawAnswer = dict(walk.raw) | {f"p{step}-{name}": list(values) for name, values in raw.items()}
    answer = _CASE.parse(given, walk.content, walk.prepared)
    if answer is None or len(answer["steps"]) < step:
        raise FormatError(_l("Please choose what you do."))
    begin_write(session)
    attempt_id = walk.attempt_id or _begin(session, enrolment_id, case, now=now)
    save = Save(
        position=1, event_id=f"langkah-{step}", sequence=step, raw=given, is_flagged=False, origin="form"
    )
    save_answers(session, [save], attempt_id=attempt_id, user_id=user_id, now=now)
    # What stands decides: another tab may have gone another way.
    walk = find_walk(session, enrolment_id, case)
    if walk.end and walk.is_open:
        submit_attempt(session, attempt_id, by="person", now=now, user_id=user_id)
    return walk


def leave(session: Session, *, enrolment_id: int, case: Case, user_id: int, now: datetime) -> None:
    """Close the open walk as far as it came, so that the next one begins at the start."""
    walk = find_walk(session, enrolment_id, case)
    if walk.attempt_id is not None and walk.is_open:
        submit_attempt(session, walk.attempt_id, by="person", now=now, user_id=user_id)


def _begin(session: Session, enrolment_id: int, case: Case, *, now: datetime) -> int:
    """Store a new walk with the whole case as its paper; one that somebody began meanwhile goes on."""
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment_id).with_for_update())
    used, open_id = queries.count_attempts(session, enrolment_id, quiz_id=case.quiz_id)
    if open_id is not None:
        return open_id
    attempt = Attempt(
        enrolment_id=enrolment_id,
        step_id=None,
        quiz_id=case.quiz_id,
        quiz_version_id=case.quiz_version_id,
        number=used + 1,
        started_at=now,
        deadline_at=None,
        marks_possible=Decimal(1),
    )
    session.add(attempt)
    session.flush()
    prepared: dict[str, Any] = fresh_walk(case).prepared
    store_items(session, {attempt.id: [PlannedItem(case.version_id, Decimal(1), prepared)]})
    return attempt.id
