"""Reads: an import and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from lms.core.accounts.actor import Actor
from lms.core.errors import NotFound
from lms.core.jobs.models import Job
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.queries import list_newest_versions, sees
from quizzes.exchange.imports.models import ImportedQuestion, QuestionImport
from quizzes.exchange.imports.services import READ_JOB, STORE_JOB

PAGE_SIZE = 20
"""Questions on one page."""
FAULTY, DOUBLED = "salah", "kembar"
"""What a list may be narrowed to."""


@dataclass(frozen=True)
class Counts:
    """How much is in an import."""

    questions: int
    faults: int
    twins: int
    ticked: int
    stored: int


def get_import(session: Session, import_id: int, *, actor: Actor) -> QuestionImport:
    """Return an import of this person.

    Raises:
        NotFound: it is not theirs, or not there any more.
    """
    mine = QuestionImport.id == import_id, QuestionImport.user_id == actor.user_id
    made = session.scalar(select(QuestionImport).where(*mine))
    if made is None:
        raise NotFound
    return made


def list_open(session: Session, *, actor: Actor) -> Sequence[QuestionImport]:
    """Return what this person has sent and not thrown away, the newest first."""
    mine = select(QuestionImport).where(QuestionImport.user_id == actor.user_id)
    return session.scalars(mine.order_by(QuestionImport.id.desc())).all()


def get_item(session: Session, import_id: int, item_id: int) -> ImportedQuestion:
    """Return a part of an import.

    Raises:
        NotFound: there is none such.
    """
    item = session.get(ImportedQuestion, item_id)
    if item is None or item.import_id != import_id:
        raise NotFound
    return item


def count_items(session: Session, import_id: int) -> Counts:
    """Return how much is in an import."""
    is_question, is_stored = ImportedQuestion.kind.is_not(None), ImportedQuestion.question_id.is_not(None)
    is_open = is_question & ~is_stored
    row = session.execute(
        select(
            _sum(is_question),
            _sum(~is_question),
            _sum(is_question & _has(ImportedQuestion.twins)),
            _sum(is_open & ImportedQuestion.is_ticked),
            _sum(is_stored),
        ).where(ImportedQuestion.import_id == import_id)
    ).one()
    return Counts(*(int(value or 0) for value in row))


def list_items(
    session: Session, import_id: int, *, only: str = "", page: int = 1
) -> tuple[Sequence[ImportedQuestion], int]:
    """Return a page of what is in an import in the order of the file, and how many pages there are."""
    which = ImportedQuestion.import_id == import_id, _narrowed(only)
    count = session.scalar(select(func.count()).select_from(ImportedQuestion).where(*which)) or 0
    pages = max(1, -(-count // PAGE_SIZE))
    query = select(ImportedQuestion).where(*which).order_by(ImportedQuestion.position)
    place = (min(max(page, 1), pages) - 1) * PAGE_SIZE
    return session.scalars(query.offset(place).limit(PAGE_SIZE)).all(), pages


def list_twins(
    session: Session, items: Sequence[ImportedQuestion], *, actor: Actor
) -> dict[int, QuestionVersion]:
    """Return by question id the twins of these that this person may see."""
    wanted = {twin for item in items for twin in item.twins}
    ids = session.scalars(select(Question.id).where(Question.id.in_(wanted), sees(actor, Question.branch_id)))
    return list_newest_versions(session, ids.all())


def find_job(session: Session, made: QuestionImport) -> Job | None:
    """Return the job that reads or stores an import."""
    keys = f"{READ_JOB}:{made.id}", f"{STORE_JOB}:{made.id}:{made.done}"
    return session.scalar(select(Job).where(Job.key.in_(keys)).order_by(Job.id.desc()).limit(1))


def _narrowed(only: str) -> ColumnElement[bool]:
    if only == FAULTY:
        return ImportedQuestion.kind.is_(None)
    has_twins = or_(_has(ImportedQuestion.twins), _has(ImportedQuestion.before))
    return has_twins if only == DOUBLED else true()


def _has(listed: InstrumentedAttribute[list[Any]]) -> ColumnElement[bool]:
    """Both databases keep an empty list as two signs."""
    return func.length(cast(listed, String)) > len("[]")


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
