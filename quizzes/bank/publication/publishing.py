"""Publish a draft: check it, settle the question versions it stands for, and never change it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.facts.book import FactBook, FactError
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid, NotFound
from quizzes.bank.cases import CASE, check_parts, find_parts_of, in_order, is_named, names_of_parts
from quizzes.bank.models import (
    Question,
    QuestionVersion,
    QuizSlot,
    QuizVersion,
    SlotCandidate,
)
from quizzes.bank.policies import can_edit_version
from quizzes.bank.publication.review_problems import list_review_problems
from quizzes.bank.publication.spreading import spread_cases
from quizzes.bank.queries import (
    count_versions,
    list_askable,
    list_newest_versions,
    list_versions_at,
)
from quizzes.bank.quiz.blueprint_queries import list_used
from quizzes.bank.quiz.drafts import lock_draft
from quizzes.bank.quiz.draw_rules import DrawRule, rule_of
from quizzes.bank.quiz.draw_supply import list_drawn
from quizzes.bank.quiz.fingerprints import quiz_fingerprint
from quizzes.bank.quiz.plans import Plan, Problem, State
from quizzes.bank.quiz.queries import get_version
from quizzes.bank.quiz.supply import list_unfillable
from quizzes.bank.quiz.taking import faults_of
from quizzes.bank.resolving import SourceError, source_faults, source_sha256
from quizzes.bank.rules import MUST_HAVE_A_PASS_MARK
from quizzes.bank.services import make_draft, new_version, note_versions


def plan_publication(
    session: Session, version: QuizVersion, *, book: FactBook, rule: DrawRule | None = None
) -> Plan:
    """Return what publishing ``version`` would do, with all that keeps it from it. Reads only.

    ``rule`` is one the version does not have: what it needs is in `Plan.pool` and `Plan.used`, too.
    """
    plan = Plan(base=version.source_sha256)
    newest = _gather(session, plan, version, rule)
    newest |= _gather_parts(session, plan, version, newest)
    _find_versions(session, plan, version, newest)
    for question_id, row in newest.items():
        _resolve(plan, version, row, book=book)
        plan.states[question_id] = State(row.id, row.source_sha256, row.question.status, row.question.use)
    _check(plan, version, newest)
    plan.problems += list_review_problems(plan, version, newest)
    plan.rows = newest
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
    spread_cases(session, draft, plan, pins)
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


def _gather(
    session: Session, plan: Plan, version: QuizVersion, rule: DrawRule | None
) -> dict[int, QuestionVersion]:
    """Find the questions of every slot; return their newest versions by question id."""
    for slot in version.slots:
        plan.slots[slot.id] = [pinned.question_version.question_id for pinned in slot.candidates]
    rules = [found for found in (rule, *map(rule_of, version.slots)) if found is not None]
    named = {slot.id: plan.slots[slot.id] for slot in version.slots if slot.draw_topic is None}
    found = list_askable(
        session,
        quiz_key=version.quiz.key,
        branch_id=version.branch_id,
        topics={found.topic for found in rules},
        named={question_id for found in named.values() for question_id in found},
    )
    rows = [row for row, _tags in found]
    plan.tags = {row.question_id: tags for row, tags in found}
    apart = {found.not_in_id for found in rules if found.not_in_id is not None}
    plan.used = list_used(session, apart, branch_id=version.branch_id)
    parts = names_of_parts(rows)
    plan.pool = [row for row in rows if not is_named(row, parts)]
    for slot in version.slots:
        drawn = rule_of(slot)
        if drawn is not None:
            plan.slots[slot.id] = list_drawn(plan, drawn, branch_id=version.branch_id)
    wanted = {question_id for found in plan.slots.values() for question_id in found}
    return {row.question_id: row for row in rows if row.question_id in wanted}


def _find_versions(
    session: Session, plan: Plan, version: QuizVersion, newest: Mapping[int, QuestionVersion]
) -> None:
    """Note which of these questions have a version at the law date that says what they say now."""
    for question_id, row in _at_law_date(session, version, newest).items():
        source = newest[question_id]
        if row.source_sha256 == source_sha256(source.source, kind=source.type, as_of=version.as_of):
            plan.found[question_id], plan.stored[question_id] = row.id, row


def _at_law_date(
    session: Session, version: QuizVersion, newest: Mapping[int, QuestionVersion]
) -> dict[int, QuestionVersion]:
    """Return by question id the newest version at the law date of a quiz.

    What stands is of the newest law date a question has: at that date it is the newest itself, before it
    there may be others to look for, and after it there is none.
    """
    found = {key: row for key, row in newest.items() if row.as_of == version.as_of}
    later = {key for key, row in newest.items() if row.as_of > version.as_of}
    return found | (list_versions_at(session, later, as_of=version.as_of) if later else {})


def _gather_parts(
    session: Session, plan: Plan, version: QuizVersion, newest: Mapping[int, QuestionVersion]
) -> dict[int, QuestionVersion]:
    """Find the questions of the cases that are named; return their newest versions by question id."""
    parts: dict[int, QuestionVersion] = {}
    found_of = find_parts_of(session, [row for row in newest.values() if row.type == CASE])
    for slot in version.slots:
        for row in [newest[key] for key in plan.slots[slot.id] if newest[key].type == CASE]:
            found = found_of[row.question_id]
            plan.problems += [
                Problem(str(_l("“%(question)s”: %(reason)s", question=row.summary, reason=reason)), slot.id)
                for _place, reason in check_parts(row.source, found, use="graded")
            ]
            inside = in_order(row.source, found)
            plan.cases[row.question_id] = [part.question_id for part in inside]
            parts |= {part.question_id: part for part in inside}
    return parts


def _resolve(plan: Plan, version: QuizVersion, newest: QuestionVersion, *, book: FactBook) -> None:
    """Resolve a question that does not hold at the law date yet; one that does not exist then is left out."""
    slots = [slot for slot in version.slots if newest.question_id in plan.asked(slot)]
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
    for parts in plan.cases.values():
        parts[:] = [part for part in parts if part != newest.question_id]
    for slot in [slot for slot in slots if newest.question_id in plan.slots[slot.id]]:
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
    plan.problems += [Problem(message) for _column, message in faults_of(version)]
    for slot in version.slots:
        if slot.draw_topic is None:
            plan.problems += [
                Problem(message, slot.id)
                for question_id in plan.asked(slot)
                for message in _question_problems(newest[question_id], version)
            ]
    for slot in version.slots:
        if any(plan.cases.get(key) == [] for key in plan.slots[slot.id]):
            plan.problems.append(Problem(str(_l("The case has no parts yet.")), slot.id))
    demands = [(slot, demand) for slot in version.slots for demand in plan.demands(slot)]
    for index in list_unfillable([demand for _slot, demand in demands]):
        slot = demands[index][0]
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
    # The same words at another law date are still their author's.
    authors = {key: row.created_by_id for key, row in list_newest_versions(session, plan.made).items()}
    versions = {}
    for question_id, draft in plan.made.items():
        number = numbers[question_id] + 1
        versions[question_id] = new_version(draft, number=number, now=now, actor_id=authors[question_id])
        versions[question_id].question_id = question_id
    session.add_all(versions.values())
    session.flush()
    made = [(versions[question_id], draft) for question_id, draft in plan.made.items()]
    note_versions(session, made, now=now, actor_id=actor.user_id)
    return {question_id: version.id for question_id, version in versions.items()}
