"""Publish a draft: check it, settle the question versions it stands for, and never change it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import FactBook, FactError
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.drafts import lock_draft
from quizzes.bank.fingerprints import quiz_fingerprint
from quizzes.bank.models import (
    Question,
    QuestionStatus,
    QuestionVersion,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
)
from quizzes.bank.policies import can_edit_version
from quizzes.bank.queries import (
    count_versions,
    get_version,
    list_askable,
    list_newest_versions,
    list_versions_at,
)
from quizzes.bank.resolving import SourceError, source_faults, source_sha256
from quizzes.bank.rules import MUST_HAVE_A_PASS_MARK
from quizzes.bank.services import Draft, make_draft, new_version
from quizzes.bank.supply import Demand, list_unfillable


@dataclass(frozen=True)
class Problem:
    """What keeps a draft from being published; `slot_id` None: the quiz as a whole."""

    message: str
    slot_id: int | None = None


class State(NamedTuple):
    """What a plan rests on: a question as it stood when the plan was made."""

    version_id: int
    source_sha256: str
    status: str
    use: str


@dataclass
class Plan:
    """What publishing a draft would store. Plain values: nothing in it expires with the transaction."""

    base: str
    problems: list[Problem] = field(default_factory=list)
    # Questions by slot.
    slots: dict[int, list[int]] = field(default_factory=dict)
    # By question id, of every question in a slot.
    states: dict[int, State] = field(default_factory=dict)
    # By question id, the version that holds at the law date, where there is one.
    found: dict[int, int] = field(default_factory=dict)
    # By question id, the version to be made for the law date.
    made: dict[int, Draft] = field(default_factory=dict)


def plan_publication(session: Session, version: QuizVersion, *, book: FactBook) -> Plan:
    """Return what publishing ``version`` would do, with all that keeps it from it. Reads only."""
    plan = Plan(base=version.source_sha256)
    newest = _gather(session, plan, version)
    for question_id, row in newest.items():
        _resolve(plan, version, row, book=book)
        plan.states[question_id] = State(row.id, row.source_sha256, row.question.status, row.question.use)
    _check(plan, version, newest)
    return plan


def publish(
    session: Session,
    actor: Actor,
    *,
    quiz_id: int,
    version_id: int,
    base: str,
    book: FactBook,
    now: datetime,
) -> QuizVersion:
    """Publish a draft as it stands, with the newest wording of its questions at its law date.

    Raises:
        NotFound: not this person's draft.
        Conflict: the draft or one of its questions changed meanwhile, or it is published already.
        Invalid: it has problems; the message names the first.
    """
    version = get_version(session, version_id, quiz_id=quiz_id, actor=actor)
    if version.status == "published":
        raise Conflict(_l("This version is published already."))
    if not can_edit_version(actor, version):
        raise NotFound
    plan = plan_publication(session, version, book=book)
    if plan.problems:
        raise Invalid(plan.problems[0].message)
    begin_write(session)
    draft = lock_draft(session, actor, version_id, base=base)
    _check_unchanged(session, draft, plan)
    pins = plan.found | _store_versions(session, plan, actor=actor, now=now)
    for slot in draft.slots:
        slot.candidates = [SlotCandidate(question_version_id=pins[key]) for key in plan.slots[slot.id]]
    draft.status, draft.published_at = "published", now
    draft.source_sha256 = quiz_fingerprint(draft)
    record(
        session,
        "quiz_version.published",
        at=now,
        actor_id=actor.user_id,
        object_type="quiz_version",
        object_id=draft.id,
        branch_id=draft.branch_id,
        number=draft.number,
    )
    session.flush()
    return draft


def _gather(session: Session, plan: Plan, version: QuizVersion) -> dict[int, QuestionVersion]:
    """Find the questions of every slot; return their newest versions by question id."""
    for slot in version.slots:
        plan.slots[slot.id] = [pinned.question_version.question_id for pinned in slot.candidates]
    draws = {slot.draw_topic for slot in version.slots if slot.draw_topic is not None}
    named = {slot.id: plan.slots[slot.id] for slot in version.slots if slot.draw_topic is None}
    rows = list_askable(
        session,
        quiz_key=version.quiz.key,
        branch_id=version.branch_id,
        topics=draws,
        named={question_id for found in named.values() for question_id in found},
    )
    for slot in version.slots:
        if slot.draw_topic is not None:
            plan.slots[slot.id] = [row.question_id for row in rows if _is_drawn(row, slot, version)]
    newest = {row.question_id: row for row in rows}
    wanted = {question_id for found in plan.slots.values() for question_id in found}
    for question_id, row in list_versions_at(session, wanted, as_of=version.as_of).items():
        source = newest[question_id]
        if row.source_sha256 == source_sha256(source.source, kind=source.type, as_of=version.as_of):
            plan.found[question_id] = row.id
    return newest


def _is_drawn(row: QuestionVersion, slot: QuizSlot, version: QuizVersion) -> bool:
    """Return whether a slot draws a question, which may be here because the quiz names it elsewhere."""
    question = row.question
    is_theirs = question.branch_id in (None, version.branch_id)
    is_askable = question.status == QuestionStatus.READY.value and question.use == "graded"
    return is_theirs and is_askable and question.topic == slot.draw_topic


def _resolve(plan: Plan, version: QuizVersion, newest: QuestionVersion, *, book: FactBook) -> None:
    """Resolve a question that does not hold at the law date yet; one that does not exist then is left out."""
    slots = [slot for slot in version.slots if newest.question_id in plan.slots[slot.id]]
    try:
        condition = newest.source.get("berlaku")
        if condition is not None and not book.applies(str(condition), version.as_of):
            _leave_out(plan, slots, newest)
        elif newest.question_id not in plan.found:
            plan.made[newest.question_id] = make_draft(
                newest.source,
                kind=newest.type,
                topic=newest.question.topic,
                use=newest.question.use,
                as_of=version.as_of,
                book=book,
            )
    except (SourceError, FactError) as error:
        message = _l("“%(question)s”: %(reason)s", question=newest.summary, reason=str(error))
        plan.problems += [Problem(str(message), slot.id) for slot in slots]


def _leave_out(plan: Plan, slots: Sequence[QuizSlot], newest: QuestionVersion) -> None:
    for slot in slots:
        plan.slots[slot.id].remove(newest.question_id)
        if slot.draw_topic is None:
            message = _l(
                "“%(question)s” does not exist at the law date of this quiz.", question=newest.summary
            )
            plan.problems.append(Problem(str(message), slot.id))


def _check(plan: Plan, version: QuizVersion, newest: Mapping[int, QuestionVersion]) -> None:
    if not version.slots:
        plan.problems.append(Problem(str(_l("The quiz has no question yet."))))
    if version.purpose in MUST_HAVE_A_PASS_MARK and not version.pass_percent:
        plan.problems.append(Problem(str(_l("A quiz of this purpose needs a pass mark above 0."))))
    for slot in version.slots:
        if slot.draw_topic is None:
            plan.problems += [
                Problem(message, slot.id)
                for question_id in plan.slots[slot.id]
                for message in _question_problems(newest[question_id], version)
            ]
    demands = [Demand(plan.slots[slot.id], slot.draw_count) for slot in version.slots]
    for index in list_unfillable(demands):
        slot = version.slots[index]
        if slot.draw_topic is not None or plan.slots[slot.id]:
            message = _l("There are too few questions for this: none comes twice on a paper.")
            plan.problems.append(Problem(str(message), slot.id))


def _question_problems(newest: QuestionVersion, version: QuizVersion) -> list[str]:
    question = newest.question
    if question.branch_id not in (None, version.branch_id):
        message = _l("“%(question)s” belongs to another branch office.", question=newest.summary)
        return [str(message)]
    if question.use != "graded":
        return [str(_l("“%(question)s” is for practice: its key is in a lesson.", question=newest.summary))]
    if question.status != "ready":
        return [str(_l("“%(question)s” is not ready.", question=newest.summary))]
    faults = source_faults(newest.source, kind=newest.type)
    return [str(_l("“%(question)s”: %(reason)s", question=newest.summary, reason=fault)) for fault in faults]


def _check_unchanged(session: Session, draft: QuizVersion, plan: Plan) -> None:
    """Lock the questions and see that they still say what was resolved."""
    wanted = list(plan.states)
    lock = select(Question.id).where(Question.id.in_(wanted)).order_by(Question.id).with_for_update()
    session.execute(lock).all()
    now = {
        question_id: State(row.id, row.source_sha256, row.question.status, row.question.use)
        for question_id, row in list_newest_versions(session, wanted).items()
    }
    if draft.source_sha256 != plan.base or now != plan.states:
        raise Conflict(_l("A question of this quiz has changed meanwhile. Look at it again, then publish."))


def _store_versions(session: Session, plan: Plan, *, actor: Actor, now: datetime) -> dict[int, int]:
    """Store what had to be resolved; return the versions' ids by question id."""
    numbers = count_versions(session, plan.made)
    versions = {}
    for question_id, draft in plan.made.items():
        number = numbers[question_id] + 1
        versions[question_id] = new_version(draft, number=number, now=now, actor_id=actor.user_id)
        versions[question_id].question_id = question_id
    session.add_all(versions.values())
    session.flush()
    return {question_id: version.id for question_id, version in versions.items()}
