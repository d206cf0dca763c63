"""The index of the bank: kept where versions are made, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from lms.core.db import begin_write
from quizzes.bank.models import Question, QuestionVersion
from quizzes.bank.queries import list_newest_versions
from quizzes.bank.search.finding import is_sqlite
from quizzes.bank.search.models import QuestionSearch, QuestionTag
from quizzes.bank.search.words import words_of

BATCH = 500
"""Questions noted by one statement."""


def note_words(session: Session, question_ids: Collection[int]) -> None:
    """Note what these questions are found by now; to be called by whoever changes wording, topic or tags."""
    begin_write(session)
    session.flush()
    wanted = sorted(set(question_ids))
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        tags = _tags_of(session, some)
        newest = list_newest_versions(session, some)
        _store(session, [_row(version, tags[question_id]) for question_id, version in newest.items()])


def reindex(session: Session) -> int:
    """Note all questions anew and forget those that are gone; return how many there are."""
    begin_write(session)
    session.execute(delete(QuestionSearch))
    ids = session.scalars(select(Question.id).order_by(Question.id)).all()
    note_words(session, ids)
    return len(ids)


def _tags_of(session: Session, question_ids: Collection[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    query = select(QuestionTag.question_id, QuestionTag.tag).where(QuestionTag.question_id.in_(question_ids))
    for question_id, tag in session.execute(query):
        found[question_id].append(tag)
    return found


def _row(version: QuestionVersion, tags: list[str]) -> dict[str, Any]:
    source = version.source
    return {
        "question_id": version.question_id,
        "words": words_of(version, tags=tags),
        "type": version.type,
        "module": version.read.partition("#")[0].rpartition("/")[0],
        "level": str(source.get("level") or "")[:20],
        "difficulty": str(source.get("difficulty") or "")[:20],
    }


def _store(session: Session, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    dialect = sqlite if is_sqlite(session) else postgresql
    statement = dialect.insert(QuestionSearch)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "question_id"}
    session.execute(statement.on_conflict_do_update(index_elements=["question_id"], set_=changed), rows)
