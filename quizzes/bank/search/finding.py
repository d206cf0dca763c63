"""What a search of the bank finds: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Integer, cast, column, false, func, literal, select, table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from quizzes.bank.models import Question
from quizzes.bank.search.models import INDEX_NAME, QuestionSearch
from quizzes.bank.search.words import asked_words

WORDS = table(INDEX_NAME, column("rowid", Integer))
"""SQLite's index as a table: its rows are questions, and it gives them in order."""


def is_sqlite(session: Session) -> bool:
    """Return whether the database is SQLite, whose index is a table of its own."""
    return session.get_bind().dialect.name == "sqlite"


def has_words(session: Session, search: str) -> ColumnElement[bool]:
    """Return the condition on the index that every word of ``search`` is in a question, or begins one.

    On SQLite it is about `WORDS`, on PostgreSQL about `QuestionSearch`; no word at all finds nothing.
    """
    words = asked_words(search)
    if not words:
        return false()
    if is_sqlite(session):
        asked = " AND ".join(f'"{word}"*' for word in words)
        return column(INDEX_NAME, is_literal=True).op("MATCH", is_comparison=True)(literal(asked))
    asked = " & ".join(f"'{word}':*" for word in words)
    vector = func.array_to_tsvector(func.string_to_array(QuestionSearch.words, text("' '")))
    return vector.op("@@", is_comparison=True)(cast(asked, postgresql.TSQUERY()))


def place_of_found(session: Session, search: str) -> tuple[ColumnElement[int], list[ColumnElement[bool]]]:
    """Return the column with the questions that are found, for lists in their order, and what it must fulfil.

    PostgreSQL takes any beginning of a word for one in two hundred questions; the offset of nothing keeps it
    from going through all questions in order to look for one that is rare.
    """
    if is_sqlite(session):
        return WORDS.c.rowid, [has_words(session, search)]
    found = select(QuestionSearch.question_id).where(has_words(session, search)).offset(0).subquery("found")
    return found.c.question_id, []


def finds(session: Session, search: str) -> ColumnElement[bool]:
    """Return the condition that a question is found by ``search``."""
    found = select(WORDS.c.rowid) if is_sqlite(session) else select(QuestionSearch.question_id)
    return Question.id.in_(found.where(has_words(session, search)))
