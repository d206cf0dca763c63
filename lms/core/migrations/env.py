"""Alembic's entry: migrate the database of the running application."""

from alembic import context
from flask import current_app


def run_migrations() -> None:
    """Run on the application's engine, so that its transactions and PRAGMAs hold here too."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=current_app.extensions["migrate"].db.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run_migrations()
