"""What the bank is searched by: the words of each question, what it is narrowed to, and its tags."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lms.core.db import Base


class QuestionSearch(Base):
    """What a question is found by, as its standing version says; `quizzes.bank.search.indexing` keeps it."""

    __tablename__ = "question_search"
    __table_args__ = (
        Index("ix_question_search_type", "type", "question_id"),
        Index("ix_question_search_module", "module", "level", "question_id"),
        Index("ix_question_search_difficulty", "difficulty", "question_id"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    # Every word of a-z and 0-9 once, with single blanks between.
    words: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(String(40))
    # Folder of the module it sends its reader to, e.g. `day-1/05-pemasaran`; empty: to none.
    module: Mapped[str] = mapped_column(String(300), default="")
    level: Mapped[str] = mapped_column(String(20), default="", index=True)
    difficulty: Mapped[str] = mapped_column(String(20), default="")


class QuestionTag(Base):
    """A word its owner filed a question under."""

    __tablename__ = "question_tag"
    __table_args__ = (Index("ix_question_tag_tag", "tag", "question_id"),)

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    # Folded: "THR Lebaran" and "thr lebaran" are one.
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)
    # As its owner spells it.
    label: Mapped[str] = mapped_column(String(40))


SQLITE_INDEX = (
    # `detail=none`: words are looked for, never phrases; it makes the index a third as big.
    "CREATE VIRTUAL TABLE question_words USING fts5(words, content='question_search', "
    "content_rowid='question_id', tokenize='ascii', prefix='2 3', detail='none', columnsize=0)",
    "CREATE TRIGGER question_words_insert AFTER INSERT ON question_search "
    "BEGIN INSERT INTO question_words(rowid, words) VALUES (new.question_id, new.words); END",
    "CREATE TRIGGER question_words_delete AFTER DELETE ON question_search "
    "BEGIN INSERT INTO question_words(question_words, rowid, words) "
    "VALUES ('delete', old.question_id, old.words); END",
    "CREATE TRIGGER question_words_update AFTER UPDATE OF words ON question_search "
    "BEGIN INSERT INTO question_words(question_words, rowid, words) "
    "VALUES ('delete', old.question_id, old.words); "
    "INSERT INTO question_words(rowid, words) VALUES (new.question_id, new.words); END",
)
"""SQLite's index of the words (FTS5), kept by triggers: rows that go with their question leave it, too."""

POSTGRES_INDEX = (
    "CREATE INDEX question_words ON question_search "
    "USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)
"""PostgreSQL's: the words as they are, neither parsed nor stemmed."""

INDEX_NAME = "question_words"
"""Both go by this name, and so do the tables SQLite keeps its own in: no model describes them."""
