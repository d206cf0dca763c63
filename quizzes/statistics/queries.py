"""Reads: what people earned of a question, and of the rest of the same paper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select, true
from sqlalchemy.orm import Session, aliased

from courses.cohorts.models import Cohort, Enrolment
from quizzes.attempts.models import Attempt, PaperItem
from quizzes.bank.models import Purpose, QuestionVersion, QuizVersion
from quizzes.grading.models import RULINGS, Mark
from quizzes.statistics.items import Answer, ItemAnalysis, analyse

MOST_PAPERS = 3000
"""The newest papers that are looked at: more would narrow the intervals by less than a hundredth."""


class Group(NamedTuple):
    """Answers that may be compared: to one version, before the training or in its course."""

    version_number: int
    is_pretest: bool


@dataclass(frozen=True)
class Row:
    """How one version did in one group."""

    group: Group
    analysis: ItemAnalysis


def analyse_question(session: Session, question_id: int, *, is_demo: bool | None = None) -> list[Row]:
    """Return how each version of a question did, the newest first; each person's first answer counts.

    Practice is left out: its answers are shown. What was decided for everybody is left aside: this is about
    the question. People of the demo are counted by themselves: ``is_demo`` says who is (None: all).
    """
    seen: set[tuple[int, Group]] = set()
    answers: dict[Group, list[Answer]] = defaultdict(list)
    for user_id, number, purpose, share, rest, possible in _papers(session, question_id, is_demo):
        group = Group(number, purpose == Purpose.PRETEST.value)
        if (user_id, group) in seen:
            continue
        seen.add((user_id, group))
        answers[group].append(Answer(share, _share(rest, possible)))
    order = sorted(answers, key=lambda group: (-group.version_number, group.is_pretest))
    return [Row(group, analyse(answers[group])) for group in order]


def _papers(session: Session, question_id: int, is_demo: bool | None) -> Iterable[Any]:
    """Return the newest papers with the question, the oldest of them first."""
    other, of_other = aliased(PaperItem), aliased(Mark)
    mine = (
        select(
            PaperItem.id.label("item_id"),
            PaperItem.attempt_id,
            Enrolment.user_id,
            QuestionVersion.number,
            QuizVersion.purpose,
            Mark.fraction,
        )
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .join(Attempt, Attempt.id == PaperItem.attempt_id)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(QuizVersion, QuizVersion.id == Attempt.quiz_version_id)
        .join(Mark, and_(Mark.item_id == PaperItem.id, Mark.number == _newest_judgement(PaperItem)))
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(
            true() if is_demo is None else Cohort.is_demo.is_(is_demo),
            QuestionVersion.question_id == question_id,
            QuizVersion.purpose != Purpose.PRACTICE.value,
            Attempt.state == "submitted",
            Mark.fraction.is_not(None),
        )
        .order_by(PaperItem.id.desc())
        .limit(MOST_PAPERS)
        .subquery()
    )
    beside = and_(other.attempt_id == mine.c.attempt_id, other.id != mine.c.item_id)
    judged = and_(
        of_other.item_id == other.id,
        of_other.number == _newest_judgement(other),
        of_other.fraction.is_not(None),
    )
    columns = (mine.c.user_id, mine.c.number, mine.c.purpose, mine.c.fraction)
    of_rest = (
        select(mine.c.item_id, other.marks, of_other.marks.label("earned"))
        .join(other, beside)
        .join(of_other, judged)
        .subquery()
    )
    query = (
        select(*columns, func.sum(of_rest.c.earned), func.sum(of_rest.c.marks))
        .select_from(mine)
        .outerjoin(of_rest, of_rest.c.item_id == mine.c.item_id)
        .group_by(mine.c.item_id, *columns)
        .order_by(mine.c.item_id)
    )
    return session.execute(query)


def _newest_judgement(item: Any) -> Any:
    """Return the number of the last mark of an answer that is no decision for everybody."""
    mark = aliased(Mark)
    return (
        select(func.max(mark.number))
        .where(mark.item_id == item.id, mark.kind.not_in(RULINGS))
        .correlate(item)
        .scalar_subquery()
    )


def _share(earned: Decimal | None, possible: Decimal | None) -> Decimal | None:
    return earned / possible if earned is not None and possible else None
