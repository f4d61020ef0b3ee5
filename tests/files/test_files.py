"""Uploaded files: kept whole, under names of our own, until their day."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.settings import current_settings, install_settings
from portal.files import jobs, privacy
from portal.files.actions import FileTooLarge, StoredFileRow, store_file
from portal.files.models import StoredFile
from portal.files.queries import folder, path_of, size_of
from portal.people.actions import add_person
from tests.conftest import Time

pytestmark = pytest.mark.both_in_soak
LIMIT = 1000


@pytest.fixture(autouse=True)
def own_folder(app: Flask, tmp_path: Path) -> Iterator[None]:
    """Files of one test are not found by the next."""
    before = current_settings()
    install_settings(replace(before, data_dir=tmp_path))
    yield
    install_settings(before)


@pytest.fixture
def owner(app: Flask) -> int:
    return add_person("Rita", "rita@example.org", "en", "Europe/Warsaw", clock.now()).id


def store(owner: int, content: bytes = b"name\nAda\n", name: str = "people.csv", days: int = 30) -> StoredFileRow:
    return store_file(BytesIO(content), name, owner_id=owner, keep_days=days, limit=LIMIT, now=clock.now())


def rows() -> int:
    end_reading()
    return session().scalar(select(func.count(StoredFile.id))) or 0


def on_disk() -> list[str]:
    return sorted(path.name for path in folder().iterdir())


def test_a_file_is_found_again_as_it_came(owner: int) -> None:
    stored = store(owner, b"x" * LIMIT)
    path = path_of(stored.id)
    assert path is not None
    assert path.read_bytes() == b"x" * LIMIT
    assert size_of(stored.id) == LIMIT
    row = session().get_one(StoredFile, stored.id)
    assert row.sha256 == hashlib.sha256(b"x" * LIMIT).hexdigest()
    assert row.delete_on.isoformat() == "2026-04-03"


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd", "a" * 900, ""])
def test_the_name_given_never_becomes_a_path(owner: int, name: str) -> None:
    stored = store(owner, name=name)
    assert on_disk() == [stored.public_id]
    assert stored.path.parent == folder()
    assert not set("/\\") & set(session().get_one(StoredFile, stored.id).name)


def test_a_file_that_is_too_large_leaves_nothing(owner: int) -> None:
    with pytest.raises(FileTooLarge, match="too large"):
        store(owner, b"x" * (LIMIT + 1))
    assert on_disk() == []
    assert rows() == 0


def test_an_unknown_file_has_no_path(owner: int) -> None:
    assert path_of(4711) is None
    assert size_of(4711) == 0


def test_a_file_is_deleted_on_its_day_and_not_before(owner: int, time: Time) -> None:
    early, late = store(owner, days=2), store(owner, days=3)
    time.pass_by(days=1)
    jobs.delete_due_files(clock.now())
    assert rows() == 2
    time.pass_by(days=1)
    jobs.delete_due_files(clock.now())
    jobs.delete_due_files(clock.now())
    end_reading()
    assert path_of(early.id) is None
    assert path_of(late.id) is not None
    assert on_disk() == [late.public_id]


def test_what_a_broken_upload_left_is_swept_after_a_day(owner: int) -> None:
    kept = store(owner)
    old, fresh = folder() / "orphan", folder() / "growing.part"
    for path, age in (
        (old, timedelta(days=2)),
        (fresh, timedelta(hours=1)),
        (folder() / kept.public_id, age_of_a_week),
    ):
        path.touch()
        moment = (clock.now() - age).timestamp()
        os.utime(path, (moment, moment))
    jobs.delete_due_files(clock.now())
    assert on_disk() == sorted([kept.public_id, "growing.part"])


age_of_a_week = timedelta(days=7)


def test_people_read_which_files_they_uploaded(owner: int) -> None:
    store(owner, name="people.csv")
    (section,) = privacy.export(owner)
    assert section.rows == [("people.csv", "1 kB, kept until Friday 3 April 2026")]


def test_erasure_deletes_row_and_bytes(owner: int) -> None:
    store(owner)
    with transaction():
        privacy.erase(owner, clock.now())
    assert rows() == 0
    assert on_disk() == []
