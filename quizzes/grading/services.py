"""Changes: a paper is marked by the machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select
from sqlalchemy.orm import Session

from quizzes.attempts.models import PaperItem
from quizzes.bank.models import QuestionVersion
from quizzes.grading.models import REGRADED, Mark, MarkKind, Ruling
from quizzes.grading.scoring import SMALLEST, Score, earn, score
from quizzes.grading.worth import Worth, counted
from quizzes.types import get_type


@dataclass(frozen=True)
class Marked:
    """The result of a paper, and what each question on it is worth, in its order."""

    score: Score
    worths: list[Worth]


def mark_paper(
    session: Session, items: list[PaperItem], *, cohort_id: int, pass_percent: int | None, now: datetime
) -> Marked:
    """Store the first judgement of every question of a paper and return the result.

    What was decided about a question for everybody in the cohort holds for papers handed in later, too.
    Runs inside the write transaction of the submission; what a type's ``grade`` computes is pure. ``items``
    is the whole paper with question versions and responses loaded; ``pass_percent`` as in :func:`score`.
    """
    decided = _standing(session, items, cohort_id=cohort_id)
    found = [decided.rulings.get(item.question_version.question_id) for item in items]
    keys = [_key_of(item, decided.keys) for item in items]
    fractions = [
        fraction_by(key.version if key else item.question_version, item)
        for item, key in zip(items, keys, strict=True)
    ]
    session.execute(
        insert(Mark),
        [
            automatic_mark(item, fraction, key, now=now)
            for item, fraction, key in zip(items, fractions, keys, strict=True)
        ],
    )
    ruled = [(item, ruling) for item, ruling in zip(items, found, strict=True) if ruling is not None]
    if ruled:
        session.execute(insert(Mark), [ruled_mark(item, ruling, number=2) for item, ruling in ruled])
    worths = [_worth(fraction, ruling) for fraction, ruling in zip(fractions, found, strict=True)]
    marks = [item.marks for item in items]
    return Marked(score(counted(list(zip(worths, marks, strict=True))), pass_percent=pass_percent), worths)


def ruled_mark(item: PaperItem, ruling: Ruling, *, number: int) -> dict[str, Any]:
    """Return the mark that tells an answer what was decided about its question."""
    fraction = Decimal(1) if ruling.decision == MarkKind.FULL else None
    marks = item.marks if ruling.decision == MarkKind.FULL else ruling.bonus
    return {
        "item_id": item.id,
        "number": number,
        "kind": ruling.decision,
        "fraction": fraction,
        "marks": marks,
        "grader": "person",
        "graded_at": ruling.created_at,
        "graded_by_id": ruling.created_by_id,
        "comment": ruling.reason,
        "question_version_id": item.question_version_id,
        "ruling_id": ruling.id,
    }


@dataclass(frozen=True)
class Key:
    """By which version answers are marked, other than that of the paper, since which act and why."""

    version: QuestionVersion
    ruling: Ruling


@dataclass(frozen=True)
class _Standing:
    """What stands by question: rulings that were not taken back, and keys that replaced those of papers."""

    rulings: dict[int, Ruling]
    keys: dict[int, Key]


def _standing(session: Session, items: Sequence[PaperItem], *, cohort_id: int) -> _Standing:
    questions = [item.question_version.question_id for item in items]
    rows = session.execute(_rulings(), {"cohort": cohort_id, "questions": questions}).all()
    return _Standing(
        {ruling.question_id: ruling for ruling, _version in rows if ruling.decision != REGRADED},
        {ruling.question_id: Key(version, ruling) for ruling, version in rows if version is not None},
    )


@cache
def _rulings() -> Select[*tuple[Any, ...]]:
    """Return the query of every submission, put together once."""
    asked = Ruling.question_id.in_(bindparam("questions", expanding=True))
    newest = (
        select(func.max(Ruling.id))
        .where(Ruling.cohort_id == bindparam("cohort"), asked)
        .group_by(Ruling.question_id, Ruling.decision == REGRADED)
    )
    return (
        select(Ruling, QuestionVersion)
        .outerjoin(QuestionVersion, QuestionVersion.id == Ruling.question_version_id)
        .where(Ruling.id.in_(newest), Ruling.decision != MarkKind.RESTORED)
    )


def automatic_mark(
    item: PaperItem, fraction: Decimal | None, key: Key | None, *, number: int = 1, now: datetime
) -> dict[str, Any]:
    """Return what the machine makes of an answer, by the version of the paper or by ``key``."""
    return {
        "item_id": item.id,
        "number": number,
        "kind": MarkKind.AUTOMATIC.value,
        "fraction": fraction,
        "marks": None if fraction is None else earn(fraction, item.marks),
        "graded_at": now,
        "reason": key.ruling.reason if key else "",
        "question_version_id": key.version.id if key else item.question_version_id,
        "ruling_id": key.ruling.id if key else None,
    }


def _worth(fraction: Decimal | None, ruling: Ruling | None) -> Worth:
    worth = Worth(fraction)
    return worth if ruling is None else worth.ruled(ruling.decision, ruling.bonus)


def _key_of(item: PaperItem, keys: Mapping[int, Key]) -> Key | None:
    """Return the key that replaces that of the paper, if there is one that fits it."""
    key = keys.get(item.question_version.question_id)
    if key is None or key.version.id == item.question_version_id:
        return None
    return key if is_same_to_people(item.question_version, key.version, item.prepared) else None


def fraction_by(version: QuestionVersion, item: PaperItem) -> Decimal | None:
    """Return what the answer that stands earns by a version, 0–1; None where a person must judge.

    What was lost by answering it again, in practice, is gone. Exact to the digits that are kept: worked out
    anew from what is kept, a result is the same.
    """
    answer = item.response.answer if item.response else None
    grade = get_type(version.type).grade(version.content, answer)
    if grade is None:
        return None
    return (grade.fraction * (100 - item.lost_percent) / 100).quantize(SMALLEST, ROUND_HALF_UP)


def is_same_to_people(before: QuestionVersion, after: QuestionVersion, prepared: dict[str, Any]) -> bool:
    """Return whether papers of two versions offer the same to choose from: then one's key fits the other.

    The wording of the question itself may differ.
    """
    if before.type != after.type:
        return False
    try:
        return get_type(before.type).is_same_on_paper(before.content, after.content, prepared)
    except (LookupError, TypeError, ValueError):
        # What was prepared for the one does not exist in the other.
        return False
