"""Alembic's entry: one connection, one transaction for all steps."""

from alembic import context
from sqlalchemy import Connection

from portal.core.db import Model

config = context.config


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


if "connection" in config.attributes:
    _run(config.attributes["connection"])
else:
    with config.attributes["engine"].begin() as connection:
        _run(connection)
