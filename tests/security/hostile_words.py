"""The words of a whole database replaced by words that would like to be markup, a template and a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlalchemy import JSON, Column, String, literal, update

from lms.core.db import Base, begin_write, db

MARKUP = "=1\"'><script>alert(1)</script><img src=zz onerror=zz>{{7*7}}"
WRITTEN = re.compile(
    r"(.*_)?(name|title|title_en|address|city|mandate|place|problem|reason|note|text|answer|message|organisation"
    r"|quote|original|summary|comment|subject|speaker|label|topic|correction_request|where|shown_id|shown_en"
    r"|label_id|label_en|citation|contact|user_agent|format_error|after_gap|read|tag)"
)
"""Columns that hold what a person, a file or a browser said."""
MADE_BY_US = {"runner_seat.name", "course.title", "question_search.label", "edition.title"}
LISTS = {"guesses", "losses", "tags"}
"""Columns that hold a list of such words."""


def written_columns() -> Iterator[Column[object]]:
    """Yield every column of the database that holds words of somebody else's."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_long = isinstance(column.type, String) and (column.type.length or 10**6) >= len(MARKUP)
            is_free = not column.primary_key and not column.foreign_keys and str(column) not in MADE_BY_US
            if is_free and is_long and WRITTEN.fullmatch(column.name):
                yield column


def spoil_words() -> None:
    """Replace all words in the database of the application at hand."""
    session = db.session()
    begin_write(session)
    for column in written_columns():
        said = column.is_not(None) if column.nullable else literal(value=True)
        session.execute(update(column.table).where(said).values({column: MARKUP}))
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if column.name in LISTS and isinstance(column.type, JSON):
                session.execute(update(table).values({column: [MARKUP]}))
    session.commit()
