"""Writing a backup while the site runs: what is in it, what is not, and what happens when it cannot be written."""

import json
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import DeviceSession
from portal.backup import adapters
from portal.backup.actions import back_up
from portal.backup.adapters import NotWritten, reading
from portal.backup.queries import OtherShape, tables
from portal.backup.states import LEFT_OUT
from portal.core import clock
from portal.core.db import Model, db, session
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.files.actions import store_file
from portal.privacy.adapters import Erased, note_erased
from portal.surveys.actions.answering import save_answers
from tests.backup.writers import Writers
from tests.conftest import START
from tests.factories import make_person, make_staff, signed_in
from tests.surveys.box import Asking, release, tell
from tests.surveys.rows import make_survey
from tests.whole_site.personal_data import add_opening, plant

#: Tables with what must not be in a backup.
WAIT = ("ballot", "waiting_comment", "partial_answers", "device_session")
CV = b"%PDF-1.4 the life of Ada"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "today.rapport"


def everything_in(target: Path) -> bytes:
    """All parts of the file as they were before they were packed."""
    with ZipFile(target) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def test_it_holds_every_row_and_every_file(app: Flask, target: Path) -> None:
    colleague = make_staff("Rita", Role.ADMIN)
    ada = plant(colleague, add_opening(colleague))
    kept = store_file(BytesIO(CV), "cv.pdf", owner_id=ada, keep_days=9, limit=1000, now=clock.now())
    lost = store_file(BytesIO(b"x"), "lost.pdf", owner_id=ada, keep_days=9, limit=1000, now=clock.now())
    lost.path.unlink()
    made = back_up(target, clock.now())
    counts = {table.name: session().scalar(select(func.count()).select_from(table)) for table in tables()}
    assert {name: part.row_count for name, part in made.tables.items()} == counts
    assert (made.made_at, made.database) == (START, db.engine.dialect.name)
    with reading(target, current_settings().privacy_key) as opened:
        assert opened.manifest == made
    with ZipFile(target) as archive:
        assert archive.read(f"files/{kept.public_id}") == CV
        assert f"files/{lost.public_id}" not in archive.namelist()
        assert {name for name in archive.namelist() if name.startswith("tables/")} == {
            f"tables/{name}" for name in Model.metadata.tables if name not in LEFT_OUT
        }
    # The planted row of `stored_file` has no file either.
    assert made.missing_count == 2
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert os.listdir(target.parent) == [target.name]


def test_no_answer_that_waits_no_session_and_no_key_is_in_it(app: Flask, target: Path) -> None:
    asking = Asking(make_survey())
    for _five in range(5):
        tell(asking.answered(words="Said in a whisper"))
    release()
    asking.answered(words="Said in a whisper")
    _made, begun = asking.ask()
    save_answers(begun, {"q-long": ["Said in a whisper"]}, now=clock.now())
    signed_in(app, asking.owner_id)
    counts = {name: session().scalar(select(func.count()).select_from(Model.metadata.tables[name])) for name in WAIT}
    assert counts == {"ballot": 1, "waiting_comment": 5, "partial_answers": 1, "device_session": 1}
    made = back_up(target, clock.now())
    inside = everything_in(target)
    assert b"Said in a whisper" not in inside
    assert session().scalars(select(DeviceSession.secret_hash)).one().encode() not in inside
    assert current_settings().privacy_key.encode() not in inside
    assert current_settings().secret_key.encode() not in inside
    assert made.tables["survey_response"].row_count == 5
    assert set(made.left_out) == set(LEFT_OUT)


@pytest.mark.only("sqlite")  # knows no database
def test_what_is_left_out_is_there_and_nothing_else_leads_to_it(app: Flask) -> None:
    assert set(LEFT_OUT) <= set(Model.metadata.tables)
    leads_there = {
        f"{table.name}.{key.parent.name}"
        for table in tables()
        for key in table.foreign_keys
        if key.column.table.name in LEFT_OUT
    }
    assert leads_there == set()


def test_whatever_is_written_meanwhile_is_in_it_whole_or_not_at_all(app: Flask, target: Path) -> None:
    with Writers(per_second=400) as writers:
        writers.wait_for(40)
        back_up(target, clock.now())
        writers.wait_for(40)
    with reading(target, current_settings().privacy_key) as opened:
        people = {json.loads(line)[0] for line in opened.lines("person")}
        columns = opened.manifest.tables["address"].columns
        owners = {json.loads(line)[columns.index("person_id")] for line in opened.lines("address")}
    assert 40 <= len(people) <= writers.count + 2
    assert people == owners


@pytest.mark.only("sqlite")  # the journal lies beside any database
def test_the_journal_is_in_it_as_it_is_when_the_rows_are_written(
    app: Flask, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_erased(Erased(START, "before", ()))
    put = adapters.Cabinet.put

    def erased_meanwhile(cabinet: adapters.Cabinet, name: str, pieces: Iterator[bytes]) -> str:
        if name == "tables/person":
            note_erased(Erased(START, "meanwhile", ()))
        return put(cabinet, name, pieces)

    monkeypatch.setattr(adapters.Cabinet, "put", erased_meanwhile)
    back_up(target, clock.now())
    with ZipFile(target) as archive:
        journal = archive.read("erasures")
    assert b'"before"' in journal
    assert b'"meanwhile"' in journal


@pytest.mark.only("sqlite")
def test_what_stands_there_already_is_not_touched(app: Flask, target: Path) -> None:
    target.write_bytes(b"the last good one")
    with pytest.raises(NotWritten, match="is there already"):
        back_up(target, clock.now())
    assert target.read_bytes() == b"the last good one"


@contextmanager
def a_disk_of(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.only("sqlite")  # the disk of the backup knows no database
@pytest.mark.parametrize("size", [0, 700, 20_000])
def test_a_full_disk_is_one_line_and_leaves_nothing(app: Flask, target: Path, size: int) -> None:
    make_person()
    with a_disk_of(size), pytest.raises(NotWritten, match="nothing of it is left"):
        back_up(target, clock.now())
    assert os.listdir(target.parent) == []


@pytest.mark.only("sqlite")
def test_a_database_of_another_shape_is_refused(app: Flask, target: Path) -> None:
    with db.engines["write"].begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(OtherShape, match="portal db upgrade"):
        back_up(target, clock.now())
    assert os.listdir(target.parent) == []
