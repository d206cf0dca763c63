"""Changes: one decision about a question for everybody in a cohort, with its consequences seen before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from courses.learning.models import Completion
from lms.core.accounts.actor import Actor
from lms.core.audit.services import record
from lms.core.db import begin_write
from lms.core.errors import Conflict, Invalid
from quizzes.attempts.drawing import renew_papers
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.attempts.queries import WorthItem, list_worths
from quizzes.attempts.results import settle
from quizzes.bank.models import QuestionVersion, QuizVersion
from quizzes.grading import queries, question_queries
from quizzes.grading.models import REGRADED, Mark, MarkKind, Ruling
from quizzes.grading.scoring import Score, score
from quizzes.grading.services import ruled_mark
from quizzes.grading.worth import Worth, counted


@dataclass(frozen=True)
class Decision:
    """What is to be decided: "void", "full", "bonus" (with so many marks) or "restored"."""

    kind: str
    bonus: Decimal | None = None


@dataclass(frozen=True)
class Effect:
    """What a decision does to one sitting. Percent is 0–100; None while a person must still judge."""

    enrolment_id: int
    name: str
    attempt_id: int
    number: int
    quiz: str
    before: Decimal | None
    after: Decimal | None
    passed_before: bool | None
    passed_after: bool | None
    # A completion, and a certificate with it, stands: it is left as it is, for people to decide.
    has_completed: bool

    @property
    def gains(self) -> bool:
        """Whether this sitting passes now and did not before."""
        return bool(self.passed_after) and not self.passed_before

    @property
    def loses(self) -> bool:
        """Whether this sitting passed before and would not now."""
        return bool(self.passed_before) and self.passed_after is False

    def as_json(self) -> dict[str, Any]:
        """Return it as kept with the decision."""
        return {
            "enrolment_id": self.enrolment_id,
            "name": self.name,
            "attempt_id": self.attempt_id,
            "number": self.number,
            "quiz": self.quiz,
            "before": None if self.before is None else str(self.before),
            "after": None if self.after is None else str(self.after),
            "gains": self.gains,
            "loses": self.loses,
            "has_completed": self.has_completed,
        }


@dataclass(frozen=True)
class Foresight:
    """All that a decision would bring about; ``mark`` changes with any of it."""

    papers: int
    effects: list[Effect]
    mark: str

    @property
    def gaining(self) -> list[Effect]:
        """Sittings that pass then."""
        return [effect for effect in self.effects if effect.gains]

    @property
    def losing(self) -> list[Effect]:
        """Sittings that would pass no more."""
        return [effect for effect in self.effects if effect.loses]


def foresee(session: Session, *, cohort_id: int, question_id: int, decision: Decision) -> Foresight:
    """Return what a decision would do to the papers a cohort handed in."""

    def change(item: WorthItem) -> Worth:
        is_it = item.question_id == question_id
        return item.worth.ruled(decision.kind, decision.bonus) if is_it else item.worth

    return weigh(session, cohort_id, question_id, change, about=decision)


def weigh(
    session: Session, cohort_id: int, question_id: int, change: Callable[[WorthItem], Worth], *, about: object
) -> Foresight:
    """Return what becomes of the papers of a cohort with a question when what answers are worth changes.

    ``about`` tells one intention from another in the mark of what was seen.
    """
    found = list_sittings(session, cohort_id, question_id)
    worths = list_worths(session, [attempt.id for attempt, *_ in found])
    effects = []
    for attempt, name, quiz, has_completed in found:
        then = counted([(change(item), item.marks) for item in worths[attempt.id]])
        after = score(then, pass_percent=quiz.pass_percent)
        if (after.percent, after.has_passed) != (attempt.percent, attempt.has_passed):
            effects.append(_effect(attempt, name, quiz, after, has_completed=has_completed))
    text = repr([about, len(found), [effect.as_json() for effect in effects]])
    return Foresight(len(found), effects, sha256(text.encode()).hexdigest())


def rule(
    session: Session,
    actor: Actor,
    *,
    cohort_id: int,
    question_id: int,
    decision: Decision,
    reason: str,
    mark: str,
    now: datetime,
) -> Ruling:
    """Decide about a question for everybody in a cohort, also for papers handed in later.

    Marks are added, none is changed. What is left out comes on no new paper of the cohort, and papers drawn
    ahead are drawn anew; on a paper begun meanwhile it counts as decided. Nobody loses a step done, a
    completion or a certificate by it: those are kept with the decision, for people to look at.

    Args:
        mark: of the foresight that was seen.

    Raises:
        NotFound: no such question on the papers of a cohort of the actor's.
        Conflict: something has changed since the consequences were shown.
        Invalid: there is nothing to take back.
    """
    begin_write(session)
    cohort = queries.get_cohort(session, cohort_id, actor=actor)
    lock_people(session, cohort_id)
    question_queries.get_asked(session, cohort_id, question_id=question_id)
    _refuse_empty(session, cohort_id, question_id, decision)
    seen = foresee(session, cohort_id=cohort_id, question_id=question_id, decision=decision)
    ruling = Ruling(
        cohort_id=cohort_id,
        question_id=question_id,
        decision=decision.kind,
        bonus=decision.bonus,
        reason=reason,
        created_at=now,
        created_by_id=actor.user_id,
    )
    keep(session, ruling, seen, mark=mark)
    _mark_papers(session, ruling, now=now)
    renew_papers(session, cohort_id=cohort_id, question_id=question_id, now=now)
    tell(session, "question.ruled", ruling, branch_id=cohort.branch_id, decision=decision.kind)
    return ruling


def _refuse_empty(session: Session, cohort_id: int, question_id: int, decision: Decision) -> None:
    if decision.kind == MarkKind.RESTORED and not standing(session, cohort_id, question_id=question_id):
        raise Invalid(_l("Nothing was decided about this question, so there is nothing to take back."))


def keep(session: Session, ruling: Ruling, seen: Foresight, *, mark: str) -> None:
    """Store a decision or a regrade with what it does, if it still does what was seen.

    Raises:
        Conflict: something has changed since ``mark`` was shown.
    """
    if seen.mark != mark:
        raise Conflict(_l("Results have changed since this page was shown. Look at the consequences again."))
    ruling.effects = [effect.as_json() for effect in seen.effects]
    session.add(ruling)
    session.flush()


def tell(session: Session, action: str, ruling: Ruling, *, branch_id: int | None, **details: Any) -> None:
    """Write a decision or a regrade into the audit log."""
    record(
        session,
        action,
        at=ruling.created_at,
        actor_id=ruling.created_by_id,
        object_type="ruling",
        object_id=ruling.id,
        branch_id=branch_id,
        question_id=ruling.question_id,
        cohort_id=ruling.cohort_id,
        reason=ruling.reason,
        sittings=len(ruling.effects),
        **details,
    )


def standing(session: Session, cohort_id: int, *, question_id: int) -> Ruling | None:
    """Return the decision that stands about a question in a cohort, None without one."""
    return standing_of(question_queries.list_rulings(session, cohort_id, question_id=question_id))


def standing_of(rulings: Sequence[Ruling]) -> Ruling | None:
    """Return which of the decisions about a question in a cohort stands, given the newest first."""
    newest = next((ruling for ruling in rulings if ruling.decision != REGRADED), None)
    return None if newest is None or newest.decision == MarkKind.RESTORED else newest


def lock_people(session: Session, cohort_id: int) -> None:
    """Lock everybody of a cohort, in the order of their numbers: nobody hands in meanwhile."""
    everybody = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id).order_by(Enrolment.id)
    session.execute(everybody.with_for_update())


def list_sittings(
    session: Session, cohort_id: int, question_id: int
) -> Sequence[tuple[Attempt, str, QuizVersion, bool]]:
    """Return the sittings a cohort handed in with a question: name, quiz, and whether all is completed."""
    has_it = (
        select(PaperItem.attempt_id)
        .join(PaperItem.question_version)
        .where(QuestionVersion.question_id == question_id)
    )
    query = (
        select(Attempt, Enrolment.name, QuizVersion, Completion.enrolment_id.is_not(None))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .outerjoin(Completion, Completion.enrolment_id == Enrolment.id)
        .where(Enrolment.cohort_id == cohort_id, Attempt.state == "submitted", Attempt.id.in_(has_it))
        .where(Attempt.step_id.is_not(None))
        .order_by(Enrolment.name_folded, Attempt.id)
    )
    return [(row[0], row[1], row[2], bool(row[3])) for row in session.execute(query)]


def _effect(attempt: Attempt, name: str, quiz: QuizVersion, after: Score, *, has_completed: bool) -> Effect:
    return Effect(
        enrolment_id=attempt.enrolment_id,
        name=name,
        attempt_id=attempt.id,
        number=attempt.number,
        quiz=quiz.title,
        before=attempt.percent,
        after=after.percent,
        passed_before=attempt.has_passed,
        passed_after=after.has_passed,
        has_completed=has_completed,
    )


def _mark_papers(session: Session, ruling: Ruling, *, now: datetime) -> None:
    found = list_sittings(session, ruling.cohort_id, ruling.question_id)
    number = (
        select(func.coalesce(func.max(Mark.number), 0))
        .where(Mark.item_id == PaperItem.id)
        .correlate(PaperItem)
        .scalar_subquery()
    )
    query = (
        select(PaperItem, number)
        .join(PaperItem.question_version)
        .where(
            PaperItem.attempt_id.in_([attempt.id for attempt, *_ in found]),
            QuestionVersion.question_id == ruling.question_id,
        )
    )
    marks = [ruled_mark(item, ruling, number=last + 1) for item, last in session.execute(query)]
    if marks:
        session.execute(insert(Mark), marks)
    settle(session, [attempt for attempt, *_ in found], now=now)
