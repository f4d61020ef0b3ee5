"""One person with words that nobody else has, in every field of every table: erased, and searched for byte by byte."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text

from portal.applications.actions.documents import keep_document
from portal.applications.models import Promise
from portal.ats.models import Import
from portal.ats.states import ImportState
from portal.backup.actions import back_up
from portal.core import clock
from portal.core.db import db, end_reading, session, transaction
from portal.core.settings import current_settings
from portal.files.actions import store_file
from portal.keeping.actions import ask_for_copy, begin_copy, finish_copy
from portal.keeping.models import PersonalCopy
from portal.keeping.queries import copies_folder, copy_path, newest_copy
from portal.outbox.models import Delivery
from portal.privacy.actions import erase_person
from portal.privacy.jobs import sweep
from portal.updates.models import InsiderUpdate
from tests import factories
from tests.privacy.erasing import journal
from tests.whole_site.personal_data import CANARY, CANARY_ADDRESS, add_opening, places_of, plant
from tests.whole_site.test_personal_data import add_import

__all__ = ["journal"]
#: As it may stand in a file: plain, and as workbooks and PDFs may hold it.
WORDS = [one.encode(form) for one in (CANARY, CANARY_ADDRESS) for form in ("utf-8", "utf-16-le")]

pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def log_lines(app: Flask) -> Iterator[io.StringIO]:
    """All that is logged, as a server writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root, level = logging.getLogger(), logging.getLogger().level
    handler.setFormatter(root.handlers[0].formatter if root.handlers else None)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def canary(app: Flask) -> int:
    """The person, with a CV on the disk, a copy of everything, and a list from another system that they stand in."""
    rita = factories.make_staff()
    person_id = plant(rita, add_opening(rita))
    keep_document(b"%PDF-1.4 " + CANARY.encode(), f"{CANARY}.pdf", person_id, clock.now())
    listed = store_file(
        io.BytesIO(b"Name,Email\nA," + CANARY_ADDRESS.upper().encode()),
        "people.csv",
        owner_id=rita,
        keep_days=30,
        limit=10_000,
        now=clock.now(),
    )
    import_id = add_import(rita)
    with transaction() as own:
        row = own.get_one(Import, import_id)
        row.file_id, row.state = listed.id, ImportState.APPLIED
    _have_a_copy(person_id)
    end_reading()
    return person_id


def _have_a_copy(person_id: int) -> None:
    """A copy whose file is not packed, so that a search of bytes would find it."""
    with transaction() as own:
        own.execute(delete(PersonalCopy))
    public_id = ask_for_copy(person_id, person_id, clock.now())
    begin_copy(clock.now())
    copies_folder().mkdir(parents=True, exist_ok=True)
    copy_path(public_id).write_text(CANARY)
    with transaction():
        finish_copy(public_id, 1, clock.now())


def files_with_the_canary() -> list[Path]:
    folder = current_settings().data_dir
    return [
        path
        for path in folder.rglob("*")
        if path.is_file() and any(word.lower() in path.read_bytes().lower() for word in WORDS)
    ]


def parts_with_the_canary(backup: Path) -> list[str]:
    with ZipFile(backup) as archive:
        return [
            name for name in archive.namelist() if any(word.lower() in archive.read(name).lower() for word in WORDS)
        ]


def totals() -> list[int]:
    end_reading()
    return [
        session().scalar(select(func.count()).select_from(table)) or 0 for table in (Promise, Delivery, InsiderUpdate)
    ]


def test_nothing_of_them_is_left_in_tables_files_logs_and_later_backups(
    app: Flask, canary: int, log_lines: io.StringIO, tmp_path: Path
) -> None:
    assert places_of(CANARY)
    assert files_with_the_canary()
    copy = newest_copy(canary)
    assert copy is not None
    assert copy_path(copy.public_id).is_file()
    before = totals()
    erase_person(canary, None, clock.now())
    end_reading()
    assert places_of(CANARY) == []
    assert places_of(CANARY_ADDRESS) == []
    assert files_with_the_canary() == []
    assert CANARY.lower() not in log_lines.getvalue().lower()
    assert totals() == before
    assert not copy_path(copy.public_id).exists()
    back_up(tmp_path / "later.rapport", clock.now())
    assert parts_with_the_canary(tmp_path / "later.rapport") == []


@pytest.mark.only("sqlite")
def test_no_page_of_the_database_file_holds_them(app: Flask, canary: int) -> None:
    """Deleted rows are zeros; the log, which had them, is emptied by the worker, within ten minutes whoever erased."""
    path = Path(db.engine.url.database or "")
    written = path.with_name(f"{path.name}-wal")
    erase_person(canary, None, clock.now())
    assert written.stat().st_size > 0
    sweep(clock.now())
    assert not written.exists() or written.stat().st_size == 0
    for each in (path, *path.parent.glob(f"{path.name}-*")):
        content = each.read_bytes().lower()
        assert not any(word.lower() in content for word in WORDS), each.name


@pytest.mark.only("postgresql")
def test_after_a_vacuum_no_row_of_postgresql_holds_them(app: Flask, canary: int) -> None:
    """Until then PostgreSQL keeps the old version of a row where no statement can read it; it vacuums by itself."""
    erase_person(canary, None, clock.now())
    end_reading()
    with db.engines["write"].connect().execution_options(isolation_level="AUTOCOMMIT") as own:
        own.execute(text("VACUUM FULL"))
        own.execute(text("CHECKPOINT"))
        folder = own.execute(text("SHOW data_directory")).scalar_one()
        relations = own.execute(
            text("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 't', 'i') AND relfilenode > 0")
        ).scalars()
        for relation in list(relations):
            path = Path(folder) / relation
            content = path.read_bytes().lower() if path.is_file() else b""
            assert not any(word.lower() in content for word in WORDS), relation
