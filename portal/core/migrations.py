"""Bringing a database to the shape the models have, and saying whether it has it."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from portal.core.db import Model
from portal.core.paths import MIGRATIONS


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to `revision`."""
    command.upgrade(_config(engine), revision)


def upgrade_on(connection: Connection, revision: str = "head") -> None:
    """The same as part of a transaction that has begun."""
    config = _config(connection.engine)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_known(revision: str) -> bool:
    """Whether this version of the program has the migration called `revision`."""
    return any(script.revision == revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Run the migrations down to `revision`."""
    command.downgrade(_config(engine), revision)


def head() -> str:
    """The newest revision that this version of the program has."""
    return (MIGRATIONS / "HEAD").read_text().strip()


def revision_of(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(engine: Engine) -> list[str]:
    """What the database lacks or has too much of against the models; empty when it fits."""
    script_head = ScriptDirectory.from_config(_config(engine)).get_current_head()
    named = f"migrations/HEAD says {head()}, the newest file is {script_head}: HEAD must name the newest"
    found = [] if script_head == head() else [named]
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "include_object": _is_ours})
        if context.get_current_revision() != head():
            return [*found, f"the database is at {context.get_current_revision() or 'nothing'}, not at {head()}"]
        return found + [_said(item) for item in compare_metadata(context, Model.metadata)]


def _is_ours(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    return name != "alembic_version"


def _said(item: object) -> str:
    # The schema of what lies in the default one is None, which says nothing to whoever writes the migration.
    parts = [part for part in item if part is not None] if isinstance(item, tuple) else [item]
    return " ".join(str(getattr(part, "name", part)) for part in parts)
