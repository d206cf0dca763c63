"""The yardstick of an import: ElementTree and one row a question, in one transaction and nothing more.

``python -m tests.bench.bare_import read FILE`` parses Moodle XML into rows; ``… store`` reads those rows and
adds as many to a second table. The database is ``BENCH_DATABASE_URL``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from sqlalchemy import JSON, create_engine, insert, make_url, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from lms.core.db import _engine_options, set_transactions


class Base(DeclarativeBase):
    """The tables' base."""


class Row(Base):
    """A question as it was read."""

    __tablename__ = "bare_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class Kept(Base):
    """A question that is stored."""

    __tablename__ = "bare_kept"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


def main() -> None:
    """Read or store."""
    url = make_url(os.environ["BENCH_DATABASE_URL"])
    engine = create_engine(url, **_engine_options(url.get_backend_name()))
    set_transactions(engine)
    with Session(engine) as session:
        connection = session.connection(execution_options={"lms_writes": True})
        Base.metadata.create_all(connection)
        if sys.argv[1] == "read":
            rows = [{"body": body} for body in _questions(sys.argv[2])]
            connection.execute(insert(Row), rows)
        else:
            connection.execute(
                insert(Kept), [{"body": body} for body in connection.scalars(select(Row.body))]
            )
        session.commit()


def _questions(file: str) -> Iterator[dict[str, Any]]:
    for _event, element in ElementTree.iterparse(file):
        if element.tag == "question":
            yield {
                "type": element.get("type"),
                "texts": [text for text in element.itertext() if text.strip()],
            }
            element.clear()


if __name__ == "__main__":
    main()
