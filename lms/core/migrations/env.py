"""Alembic's entry: migrate the database of the running application."""

from alembic import context
from flask import current_app

from quizzes.bank.search.models import INDEX_NAME


def is_described(name: str | None, kind: str, _parents: object) -> bool:
    """Return whether a model describes this; the index of the bank's words is made by statements alone."""
    return kind not in {"table", "index"} or not (name or "").startswith(INDEX_NAME)


def run_migrations() -> None:
    """Run on the application's engine, so that its transactions and PRAGMAs hold here too."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=current_app.extensions["migrate"].db.metadata,
            include_name=is_described,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run_migrations()
