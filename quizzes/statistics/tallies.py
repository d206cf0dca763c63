"""Changes: papers are tallied, in the transaction that changes what they earned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Executable, Select, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from courses.cohorts.models import Enrolment
from quizzes.attempts.models import Attempt, PaperItem, Response
from quizzes.bank.models import QuestionVersion
from quizzes.bank.search.finding import is_sqlite
from quizzes.grading.worth import Worth
from quizzes.statistics.cells import Cell, chosen_in
from quizzes.statistics.models import PaperTally


def tally_paper(
    session: Session, attempt: Attempt, judged: Sequence[tuple[PaperItem, Worth]], *, cohort_id: int
) -> None:
    """Tally a paper that has just been marked, from what is at hand; one statement.

    Args:
        attempt: the sitting; a walk through a scenario is passed over.
        judged: the whole paper in order, with question versions and responses loaded.
        cohort_id: of its person.
    """
    if attempt.step_id is None:
        return
    cells = [
        _cell(
            version_id=item.question_version_id,
            type_key=item.question_version.type,
            marks=item.marks,
            prepared=item.prepared,
            answer=item.response.answer if item.response else None,
            worth=worth,
        )
        for item, worth in judged
    ]
    _store(session, [_row(attempt, cohort_id, cells)])


def tally_papers(session: Session, attempt_ids: Collection[int], worths: Mapping[int, Worth]) -> int:
    """Tally papers anew from what is kept; two statements whatever their number. Return how many.

    Args:
        attempt_ids: handed in; walks through a scenario are passed over.
        worths: by item, of all their questions.
    """
    found: dict[int, list[Cell]] = defaultdict(list)
    sittings: dict[int, tuple[Attempt, int]] = {}
    for attempt, cohort_id, item_id, given in _read(session, attempt_ids):
        sittings[attempt.id] = attempt, cohort_id
        found[attempt.id].append(_cell(**given, worth=worths[item_id]))
    rows = [_row(attempt, cohort_id, found[attempt.id]) for attempt, cohort_id in sittings.values()]
    if rows:
        _store(session, rows)
    return len(rows)


def _read(
    session: Session, attempt_ids: Collection[int]
) -> Iterable[tuple[Attempt, int, int, dict[str, Any]]]:
    for row in session.execute(_papers(), {"attempts": list(attempt_ids)}):
        given = {
            "version_id": row.question_version_id,
            "type_key": row.type,
            "marks": row.marks,
            "prepared": row.prepared,
            "answer": row.answer,
        }
        yield row.Attempt, row.cohort_id, row.id, given


@cache
def _papers() -> Select[*tuple[Any, ...]]:
    return (
        select(Attempt, Enrolment.cohort_id, PaperItem.id, PaperItem.question_version_id)
        .add_columns(QuestionVersion.type, PaperItem.marks, PaperItem.prepared, Response.answer)
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .join(PaperItem, PaperItem.attempt_id == Attempt.id)
        .join(QuestionVersion, QuestionVersion.id == PaperItem.question_version_id)
        .outerjoin(Response, Response.item_id == PaperItem.id)
        .where(Attempt.id.in_(bindparam("attempts", expanding=True)))
        .where(Attempt.state == "submitted", Attempt.step_id.is_not(None))
        .order_by(Attempt.id, PaperItem.position)
    )


def _cell(
    *, version_id: int, type_key: str, marks: Any, prepared: Mapping[str, Any], answer: Any, worth: Worth
) -> Cell:
    return Cell(
        version_id=version_id,
        fraction=worth.judged,
        marks=marks,
        chosen=chosen_in(type_key, answer),
        variant=int(prepared.get("variant", 0)),
        is_voided=not worth.is_counted,
    )


def _row(attempt: Attempt, cohort_id: int, cells: Sequence[Cell]) -> dict[str, Any]:
    counted = [cell for cell in cells if not cell.is_voided]
    waits = any(cell.fraction is None for cell in counted)
    return {
        "attempt_id": attempt.id,
        "enrolment_id": attempt.enrolment_id,
        "cohort_id": cohort_id,
        "quiz_id": attempt.quiz_id,
        "quiz_version_id": attempt.quiz_version_id,
        "number": attempt.number,
        "earned": None if waits else sum(cell.earned for cell in counted),
        "possible": sum(cell.maximum for cell in counted),
        "cells": " ".join(cell.word() for cell in cells),
    }


def _store(session: Session, rows: list[dict[str, Any]]) -> None:
    session.execute(_storing(is_sqlite(session)), rows)


@cache
def _storing(is_on_sqlite: bool) -> Executable:
    """Return the statement of every submission."""
    statement = (sqlite if is_on_sqlite else postgresql).insert(PaperTally)
    changed = {name: statement.excluded[name] for name in ("earned", "possible", "cells")}
    whole: Executable = statement.on_conflict_do_update(index_elements=["attempt_id"], set_=changed)
    return whole
